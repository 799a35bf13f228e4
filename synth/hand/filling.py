"""FreeType's exact area coverage of outlines, called through plain addresses.

FreeType-py's own objects cost more than the drawing. Nothing here knows letters, lines or pictures.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from synth.hand.undrawable import Undrawable

GRID = 64  # of FreeType: fractions of a pixel


# FT_Outline with addresses as plain numbers.
OUTLINE = np.dtype(
    [
        ("n_contours", np.short),
        ("n_points", np.short),
        ("points", np.uintp),
        ("tags", np.uintp),
        ("contours", np.uintp),
        ("flags", np.intc),
    ],
    align=True,
)


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


def fill(
    pixels: NDArray[np.uint8],
    x: NDArray[np.int_],
    y: NDArray[np.int_],
    tags: NDArray[np.uint8],
    ends: NDArray[np.int16],
    sizes: list[tuple[int, int]],
) -> None:
    """Draw outlines into an empty picture, one call each: the cost grows faster than the outline.

    Args:
        pixels: (height, width), zeros.
        x: (P,), ``GRID`` to the pixel, of the points of all outlines; none lies outside.
        y: (P,), likewise, downwards.
        tags: (P,), FreeType's point kinds.
        ends: last point of every contour, counted from its outline's first.
        sizes: (points, contours) of every outline.

    Raises:
        Undrawable: FreeType refuses an outline.
    """
    from freetype.raw import FT_PIXEL_MODE_GRAY

    height, width = pixels.shape
    # FreeType's y runs upwards from the bitmap's lower edge.
    grid = np.stack((x, height * GRID - y), axis=1).astype(np.dtype(ctypes.c_long), copy=False)
    points, contours = counts = np.array(sizes, np.intp).T
    first, contour = np.cumsum(counts, axis=1) - counts
    outlines = np.zeros(len(sizes), OUTLINE)
    outlines["n_points"], outlines["n_contours"] = points, contours
    outlines["points"] = grid.ctypes.data + grid.strides[0] * first
    outlines["tags"] = tags.ctypes.data + tags.itemsize * first
    outlines["contours"] = ends.ctypes.data + ends.itemsize * contour
    bitmap = _Bitmap(height, width, width, pixels.ctypes.data, 256, FT_PIXEL_MODE_GRAY, 0, None)
    draw, begin, bitmap_at = _drawing(), outlines.ctypes.data, ctypes.addressof(bitmap)
    for outline_at in range(begin, begin + outlines.nbytes, OUTLINE.itemsize):
        if draw(outline_at, bitmap_at):
            raise Undrawable("bad-outline")


@cache
def _drawing() -> Callable[[int, int], int]:
    """FT_Outline_Get_Bitmap of an outline and a bitmap, by address; not 0 where it fails."""
    from freetype import get_handle
    from freetype.raw import FT_Outline_Get_Bitmap

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    return partial(ctypes.cast(FT_Outline_Get_Bitmap, kind), get_handle())
