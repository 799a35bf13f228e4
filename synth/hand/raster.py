"""Outlines to ink: exact area coverage by FreeType, and every character's box read off its own glyphs.

All glyphs are drawn side by side on one strip, each in columns of its own, and from there united in the
picture: so a letter that touches its neighbour still has a box of its own, and boxes are found for all
letters at once. Strip and picture are turned for this, columns first, so that a glyph is one piece of memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.hand.filling import GRID, fill
from synth.hand.geometry import PlacedLine, Points
from synth.hand.shaping import Cluster, Outline, ShapedLine

INK = 32  # coverage of 255 from which a pixel counts as ink
WORD = 8  # pixels of a column that are looked at together
NOWHERE = 2**31 - 1

Boxes = NDArray[np.int32]  # (n, 4): left, top, right, bottom; -1 where there is no ink


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """What the pen covers, before ink and paper have a colour.

    Attributes:
        coverage: uint8, (height, width); 255 = wholly covered.
        boxes: int32, (characters, 4), as in ``LineSample``.
        inkless: index of the first character without ink that is not a blank, None when all have ink.
    """

    coverage: NDArray[np.uint8]
    boxes: NDArray[np.int32]
    inkless: int | None


class _Strip(NamedTuple):
    """Glyphs side by side.

    Attributes:
        columns: uint8, (columns, height of the picture, filled up to whole words); the coverage.
        starts: (G,); first column of every glyph.
        widths: (G,); how many columns it has.
        lefts: (G,); the picture's column that its first column is.
        most: uint8, (columns,); the greatest coverage in every column.
    """

    columns: NDArray[np.uint8]
    starts: NDArray[np.intp]
    widths: NDArray[np.intp]
    lefts: NDArray[np.intp]
    most: NDArray[np.uint8]


def rasterise(line: ShapedLine, placed: PlacedLine) -> DrawnLine:
    """Draw every glyph at its place and measure it.

    Raises:
        Undrawable: FreeType refuses an outline.
    """
    glyphs = [glyph for glyph in line.glyphs if len(glyph.outline.points)]
    strip = _draw([glyph.outline for glyph in glyphs], placed.points, placed.height)
    cluster = np.array([glyph.cluster for glyph in glyphs], np.intp)
    boxes = _boxes(line, strip, cluster)
    blank = np.repeat([own.blank for own in line.clusters], [len(own.weights) for own in line.clusters])
    boxes[blank] = -1
    missing = np.flatnonzero((boxes[:, 0] < 0) & ~blank)
    order = line.order
    boxes = boxes[order]
    _place_blanks(boxes, blank[order], round(min(max(placed.baseline, 0), placed.height)))
    boxes = boxes[np.argsort(order)]
    coverage = _turned(_united(strip, placed.width))[: placed.height]
    return DrawnLine(coverage, boxes, int(missing[0]) if len(missing) else None)


def draw_outlines(outlines: Sequence[Outline], points: Points, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The coverage of outlines in a picture; what lies beyond its borders is lost.

    Args:
        outlines: their contours, none without points; the places of their own points are not used.
        points: (P, 2), of all outlines, pixels, y downwards.
        shape: (height, width) of the picture.

    Raises:
        Undrawable: FreeType refuses an outline.
    """
    height, width = shape
    return _turned(_united(_draw(outlines, points, height), width))[:height]


