"""Outlines to ink: exact area coverage by FreeType, and the box of every character read off its own drawn glyphs."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.geometry import PlacedLine
from synth.shaping import Cluster, Outline, ShapedLine

INK = 32  # coverage of 255 from which a pixel counts as ink

Box = tuple[int, int, int, int]


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
    """Draw every glyph at its place and measure it."""
    coverage = np.zeros((placed.height, placed.width), np.uint8)
    patches: list[list[tuple[int, int, NDArray[np.uint8]]]] = [[] for _ in line.clusters]
    for glyph, start, end in zip(line.glyphs, placed.bounds[:-1], placed.bounds[1:], strict=True):
        if end == start:
            continue
        left, top, patch = _draw(glyph.outline, placed.points[start:end], placed.weight)
        patches[glyph.cluster].append((left, top, patch))
        window = coverage[top : top + patch.shape[0], left : left + patch.shape[1]]
        np.maximum(window, patch, out=window)
    boxes = np.full((sum(len(cluster.weights) for cluster in line.clusters), 4), -1, np.int32)
    for cluster, drawn in zip(line.clusters, patches, strict=True):
        if drawn and not cluster.blank:
            own = boxes[cluster.start : cluster.start + len(cluster.weights)]
            own[:] = _cluster_boxes(cluster, *_merged(drawn), line.rtl)
    blank = np.concatenate([np.full(len(cluster.weights), cluster.blank) for cluster in line.clusters])
    missing = np.flatnonzero((boxes[:, 0] < 0) & ~blank)
    _place_blanks(boxes, blank, placed)
    return DrawnLine(coverage, boxes, int(missing[0]) if len(missing) else None)


def _draw(outline: Outline, points: NDArray[np.float64], weight: float) -> tuple[int, int, NDArray[np.uint8]]:
    """One glyph's coverage, with the place of its upper left pixel."""
    import freetype.raw as ft
    from freetype import get_handle

    grow = max(weight, 0.0) / 2
    left, top = np.floor(points.min(0) - grow).astype(int).tolist()
    right, bottom = np.ceil(points.max(0) + grow).astype(int).tolist()
    patch = np.zeros((max(bottom - top, 1), max(right - left, 1)), np.uint8)
    # FreeType's y runs upwards from the bitmap's lower edge, in 64ths of a pixel.
    vectors = np.rint((points - (left, bottom)) * (64.0, -64.0)).astype(np.dtype(ctypes.c_long))
    tags, ends = outline.tags.copy(), outline.ends.copy()
    shape = ft.FT_Outline()
    shape.n_contours, shape.n_points, shape.flags = len(ends), len(vectors), 0
    shape.points = vectors.ctypes.data_as(ctypes.POINTER(ft.FT_Vector))
    shape.tags = tags.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    shape.contours = ends.ctypes.data_as(ctypes.POINTER(ctypes.c_short))
    if weight:
        strength = round(64 * weight)
        ft.FT_Outline_EmboldenXY(ctypes.byref(shape), strength, strength)
        ft.FT_Outline_Translate(
            ctypes.byref(shape), -strength // 2, -strength // 2
        )  # it grows to the upper right
    bitmap = ft.FT_Bitmap()
    bitmap.rows, bitmap.width = patch.shape
    bitmap.pitch, bitmap.num_grays, bitmap.pixel_mode = patch.shape[1], 256, ft.FT_PIXEL_MODE_GRAY
    bitmap.buffer = patch.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    if error := ft.FT_Outline_Get_Bitmap(get_handle(), ctypes.byref(shape), ctypes.byref(bitmap)):
        raise ValueError(f"FreeType cannot draw an outline (error {error})")
    return left, top, patch


def _merged(drawn: list[tuple[int, int, NDArray[np.uint8]]]) -> tuple[int, int, NDArray[np.uint8]]:
    """The patches of one cluster in one."""
    if len(drawn) == 1:
        return drawn[0]
    left, top = min(patch[0] for patch in drawn), min(patch[1] for patch in drawn)
    right = max(x + patch.shape[1] for x, _, patch in drawn)
    bottom = max(y + patch.shape[0] for _, y, patch in drawn)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for x, y, patch in drawn:
        window = whole[y - top : y - top + patch.shape[0], x - left : x - left + patch.shape[1]]
        np.maximum(window, patch, out=window)
    return left, top, whole


def _cluster_boxes(cluster: Cluster, left: int, top: int, patch: NDArray[np.uint8], rtl: bool) -> list[Box]:
    """One box a character; a ligature is cut into columns by its characters' usual widths, marks share their letter's box."""
    whole = _ink_box(patch, 0, patch.shape[1])
    if whole is None or len(cluster.weights) == 1:
        return [_shifted(whole, left, top)] * len(cluster.weights)
    ends = np.cumsum(cluster.weights)
    cuts = np.concatenate(([0.0], ends))
    if rtl:
        cuts = 1.0 - cuts
    columns = np.rint(whole[0] + cuts * (whole[2] - whole[0])).astype(int)
    boxes: list[Box | None] = []
    for first, second, weight in zip(columns[:-1], columns[1:], cluster.weights, strict=True):
        if weight == 0 and boxes:
            boxes.append(boxes[-1])
        else:
            boxes.append(_ink_box(patch, min(first, second), max(first, second)))
    return [_shifted(box, left, top) for box in boxes]


def _ink_box(patch: NDArray[np.uint8], start: int, end: int) -> Box | None:
    ink = patch[:, start:end] >= INK
    columns, rows = np.flatnonzero(ink.any(0)), np.flatnonzero(ink.any(1))
    if not len(columns):
        return None
    return start + int(columns[0]), int(rows[0]), start + int(columns[-1]) + 1, int(rows[-1]) + 1


def _shifted(box: Box | None, left: int, top: int) -> Box:
    if box is None:
        return (-1, -1, -1, -1)
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top


def _place_blanks(boxes: NDArray[np.int32], blank: NDArray[np.bool_], placed: PlacedLine) -> None:
    """A blank stands in the middle of the gap between its neighbours' ink, on the baseline."""
    height = int(np.clip(round(placed.baseline), 0, placed.height))
    for index in np.flatnonzero(blank):
        before = boxes[index - 1] if index else boxes[index + 1]
        after = boxes[index + 1] if index + 1 < len(boxes) else before
        first, second = (before, after) if before[0] <= after[0] else (after, before)
        middle = (first[2] + second[0]) // 2
        boxes[index] = (middle, height, middle, height)
