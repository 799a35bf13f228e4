"""Strokes of the same pen that are no letters of the line: neighbouring lines, underlines, crossings-out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.hand.raster import DrawnLine
from synth.hand.shaping import ShapedLine
from synth.surroundings.corrections import Manuscript
from synth.surroundings.settings import SurroundingsSettings


def surround(
    manuscript: Manuscript,
    line: ShapedLine,
    placed: PlacedLine,
    drawn: DrawnLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> NDArray[np.uint8] | None:
    """Coverage, as ``DrawnLine.coverage``, of strokes that are no letters of the line; None without any."""
    return None
