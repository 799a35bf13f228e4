"""The recogniser one uses: pictures in, texts with confidence out.

``Recognizer.load("runs/demo").read([picture])``. Pictures are batched by padded width, which depends on each
picture alone, so a line reads the same by itself and in any company; results come back in the order given.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR, ImageMemory
from recognize.decode import Hypothesis, beam, greedy
from recognize.model_file import load_model
from recognize.prediction import Character, Prediction
from recognize.preprocessing import Preprocessing, prepare, stack


@dataclass(frozen=True)
class Recognizer:
    """A model with the alphabet and the preprocessing it was trained with."""

    model: DRetHTR
    alphabet: Alphabet
    preprocessing: Preprocessing

    @classmethod
    def load(cls, path: Path | str) -> Recognizer:
        """Read a model file (or the folder it is in)."""
        content = load_model(Path(path))
        return cls(content.model, content.alphabet, content.preprocessing)

    def read(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        beams: int = 1,
        batch: int = 32,
        names: Sequence[str] | None = None,
    ) -> list[Prediction]:
        """Read grey line pictures, (h, w) uint8, dark ink on light paper, of any size.

        Args:
            beams: 1 reads greedily; more keep that many hypotheses and return them as alternatives.
            batch: pictures decoded together.
            names: what messages call the pictures.

        Raises:
            DataError: a picture is empty or wider than the model takes.
        """
        labels = names or [f"picture {i + 1}" for i in range(len(pictures))]
        prepared = [prepare(p, self.preprocessing, n) for p, n in zip(pictures, labels, strict=True)]
        groups: dict[int, list[int]] = defaultdict(list)
        for i, picture in enumerate(prepared):
            groups[self.preprocessing.bucket_width(picture.shape[1])].append(i)
        results: dict[int, Prediction] = {}
        for width, members in sorted(groups.items()):
            for start in range(0, len(members), batch):
                part = members[start : start + batch]
                results.update(
                    zip(part, self._read_batch([prepared[i] for i in part], width, beams), strict=True)
                )
        return [results[i] for i in range(len(pictures))]

    def _read_batch(self, pictures: list[NDArray[np.uint8]], width: int, beams: int) -> Iterable[Prediction]:
        pixels, widths = stack(pictures, width)
        training = self.model.training
        device = next(self.model.parameters()).device
        self.model.eval()
        with torch.inference_mode():
            memory = self.model.encode(
                torch.from_numpy(pixels).to(device), torch.from_numpy(widths).to(device)
            )
            found = self._search(memory, beams)
        self.model.train(training)
        columns = width / self.model.embedder.stride
        for picture, hypotheses in zip(pictures, found, strict=True):
            yield self._prediction(
                hypotheses, columns * picture.shape[1] / width, blank=bool(picture.min() > 128)
            )

    def _search(self, memory: ImageMemory, beams: int) -> list[list[Hypothesis]]:
        if beams == 1:
            return [[hypothesis] for hypothesis in greedy(self.model, memory)]
        return beam(self.model, memory, beams)

    def _prediction(self, hypotheses: list[Hypothesis], columns: float, blank: bool) -> Prediction:
        best, *others = hypotheses
        text = self.alphabet.decode(best.ids)
        log_probs = best.log_probs or (best.end_log_prob,)
        characters = tuple(
            Character(letter, math.exp(log_prob), min(1.0, (column + 0.5) / columns))
            for letter, log_prob, column in zip(text, best.log_probs, best.columns, strict=True)
        )
        flags = [name for name, raised in (("truncated", best.truncated), ("blank", blank)) if raised]
        return Prediction(
            text,
            math.exp(sum(log_probs) / len(log_probs)),
            characters,
            tuple((self.alphabet.decode(other.ids), other.score) for other in others),
            tuple(flags),
        )
