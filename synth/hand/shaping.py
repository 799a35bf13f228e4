"""A whole line shaped by HarfBuzz: which glyphs, where, and which characters each of them shows.

Kerning, marks, ligatures and contextual alternates are the font's own. Outlines come from FreeType in font
units, unhinted, so that every later step is plain geometry. This module knows nothing about pixels, pens or
randomness.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.cache import SizedCache
from common.errors import DataError
from common.files import sha256_file
from fonts.hand import Hand
from fonts.sfnt import font_bytes
from fonts.variants import JOINED
from synth.hand.alternates import OtherForm
from synth.hand.direction import Run, runs_of
from synth.hand.outline import Outline, read_outline, refined
from synth.hand.undrawable import Undrawable

BEARING = 0.1  # x-heights on both sides of a letter that is set close
OPEN_FONTS = 288 * 2**20  # bytes that the fonts kept open in one process may take
FONT_TABLES = 800_000  # bytes of an open font beside its file: outlines, and what the libraries hold
JOINED_SCRIPTS = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Deva", "Beng", "Guru", "Tirh"})
FEATURES = {"kern": True, "liga": True, "clig": True, "calt": True, "mark": True, "mkmk": True}


class Glyph(NamedTuple):
    """One glyph of a shaped line.

    Attributes:
        outline: its shape.
        origin: where its origin stands, font units from the line's start, y upwards.
        advance: how far the pen goes on, font units.
        cluster: position of its cluster in ``ShapedLine.clusters``.
    """

    outline: Outline
    origin: tuple[float, float]
    advance: float
    cluster: int


class Cluster(NamedTuple):
    """Characters that are drawn together: one letter, a letter with marks, or a ligature.

    Attributes:
        start: index of the first character in the text.
        weights: share of the cluster's width for every character, summing to 1; a mark has the share 0.
        blank: whether it is white space.
        letter: its first character without accents.
    """

    start: int
    weights: tuple[float, ...]
    blank: bool
    letter: str


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A line of glyphs in visual order.

    Attributes:
        glyphs: left to right.
        clusters: in text order; they cover every character once.
        rtl: whether the line begins on the right.
        runs: the stretches of one direction, from left to right.
        units_per_em: font units in one em.
        joined: whether the letters of a word are written without lifting the pen.
        stroke: typical width of the font's strokes, x-heights.
    """

    glyphs: tuple[Glyph, ...]
    clusters: tuple[Cluster, ...]
    rtl: bool
    runs: tuple[Run, ...]
    units_per_em: int
    joined: bool
    stroke: float

    @property
    def order(self) -> NDArray[np.intp]:
        """The characters from left to right."""
        return np.concatenate([run.order for run in self.runs])

    def leftwards(self, place: int) -> bool:
        """Whether the text runs to the left at a character."""
        return any(run.rtl for run in self.runs if run.start <= place < run.stop)


@dataclass(frozen=True)
class _OpenFont:
    shaper: Any  # uharfbuzz.Font; its scale is the em, so positions are font units
    face: Any  # freetype.Face
    units_per_em: int
    outlines: dict[float | None, dict[int, Outline]] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)

    def read(self, glyph_ids: Iterable[int], x_height: float | None) -> dict[int, Outline]:
        """Outlines by glyph, read once; in fine steps where the x-height, font units, is given."""
        known = self.outlines.setdefault(x_height, {})
        if new := sorted(set(glyph_ids) - known.keys()):
            outlines = [read_outline(self.face, glyph_id) for glyph_id in new]
            known.update(zip(new, outlines if x_height is None else refined(outlines, x_height), strict=True))
        return known

    def width(self, character: str) -> float:
        """What the character takes alone, font units; a mark takes nothing."""
        if character not in self.widths:
            glyph_id = self.shaper.get_nominal_glyph(ord(character))
            advance = self.shaper.get_glyph_h_advance(glyph_id) if glyph_id else 1
            self.widths[character] = 0.0 if unicodedata.combining(character) else float(max(advance, 0))
        return self.widths[character]


_FONTS = SizedCache[_OpenFont](OPEN_FONTS)


