"""What a glyph leaves free: where its outline begins and ends at every height.

Two neighbours come as close as their profiles allow, as A and V do, whatever their boxes say. Bands are
shares of the em, so that the profiles of one font can be held against each other; each also covers those
beside it, because letters do not stand at one height.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BANDS = 24
LOWEST, HIGHEST = -0.75, 1.25  # em
HEIGHTS = LOWEST + (np.arange(BANDS) + 0.5) * (HIGHEST - LOWEST) / BANDS  # of the bands' middles, em
FAR = 100.0  # em; on either side where there is no ink
STEPS = 8  # points looked at between two control points


def profile(points: NDArray[np.float64], after: NDArray[np.intp], em: float) -> NDArray[np.float32]:
    """(2, BANDS): least and greatest x of an outline in every band; far off where it has none.

    Args:
        points: (P, 2), on-curve and control points, y upwards.
        after: (P,), index of the next point on the contour.
        em: the em in the points' unit.
    """
    along = np.linspace(0, 1, STEPS, endpoint=False)[:, None, None]
    x, y = (points + along * (points[after] - points)).reshape(-1, 2).T
    band = ((y / em - LOWEST) / (HIGHEST - LOWEST) * BANDS).astype(int)
    sides = np.full((2, BANDS), FAR * em, np.float32)
    sides[1] *= -1
    for near in (-1, 0, 1):
        nearby = np.clip(band + near, 0, BANDS - 1)
        np.minimum.at(sides[0], nearby, x)
        np.maximum.at(sides[1], nearby, x)
    return sides
