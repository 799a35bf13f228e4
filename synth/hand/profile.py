"""What a glyph leaves free: where its outline begins and ends at every height.

Two neighbours come as close as their profiles allow, as A and V do, whatever their boxes say. Bands are
shares of the em, so that the profiles of one font can be held against each other; each also covers those
beside it, because letters do not stand at one height.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.contours import before_and_after

BANDS = 24
LOWEST, HIGHEST = -0.75, 1.25  # em
HEIGHTS = LOWEST + (np.arange(BANDS) + 0.5) * (HIGHEST - LOWEST) / BANDS  # of the bands' middles, em
FAR = 100.0  # em; on either side where there is no ink
ALONG = np.arange(6)[:, None, None] / 6  # where between two control points is looked


def profile(points: NDArray[np.float64], ends: NDArray[np.int16], em: float) -> NDArray[np.float32]:
    """(2, BANDS): least and greatest x of an outline in every band; far off where it has none.

    Args:
        points: (P, 2), on-curve and control points, y upwards.
        ends: (C,), index of the last point of every contour.
        em: the em in the points' unit.
    """
    if not len(points):
        return _nowhere(em)
    _, after = before_and_after(ends, len(points))
    between = points + ALONG * (points[after] - points)
    x, y = between.reshape(-1, 2).T.astype(np.float32)  # ufunc.at is quick only without a cast
    band = np.clip((y / em - LOWEST) * (BANDS / (HIGHEST - LOWEST)), 0, BANDS - 1).astype(np.intp)
    left, right = _nowhere(em)
    np.minimum.at(left, band, x)
    np.maximum.at(right, band, x)
    lefts, rights = left.copy(), right.copy()
    for near, of in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        np.minimum(lefts[near], left[of], out=lefts[near])
        np.maximum(rights[near], right[of], out=rights[near])
    return np.stack((lefts, rights))


def _nowhere(em: float) -> NDArray[np.float32]:
    """The profile of no ink."""
    return np.repeat(np.array([[FAR * em], [-FAR * em]], np.float32), BANDS, axis=1)
