"""Draws the lines of a corpus again and again, to see how far a pooled rate would move.

Lines of one writer resemble each other, so where the writers are known, whole writers are drawn. The draws
depend on the seed and the set of lines alone, not on their order. What the sums mean is the caller's
business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval at `LEVEL`, from drawing ``groups`` units of the kind ``over``."""

    low: float
    high: float
    over: Literal["lines", "writers"]
    groups: int


@dataclass(frozen=True, slots=True)
class Resampling:
    """Sums of per-line counts over resampled lines or writers.

    Attributes:
        sums: float64, (draws, columns): each column summed over one draw.
        over: what was drawn.
        groups: how many of them there are.
    """

    sums: NDArray[np.float64]
    over: Literal["lines", "writers"]
    groups: int

    def interval(self, values: NDArray[np.float64]) -> Interval:
        """The middle `LEVEL` of one value a draw."""
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Interval(float(low), float(high), self.over, self.groups)


def resample(
    counts: NDArray[np.int64], writers: Sequence[str | None] | None, draws: int, seed: int
) -> Resampling:
    """Draw groups with replacement and sum their counts.

    Args:
        counts: (lines, columns).
        writers: the writer of each line; writers are drawn only where every line has one, else lines.
        draws: number of draws.
        seed: seed of the draws.
    """
    named = writers is not None and len(writers) > 0 and None not in writers
    table = counts.astype(np.float64)
    if named:
        _, group = np.unique(np.array(writers, dtype=str), return_inverse=True)
        table = np.stack([np.bincount(group, weights=column) for column in table.T], axis=1)
    table = table[np.lexsort(table.T)]
    random = stream(seed, 0, "bootstrap")
    sums = np.stack([table[random.integers(0, len(table), len(table))].sum(axis=0) for _ in range(draws)])
    return Resampling(sums, "writers" if named else "lines", len(table))
