"""Walking along the contours of an outline: who comes before and after every point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def before_and_after(ends: NDArray[np.integer], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The index of the point before and after each, (P,), on its closed contour.

    Args:
        ends: (C,), index of the last point of every contour.
        count: number of points.
    """
    starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
    before, after = np.arange(-1, count - 1), np.arange(1, count + 1)
    before[starts], after[ends] = ends, starts
    return before, after
