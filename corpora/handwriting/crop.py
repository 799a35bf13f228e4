"""One line cut out of the picture of its page: straightened along its baseline, its surroundings made paper.

Coordinates are pixels of the page, (x, y) from the upper left. A baseline runs under the letters in reading
order; a polygon surrounds the ink. Which line lies where is told by the readers of PAGE and ALTO; which
polygons are too thin is decided by :mod:`corpora.handwriting.page_shapes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError

Points = NDArray[np.floating]  # (n, 2) of (x, y)
Mode = Literal["line", "polygon", "box"]
MODES: tuple[Mode, ...] = ("line", "polygon", "box")
STEP = 8.0  # pixels between the points in which a long edge is bent along the baseline
STEEPEST = 0.3  # of a baseline against its own chord: what is steeper is a slip of the annotator


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Where a line lies on its page.

    Attributes:
        polygon: (n, 2), n >= 3.
        baseline: (m, 2), m >= 2, or None.
    """

    polygon: Points
    baseline: Points | None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frame of reference in which a baseline is straight and level.

    A point of the page is ``origin + u * along + (v + bend(u)) * down``.
    """

    origin: Points  # (2,)
    along: Points  # (2,), length 1
    knots: Points  # (k, 2) of (u, bend)

    @property
    def down(self) -> Points:
        """The direction across the line, turned a quarter from ``along``."""
        return np.array([-self.along[1], self.along[0]], np.float32)

    def bend(self, u: Points) -> Points:
        """How far the baseline lies below its chord, in pixels."""
        bent: Points = np.interp(u, self.knots[:, 0], self.knots[:, 1]).astype(np.float32)
        return bent

    def straight(self, points: Points) -> Points:
        """Points of the page as (u, v)."""
        moved = points - self.origin
        u = moved @ self.along
        return np.stack([u, moved @ self.down - self.bend(u)], axis=1)


def frame_of(baseline: Points | None) -> Frame:
    """The frame of a baseline; that of the page itself where there is none.

    A baseline drawn from right to left is turned around: a reversed annotation is far more common than a line
    that stands on its head.
    """
    level = Frame(np.zeros(2, np.float32), np.array([1, 0], np.float32), np.zeros((1, 2), np.float32))
    if baseline is None:
        return level
    chord = baseline[-1] - baseline[0]
    if abs(chord[0]) > abs(chord[1]) and chord[0] < 0:
        baseline, chord = baseline[::-1], -chord
    length = float(np.hypot(*chord))
    if length < 1:
        return level
    along = (chord / length).astype(np.float32)
    flat = Frame(baseline[0].astype(np.float32), along, np.zeros((1, 2), np.float32))
    return Frame(flat.origin, along, _knots(flat.straight(baseline)))


def cut(page: NDArray[np.uint8], shape: Shape, mode: Mode = "line") -> NDArray[np.uint8]:
    """The picture of a line.

    Args:
        page: uint8 grey, (height, width).
        shape: where it lies.
        mode: ``line`` straightens along the baseline and makes the outside of the polygon paper, ``polygon``
            does the latter only, ``box`` cuts the upright box around the polygon as it is.

    Returns:
        uint8 grey, (height, width), at least 1 x 1.

    Raises:
        DataError: the polygon lies outside the page.
    """
    polygon = _within(shape.polygon, page)
    left, top = np.floor(polygon.min(axis=0)).astype(int)
    right, bottom = np.ceil(polygon.max(axis=0)).astype(int) + 1
    if mode == "box":
        return page[top:bottom, left:right].copy()
    frame = frame_of(shape.baseline if mode == "line" else None)
    outline = frame.straight(_dense(polygon))
    low, high = np.floor(outline.min(axis=0)), np.ceil(outline.max(axis=0))
    picture = _resample(page, frame, low, high)
    return _on_paper(picture, outline - low)


def _within(polygon: Points, page: NDArray[np.uint8]) -> Points:
    """The polygon with its points moved into the page."""
    height, width = page.shape
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    if high[0] < 0 or high[1] < 0 or low[0] >= width or low[1] >= height:
        raise DataError(
            f"A polygon from {tuple(low.tolist())} to {tuple(high.tolist())} lies outside its page",
            f"points within {width} x {height} pixels",
            "check that the picture is that of the page",
        )
    return np.clip(polygon, 0, np.array([width - 1, height - 1], np.float32))


def _knots(points: Points) -> Points:
    """(u, bend) along a baseline: rising u, no step steeper than ``STEEPEST``."""
    points = points[np.argsort(points[:, 0], kind="stable")]
    kept = points[np.concatenate([[True], np.diff(points[:, 0]) > 0.5])]
    limit = STEEPEST * np.diff(kept[:, 0])
    steps = np.clip(np.diff(kept[:, 1]), -limit, limit)
    bend = kept[0, 1] + np.concatenate([[0.0], np.cumsum(steps)])
    return np.stack([kept[:, 0], bend], axis=1).astype(np.float32)


def _dense(polygon: Points) -> Points:
    """The polygon with points added to its long edges."""
    ends = np.roll(polygon, -1, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*(ends - polygon).T) / STEP), 1).astype(int)
    edge = np.repeat(np.arange(len(polygon)), counts)
    share = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[edge]
    dense: Points = polygon[edge] + (ends - polygon)[edge] * share[:, None].astype(np.float32)
    return dense


def _resample(page: NDArray[np.uint8], frame: Frame, low: Points, high: Points) -> NDArray[np.uint8]:
    """The page between two corners of the frame, (v, u) as (row, column)."""
    import cv2

    u = np.arange(low[0], high[0] + 1, dtype=np.float32)
    v = np.arange(low[1], high[1] + 1, dtype=np.float32)[:, None] + frame.bend(u)
    x = frame.origin[0] + u * frame.along[0] + v * frame.down[0]
    y = frame.origin[1] + u * frame.along[1] + v * frame.down[1]
    picture = cv2.remap(page, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, np.uint8)


def _on_paper(picture: NDArray[np.uint8], outline: Points) -> NDArray[np.uint8]:
    """What lies outside the outline becomes paper, with a soft edge of a pixel."""
    import cv2

    mask = np.zeros(picture.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 255)
    if mask.all():
        return picture
    share = cv2.blur(cv2.dilate(mask, np.ones((3, 3), np.uint8)), (3, 3)).astype(np.float32) / 255
    paper = _paper(picture, mask).astype(np.float32)
    return np.rint(paper + (picture - paper) * share).astype(np.uint8)


def _paper(picture: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The paper under the line: smooth, from the lighter half of the pixels inside the mask around."""
    import cv2

    height, width = picture.shape
    columns = max(width // max(height // 2, 8), 1)
    levels = []
    for ink, inside in zip(
        np.array_split(picture, columns, axis=1), np.array_split(mask, columns, axis=1), strict=True
    ):
        values = ink[inside > 0]
        levels.append(np.percentile(values, 70) if len(values) > 16 else np.nan)
    found = np.asarray(levels, np.float32)
    known = np.flatnonzero(~np.isnan(found))
    if not len(known):
        return np.full_like(picture, int(np.percentile(picture, 70)))
    smooth = np.interp(np.arange(columns), known, found[known]).astype(np.float32)[None, :]
    row = cv2.resize(smooth, (width, 1), interpolation=cv2.INTER_LINEAR)
    return np.broadcast_to(np.clip(row, 0, 255).astype(np.uint8), picture.shape)
