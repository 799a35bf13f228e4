"""What one face of a font file really draws, in numbers.

Coverage is proven by pictures, not by the font's word: a character counts when the font maps it, its picture
has ink and is not the .notdef picture, and an accented letter differs from its bare base. This module judges
nothing and may crash with the libraries it calls, so it runs in the child processes of :mod:`fonts.probe`.

Lengths are shares of the em, unless they say x (shares of the x-height).
"""

from __future__ import annotations

import ctypes
import functools
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import freetype
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fonts.licence import name_table_licences

_PPEM = 64  # coverage pictures
_X_PIXELS = 48  # shape pictures are drawn with an x-height of this many pixels
_SPECK = 8  # pixels round a contour that is too small to count
_BLOCKS = (
    (0x0021, 0x007E),  # ASCII
    (0x00A1, 0x024F),  # Latin-1, Latin Extended-A and -B (Vietnamese o and u with horn)
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x1E00, 0x1EFF),  # Latin Extended Additional (Vietnamese)
    (0x2010, 0x2027),  # General punctuation, in two parts
    (0x2030, 0x205E),
    (0x20A0, 0x20CF),  # currency
    (0x2100, 0x214F),  # letter-like symbols
    (0x2212, 0x2212),  # minus
)
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_X_LIKE = "acemnorsuvwxz"
_SIGNATURE_LETTERS = "abdefghkmnorstyGRS"
_SIGNATURE_SIDE = 16


