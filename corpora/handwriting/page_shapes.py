"""The shapes of all lines of a page together: thin polygons are widened to what is usual on that page.

Some layout analyses draw polygons that cut ascenders and descenders off. What a line needs is seen from its
neighbours: how far polygons usually reach above and below their baselines, and how far the lines lie apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.handwriting.crop import Frame, Points, Shape, frame_of

PLACES = 24  # along a baseline at which the reach of its polygon is measured
# A polygon drawn along the ink stays above these shares of the usual reach, mostly far above; one that cuts
# the ink comes close to the baseline or crosses it.
THIN = (0.5, 0.2)  # above, below
CUT = 2  # places as thin as that: the polygon is widened
LEAST, MOST = (0.45, 0.22), (0.8, 0.45)  # above, below: bounds of the usual, in distances between lines
OVERHANG = 0.3  # of the reach above, beyond both ends of a widened polygon


@dataclass(frozen=True, slots=True)
class Reach:
    """How far ink is expected from a baseline, in pixels."""

    above: float
    below: float


@dataclass(frozen=True, slots=True)
class Mended:
    """The shape of a line, and whether its polygon had to be widened."""

    shape: Shape
    widened: bool


def mend(shapes: Sequence[tuple[Points | None, Points | None]]) -> list[Mended | None]:
    """Shapes of the lines of one page, in the same order, from (polygon, baseline) of each.

    A baseline without a polygon gets the usual one of its page. None where there is neither.
    """
    frames = [frame_of(baseline) if baseline is not None else None for _, baseline in shapes]
    measured = [
        _reaches(frame, polygon, baseline)
        for frame, (polygon, baseline) in zip(frames, shapes, strict=True)
        if frame is not None and baseline is not None and polygon is not None
    ]
    usual = _usual(measured, [baseline for _, baseline in shapes if baseline is not None])
    return [
        _mended(polygon, baseline, frame, usual)
        for (polygon, baseline), frame in zip(shapes, frames, strict=True)
    ]


def _mended(
    polygon: Points | None, baseline: Points | None, frame: Frame | None, usual: Reach | None
) -> Mended | None:
    if frame is None or baseline is None:
        return None if polygon is None else Mended(Shape(polygon, None), False)
    if polygon is None:
        if usual is None:
            return None
        band = np.tile(np.array([usual.above, usual.below], np.float32), (PLACES, 1))
        return Mended(Shape(_polygon(frame, baseline, baseline, band), baseline), True)
    if usual is None:
        return Mended(Shape(polygon, baseline), False)
    reach = _reaches(frame, polygon, baseline)
    thin = reach < np.array(THIN) * (usual.above, usual.below)
    if thin.any(axis=1).sum() < CUT:
        return Mended(Shape(polygon, baseline), False)
    wide = np.where(thin, np.array([usual.above, usual.below], np.float32), reach)
    return Mended(Shape(_polygon(frame, baseline, polygon, wide), baseline), True)


def _usual(measured: Sequence[NDArray[np.float32]], baselines: Sequence[Points]) -> Reach | None:
    """What is usual on a page: the median over its lines, between bounds that the distance of lines sets."""
    pitch = _pitch(baselines)
    if not measured:
        return None if pitch is None else Reach(0.7 * pitch, 0.3 * pitch)
    medians = np.array([np.median(reach, axis=0) for reach in measured])
    above, below = np.maximum(np.median(medians, axis=0), 0).tolist()
    if pitch is None:
        return Reach(above, below)
    low, high = np.array(LEAST) * pitch, np.array(MOST) * pitch
    return Reach(*np.clip([above, below], low, high).tolist())


def _pitch(baselines: Sequence[Points]) -> float | None:
    """The usual distance from one baseline to the next, in pixels."""
    middles = np.sort([float(np.median(baseline[:, 1])) for baseline in baselines])
    steps = np.diff(middles)
    steps = steps[steps > 4]  # lines side by side
    return float(np.median(steps)) if len(steps) else None


def _reaches(frame: Frame, polygon: Points, baseline: Points) -> NDArray[np.float32]:
    """(PLACES, 2): how far the polygon reaches above and below the baseline at places along it."""
    outline = frame.straight(polygon)
    ends = np.roll(outline, -1, axis=0)
    at = _places(frame, baseline)[:, None]
    u0, v0, u1, v1 = outline[:, 0], outline[:, 1], ends[:, 0], ends[:, 1]
    crosses = (np.minimum(u0, u1) <= at) & (at <= np.maximum(u0, u1))
    share = (at - u0) / np.where(np.abs(u1 - u0) < 1e-6, 1.0, u1 - u0)
    v = np.where(crosses, v0 + share * (v1 - v0), np.nan)
    hit = crosses.any(axis=1)
    reach = np.zeros((PLACES, 2), np.float32)
    reach[hit, 0] = -np.nanmin(v[hit], axis=1)
    reach[hit, 1] = np.nanmax(v[hit], axis=1)
    return reach


def _places(frame: Frame, baseline: Points) -> NDArray[np.float32]:
    u = frame.straight(baseline)[:, 0]
    inset = 0.02 * (u.max() - u.min())
    return np.linspace(u.min() + inset, u.max() - inset, PLACES, dtype=np.float32)


def _polygon(frame: Frame, baseline: Points, around: Points, reach: NDArray[np.float32]) -> Points:
    """What reaches so far at the places of a baseline, a little beyond the ends of ``around``."""
    u = _places(frame, baseline)
    ends = frame.straight(around)[:, 0]
    overhang = OVERHANG * float(np.median(reach[:, 0]))
    u[0], u[-1] = min(u[0], ends.min()) - overhang, max(u[-1], ends.max()) + overhang
    both = np.concatenate([u, u[::-1]])
    v = np.concatenate([-reach[:, 0], reach[::-1, 1]]) + frame.bend(both)
    points: Points = frame.origin + both[:, None] * frame.along + v[:, None] * frame.down
    return points.astype(np.float32)
