"""What one face of a font file really draws, in numbers.

Puts together what :mod:`fonts.coverage`, :mod:`fonts.letterforms` and :mod:`fonts.words` find out. Judges
nothing (:mod:`fonts.verdict` does) and may crash with the libraries it calls, so it runs in the child
processes of :mod:`fonts.probe`. A variable face is measured at its default.

Lengths are shares of the em, unless they say x (shares of the x-height).
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, median
from typing import TYPE_CHECKING

import freetype
import numpy as np
from PIL import Image

from fonts import reader
from fonts.coverage import LOWER, PPEM, Coverage, coverage
from fonts.family import tidy
from fonts.glyphs import INK, Glyph, draw
from fonts.letterforms import Ink, contrast, holes, pieces, slant, stroke
from fonts.licence import name_table_licences
from fonts.words import NO_SETTING, Typesetter, setting

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_X_PIXELS = 48  # shape pictures are drawn with an x-height of this many pixels
_DIGITS = "0123456789"
_CASED = "abdefghlnqrt"  # letters whose capitals are shaped otherwise
_STILL_LEGIBLE = 0.7  # of the letters that were read without a feature
_MOST_READ = 12  # letters of one feature
_FEW = 10  # characters are needed to say whether a face can be read
_UPRIGHT = "bdfhijklmnpqrtuHIKLMNT"  # letters with upright strokes
_SIMPLE = "cmnrsuvwxz"  # letters without holes in a plain hand
_SIGNATURE_LETTERS = "abdefghkmnorstyGRS"
_SIGNATURE_SIDE = 16
_COLOURED = frozenset({"COLR", "CBDT", "sbix", "SVG "})


@dataclass(frozen=True, slots=True)
class Measures:
    """One face, measured.

    Attributes:
        family: family name.
        style: style name.
        licences: what the name table says about licence and copyright.
        characters: all characters it draws, sorted; a blank where it has one.
        undrawn: characters it maps but does not draw, draws as a placeholder, without or with the wrong
            accent, or in the wrong case.
        wide: characters it sets in squares as wide as an ideograph; they are not in ``characters``.
        x_height: median ink height of the x-like letters; of all its characters where it has none of them.
        space: advance of the blank, x.
        word_gap: paper between words where their ink comes closest, x: a fifth of the pairs of words that
            were set are closer; infinite where none could be set.
        blank_inked: whether the blank shows ink.
        ascender_x: median ink height of b d h k l over that of a e o n u; 0 where letters are missing.
        descent_x: median depth of g p q y, x.
        width_x: mean advance of the small letters, x.
        overflow: how far the ink of letters and digits reaches beyond the stated ascent and descent.
        stroke_x: typical pen width: usual horizontal run of ink in the letters, x.
        contrast: thick strokes over thin ones; 1 for a round pen.
        slant: degrees to the right.
        joined: share of the adjacent small letters whose ink touches when words are set, 0..1.
        alternates: number of small letters that the face draws otherwise when they are repeated.
        pieces: mean number of separate pieces of a letter; specks are not counted.
        digit_pieces: the same of a digit.
        holes: mean number of holes of a letter that has none in a plain hand, such as c, n or z.
        digit_holes: mean number of holes of a digit.
        line_fill: largest inked share of a pixel row across "nonanumen": 1 means ruled lines.
        points: mean number of outline points of a letter.
        legible: share of its letters and digits that :mod:`fonts.reader` reads right; 1 where there are fewer
            than ten of them.
        digits_legible: the same of its digits.
        capitals: share of the small letters that are read as their capitals, of those whose capitals are
            shaped otherwise.
        twins: lower-case letters whose picture is that of the capital.
        pictures: number of distinct pictures among the lower-case letters; ``letters`` says of how many.
        letters: number of lower-case ASCII letters drawn.
        signature: 18 letters as 16 x 16 bits, in hex; all zero where it has none of them.
        axes: tag, least, default and most of every axis of a variable face.
        features: optional OpenType features that change the picture of some letter and leave it legible.
        scalable: False for a face made of bitmaps.
        colour: whether glyphs are coloured.
    """

    family: str
    style: str
    licences: tuple[str, ...]
    characters: str
    undrawn: str
    wide: str
    x_height: float
    space: float
    word_gap: float
    blank_inked: bool
    ascender_x: float
    descent_x: float
    width_x: float
    overflow: float
    stroke_x: float
    contrast: float
    slant: float
    joined: float
    alternates: int
    pieces: float
    digit_pieces: float
    holes: float
    digit_holes: float
    line_fill: float
    points: float
    legible: float
    digits_legible: float
    capitals: float
    twins: int
    pictures: int
    letters: int
    signature: str
    axes: tuple[tuple[str, float, float, float], ...]
    features: tuple[str, ...]
    scalable: bool
    colour: bool


def face_count(content: bytes) -> int:
    """Number of faces in a font file (more than 1 in collections)."""
    return int(freetype.Face(io.BytesIO(content), index=-1).num_faces)


def measure(content: bytes, index: int = 0) -> Measures:
    """Measure one face of a font file.

    Args:
        content: plain font file (see :func:`fonts.sfnt.font_bytes`).
        index: the face within a collection.

    Raises:
        DataError: it maps no character, or most of its basic letters are broken.
        freetype.FT_Exception: FreeType cannot read the font; other libraries raise their own.
    """
    from fontTools.ttLib import TTFont

    tables = TTFont(io.BytesIO(content), fontNumber=index, lazy=True)
    face = freetype.Face(io.BytesIO(content), index=index)
    family, style, licences = _names(tables)
    drawn = coverage(face) if face.is_scalable else Coverage({}, "", "", 0.0, False, 0.0, 0)
    glyphs, x_height = drawn.glyphs, drawn.x_height
    placed, x_pixels = _pictured(face, glyphs, x_height) if x_height else ({}, 1.0)
    shapes = {c: ink for c, (ink, _) in placed.items()}
    lean = slant(_of(shapes, _UPRIGHT))
    shown = "".join(placed)
    read = reader.read(reader.describe(placed, x_pixels, lean)) if placed else ""
    letters = [glyphs[c] for c in LOWER if c in glyphs]
    words = setting(Typesetter(content, index, face), glyphs, x_pixels) if shapes else NO_SETTING
    return Measures(
        family=family or tidy((face.family_name or b"").decode("utf-8", "replace")) or "unnamed",
        style=style or "Regular",
        licences=licences,
        characters="".join(sorted([*glyphs, " "] if drawn.space > 0 else glyphs)),
        undrawn=drawn.undrawn,
        wide=drawn.wide,
        x_height=round(x_height, 4),
        space=round(_over(drawn.space, x_height), 3),
        word_gap=round(words.gap / x_pixels, 3),
        blank_inked=drawn.blank_inked,
        ascender_x=round(_over(_median_height(glyphs, "bdhkl"), _median_height(glyphs, "aeonu")), 3),
        descent_x=round(_over(_depth(glyphs), x_height), 3),
        width_x=round(_over(_mean(g.advance for g in letters) / PPEM, x_height), 3),
        overflow=round(_overflow(face, glyphs), 3),
        stroke_x=round(stroke(_of(shapes, _SIGNATURE_LETTERS)) / _X_PIXELS, 4),
        contrast=round(contrast(_of(shapes, _SIGNATURE_LETTERS)), 2),
        slant=round(lean, 1),
        joined=words.joined,
        alternates=words.alternates,
        pieces=round(pieces(_of(shapes, _SIGNATURE_LETTERS)), 2),
        digit_pieces=round(pieces(_of(shapes, _DIGITS)), 2),
        holes=round(holes(_of(shapes, _SIMPLE)), 2),
        digit_holes=round(holes(_of(shapes, _DIGITS)), 2),
        line_fill=round(_line_fill(glyphs), 3),
        points=round(_mean(g.points for g in letters), 1),
        legible=round(_legible(shown, read), 3),
        digits_legible=round(_legible(shown, read, _DIGITS), 3),
        capitals=round(_capitals(shown, read), 3),
        twins=drawn.twins,
        pictures=len({glyph.key for glyph in letters}),
        letters=len(letters),
        signature=_signature(shapes),
        axes=_axes(tables),
        features=_legible_features(words.changed, x_pixels, lean, dict(zip(shown, read, strict=True))),
        scalable=bool(face.is_scalable),
        colour=not _COLOURED.isdisjoint(tables.keys()),
    )


def _names(tables: TTFont) -> tuple[str, str, tuple[str, ...]]:
    if "name" not in tables:
        return "", "", ()
    names = tables["name"]
    family, style = (names.getBestFamilyName() or "", names.getBestSubFamilyName() or "")
    return tidy(family), tidy(style), name_table_licences(tables)


def _axes(tables: TTFont) -> tuple[tuple[str, float, float, float], ...]:
    if "fvar" not in tables:
        return ()
    return tuple((a.axisTag, a.minValue, a.defaultValue, a.maxValue) for a in tables["fvar"].axes)


def _over(length: float, unit: float) -> float:
    return length / unit if unit else 0.0


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fmean(found) if found else 0.0


def _median_height(glyphs: Mapping[str, Glyph], letters: str) -> float:
    heights = [glyphs[c].height for c in letters if c in glyphs]
    return median(heights) if heights else 0.0


def _depth(glyphs: Mapping[str, Glyph]) -> float:
    depths = [-glyphs[c].low for c in "gpqy" if c in glyphs]
    return median(depths) if depths else 0.0


def _overflow(face: freetype.Face, glyphs: Mapping[str, Glyph]) -> float:
    """By how much of the em the ink is higher than the ascent or deeper than the descent; 0 if it is not."""
    shown = [glyphs[c] for c in reader.CHARACTERS if c in glyphs]
    if not shown:
        return 0.0
    above = max(g.high for g in shown) - face.ascender / face.units_per_EM
    below = face.descender / face.units_per_EM - min(g.low for g in shown)
    return max(above, below, 0.0)


def _line_fill(glyphs: Mapping[str, Glyph]) -> float:
    """Share of the fullest row when "nonanumen" is set letter by letter.

    A row is two pixels high, for a thin line may lie between two rows of pixels.
    """
    word = [glyphs[c] for c in "nonanumen" if c in glyphs]
    width = sum(round(g.advance) for g in word)
    strip = np.zeros((6 * PPEM, width + 4 * PPEM), np.uint16)
    pen = 2 * PPEM
    for glyph in word:
        top, left = 4 * PPEM - glyph.top, pen + glyph.left
        rows, columns = glyph.grey.shape
        if 0 <= top <= strip.shape[0] - rows and 0 <= left <= strip.shape[1] - columns:
            strip[top : top + rows, left : left + columns] += glyph.grey
        pen += round(glyph.advance)
    inked = (strip[1:] + strip[:-1])[:, 2 * PPEM : 2 * PPEM + width] > INK
    return float(inked.mean(axis=1).max()) if width else 0.0


def pictured(
    content: bytes, characters: str, x_height: float, index: int = 0
) -> tuple[dict[str, tuple[Ink, int]], float]:
    """The large pictures of the letters and digits of a face, for :func:`fonts.reader.describe`.

    Args:
        content: plain font file.
        characters: those that it draws.
        x_height: as a share of the em.
        index: the face within a collection.

    Returns:
        Character -> ink and the pixels from the baseline up to its upper edge; and the x-height in pixels.
    """
    return _pictured(freetype.Face(io.BytesIO(content), index=index), characters, x_height)


def _pictured(
    face: freetype.Face, characters: Container[str], x_height: float
) -> tuple[dict[str, tuple[Ink, int]], float]:
    size = int(np.clip(_X_PIXELS / x_height, 16, 512))
    face.set_pixel_sizes(0, size)
    glyphs = {c: draw(face, face.get_char_index(c)) for c in reader.CHARACTERS if c in characters}
    return {c: (g.ink, g.top) for c, g in glyphs.items() if g.ink.any()}, size * x_height


def _legible(shown: str, read: str, among: str = reader.CHARACTERS) -> float:
    """Share of the characters read right; 1 where there are too few to tell."""
    pairs = [(s, r) for s, r in zip(reader.alike(shown), reader.alike(read), strict=True)]
    judged = [s == r for (s, r), c in zip(pairs, shown, strict=True) if c in among]
    return fmean(judged) if len(judged) >= _FEW else 1.0


def _legible_features(
    changed: Mapping[str, Mapping[str, Glyph]], x_pixels: float, lean: float, usual: Mapping[str, str]
) -> tuple[str, ...]:
    """The features whose pictures of letters are read about as well as the usual ones."""
    pictures = {
        (tag, letter): (glyph.ink, glyph.top)
        for tag, glyphs in changed.items()
        for letter, glyph in islice(glyphs.items(), _MOST_READ)
        if glyph.ink.any()
    }
    if not pictures:
        return ()
    shown = dict(zip(pictures, reader.read(reader.describe(pictures, x_pixels, lean)), strict=True))
    right: dict[str, float] = defaultdict(float)
    for (tag, letter), read in shown.items():
        right[tag] += reader.alike(read) == reader.alike(letter)
        right[tag] -= _STILL_LEGIBLE * (reader.alike(usual.get(letter, "")) == reader.alike(letter))
    return tuple(tag for tag in changed if tag in right and right[tag] >= 0)


def _capitals(shown: str, read: str) -> float:
    return _mean(r == s.upper() for s, r in zip(shown, read, strict=True) if s in _CASED)


def _of(shapes: Mapping[str, Ink], letters: str) -> list[Ink]:
    return [shapes[c] for c in letters if c in shapes]


def _signature(shapes: Mapping[str, Ink]) -> str:
    side = (_SIGNATURE_SIDE, _SIGNATURE_SIDE)
    bits = np.zeros((len(_SIGNATURE_LETTERS), *side), bool)
    for row, letter in zip(bits, _SIGNATURE_LETTERS, strict=True):
        if letter in shapes and shapes[letter].size:
            picture = Image.fromarray(shapes[letter].astype(np.uint8) * 255)
            row[:] = np.asarray(picture.resize(side, Image.Resampling.BOX)) > 96
    return np.packbits(bits).tobytes().hex()
