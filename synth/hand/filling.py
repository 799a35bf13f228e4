"""FreeType's exact area coverage of outlines, called through plain addresses.

FreeType-py's own objects cost more than the drawing. Nothing here knows letters, lines or pictures.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from synth.hand.undrawable import Undrawable

GRID = 64  # of FreeType: fractions of a pixel


class _Outline(ctypes.Structure):
    """FT_Outline with addresses as plain numbers."""

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
    from freetype import get_handle
    from freetype.raw import FT_PIXEL_MODE_GRAY, FT_Outline_Get_Bitmap

    height, width = pixels.shape
    # FreeType's y runs upwards from the bitmap's lower edge.
    grid = np.stack((x, height * GRID - y), axis=1).astype(np.dtype(ctypes.c_long), copy=False)
    outline = _Outline(0, 0, grid.ctypes.data, tags.ctypes.data, ends.ctypes.data, 0)
    bitmap = _Bitmap(height, width, width, pixels.ctypes.data, 256, FT_PIXEL_MODE_GRAY, 0, None)
    library, outline_at, bitmap_at = get_handle(), ctypes.byref(outline), ctypes.byref(bitmap)
    for points, contours in sizes:
        outline.n_points, outline.n_contours = points, contours
        if FT_Outline_Get_Bitmap(library, outline_at, bitmap_at):
            raise Undrawable("bad-outline")
        outline.points += grid.strides[0] * points
        outline.tags += tags.itemsize * points
        outline.contours += ends.itemsize * contours
