"""Outlines to ink: exact area coverage by FreeType, and every character's box read off its own glyphs."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.hand.shaping import Cluster, ShapedLine, Undrawable

INK = 32  # coverage of 255 from which a pixel counts as ink

Box = tuple[int, int, int, int]
NOWHERE: Box = (-1, -1, -1, -1)


@dataclass(frozen=True, slots=True)
class Patch:
    """The coverage of one glyph or cluster, uint8, and where its upper left pixel lies in the picture."""

    left: int
    top: int
    pixels: NDArray[np.uint8]


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


def rasterise(line: ShapedLine, placed: PlacedLine) -> DrawnLine:
    """Draw every glyph at its place and measure it.

    Raises:
        Undrawable: FreeType refuses an outline.
    """
    coverage = np.zeros((placed.height, placed.width), np.uint8)
    patches: list[list[Patch]] = [[] for _ in line.clusters]
    for position, patch in _draw(line, placed):
        patches[position].append(patch)
        _lay(coverage, patch, 0, 0)
    count = sum(len(cluster.weights) for cluster in line.clusters)
    boxes, blank = np.full((count, 4), -1, np.int32), np.zeros(count, np.bool_)
    for cluster, drawn in zip(line.clusters, patches, strict=True):
        own = slice(cluster.start, cluster.start + len(cluster.weights))
        blank[own] = cluster.blank
        if drawn and not cluster.blank:
            boxes[own] = _cluster_boxes(cluster, _merged(drawn), line.rtl)
    missing = np.flatnonzero((boxes[:, 0] < 0) & ~blank)
    _place_blanks(boxes, blank, placed)
    return DrawnLine(coverage, boxes, int(missing[0]) if len(missing) else None)


class _Outline(ctypes.Structure):
    """FT_Outline with addresses as plain numbers: FreeType-py's own costs more than the drawing."""

    _fields_ = [
        ("n_contours", ctypes.c_short),
        ("n_points", ctypes.c_short),
        ("points", ctypes.c_void_p),
        ("tags", ctypes.c_void_p),
        ("contours", ctypes.c_void_p),
        ("flags", ctypes.c_int),
    ]


class _Bitmap(ctypes.Structure):
    """FT_Bitmap, likewise."""

    _fields_ = [
        ("rows", ctypes.c_uint),
        ("width", ctypes.c_uint),
        ("pitch", ctypes.c_int),
        ("buffer", ctypes.c_void_p),
        ("num_grays", ctypes.c_ushort),
        ("pixel_mode", ctypes.c_ubyte),
        ("palette_mode", ctypes.c_ubyte),
        ("palette", ctypes.c_void_p),
    ]


def _draw(line: ShapedLine, placed: PlacedLine) -> list[tuple[int, Patch]]:
    """The patch of every glyph that has points, with its cluster."""
    from freetype import get_handle
    from freetype.raw import FT_PIXEL_MODE_GRAY, FT_Outline_Get_Bitmap

    glyphs = [glyph for glyph in line.glyphs if len(glyph.outline.points)]
    sizes = [len(glyph.outline.points) for glyph in glyphs]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    low = np.floor(np.minimum.reduceat(placed.points, starts)).astype(int)
    high = np.maximum(np.ceil(np.maximum.reduceat(placed.points, starts)).astype(int), low + 1)
    # FreeType's y runs upwards from the bitmap's lower edge, in 64ths of a pixel.
    corners = np.repeat(np.stack((low[:, 0], high[:, 1]), axis=1), sizes, axis=0)
    points = np.rint((placed.points - corners) * (64.0, -64.0)).astype(np.dtype(ctypes.c_long))
    tags = np.concatenate([glyph.outline.tags for glyph in glyphs])
    ends = np.concatenate([glyph.outline.ends for glyph in glyphs])
    outline, bitmap, library = _Outline(), _Bitmap(), get_handle()
    outline.points, outline.tags, outline.contours = points.ctypes.data, tags.ctypes.data, ends.ctypes.data
    bitmap.num_grays, bitmap.pixel_mode = 256, FT_PIXEL_MODE_GRAY
    patches = []
    for glyph, size, (left, top), (right, bottom) in zip(
        glyphs, sizes, low.tolist(), high.tolist(), strict=True
    ):
        pixels = np.zeros((bottom - top, right - left), np.uint8)
        outline.n_points, outline.n_contours = size, len(glyph.outline.ends)
        bitmap.rows, bitmap.width = pixels.shape
        bitmap.pitch, bitmap.buffer = pixels.shape[1], pixels.ctypes.data
        if FT_Outline_Get_Bitmap(library, ctypes.byref(outline), ctypes.byref(bitmap)):
            raise Undrawable("bad-outline")
        patches.append((glyph.cluster, Patch(left, top, pixels)))
        outline.points += points.strides[0] * size
        outline.tags += tags.itemsize * size
        outline.contours += ends.itemsize * len(glyph.outline.ends)
    return patches


