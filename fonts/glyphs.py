"""Pictures of single glyphs, as FreeType draws them without hinting, and what is read off one at once."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TypeVar

import freetype
import numpy as np
from numpy.typing import NDArray

Pixel = TypeVar("Pixel", np.bool_, np.uint8)

INK = 127  # grey levels above are ink
_FAINT = 64  # a picture without any level as dark as this is blank


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph, drawn.

    Attributes:
        grey: uint8, (H, W); 255 is full ink; of no size for a blank.
        left: pixels from the origin to the picture's left edge.
        top: pixels from the baseline up to the picture's upper edge.
        advance: pixels to the next origin.
        low: lowest point of the outline, em, upwards.
        high: highest point of the outline, em.
        points: number of points of the outline.
        broken: whether FreeType could not load it; it is blank then.
    """

    grey: NDArray[np.uint8]
    left: int
    top: int
    advance: float
    low: float
    high: float
    points: int
    broken: bool = False

    @property
    def height(self) -> float:
        """Height of the outline, em."""
        return self.high - self.low

    @property
    def blank(self) -> bool:
        """Whether nothing can be seen."""
        return not self.grey.size or int(self.grey.max()) < _FAINT

    @property
    def ink(self) -> NDArray[np.bool_]:
        """bool, (H, W): where there is ink."""
        return self.grey > INK

    @property
    def key(self) -> tuple[tuple[int, ...], bytes]:
        """Equal for equal pictures, wherever they stand."""
        return self.grey.shape, self.grey.tobytes()

    def same_picture(self, other: Glyph) -> bool:
        """Whether the two show the same, wherever they stand."""
        return np.array_equal(self.grey, other.grey)


def framed(picture: NDArray[Pixel], width: int = 1) -> NDArray[Pixel]:
    """The picture with empty pixels round it; NumPy's own pad costs ten times as much on small pictures."""
    rows, columns = picture.shape
    frame = np.zeros((rows + 2 * width, columns + 2 * width), picture.dtype)
    frame[width : width + rows, width : width + columns] = picture
    return frame


def draw(face: freetype.Face, index: int) -> Glyph:
    """Draw a glyph by its index, at the size the face is set to; one that cannot be loaded is blank."""
    try:
        return _drawn(face, index)
    except freetype.FT_Exception:
        return Glyph(np.zeros((0, 0), np.uint8), 0, 0, 0.0, 0.0, 0.0, 0, broken=True)


def _drawn(face: freetype.Face, index: int) -> Glyph:
    face.load_glyph(index, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
    slot = face.glyph
    bitmap = slot.bitmap._FT_Bitmap  # the wrapper copies pixel by pixel into a list
    rows, width, pitch = bitmap.rows, bitmap.width, abs(bitmap.pitch)
    raw = ctypes.string_at(bitmap.buffer, rows * pitch) if rows and width else b""
    grey = np.frombuffer(raw, np.uint8).reshape(rows, pitch)[:, :width] if raw else np.zeros((0, 0), np.uint8)
    outline = slot.outline
    box = outline.get_bbox() if outline.n_contours else None
    em = face.size.y_ppem * 64
    low, high = (box.yMin / em, box.yMax / em) if box else (0.0, 0.0)
    advance = slot.linearHoriAdvance / 65536
    return Glyph(grey, slot.bitmap_left, slot.bitmap_top, advance, low, high, outline.n_points)