@dataclass(frozen=True, slots=True)
class Measures:
    """One face, measured.

    Attributes:
        family: family name.
        style: style name.
        licences: what the name table says about licence and copyright.
        characters: all characters it draws, sorted; a blank where it has one.
        undrawn: characters it maps but does not draw, or draws without their accent.
        x_height: median ink height of the x-like letters; of all its characters where it has none of them.
        space: advance of the blank, x.
        ascender_x: median ink height of b d h k l over that of a e o n u; 0 where letters are missing.
        descent_x: median depth of g p q y, x.
        stroke_x: typical pen width: median horizontal run of ink in the letters, x.
        contours: mean number of pieces and holes in the picture of a letter; specks are not counted.
        line_fill: largest inked share of a pixel row across "nonanumen": 1 means ruled lines.
        twins: lower-case letters whose picture is that of the capital.
        pictures: number of distinct pictures among the lower-case letters; ``letters`` says of how many.
        letters: number of lower-case ASCII letters drawn.
        signature: 18 letters as 16 x 16 bits, in hex; all zero where it has none of them.
        scalable: False for a face made of bitmaps.
        colour: whether glyphs are coloured.
    """

    family: str
    style: str
    licences: tuple[str, ...]
    characters: str
    undrawn: str
    x_height: float
    space: float
    ascender_x: float
    descent_x: float
    stroke_x: float
    contours: float
    line_fill: float
    twins: int
    pictures: int
    letters: int
    signature: str
    scalable: bool
    colour: bool


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A picture; its left and top bearing and advance in pixels; bottom and top of the outline in em."""

    ink: NDArray[np.uint8]
    left: int
    top: int
    advance: float
    low: float
    high: float

    @property
    def height(self) -> float:
        return self.high - self.low

    @property
    def blank(self) -> bool:
        return not self.ink.size or int(self.ink.max()) < 64

    def same_picture(self, other: _Glyph) -> bool:
        return np.array_equal(self.ink, other.ink)


def face_count(content: bytes) -> int:
    """Number of faces in a font file (more than 1 in collections)."""
    return int(freetype.Face(io.BytesIO(content), index=-1).num_faces)


def measure(content: bytes, index: int = 0) -> Measures:
    """Measure one face of a font file.

    Args:
        content: plain font file (see :func:`fonts.sfnt.font_bytes`).
        index: the face within a collection.

    Raises:
        freetype.FT_Exception: FreeType cannot read the font; other libraries raise their own.
    """
    face = freetype.Face(io.BytesIO(content), index=index)
    family, style, licences, colour = _names(content, index)
    family = family or (face.family_name or b"").decode("utf-8", "replace")
    glyphs, undrawn, space = _drawn(face) if face.is_scalable else ({}, "", 0.0)
    x_height = _x_height(glyphs)
    shapes = _shapes(face, glyphs, x_height) if x_height else {}
    letters = [glyphs[c] for c in _LOWER if c in glyphs]
    return Measures(
        family=family or "unnamed",
        style=style or "Regular",
        licences=licences,
        characters="".join(sorted([*glyphs, " "] if space > 0 else glyphs)),
        undrawn=undrawn,
        x_height=round(x_height, 4),
        space=round(space / x_height, 3) if x_height else 0.0,
        ascender_x=round(_ratio(_heights(glyphs, "bdhkl"), _heights(glyphs, "aeonu")), 3),
        descent_x=round(_depth(glyphs) / x_height, 3) if x_height else 0.0,
        stroke_x=round(_stroke(shapes.values()) / _X_PIXELS, 4),
        contours=round(_contours(shapes.values()), 2),
        line_fill=round(_line_fill(glyphs), 3),
        twins=sum(
            glyphs[c].same_picture(glyphs[c.upper()]) for c in _LOWER if c in glyphs and c.upper() in glyphs
        ),
        pictures=len({(g.ink.shape, g.ink.tobytes()) for g in letters}),
        letters=len(letters),
        signature=_signature(shapes),
        scalable=bool(face.is_scalable),
        colour=colour,
    )


@functools.cache
def _candidates() -> tuple[str, ...]:
    """Every letter, digit, mark of punctuation and symbol of the tested blocks."""
    points = (chr(p) for first, last in _BLOCKS for p in range(first, last + 1))
    return tuple(c for c in points if unicodedata.category(c)[0] in "LNPS")


def _names(content: bytes, index: int) -> tuple[str, str, tuple[str, ...], bool]:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content), fontNumber=index, lazy=True)
    colour = not {"COLR", "CBDT", "sbix", "SVG "}.isdisjoint(font.keys())
    if "name" not in font:
        return "", "", (), colour
    table = font["name"]
    family, style = (table.getBestFamilyName() or "", table.getBestSubFamilyName() or "")
    return family.strip(), style.strip(), name_table_licences(font), colour


def _glyph(face: freetype.Face, index: int) -> _Glyph:
    face.load_glyph(index, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
    slot = face.glyph
    bitmap = slot.bitmap._FT_Bitmap  # the wrapper copies pixel by pixel into a list
    rows, width, pitch = bitmap.rows, bitmap.width, abs(bitmap.pitch)
    raw = ctypes.string_at(bitmap.buffer, rows * pitch) if rows and width else b""
    ink = np.frombuffer(raw, np.uint8).reshape(rows, pitch)[:, :width] if raw else np.zeros((0, 0), np.uint8)
    box = slot.outline.get_bbox() if slot.outline.n_contours else None
    em = face.size.y_ppem * 64
    low, high = (box.yMin / em, box.yMax / em) if box else (0.0, 0.0)
    return _Glyph(ink, slot.bitmap_left, slot.bitmap_top, slot.linearHoriAdvance / 65536, low, high)


def _drawn(face: freetype.Face) -> tuple[dict[str, _Glyph], str, float]:
    """The characters drawn with ink, those mapped but not drawn, and the blank's advance in em."""
    face.set_pixel_sizes(0, _PPEM)
    missing = _glyph(face, 0)
    glyphs: dict[str, _Glyph] = {}
    undrawn: list[str] = []
    for character in _candidates():
        if not (index := face.get_char_index(character)):
            continue
        glyph = _glyph(face, index)
        plain = unicodedata.normalize("NFD", character)
        base = glyphs.get(plain[0]) if len(plain) > 1 else None
        bare = base is not None and glyph.same_picture(base)
        if glyph.blank or glyph.same_picture(missing) or bare:
            undrawn.append(character)
        else:
            glyphs[character] = glyph
    for character in _full_width(glyphs):
        del glyphs[character]
    blank = face.get_char_index(" ")
    return glyphs, "".join(undrawn), _glyph(face, blank).advance / _PPEM if blank else 0.0


