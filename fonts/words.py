"""What shows only when a font sets text: joined letters, gaps between words, features and alternates.

HarfBuzz chooses the glyphs with the font's own rules, FreeType draws them. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import freetype
import numpy as np
from numpy.typing import NDArray

from fonts.glyphs import Glyph, draw, framed

_WORDS = ("handwriting", "another", "common", "believe", "quickly", "sample")
_LINE = (
    "the old man said that for your way of life is good and all boys know what big dogs have left us to see"
)
_LOW = 0.2  # quantile of the gaps: the narrow ones are those that are overlooked
_REACH = 6  # a row of pixels sees the ink of so many rows an x-height above and below
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPTIONAL = re.compile(r"ss(0[1-9]|1\d|20)|cv\d\d|salt|swsh")
_REPEATED = 3  # times a letter is set to see whether it changes
_MOST_FEATURES = 40  # of a font are tried


@dataclass(frozen=True, slots=True)
class Setting:
    """How a face sets words.

    Attributes:
        joined: share of the adjacent pairs of small letters whose ink touches, 0..1.
        gap: paper between two words, pixels: a low quantile over the blanks of a line of text; infinite where
            it cannot be set.
        changed: optional feature -> the letters whose picture it changes, and their new pictures.
        alternates: number of letters that contextual alternates draw otherwise when they are repeated.
    """

    joined: float
    gap: float
    changed: Mapping[str, Mapping[str, Glyph]]
    alternates: int


NO_SETTING = Setting(0.0, inf, {}, 0)  # of a face without letters


class Typesetter:
    """A face with both libraries: which glyphs a text becomes, and their pictures.

    Args:
        content: plain font file.
        index: the face within a collection.
        face: the same face of FreeType, its size set.
    """

    def __init__(self, content: bytes, index: int, face: freetype.Face) -> None:
        import uharfbuzz as hb

        self._hb = hb
        self._face = face
        self._shaped_by = hb.Face(content, index)
        self._font = hb.Font(self._shaped_by)
        self._pixels = face.size.y_ppem / self._shaped_by.upem
        self._drawn: dict[int, Glyph] = {}

    def glyphs(self, text: str, features: Mapping[str, bool] | None = None) -> list[tuple[int, float, float]]:
        """Glyph index and place (x, y in pixels, y upwards) of every glyph of the text."""
        buffer = self._hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        self._hb.shape(self._font, buffer, dict(features or {}))
        placed, pen = [], 0.0
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            x, y = pen + place.x_offset, place.y_offset
            placed.append((info.codepoint, x * self._pixels, y * self._pixels))
            pen += place.x_advance
        return placed

    def picture(self, glyph: int) -> Glyph:
        """The glyph drawn, once."""
        if glyph not in self._drawn:
            self._drawn[glyph] = draw(self._face, glyph)
        return self._drawn[glyph]

    def optional_features(self) -> tuple[str, ...]:
        """The tags of its optional features that may change letters, sorted."""
        tags: set[str] = set()
        face: Any = self._shaped_by
        for number, script in enumerate(face.get_table_script_tags("GSUB")):
            if script in ("latn", "DFLT"):
                tags.update(face.get_language_feature_tags("GSUB", number))
        return tuple(sorted(filter(_OPTIONAL.fullmatch, tags)))[:_MOST_FEATURES]


def setting(typesetter: Typesetter, letters: Iterable[str], x_pixels: float) -> Setting:
    """How a face sets words.

    Args:
        typesetter: the face.
        letters: the characters that it draws, the blank among them.
        x_pixels: x-height at the size that is set.
    """
    drawn = frozenset(letters)
    known = "".join(c for c in _LETTERS if c in drawn)
    joined = _joined(typesetter, [word for word in _WORDS if drawn.issuperset(word)])
    changed = {tag: _changed(typesetter, known, tag) for tag in typesetter.optional_features()}
    return Setting(
        round(joined, 3), _word_gap(typesetter, drawn, x_pixels), changed, _alternates(typesetter, known)
    )


def _word_gap(typesetter: Typesetter, drawn: frozenset[str], x_pixels: float) -> float:
    """Paper between words as wide as it is where their ink comes closest, taken over many pairs of words."""
    reach = round(x_pixels / _REACH)
    gaps = [
        _gap(typesetter, f"{first} {second}", reach)
        for first, second in pairwise(_LINE.split())
        if drawn.issuperset(first + second)
    ]
    return float(np.quantile(gaps, _LOW, method="lower")) if gaps else inf


def _joined(typesetter: Typesetter, words: Iterable[str]) -> float:
    pairs = [pair for word in words for pair in pairwise(typesetter.glyphs(word))]
    return float(np.mean([_touch(typesetter, *pair) for pair in pairs])) if pairs else 0.0


def _touch(typesetter: Typesetter, first: tuple[int, float, float], second: tuple[int, float, float]) -> bool:
    """Whether the ink of two placed glyphs meets or lies in neighbouring pixels."""
    boxes = []
    for index, x, y in (first, second):
        glyph = typesetter.picture(index)
        boxes.append((glyph.ink, round(x) + glyph.left, -round(y) - glyph.top))
    (ink, left, top), (other, other_left, other_top) = boxes
    if not ink.size or not other.size:
        return False
    canvas = framed(ink)
    near = canvas.copy()
    near[:-1] |= canvas[1:]
    near[1:] |= canvas[:-1]
    near[:, :-1] |= canvas[:, 1:]
    near[:, 1:] |= canvas[:, :-1]
    return _overlap(near, left - 1, top - 1, other, other_left, other_top)


def _overlap(some: Any, left: int, top: int, other: Any, other_left: int, other_top: int) -> bool:
    x1, x2 = max(left, other_left), min(left + some.shape[1], other_left + other.shape[1])
    y1, y2 = max(top, other_top), min(top + some.shape[0], other_top + other.shape[0])
    if x1 >= x2 or y1 >= y2:
        return False
    shared = some[y1 - top : y2 - top, x1 - left : x2 - left]
    return bool((shared & other[y1 - other_top : y2 - other_top, x1 - other_left : x2 - other_left]).any())


def _gap(typesetter: Typesetter, words: str, reach: int) -> float:
    """Least paper between the ink of two words in one row of pixels or in rows near each other."""
    placed = typesetter.glyphs(words)
    blank = next(
        (n for n, (index, _, _) in enumerate(placed) if typesetter.picture(index).blank), len(placed)
    )
    over, ends = _edges(typesetter, placed[:blank], 1, reach)
    above, starts = _edges(typesetter, placed[blank:], -1, 0)
    top, bottom = max(over, above), min(over + len(ends), above + len(starts))
    gaps = -starts[max(top - above, 0) : bottom - above] - ends[max(top - over, 0) : bottom - over] - 1
    return float(gaps.min()) if top < bottom else inf


def _edges(
    typesetter: Typesetter, placed: Iterable[tuple[int, float, float]], side: int, reach: int
) -> tuple[int, NDArray[np.float64]]:
    """The first row of pixels, and in each the outermost ink of it and the rows within reach; -inf without.

    Side 1 is the right, -1 the left, negated.
    """
    pieces = []
    for index, x, y in placed:
        glyph = typesetter.picture(index)
        if glyph.ink.size:
            ink = glyph.ink[:, ::-side]
            left = round(x) + glyph.left
            edge = side * left + (ink.shape[1] - 1 if side > 0 else 0) - ink.argmax(axis=1)
            pieces.append((-round(y) - glyph.top, np.where(ink.any(axis=1), edge, -inf)))
    if not pieces:
        return 0, np.zeros(0)
    first = min(top for top, _ in pieces) - reach
    edges = np.full(max(top + len(piece) for top, piece in pieces) + reach - first, -inf)
    for top, piece in pieces:
        rows = slice(top - first, top - first + len(piece))
        edges[rows] = np.maximum(edges[rows], piece)
    padded = np.pad(edges, reach, constant_values=-inf)
    return first, np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)


def _changed(typesetter: Typesetter, letters: str, tag: str) -> dict[str, Glyph]:
    """The letters, set alone, that a feature draws otherwise."""
    changed = {}
    for letter in letters:
        usual, other = typesetter.glyphs(letter), typesetter.glyphs(letter, {tag: True})
        if len(usual) == len(other) == 1 and usual[0][0] != other[0][0]:
            picture = typesetter.picture(other[0][0])
            if not picture.same_picture(typesetter.picture(usual[0][0])):
                changed[letter] = picture
    return changed


def _alternates(typesetter: Typesetter, letters: str) -> int:
    """Number of small letters that are not drawn the same way each time in a row of them."""
    count = 0
    for letter in filter(str.islower, letters):
        row = typesetter.glyphs(letter * _REPEATED)
        kinds = {index for index, _, _ in row}
        if len(row) == _REPEATED and len(kinds) > 1:
            count += len({typesetter.picture(index).key for index in kinds}) > 1
    return count