def shape(text: str, hand: Hand, other_forms: Sequence[OtherForm] = (), fine: bool = False) -> ShapedLine:
    """Shape a line, every stretch of it in its own direction.

    Args:
        text: what to write, logical order.
        hand: who writes.
        other_forms: characters that are written otherwise than usual.
        fine: whether outlines have many points that know how thick their stroke is; see ``synth.hand.fine``.

    Raises:
        Undrawable: ``no-ink``, ``missing-glyph``, ``no-outline``, ``bad-outline`` or ``mixed-direction``.
        DataError: the font file is missing, changed or broken.
    """
    if not text:
        raise Undrawable("no-ink")
    axes = hand.variant.axes if hand.variant else ()
    key = hand.path, hand.face, hand.sha256, axes
    font = _FONTS.get(key, lambda: _open_font(*key))
    x_height = hand.x_height * font.units_per_em
    rtl, runs = runs_of(text)
    features = _features(hand, other_forms)
    shaped = [_shaped(font, text, run, features) for run in runs]
    placed = [
        pair for buffer in shaped for pair in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    starts = sorted({info.cluster for info, _ in placed})
    position_of = {start: position for position, start in enumerate(starts)}
    glyph_ids = {info.codepoint for info, _ in placed}
    if 0 in glyph_ids:
        raise Undrawable("missing-glyph")
    outlines = font.read(glyph_ids, x_height if fine else None)
    glyphs, pen = [], 0.0
    for info, place in placed:
        outline = outlines[info.codepoint]
        shift, advance = float(place.x_offset), float(place.x_advance)
        if hand.wide and text[info.cluster] in hand.wide and advance:
            shift, advance = _set_close(outline, BEARING * x_height)
        origin = (pen + shift, float(place.y_offset))
        glyphs.append(Glyph(outline, origin, advance, position_of[info.cluster]))
        pen += advance
    bounds = zip(starts, [*starts[1:], len(text)], strict=True)
    return ShapedLine(
        tuple(glyphs),
        tuple([_cluster(font, text, start, end) for start, end in bounds]),
        rtl,
        runs,
        font.units_per_em,
        hand.traits.joined >= JOINED or any(buffer.script in JOINED_SCRIPTS for buffer in shaped),
        hand.traits.stroke,
    )


def _features(hand: Hand, other_forms: Sequence[OtherForm]) -> dict[str, Any]:
    """HarfBuzz's features: on for the whole line, or for stretches of it."""
    features: dict[str, Any] = {}
    for feature, place in other_forms:
        features.setdefault(feature, []).append((place, place + 1, True))
    return features | FEATURES | dict.fromkeys(hand.variant.features if hand.variant else (), True)


def _shaped(font: _OpenFont, text: str, run: Run, features: dict[str, Any]) -> Any:
    """A buffer of glyphs from left to right; a glyph's cluster is the index of its first character."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text, run.start, run.stop - run.start)
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES  # marks belong to their letter
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.rtl else "ltr"
    hb.shape(font.shaper, buffer, features)
    return buffer


def _set_close(outline: Outline, bearing: float) -> tuple[float, float]:
    """(shift, advance) of a letter that the font sets in a square: as wide as its ink and two bearings."""
    left, right = outline.points[:, 0].min(), outline.points[:, 0].max()
    return float(bearing - left), float(right - left + 2 * bearing)


def _cluster(font: _OpenFont, text: str, start: int, end: int) -> Cluster:
    blank, letter = _kind(text[start])
    if end == start + 1:
        return Cluster(start, (1.0,), blank, letter)
    characters = text[start:end]
    widths = [font.width(character) for character in characters]
    total = sum(widths)
    shares = [width / total for width in widths] if total else [1.0] + [0.0] * (len(widths) - 1)
    return Cluster(start, tuple(shares), characters.isspace(), letter)


@lru_cache(maxsize=4096)
def _kind(character: str) -> tuple[bool, str]:
    """Whether it is white space, and the letter without its accents."""
    return character.isspace(), unicodedata.normalize("NFD", character)[0]


def _open_font(
    path: Path, index: int, sha256: str, axes: tuple[tuple[str, float], ...]
) -> tuple[_OpenFont, int]:
    """A font at a place on its axes, and the bytes it takes."""
    import freetype
    import uharfbuzz as hb

    content = font_bytes(path)
    if sha256_file(path) != sha256:
        raise DataError(
            f"The font {path} is not the one in the catalogue",
            f"SHA-256 {sha256}",
            "build the catalogue again",
        )
    try:
        face = freetype.Face(io.BytesIO(content), index)
        shaper = hb.Font(hb.Face(content, index))
        if axes:
            shaper.set_variations(dict(axes))
            face.set_var_design_coords([value for _, value in axes])  # both in the font's own order
    except (freetype.FT_Exception, hb.HarfBuzzError) as error:
        raise DataError(
            f"The font {path} cannot be opened: {error}", "a whole font file", "fetch it anew"
        ) from None
    return _OpenFont(shaper, face, face.units_per_EM), len(content) + FONT_TABLES
