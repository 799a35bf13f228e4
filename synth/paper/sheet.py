"""Paper: a sheet's grey level, unevenness, fibre and printed writing line; and ink laid upon it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.colour import Response
from synth.hand.geometry import PlacedLine
from synth.noise import smooth_noise
from synth.ranges import Range, Share, draw

Field = NDArray[np.float32]


class PaperSettings(Settings):
    """What is written on.

    Attributes:
        level: grey of the sheet, 255 = white.
        shading: strength of slow unevenness, grey levels.
        grain: standard deviation of the paper's fibre, grey levels.
        ruled: probability of a printed writing line.
    """

    level: Range = (255.0, 255.0)
    shading: Range = (0.0, 0.0)
    grain: Range = (0.0, 0.0)
    ruled: Share = 0.0


def make_paper(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: PaperSettings,
    response: Response,  # noqa: ARG001 no colours yet
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[Field, dict[str, Any]]:
    """A sheet, float32 grey levels.

    Args:
        coverage: uint8, (height, width), of all strokes of the pen; the other side of the sheet looks alike.
        placed: where the line runs and how high its letters are.
        settings: the recipe's.
        response: how the camera sees colours.
        kept: the page's stream: the kind of paper.
        rng: the line's stream: this piece of it.
    """
    level, shading, grain = (
        draw(kept, bounds) for bounds in (settings.level, settings.shading, settings.grain)
    )
    ruled = bool(kept.random() < settings.ruled)
    shape = coverage.shape
    sheet = np.full(shape, level, np.float32)
    if shading:
        sheet += shading * smooth_noise(rng, shape, 2.5 * shape[0])
    if grain:
        sheet += grain * smooth_noise(rng, shape, 1.3)
    if ruled:
        _rule(sheet, placed.baseline, rng)
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
