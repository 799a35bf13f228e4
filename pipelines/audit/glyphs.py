"""What a font's characters look like, each drawn alone: the audit's own view of a hand.

Nothing of ``synth`` is used: characters are mapped by fontTools, substituted glyphs are found in the font's
tables, and FreeType draws each glyph as it stands in the file. No shaping, no line, no pen.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fonts.hand import Hand
from fonts.sfnt import font_bytes

X_HEIGHT = 28  # pixels, by the catalogue's measure
FORMS = 12  # of a character, at most
STEPS = 3  # substitutions one after another
SINGLE, ALTERNATE, LIGATURE, EXTENSION = 1, 3, 4, 7  # kinds of substitution in OpenType


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph, drawn alone.

    Attributes:
        ink: (h, w), uint8; cut to its ink.
        bottom: of the ink below the baseline, pixels; negative above it.
    """

    ink: NDArray[np.uint8]
    bottom: float


@dataclass(frozen=True)
class FontGlyphs:
    """The characters of one font in one design."""

    _face: Any  # freetype.Face
    _map: dict[int, str]  # code point -> glyph name
    _number: dict[str, int]  # glyph name -> glyph id
    _instead: dict[str, tuple[str, ...]]  # glyph name -> what may be drawn in its place
    ligatures: frozenset[tuple[str, ...]]

    def forms(self, character: str) -> list[Glyph]:
        """The ways in which a character may be drawn, its usual one first; empty where none is known."""
        name = self._map.get(ord(character))
        if name is None:
            return []
        names, edge = [name], [name]
        for _ in range(STEPS):
            edge = [new for old in edge for new in self._instead.get(old, ()) if new not in names]
            names += dict.fromkeys(edge)
        drawn = (self._drawn(self._number[one]) for one in names[:FORMS])
        return [glyph for glyph in drawn if glyph is not None]

    def ligated(self, text: str) -> set[int]:
        """Positions in ``text`` that some ligature of the font may draw together."""
        names = [self._map.get(ord(character), "") for character in text]
        longest = max(map(len, self.ligatures), default=0)
        found: set[int] = set()
        for start in range(len(names)):
            for stop in range(start + 2, min(start + longest, len(names)) + 1):
                if tuple(names[start:stop]) in self.ligatures:
                    found.update(range(start, stop))
        return found

    def _drawn(self, number: int) -> Glyph | None:
        import freetype

        self._face.load_glyph(
            number, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP
        )
        slot = self._face.glyph
        bitmap = slot.bitmap
        if not bitmap.rows or not bitmap.width:
            return None
        ink = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)[:, : bitmap.width]
        return Glyph(ink, float(bitmap.rows - slot.bitmap_top))


@lru_cache(maxsize=8)
def open_font(hand: Hand) -> FontGlyphs:
    """The glyphs of a hand's font, in the design of its variation axes."""
    import freetype
    from fontTools.ttLib import TTFont

    content = font_bytes(hand.path)
    face = freetype.Face(io.BytesIO(content), hand.face)
    if hand.variant and hand.variant.axes:
        face.set_var_design_coords([value for _, value in hand.variant.axes])
    face.set_pixel_sizes(0, int(np.clip(X_HEIGHT / hand.x_height, X_HEIGHT, 8 * X_HEIGHT)))
    with TTFont(io.BytesIO(content), fontNumber=hand.face, lazy=True) as font:
        instead, ligatures = _substitutions(font["GSUB"].table) if "GSUB" in font else ({}, set())
        return FontGlyphs(
            face,
            dict(font.getBestCmap()),
            font.getReverseGlyphMap(),
            {name: tuple(dict.fromkeys(others)) for name, others in instead.items()},
            frozenset(ligatures),
        )


def _substitutions(table: Any) -> tuple[dict[str, list[str]], set[tuple[str, ...]]]:
    """What stands for a glyph, and which glyphs are drawn as one, in any feature of the font."""
    instead: dict[str, list[str]] = {}
    ligatures: set[tuple[str, ...]] = set()
    for lookup in table.LookupList.Lookup if table.LookupList else ():
        for part in lookup.SubTable:
            kind = lookup.LookupType
            if kind == EXTENSION:
                kind, part = part.ExtSubTable.LookupType, part.ExtSubTable
            if kind == SINGLE:
                for name, other in part.mapping.items():
                    instead.setdefault(name, []).append(other)
            elif kind == ALTERNATE:
                for name, others in part.alternates.items():
                    instead.setdefault(name, []).extend(others)
            elif kind == LIGATURE:
                for first, found in part.ligatures.items():
                    ligatures.update((first, *ligature.Component) for ligature in found)
    return instead, ligatures
