"""How much ink reaches the paper along the line: the flow, the pressure, and a pen that is dipped again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from synth.hand.geometry import PlacedLine
from synth.noise import smooth_noise

HARDEST = 3.0  # pressure beyond which a pen shows no more, either way
DRIEST = 0.7  # the most that a pen loses before it is dipped, share of its darkness

Profile = NDArray[np.float32]


def along_line(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    pressure: float,
    flow: float,
    dips: float,
    seed: int,
) -> Profile:
    """The amount of ink in every column, 1 = as usual.

    Args:
        coverage: uint8, (height, width), of the strokes.
        placed: how hard the pen is pressed, and how high the letters are.
        pressure: how much darker the ink gets as the pressure doubles, as an exponent.
        flow: strength of a slow coming and going over some letters: share that is lost at the palest place.
        dips: strength of the pen's running dry, 0 to 1.
        seed: of the line's streams.
    """
    height, width = coverage.shape
    amount = np.ones(width, np.float32)
    if placed.pressure is not None:
        amount = np.clip(placed.pressure, 1 / HARDEST, HARDEST) ** np.float32(pressure)
    if flow:
        slow = smooth_noise(stream(seed, 0, "flow"), (1, width), 1.5 * height)[0]
        amount *= 1 - flow * (0.5 + 0.5 * np.clip(slow, -1, 1))
    if dips:
        amount *= 1 - DRIEST * dips * _dryness(coverage, placed.x_height, stream(seed, 0, "dips"))
    return amount


def _dryness(coverage: NDArray[np.uint8], x_height: float, rng: np.random.Generator) -> Profile:
    """How dry a dipped pen is in every column, from 0, just dipped, to 1.

    A pen writes 10 to 40 x-heights with one dip, and is dipped between two letters where there is a gap near.

    Args:
        coverage: uint8, (height, width), of the strokes.
        x_height: pixels.
        rng: the effect's stream.
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
