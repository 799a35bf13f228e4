"""Everything that changes while training, saved and restored as one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from models.drethtr import DRetHTR
from pretrain.optimiser import Average

_COUNTERS = ("step", "epoch", "batch", "best_cer", "best_step")


@dataclass
class TrainState:
    """Model, optimiser, averaged weights, and where the run stands.

    Attributes:
        step: updates done.
        epoch, batch: the next batch to train on.
        best_cer, best_step: the best validation so far.
        bad: updates in a row that were skipped because the loss was not finite.
    """

    model: DRetHTR
    optimiser: torch.optim.AdamW
    average: Average | None
    step: int = 0
    epoch: int = 0
    batch: int = 0
    best_cer: float = math.inf
    best_step: int = 0
    bad: int = 0

    def to_checkpoint(self) -> dict[str, Any]:
        """Plain tensors and numbers."""
        return {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.state if self.average else None,
            **{name: getattr(self, name) for name in _COUNTERS},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over what :meth:`to_checkpoint` gave."""
        self.model.load_state_dict(saved["model"])
        self.optimiser.load_state_dict(saved["optimiser"])
        if self.average:
            self.average.restore(saved["average"])
        for name in _COUNTERS:
            setattr(self, name, saved[name])
