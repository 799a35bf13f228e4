"""Every setting of a training run, validated. Presets are YAML files in ``presets/``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from common.settings import Settings, load
from pretrain.augment.settings import NONE, Augmentation
from recognize.preprocessing import Invert

PRESETS = Path(__file__).parent / "presets"


class BatchSettings(Settings):
    """How lines are put together.

    Attributes:
        lines: at most this many lines a batch.
        pixels: at most this many padded pixels across all lines of a batch, per row of the picture.
        window: shards that are shuffled together; they are held in memory.
        curriculum: share of the first epoch in which short lines come first.
    """

    lines: int = Field(32, ge=1)
    pixels: int = Field(16384, ge=64)
    window: int = Field(16, ge=1)
    curriculum: float = Field(0.0, ge=0, le=1)


class LossSettings(Settings):
    """What is minimised besides the next-token loss; see :mod:`pretrain.losses`.

    Attributes:
        label_smoothing: of the next-token loss.
        columns: weight of naming the character of every image column, where boxes are known.
        attention: weight of looking at the character being written, where boxes are known.
        ctc: weight of the CTC loss on the image stream, where they are not.
    """

    label_smoothing: float = Field(0.1, ge=0, lt=1)
    columns: float = Field(0.0, ge=0)
    attention: float = Field(0.0, ge=0)
    ctc: float = Field(0.0, ge=0)


class OptimiserSettings(Settings):
    """AdamW on one clock: warm-up, then a cosine from ``rate`` to ``final_rate``, stepped once an update."""

    rate: float = Field(1e-3, gt=0)
    final_rate: float = Field(1e-5, ge=0)
    warmup: int = Field(100, ge=0)
    weight_decay: float = Field(1e-2, ge=0)
    beta2: float = Field(0.98, gt=0, lt=1)
    clip: float = Field(1.0, gt=0)


class TrainSettings(Settings):
    """A training run.

    Attributes:
        model: name in the registry; ``changes`` are single settings of its architecture.
        alphabet: characters of a fresh model; a fine-tuned one keeps its own, see ``resize``.
        resize: when fine-tuning data hold characters that the model lacks: fail, add them (union), or match
            the data (new).
        bucket: padded widths are multiples of this; a model that is fine-tuned keeps its own.
        stretch: spread grey levels between ink and paper; a model that is fine-tuned keeps its own, here and
            in the next two.
        invert: turn light writing on dark ground round.
        deslant: set slanted writing upright.
        steps: optimiser steps in all.
        batches, losses, optimiser: see there.
        ema: decay of the averaged weights that are evaluated and kept; 0 switches averaging off.
        augment: how training pictures are changed: ``none``, ``usual``, ``paper``, or settings of one's own.
        device: ``auto`` takes a GPU where there is one.
        precision: ``auto`` is bf16 where the machine computes it natively, else fp32.
        validate_every, checkpoint_every, log_every: in steps.
        validation_lines: at most this many lines are read at each validation.
        keep: checkpoints kept.
        seed: of weights, order, augmentation and dropout.
        threads: computing threads; 0 takes all cores.
    """

    model: str = "drethtr-nano"
    changes: dict[str, Any] = Field(default_factory=dict)
    alphabet: str = "en"
    resize: Literal["fail", "union", "new"] = "union"
    bucket: int = Field(64, ge=1)
    stretch: bool = True
    invert: Invert = "never"
    deslant: bool = False
    steps: int = Field(1000, ge=1)
    batches: BatchSettings = BatchSettings()
    losses: LossSettings = LossSettings()
    optimiser: OptimiserSettings = OptimiserSettings()
    ema: float = Field(0.0, ge=0, lt=1)
    augment: Augmentation = NONE
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    validate_every: int = Field(500, ge=1)
    checkpoint_every: int = Field(500, ge=1)
    log_every: int = Field(20, ge=1)
    validation_lines: int = Field(200, ge=1)
    keep: int = Field(2, ge=1)
    seed: int = 0
    threads: int = Field(0, ge=0)


def load_settings(name: str, overrides: Iterable[str] = ()) -> TrainSettings:
    """A preset by name, or a YAML file, with ``key=value`` overrides."""
    return load(TrainSettings, name, PRESETS, overrides)