def _draw(outlines: Sequence[Outline], points: Points, height: int) -> _Strip:
    """Draw outlines side by side."""
    sizes = [len(outline.points) for outline in outlines]
    first = np.cumsum([0, *sizes[:-1]])
    x, y = np.rint(points.T * GRID).astype(np.int_)
    lefts = np.minimum.reduceat(x, first) // GRID
    widths = np.maximum(-(-np.maximum.reduceat(x, first) // GRID) - lefts, 1)
    ends = np.cumsum(widths)
    starts = ends - widths
    pixels = np.zeros((-(-height // WORD) * WORD, ends[-1]), np.uint8)
    x += np.repeat((starts - lefts) * GRID, sizes)
    tags = np.concatenate([outline.tags for outline in outlines])
    contours = np.concatenate([outline.ends for outline in outlines])
    fill(pixels, x, y, tags, contours, [(len(outline.points), len(outline.ends)) for outline in outlines])
    return _Strip(_turned(pixels), starts, widths, lefts, pixels.max(0))


def _turned(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows for columns."""
    import cv2

    return np.asarray(cv2.transpose(pixels), np.uint8)


def _united(strip: _Strip, width: int) -> NDArray[np.uint8]:
    """All glyphs of a strip in one picture, (width, height); columns beyond its borders are lost."""
    picture = np.zeros((width, strip.columns.shape[1]), np.uint8)
    lefts, rights = np.maximum(strip.lefts, 0), np.minimum(strip.lefts + strip.widths, width)
    starts = strip.starts + lefts - strip.lefts
    for left, right, start in zip(lefts.tolist(), rights.tolist(), starts.tolist(), strict=True):
        if left < right:
            window = picture[left:right]
            np.maximum(window, strip.columns[start : start + right - left], out=window)
    return picture


def _boxes(line: ShapedLine, strip: _Strip, cluster: NDArray[np.intp]) -> Boxes:
    """One box a character; a mark shares its letter's, a blank has none yet."""
    found = _cluster_boxes(strip, cluster, len(line.clusters))
    sizes = [len(cluster.weights) for cluster in line.clusters]
    boxes = np.repeat(found, sizes, axis=0)
    for index, own in enumerate(line.clusters):
        if len(own.weights) > 1 and own.weights[0] < 1 and found[index, 0] >= 0:
            boxes[own.start : own.start + len(own.weights)] = _shared(
                own, strip, np.flatnonzero(cluster == index), found[index], line.leftwards(own.start)
            )
    return boxes


def _cluster_boxes(strip: _Strip, cluster: NDArray[np.intp], count: int) -> Boxes:
    """The box of the ink of every cluster, in the picture."""
    words = (strip.columns >= INK).view(np.uint64)
    rows = np.bitwise_or.reduceat(words, strip.starts, axis=0).view(np.bool_)  # (G, height)
    inked = np.flatnonzero(strip.most >= INK)
    first = np.searchsorted(inked, strip.starts)
    last = np.searchsorted(inked, strip.starts + strip.widths) - 1
    full = first <= last
    first, last = inked[first[full]], inked[last[full]]
    shift, rows, own = (strip.lefts - strip.starts)[full], rows[full], cluster[full]
    boxes = np.full((count, 4), NOWHERE, np.int32)
    boxes[:, 2:] = -1
    np.minimum.at(boxes[:, 0], own, first + shift)
    np.minimum.at(boxes[:, 1], own, rows.argmax(1))
    np.maximum.at(boxes[:, 2], own, last + shift + 1)
    np.maximum.at(boxes[:, 3], own, rows.shape[1] - rows[:, ::-1].argmax(1))
    boxes[boxes[:, 2] < 0] = -1
    return boxes


def _shared(cluster: Cluster, strip: _Strip, glyphs: NDArray[np.intp], box: Boxes, rtl: bool) -> Boxes:
    """A ligature's box cut into columns by its characters' usual widths, each part as large as its ink."""
    left, _, right, _ = box.tolist()
    own = strip._replace(
        starts=strip.starts[glyphs], widths=strip.widths[glyphs], lefts=strip.lefts[glyphs] - left
    )
    ink = _united(own, right - left) >= INK
    cuts = np.concatenate(([0.0], np.cumsum(cluster.weights)))
    columns = np.rint((1.0 - cuts if rtl else cuts) * (right - left)).astype(int)
    boxes = np.full((len(cluster.weights), 4), -1, np.int32)
    for index, weight in enumerate(cluster.weights):
        start, stop = sorted(columns[index : index + 2].tolist())
        alone = weight > 0 or not index
        boxes[index] = _ink_box(ink[start:stop], left + start) if alone else boxes[index - 1]
    return boxes


def _ink_box(ink: NDArray[np.bool_], left: int) -> tuple[int, int, int, int]:
    """The box of the inked pixels of columns, (columns, height), that begin at ``left``."""
    columns, rows = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows):
        return -1, -1, -1, -1
    return left + int(columns[0]), int(rows[0]), left + int(columns[-1]) + 1, int(rows[-1]) + 1


def _place_blanks(boxes: Boxes, blank: NDArray[np.bool_], baseline: int) -> None:
    """Blanks stand in the middle of the gap between their neighbours' ink, on the baseline.

    Args:
        boxes: of all characters from left to right.
        blank: which of them are blanks.
        baseline: pixels from the top.
    """
    letters, blanks = np.flatnonzero(~blank), np.flatnonzero(blank)
    if not len(blanks) or not len(letters):
        return
    after = np.searchsorted(letters, blanks)
    before, behind = letters[np.maximum(after - 1, 0)], letters[np.minimum(after, len(letters) - 1)]
    boxes[blanks, 0] = boxes[blanks, 2] = (boxes[before, 2] + boxes[behind, 0]) // 2
    boxes[blanks, 1] = boxes[blanks, 3] = baseline
