"""Stroke weight: outlines grown or thinned along their normals, as a wider or finer nib would draw them.

Done on points before the line is fitted into its picture, so what grows is inside the margins like everything
else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MITRE_LIMIT = 1.5  # how far a sharp corner may run ahead of its edges


def embolden(
    points: NDArray[np.float64],
    before: NDArray[np.intp],
    after: NDArray[np.intp],
    outwards: NDArray[np.float64],
    growth: float,
) -> NDArray[np.float64]:
    """Move every point by half of ``growth`` along its corner's normal.

    Args:
        points: (P, 2), closed contours, y upwards.
        before: (P,) index of each point's predecessor on its contour.
        after: (P,) index of its successor.
        outwards: (P,) +1 where the outside lies to the right of the contour's direction, -1 where to the
            left.
        growth: of a stroke's thickness, in the points' unit; negative thins.
    """
    if not growth:
        return points
    arriving, leaving = _directions(points - points[before]), _directions(points[after] - points)
    arriving = np.where(arriving.any(1, keepdims=True), arriving, leaving)
    leaving = np.where(leaving.any(1, keepdims=True), leaving, arriving)
    together = arriving + leaving
    # |together| is twice the cosine of half the turn; the mitre is its inverse, limited.
    square = np.maximum((together * together).sum(1), 4 / MITRE_LIMIT**2)
    mitre = together * (2 / square * outwards * (growth / 2))[:, None]
    return points + np.stack((mitre[:, 1], -mitre[:, 0]), axis=1)


def _directions(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors; zero where two points coincide."""
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    return steps / np.where(lengths > 0, lengths, 1.0)[:, None]