def _lay(canvas: NDArray[np.uint8], patch: Patch, left: int, top: int) -> None:
    """Unite a patch with a canvas whose upper left pixel is (left, top) of the picture."""
    rows, columns = patch.pixels.shape
    x, y = patch.left - left, patch.top - top
    window = canvas[y : y + rows, x : x + columns]
    np.maximum(window, patch.pixels, out=window)


def _merged(drawn: list[Patch]) -> Patch:
    """The patches of one cluster in one."""
    if len(drawn) == 1:
        return drawn[0]
    left, top = min(patch.left for patch in drawn), min(patch.top for patch in drawn)
    right = max(patch.left + patch.pixels.shape[1] for patch in drawn)
    bottom = max(patch.top + patch.pixels.shape[0] for patch in drawn)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for patch in drawn:
        _lay(whole, patch, left, top)
    return Patch(left, top, whole)


def _cluster_boxes(cluster: Cluster, patch: Patch, rtl: bool) -> list[Box]:
    """One box a character.

    A ligature is cut into columns by its characters' usual widths; a mark shares its letter's box.
    """
    whole = _ink_box(patch, 0, patch.pixels.shape[1])
    if whole == NOWHERE or len(cluster.weights) == 1:
        return [whole] * len(cluster.weights)
    cuts = np.concatenate(([0.0], np.cumsum(cluster.weights)))
    if rtl:
        cuts = 1.0 - cuts
    left, right = whole[0] - patch.left, whole[2] - patch.left
    columns = np.rint(left + cuts * (right - left)).astype(int).tolist()
    boxes: list[Box] = []
    for first, second, weight in zip(columns[:-1], columns[1:], cluster.weights, strict=True):
        alone = weight > 0 or not boxes
        boxes.append(_ink_box(patch, min(first, second), max(first, second)) if alone else boxes[-1])
    return boxes


def _ink_box(patch: Patch, start: int, end: int) -> Box:
    """The box, in the picture, of the ink in a patch's columns ``start`` to ``end``."""
    import cv2

    ink = (patch.pixels[:, start:end] >= INK).view(np.uint8)
    left, top, width, height = cv2.boundingRect(ink) if ink.size else (0, 0, 0, 0)
    if not width:
        return NOWHERE
    left, top = left + start + patch.left, top + patch.top
    return left, top, left + width, top + height


def _place_blanks(boxes: NDArray[np.int32], blank: NDArray[np.bool_], placed: PlacedLine) -> None:
    """A blank stands in the middle of the gap between its neighbours' ink, on the baseline."""
    height = int(np.clip(round(placed.baseline), 0, placed.height))
    for index in np.flatnonzero(blank).tolist():
        near = [boxes[other] for other in (index - 1, index + 1) if 0 <= other < len(boxes)]
        first, second = min(near, key=_left), max(near, key=_left)
        middle = (int(first[2]) + int(second[0])) // 2
        boxes[index] = (middle, height, middle, height)


def _left(box: NDArray[np.int32]) -> int:
    return int(box[0])
