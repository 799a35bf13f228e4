"""Toy lines: every character is a pattern of bars, so a small model learns to read them in seconds."""

from __future__ import annotations

import numpy as np
import pytest

from common.seeds import stream
from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR, DRetHTRConfig
from pretrain.lines import TrainingLine
from pretrain.settings import TrainSettings
from recognize.preprocessing import Preprocessing

LETTERS = "abcd"
HEIGHT, CELL = 16, 12


class ToyLines:
    """``count`` lines of 1 to ``longest`` letters; letter k inks row band k of its cell."""

    def __init__(self, count: int, seed: int = 0, longest: int = 6, shards: int = 3) -> None:
        self.texts = []
        for i in range(count):
            rng = stream(seed, i, "toy")
            self.texts.append("".join(rng.choice(list(LETTERS), rng.integers(1, longest + 1))))
        self.lengths = np.array([len(text) for text in self.texts])
        self.sizes = np.stack([np.full(count, HEIGHT), self.lengths * CELL], 1)
        self.groups = np.arange(count) % shards
        self.loaded: list[int] = []

    def load(self, i: int) -> TrainingLine:
        self.loaded.append(i)
        text = self.texts[i]
        image = np.full((HEIGHT, len(text) * CELL), 255, np.uint8)
        boxes = np.zeros((len(text), 4), np.int32)
        for k, letter in enumerate(text):
            top, left = LETTERS.index(letter) * 4, k * CELL + 2
            image[top : top + 4, left : left + 8] = 0
            boxes[k] = left, top, left + 8, top + 4
        return TrainingLine(f"line-{i}", image, text, boxes)


@pytest.fixture
def alphabet() -> Alphabet:
    return Alphabet(tuple(LETTERS))


@pytest.fixture
def preprocessing() -> Preprocessing:
    return Preprocessing(height=HEIGHT, bucket=24, max_width=96, stretch=False)


def toy_model(alphabet: Alphabet, **changes: object) -> DRetHTR:
    import torch

    torch.manual_seed(1)
    settings = {
        "embedder": "residual_cnn", "height": HEIGHT, "max_image_tokens": 24, "image_positions": "sinusoidal",
        "width": 32, "layers": 2, "heads": 2, "feed_forward": 64, "key_mask": True, "final_norm": True,
        "backbone_dropout": 0.0, "embedding_dropout": 0.0, "dropout": 0.1, "name_columns": True,
    }  # fmt: skip
    return DRetHTR(DRetHTRConfig(vocabulary=alphabet.size, **{**settings, **changes}))


def toy_settings(**changes: object) -> TrainSettings:
    values = {
        "steps": 6,
        "batches": {"lines": 8, "pixels": 1000, "window": 2},
        "validate_every": 3,
        "validation_lines": 8,
        "checkpoint_every": 3,
        "log_every": 1,
        "precision": "fp32",
        "ema": 0.9,
        "augment": "usual",
        "threads": 1,
        "optimiser": {"rate": 3e-3, "warmup": 2},
        "losses": {"columns": 1.0, "attention": 0.3, "ctc": 0.5},
    }
    return TrainSettings.parse({**values, **changes}, "toy")
