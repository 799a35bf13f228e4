"""How far two sets of lines are apart, measure by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.fit.look import NAMES, LineLook, as_row

GREY_LEVELS = ("paper", "unevenness", "fine", "middle", "coarse", "ink", "ruling", "slant")


@dataclass(frozen=True, slots=True)
class Distance:
    """Two distributions of one measure.

    Attributes:
        name: of the measure.
        real, ours: the values, without those that are nan.
        moved: Wasserstein distance over the standard deviation of the real values.
        apart: Kolmogorov-Smirnov's: the largest difference of the cumulated shares.
    """

    name: str
    real: NDArray[np.float64]
    ours: NDArray[np.float64]
    moved: float
    apart: float


def distances(real: Sequence[LineLook], ours: Sequence[LineLook]) -> list[Distance]:
    """The distance of every measure; measures that one side does not have are left out."""
    from scipy.stats import ks_2samp, wasserstein_distance

    found = []
    columns = zip(NAMES, *(np.stack(list(map(as_row, side))).T for side in (real, ours)), strict=True)
    for name, first, second in columns:
        first, second = first[np.isfinite(first)], second[np.isfinite(second)]
        if not (len(first) and len(second)):
            continue
        spread = max(float(first.std()), _least_spread(name))
        moved = float(wasserstein_distance(first, second)) / spread
        found.append(
            Distance(name, first, second, moved, float(ks_2samp(first, second, method="asymp").statistic))
        )
    return found


def mean_distance(found: Sequence[Distance]) -> tuple[float, float]:
    """Mean of the scaled Wasserstein distances, each at most 3, and of Kolmogorov-Smirnov's."""
    return (
        float(np.mean([min(one.moved, 3.0) for one in found])),
        float(np.mean([one.apart for one in found])),
    )


def _least_spread(name: str) -> float:
    """So that a measure that hardly varies in the real lines does not make every distance infinite."""
    return 1.0 if name in GREY_LEVELS else 0.01
