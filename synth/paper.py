"""Paper: a sheet's grey level, unevenness, fibre and printed writing line; and ink laid upon it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.noise import smooth_noise
from synth.recipe import PaperSettings, draw

Field = NDArray[np.float32]


def make_paper(
    shape: tuple[int, int], baseline: float, settings: PaperSettings, rng: np.random.Generator
) -> tuple[Field, dict[str, Any]]:
    """A sheet, float32 grey levels.

    Args:
        shape: height, width in pixels.
        baseline: where a printed line would lie, pixels from the top.
        settings: the recipe's.
        rng: the stream of this sample's paper.
    """
    level, shading, grain = (
        draw(rng, bounds) for bounds in (settings.level, settings.shading, settings.grain)
    )
    ruled = bool(rng.random() < settings.ruled)
    sheet = np.full(shape, level, np.float32)
    if shading:
        sheet += shading * smooth_noise(rng, shape, 2.5 * shape[0])
    if grain:
        sheet += grain * smooth_noise(rng, shape, 1.3)
    if ruled:
        _rule(sheet, baseline, rng)
    drawn = {"level": round(level, 1), "shading": round(shading, 2), "grain": round(grain, 2), "ruled": ruled}
    return sheet, drawn


def lay_ink(sheet: Field, opacity: Field, level: float) -> Field:
    """Ink of one grey level on a sheet; neither is changed."""
    return sheet + opacity * (level - sheet)


def _rule(sheet: Field, baseline: float, rng: np.random.Generator) -> None:
    height = len(sheet)
    y = baseline + rng.uniform(0.0, 0.08) * height
    strength, thickness = rng.uniform(15, 55), rng.uniform(0.5, 1.3)
    covered = np.clip(thickness / 2 + 0.5 - np.abs(np.arange(height) + 0.5 - y), 0, 1).astype(np.float32)
    sheet -= strength * covered[:, None]
