"""Stroke weight: the direction in which an outline grows or thins, as a wider or finer nib would draw it.

Done on points before the line is fitted into its picture, so what grows is inside the margins like everything
else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.contours import before_and_after

MITRE_LIMIT = 1.5  # how far a sharp corner may run ahead of its edges


def growth_directions(
    points: NDArray[np.float64], ends: NDArray[np.integer], firsts: NDArray[np.intp] | None = None
) -> NDArray[np.float32]:
    """How every point moves, (2, P), when the strokes grow by one unit: by half of it along its normal.

    Args:
        points: (P, 2), closed contours, y upwards.
        ends: (C,), index of the last point of every contour.
        firsts: (N,), index of the first point of every outline; None where all contours are of one.
    """
    before, after = before_and_after(ends, len(points))
    firsts = np.zeros(min(len(points), 1), np.intp) if firsts is None else firsts
    crosses = points[:, 0] * points[after, 1] - points[after, 0] * points[:, 1]
    # The outside lies to the right or the left of an outline's contours.
    outwards = np.where(np.add.reduceat(crosses, firsts) > 0, 1.0, -1.0)
    outwards = np.repeat(outwards, np.diff(firsts, append=len(points)))
    arriving, leaving = _directions(points - points[before]), _directions(points[after] - points)
    arriving = np.where(arriving.any(1, keepdims=True), arriving, leaving)
    leaving = np.where(leaving.any(1, keepdims=True), leaving, arriving)
    together = arriving + leaving
    # |together| is twice the cosine of half the turn; the mitre is its inverse, limited.
    square = np.maximum((together * together).sum(1), 4 / MITRE_LIMIT**2)
    mitre = together * (outwards / square)[:, None]
    return np.stack((mitre[:, 1], -mitre[:, 0])).astype(np.float32)


def _directions(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors; zero where two points coincide."""
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    return steps / np.where(lengths > 0, lengths, 1.0)[:, None]
