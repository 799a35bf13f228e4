"""Contact sheets: samples under each other, degraded and clean, with their character boxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synth.sample import LineSample

GAP = 6  # pixels between pictures
INK_OF_BOXES = ((214, 39, 40), (31, 119, 180))  # neighbours differ
BACKGROUND = 255


def sheet(
    samples: Sequence[LineSample],
    columns: int = 2,
    clean: bool = False,
    boxes: bool = False,
    scale: int = 1,
) -> NDArray[np.uint8]:
    """Draw samples on one page.

    Args:
        samples: at least one; those without a clean picture show only the degraded one.
        columns: samples beside each other.
        clean: put the clean picture under each degraded one.
        boxes: draw the character boxes.
        scale: enlargement, so that boxes do not hide letters.

    Returns:
        uint8 RGB, (height, width, 3).
    """
    if not samples:
        raise ValueError("a sheet needs at least one sample")
    tiles = [_tile(sample, clean, boxes, scale) for sample in samples]
    rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
    column_width = max(tile.shape[1] for tile in tiles) + GAP
    heights = [max(tile.shape[0] for tile in row) + GAP for row in rows]
    page = np.full((sum(heights) + GAP, column_width * columns + GAP, 3), BACKGROUND, np.uint8)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, tile in enumerate(row):
            left = GAP + column * column_width
            page[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
        top += height
    return page


def _tile(sample: LineSample, clean: bool, boxes: bool, scale: int) -> NDArray[np.uint8]:
    pictures = [sample.image]
    if clean and sample.clean is not None:
        pictures.append(sample.clean)
    stacked = np.concatenate([_coloured(picture, sample.boxes, boxes, scale) for picture in pictures])
    return np.pad(stacked, ((1, 1), (1, 1), (0, 0)), constant_values=200)


def _coloured(
    picture: NDArray[np.uint8], boxes: NDArray[np.int32], show: bool, scale: int
) -> NDArray[np.uint8]:
    large = np.repeat(np.repeat(picture, scale, axis=0), scale, axis=1)
    colour = np.stack([large] * 3, axis=-1)
    if show:
        for index, (left, top, right, bottom) in enumerate((boxes * scale).tolist()):
            left, top = min(left, colour.shape[1] - 1), min(top, colour.shape[0] - 1)
            _frame(colour, left, top, max(right, left + 1), max(bottom, top + 1), INK_OF_BOXES[index % 2])
    return colour


def _frame(
    page: NDArray[np.uint8], left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]
) -> None:
    page[top:bottom, [left, right - 1]] = colour
    page[[top, bottom - 1], left:right] = colour
