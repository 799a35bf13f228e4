"""A whole line shaped by HarfBuzz: which glyphs, where, and which characters each of them shows.

Kerning, marks, ligatures and contextual alternates are the font's own. Outlines come from FreeType in font units, unhinted, so
that every later step is plain geometry. This module knows nothing about pixels, pens or randomness.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from fonts.hand import Hand

OPEN_FONTS = 32
FEATURES = {"kern": True, "liga": True, "clig": True, "calt": True, "mark": True, "mkmk": True}


@dataclass(frozen=True, slots=True)
class Outline:
    """One glyph in font units, y upwards.

    Attributes:
        points: float64, (P, 2); on-curve and control points.
        tags: uint8, (P,); FreeType's point kinds.
        ends: int16, (C,); index of the last point of every contour.
    """

    points: NDArray[np.float64]
    tags: NDArray[np.uint8]
    ends: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a shaped line.

    Attributes:
        outline: its shape.
        origin: where its origin stands, font units from the line's start, y upwards.
        cluster: position of its cluster in ``ShapedLine.clusters``.
    """

    outline: Outline
    origin: tuple[float, float]
    cluster: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Characters that are drawn together: one letter, a letter with marks, or a ligature.

    Attributes:
        start: index of the first character in the text.
        weights: share of the cluster's width for every character, summing to 1; a mark has the share 0.
        blank: whether it is white space.
    """

    start: int
    weights: tuple[float, ...]
    blank: bool


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A line of glyphs in visual order.

    Attributes:
        glyphs: left to right.
        clusters: in text order; they cover every character once.
        rtl: whether the text runs from right to left.
        units_per_em: font units in one em.
    """

    glyphs: tuple[Glyph, ...]
    clusters: tuple[Cluster, ...]
    rtl: bool
    units_per_em: int


class Unshapeable(Exception):
    """The text cannot be shown by this font; the message is a rejection's reason."""


@dataclass(frozen=True)
class _OpenFont:
    shaper: Any  # uharfbuzz.Font; its scale is the em, so positions are font units
    face: Any  # freetype.Face
    units_per_em: int
    outlines: dict[int, Outline] = field(default_factory=dict)

    def outline(self, glyph_id: int) -> Outline:
        """The glyph's outline, read once."""
        if glyph_id not in self.outlines:
            self.outlines[glyph_id] = _read_outline(self.face, glyph_id)
        return self.outlines[glyph_id]


def shape(text: str, hand: Hand) -> ShapedLine:
    """Shape a line in one direction.

    Raises:
        Unshapeable: ``missing-glyph``, ``no-outline`` or ``mixed-direction`` (a line that runs both ways needs the
            bidirectional algorithm, which is not here; it is refused rather than drawn wrong).
        DataError: the font file is missing or not a font.
    """
    import uharfbuzz as hb

    font = _open_font(hand.path, hand.face, hand.sha256)
    rtl = _runs_right_to_left(text)
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(character) for character in text])
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    hb.shape(font.shaper, buffer, FEATURES)
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    position_of = {start: position for position, start in enumerate(starts)}
    glyphs, pen = [], 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            raise Unshapeable("missing-glyph")
        origin = (pen + place.x_offset, float(place.y_offset))
        glyphs.append(Glyph(font.outline(info.codepoint), origin, position_of[info.cluster]))
        pen += place.x_advance
    bounds = zip(starts, [*starts[1:], len(text)], strict=True)
    clusters = tuple(_cluster(font, text, start, end) for start, end in bounds)
    return ShapedLine(tuple(glyphs), clusters, rtl, font.units_per_em)


def _cluster(font: _OpenFont, text: str, start: int, end: int) -> Cluster:
    characters = text[start:end]
    widths = np.array([_nominal_width(font, character) for character in characters])
    if widths.sum() == 0:
        widths[0] = 1.0
    return Cluster(start, tuple((widths / widths.sum()).tolist()), characters.isspace())


def _nominal_width(font: _OpenFont, character: str) -> float:
    """A ligature's width is shared by what its characters would take alone."""
    if unicodedata.combining(character):
        return 0.0
    glyph_id = font.shaper.get_nominal_glyph(ord(character))
    return float(max(font.shaper.get_glyph_h_advance(glyph_id), 0)) if glyph_id else 1.0


def _runs_right_to_left(text: str) -> bool:
    kinds = {unicodedata.bidirectional(character) for character in text}
    rtl = bool(kinds & {"R", "AL"})
    if rtl and kinds & {"L", "EN", "AN"}:
        raise Unshapeable("mixed-direction")
    return rtl


@lru_cache(maxsize=OPEN_FONTS)
def _open_font(
    path: Path, index: int, sha256: str
) -> _OpenFont:  # the hash keeps a replaced file from being served stale
    import freetype
    import uharfbuzz as hb

    try:
        content = path.read_bytes()
        face = freetype.Face(io.BytesIO(content), index)
        shaper = hb.Font(hb.Face(content, index))
    except (OSError, freetype.FT_Exception, hb.HarfBuzzError) as error:
        raise DataError(
            f"The font {path} cannot be opened: {error}", "a font file", "run `inkmill fonts sync` again"
        ) from None
    return _OpenFont(shaper, face, face.units_per_EM)


def _read_outline(face: Any, glyph_id: int) -> Outline:
    import freetype

    face.load_glyph(glyph_id, freetype.FT_LOAD_NO_SCALE | freetype.FT_LOAD_NO_BITMAP)
    if face.glyph.format != freetype.FT_GLYPH_FORMAT_OUTLINE:
        raise Unshapeable("no-outline")
    outline = face.glyph.outline
    return Outline(
        np.array(outline.points, np.float64).reshape(-1, 2),
        np.array(outline.tags, np.uint8),
        np.array(outline.contours, np.int16),
    )
