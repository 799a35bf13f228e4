"""The pen beside the letters: free strokes as outlines, for the rasteriser that draws the letters.

A stroke is a path with a width; where it lies and why is decided by those who ask for it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import Points
from synth.hand.shaping import Outline

LONGEST = 192  # pixels; FreeType refuses outlines with too many pixels in a row

Strokes = list[tuple[Points, float]]  # path, two points or more, and width; pixels
Traced = list[tuple[Outline, Points]]  # an outline and where its points are, pixels


def trace(strokes: Strokes) -> Traced:
    """The outlines of strokes."""
    contours = [contour for path, width in strokes for contour in _contours(path, width)]
    return [(_polygon(len(points)), points) for points in contours]


def pen_width(coverage: NDArray[np.uint8]) -> float:
    """The usual width of a line's strokes, pixels: twice their area over their outline's length.

    The outline is measured by how often rows and columns cross it (Cauchy and Crofton).
    """
    ink = coverage >= 128
    crossings = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    return float(2 * np.count_nonzero(ink) / max(1.0, np.pi / 4 * crossings))


def eased(x: NDArray[np.float64], y: NDArray[np.float64], between: int = 5) -> Points:
    """A path through points that slows down at each of them, so that its turns are round."""
    steps = np.arange((len(x) - 1) * between + 1)
    whole, part = np.minimum(steps // between, len(x) - 2), steps / between
    part = part - whole
    slow = (1 - np.cos(np.pi * part)) / 2
    return np.stack(
        (x[whole] + part * (x[whole + 1] - x[whole]), y[whole] + slow * (y[whole + 1] - y[whole])), axis=1
    )


def _contours(path: Points, width: float) -> list[Points]:
    """A path's two sides as closed contours of bearable length; its ends are thinner."""
    steps = np.diff(path, axis=0)
    along = np.concatenate((steps[:1], steps[1:] + steps[:-1], steps[-1:]))
    normal = np.stack((-along[:, 1], along[:, 0]), axis=1) / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    half = np.full((len(path), 1), width / 2)
    half[[0, -1]] *= 0.5
    left, right = path + half * normal, path - half * normal
    pieces = min(len(steps), int(np.ptp(path[:, 0]) / LONGEST) + 1)
    ends = np.linspace(0, len(steps), pieces + 1).astype(int).tolist()
    # Pieces share a step, so that no seam shows where they meet.
    return [
        np.concatenate((left[start : stop + 2], right[start : stop + 2][::-1]))
        for start, stop in pairwise(ends)
    ]


def _polygon(size: int) -> Outline:
    """A closed contour of straight edges."""
    return Outline(np.zeros((size, 2)), np.ones(size, np.uint8), np.array([size - 1], np.int16))
