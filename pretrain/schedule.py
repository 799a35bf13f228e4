"""The learning rate as a pure function of the step: linear warm-up, then one cosine to the end. One clock."""

from __future__ import annotations

import math

from pretrain.settings import OptimiserSettings


def learning_rate(step: int, steps: int, settings: OptimiserSettings) -> float:
    """The rate of update ``step`` (0-based) of ``steps``."""
    if step < settings.warmup:
        return settings.rate * (step + 1) / settings.warmup
    progress = (step - settings.warmup) / max(1, steps - settings.warmup)
    cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return settings.final_rate + (settings.rate - settings.final_rate) * cosine