def _full_width(glyphs: dict[str, _Glyph]) -> list[str]:
    """Characters set in squares like CJK: an alphabet by its median advance, a mark by its emptiness."""
    latin = [glyphs[c].advance for c in _LOWER if c in glyphs]
    if not latin:
        return []
    usual = median(latin)
    wide = [c for c, g in glyphs.items() if g.advance > 2.5 * usual and g.ink.shape[1] < 0.45 * g.advance]
    for first, last in ((0x0370, 0x03FF), (0x0400, 0x052F)):
        script = [c for c in glyphs if first <= ord(c) <= last]
        if script and median(glyphs[c].advance for c in script) > 1.8 * usual:
            wide += script
    return sorted(set(wide))


def _heights(glyphs: dict[str, _Glyph], letters: Iterable[str]) -> list[float]:
    return [glyphs[c].height for c in letters if c in glyphs]


def _x_height(glyphs: dict[str, _Glyph]) -> float:
    return median(_heights(glyphs, _X_LIKE) or _heights(glyphs, glyphs) or [0.0])


def _ratio(above: Sequence[float], below: Sequence[float]) -> float:
    return median(above) / median(below) if above and below else 0.0


def _depth(glyphs: dict[str, _Glyph]) -> float:
    depths = [-glyphs[c].low for c in "gpqy" if c in glyphs]
    return median(depths) if depths else 0.0


def _line_fill(glyphs: dict[str, _Glyph]) -> float:
    """Share of the fullest pixel row when "nonanumen" is set letter by letter."""
    word = [glyphs[c] for c in "nonanumen" if c in glyphs]
    if not word:
        return 0.0
    width = sum(round(g.advance) for g in word)
    strip = np.zeros((6 * _PPEM, width + 4 * _PPEM), bool)
    pen = 2 * _PPEM
    for glyph in word:
        top, left = 4 * _PPEM - glyph.top, pen + glyph.left
        rows, columns = glyph.ink.shape
        if 0 <= top <= strip.shape[0] - rows and 0 <= left <= strip.shape[1] - columns:
            strip[top : top + rows, left : left + columns] |= glyph.ink > 127
        pen += round(glyph.advance)
    return float(strip[:, 2 * _PPEM : 2 * _PPEM + width].mean(axis=1).max()) if width else 0.0


def _shapes(face: freetype.Face, glyphs: dict[str, _Glyph], x_height: float) -> dict[str, NDArray[np.bool_]]:
    """Large pictures of the signature letters, as ink or no ink."""
    face.set_pixel_sizes(0, int(np.clip(_X_PIXELS / x_height, 16, 512)))
    present = [c for c in _SIGNATURE_LETTERS if c in glyphs]
    return {c: _glyph(face, face.get_char_index(c)).ink > 127 for c in present}


def _stroke(shapes: Iterable[NDArray[np.bool_]]) -> float:
    """Median length of the horizontal runs of ink, in pixels."""
    runs: list[NDArray[np.int64]] = []
    for shape in shapes:
        edges = np.diff(np.pad(shape, ((0, 0), (1, 1))).astype(np.int8), axis=1).ravel()
        runs.append(np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1))
    lengths = np.concatenate(runs) if runs else np.zeros(0)
    return float(np.median(lengths)) if lengths.size else 0.0


def _contours(shapes: Iterable[NDArray[np.bool_]]) -> float:
    """Mean number of contours a picture; those of the outline mislead where strokes overlap."""
    import cv2

    counts: list[int] = []
    for shape in shapes:
        found, _ = cv2.findContours(np.pad(shape, 1).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        counts.append(sum(len(contour) >= _SPECK for contour in found))
    return float(np.mean(counts)) if counts else 0.0


def _signature(shapes: dict[str, NDArray[np.bool_]]) -> str:
    side = (_SIGNATURE_SIDE, _SIGNATURE_SIDE)
    bits = np.zeros((len(_SIGNATURE_LETTERS), *side), bool)
    for row, letter in zip(bits, _SIGNATURE_LETTERS, strict=True):
        if letter in shapes and shapes[letter].size:
            picture = Image.fromarray(shapes[letter].astype(np.uint8) * 255)
            row[:] = np.asarray(picture.resize(side, Image.Resampling.BOX)) > 96
    return np.packbits(bits).tobytes().hex()
