"""How much ink reaches the paper along the line: the flow, the pressure, and a pen that is dipped again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.noise import smooth_noise

Profile = NDArray[np.float32]


def slow_flow(width: int, height: int, strength: float, rng: np.random.Generator) -> Profile:
    """Darkness that comes and goes over a few letters, at most 1.

    Args:
        width: of the picture, pixels.
        height: of the picture, pixels.
        strength: share of the darkness that is lost at the palest place.
        rng: the line's stream.
    """
    slow = smooth_noise(rng, (1, width), height * 1.5)[0]
    return np.asarray(1 - strength * (0.5 + 0.5 * np.clip(slow, -1, 1)), np.float32)


def dryness(coverage: NDArray[np.uint8], x_height: float, rng: np.random.Generator) -> Profile:
    """How dry a dipped pen is in every column, from 0, just dipped, to 1.

    A pen writes 10 to 40 x-heights with one dip, and is dipped between two letters where there is a gap near.

    Args:
        coverage: uint8, (height, width), of the strokes.
        x_height: pixels.
        rng: the line's stream.
    """
    width = coverage.shape[1]
    lengths = x_height * (10 + 30 * rng.random(int(width / (10 * x_height)) + 2))
    dips = np.cumsum(lengths) - rng.random() * lengths[0]
    gaps = np.flatnonzero(coverage.max(0) == 0)
    if len(gaps):
        dips = gaps[np.abs(gaps[None, :] - dips[:, None]).argmin(1)]
    bounds = np.concatenate(([dips[0] - lengths[0]], dips, [dips[-1] + lengths[-1]]))
    columns = np.arange(width)
    number = np.clip(np.searchsorted(bounds, columns, side="right") - 1, 0, len(bounds) - 2)
    share = (columns - bounds[number]) / np.maximum(bounds[number + 1] - bounds[number], 1)
    return np.asarray(np.clip(share, 0, 1), np.float32)
