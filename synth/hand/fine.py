"""Outlines as chains of short straight steps, and how wide the stroke is at every point of them.

A font sets as few points as its curves allow; strokes that are to be evened or to tremble need one wherever
they may change. Both are worked out once for a glyph, for all new glyphs of a line together. Lengths are font
units, y upwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.contours import before_and_after
from synth.hand.filling import GRID, fill
from synth.hand.weight import growth_directions

STEP = 0.08  # x-heights between points
FINENESS = 48  # pixels of an x-height in which widths are measured
WIDEST = 0.4  # x-heights from the border to the middle of the widest stroke
FALL = 0.75  # pixels by which the distance from the border falls beyond the middle of a stroke
LARGEST = 8  # x-heights to a side; what is larger is measured more coarsely

Points = NDArray[np.float64]


def stepped(
    points: Points, tags: NDArray[np.uint8], ends: NDArray[np.intp], step: float
) -> tuple[Points, NDArray[np.intp]]:
    """The same curves with a point at least every step; points on the curves stay, all of them on-curve.

    Args:
        points: (P, 2), closed contours of lines, conic and cubic curves.
        tags: (P,), FreeType's point kinds.
        ends: (C,), index of the last point of every contour.
        step: between the new points.

    Returns:
        the points, and the last of every contour.
    """
    starts, curves = _cubics(points, tags, ends)
    lengths = np.hypot(*np.diff(curves, axis=1).transpose(2, 0, 1)).sum(1)
    counts = np.maximum(np.ceil(lengths / step), 1).astype(np.intp)
    last = np.cumsum(counts)
    own = np.repeat(np.arange(len(counts)), counts)
    t = ((np.arange(last[-1]) - (last - counts)[own]) / counts[own])[:, None]
    a, b, c, d = curves[own].transpose(1, 0, 2)
    s = 1 - t
    chain = s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
    return chain, (last[np.searchsorted(starts, ends, side="right") - 1] - 1)


def thickness(
    points: Points, ends: NDArray[np.intp], firsts: NDArray[np.intp], x_height: float
) -> NDArray[np.float32]:
    """(P,): width of the stroke at every point: of the widest circle met on the way inwards.

    Args:
        points: (P, 2), closed chains of some outlines.
        ends: (C,), last point of every chain.
        firsts: (N,), first point of every outline.
        x_height: unit of the lengths in this module.
    """
    import cv2

    sizes = np.diff(firsts, append=len(points))
    low, high = (edge.reduceat(points, firsts) for edge in (np.minimum, np.maximum))
    scale = np.repeat(FINENESS / np.maximum(x_height, (high - low).max(1) / LARGEST), sizes)
    places = (points - np.repeat(low, sizes, axis=0)) * scale[:, None] + 1
    steps = np.arange(round(WIDEST * FINENESS), dtype=np.float32)
    widths = np.ceil(np.maximum.reduceat(places[:, 0], firsts)) + 2 + len(steps)
    places[:, 0] += np.repeat(np.cumsum(widths) - widths, sizes)  # side by side, too far off to be met
    width, height = int(widths.sum()), int(np.ceil(places[:, 1].max())) + 2
    pixels = np.zeros((height, width), np.uint8)
    x, y = np.rint(places.T * GRID).astype(np.int_)
    contours = np.diff(np.searchsorted(ends, firsts), append=len(ends))
    own_ends = ends - np.repeat(firsts, contours)
    outlines = list(zip(sizes.tolist(), contours.tolist(), strict=True))
    fill(pixels, x, y, np.ones(len(points), np.uint8), own_ends.astype(np.int16), outlines)
    inside = cv2.distanceTransform((pixels > 127).astype(np.uint8), cv2.DIST_L2, 5)
    inwards = -growth_directions(points, ends, firsts)
    inwards /= np.maximum(np.hypot(*inwards), 1e-6)
    column, row = (places.T[:, :, None] + inwards[:, :, None] * steps).astype(np.intp)
    away = inside[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
    most = np.maximum.accumulate(away, axis=1)
    beyond = away < most - FALL
    beyond[:, -1] = True
    middle = np.take_along_axis(most, beyond.argmax(1)[:, None], axis=1)[:, 0]
    return _smoothed((2 * np.maximum(middle, 1) - 0.5) / scale, ends)


def _smoothed(widths: NDArray[np.float32], ends: NDArray[np.intp]) -> NDArray[np.float32]:
    """The third least of seven neighbours, so that a stroke keeps its width where another leaves it."""
    before, after = before_and_after(ends, len(widths))
    back, on = np.arange(len(widths)), np.arange(len(widths))
    near = [widths]
    for _ in range(3):
        back, on = before[back], after[on]
        near += [widths[back], widths[on]]
    return np.asarray(np.partition(near, 2, axis=0)[2], np.float32)


def _cubics(
    points: Points, tags: NDArray[np.uint8], ends: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Points]:
    """Every piece of the contours, in their order, as a cubic curve.

    Returns:
        the point at which each piece is counted, (S,), and its four points, (S, 4, 2).
    """
    before, after = before_and_after(ends, len(points))
    on, cubic = (tags & 1) > 0, (tags & 3) == 2
    lines = np.flatnonzero(on & on[after])
    conics = np.flatnonzero(~on & ~cubic)
    firsts = np.flatnonzero(cubic & on[before])
    begin, end = points[lines], points[after[lines]]
    straight = np.stack((begin, begin + (end - begin) / 3, end - (end - begin) / 3, end), 1)
    control = points[conics]
    begin, end = (
        np.where(on[near][:, None], points[near], (points[near] + control) / 2)
        for near in (before[conics], after[conics])
    )
    bent = np.stack((begin, (begin + 2 * control) / 3, (end + 2 * control) / 3, end), 1)
    second = after[firsts]
    full = np.stack([points[each] for each in (before[firsts], firsts, second, after[second])], 1)
    starts = np.concatenate((lines, conics, firsts))
    order = np.argsort(starts)
    return starts[order], np.concatenate((straight, bent, full))[order]
