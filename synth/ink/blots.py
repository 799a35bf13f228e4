"""Blots: a drop where the pen stopped on a letter, or one that fell beside the letters.

Drops on letters are smaller than a letter, so none is hidden; drops on paper are larger than a full stop, so
none is read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from synth.noise import smooth_noise

ON_LETTER, ON_PAPER = (0.10, 0.18), (0.25, 0.4)  # radii, x-heights


def drop(
    coverage: NDArray[np.uint8], x_height: float, strength: float, seed: int
) -> tuple[tuple[slice, slice], NDArray[np.float32]]:
    """Where a drop lies, and its opacity, 0 to 1.

    Args:
        coverage: uint8, (height, width), of the strokes.
        x_height: pixels.
        strength: 0 to 1; the larger, the larger.
        seed: of the line's streams.
    """
    rng = stream(seed, 0, "blots")
    places = np.flatnonzero(coverage > 127)
    on_letter, place, x, y = rng.random(4)
    height, width = coverage.shape
    if on_letter < 0.7 and len(places):
        (low, high), chosen = ON_LETTER, places[int(place * len(places))]
        y, x = divmod(int(chosen), width)
    else:
        (low, high), y, x = ON_PAPER, y * height, x * width
    radius = x_height * (low + strength * (high - low))
    reach = int(1.4 * radius) + 2
    rows = slice(max(int(y) - reach, 0), min(int(y) + reach + 1, height))
    columns = slice(max(int(x) - reach, 0), min(int(x) + reach + 1, width))
    down, right = np.ogrid[rows, columns]
    distance = np.hypot(down - y, (right - x) * (0.8 + 0.4 * rng.random()))
    edge = 0.15 * radius * smooth_noise(rng, distance.shape, max(radius, 1.0))
    return (rows, columns), np.clip(radius + edge - distance + 0.5, 0, 1).astype(np.float32)
