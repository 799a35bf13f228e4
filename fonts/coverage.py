"""Which characters a face really draws: proven by pictures, not by the font's word.

A character counts when the font maps it and its picture has ink, is not that of .notdef or of another
placeholder, shows its accent, and is of its case. Nothing is judged here: a sound face may draw little.
"""

from __future__ import annotations

import functools
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

import freetype

from common.errors import DataError
from fonts.glyphs import Glyph, draw

PPEM = 48  # of the pictures
LOWER = "abcdefghijklmnopqrstuvwxyz"

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
_X_LIKE = "acemnorsuvwxz"
_NEVER_ALIKE = frozenset("2345679!?&%#@$€£¥§©®+=")  # two of them with one picture are both placeholders
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0308\u030a")  # nobody writes two of these alike
_BASES_OF_PLACEHOLDER = 3  # accented letters of as many bases do not look alike
_UNICASE = 0.7  # share of small letters drawn as capitals: the face is unicase, no single letter is wrong


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a face draws.

    Attributes:
        glyphs: character -> its picture at :data:`PPEM` pixels an em; the blank is not among them.
        undrawn: characters that it maps and does not draw, draws as a placeholder, without or with the wrong
            accent, or in the wrong case; sorted.
        wide: characters that it sets in squares as wide as an ideograph; sorted.
        space: advance of the blank, em; 0 without a blank.
        blank_inked: whether the blank shows ink.
        x_height: median ink height of the x-like letters, em; of all its characters where it has none.
        twins: number of small ASCII letters whose picture is that of the capital.
    """

    glyphs: Mapping[str, Glyph]
    undrawn: str
    wide: str
    space: float
    blank_inked: bool
    x_height: float
    twins: int


def coverage(face: freetype.Face) -> Coverage:
    """Draw every candidate that the face maps; its size is set to :data:`PPEM`.

    Raises:
        DataError: it maps no character, or most of its basic letters cannot be loaded.
    """
    if face.charmap is None:
        raise DataError("no table of characters")
    face.set_pixel_sizes(0, PPEM)
    mapped = {c: draw(face, index) for c in _candidates() if (index := face.get_char_index(c))}
    letters = [mapped[c] for c in LOWER + LOWER.upper() if c in mapped]
    if 2 * sum(glyph.broken for glyph in letters) > len(letters):
        raise DataError("most letters are broken")
    glyphs = {c: glyph for c, glyph in mapped.items() if not glyph.blank}
    twins = _twins(glyphs)
    x_height = median(_heights(glyphs, _X_LIKE) or _heights(glyphs, glyphs) or [0.0])
    wrong = {*_placeholders(glyphs, draw(face, 0)), *_accents_missing(glyphs), *_accents_alike(glyphs)}
    wrong |= {*_accents_on_the_wrong_case(glyphs)}
    if len(twins) <= _UNICASE * sum(c in glyphs for c in LOWER):
        wrong |= {*_of_the_wrong_case(glyphs, twins, x_height)}
    sound = {c: glyph for c, glyph in glyphs.items() if c not in wrong}
    wide = _wide(sound)
    blank = draw(face, index) if (index := face.get_char_index(" ")) else None
    return Coverage(
        glyphs={c: glyph for c, glyph in sound.items() if c not in wide},
        undrawn="".join(sorted(mapped.keys() - sound.keys())),
        wide="".join(sorted(wide)),
        space=blank.advance / PPEM if blank else 0.0,
        blank_inked=blank is not None and not blank.blank,
        x_height=x_height,
        twins=len(twins),
    )


@functools.cache
def _candidates() -> tuple[str, ...]:
    """Every letter, digit, mark of punctuation and symbol of the tested blocks."""
    points = (chr(p) for first, last in _BLOCKS for p in range(first, last + 1))
    return tuple(c for c in points if unicodedata.category(c)[0] in "LNPS")


@functools.cache
def _parts(character: str) -> tuple[str, str]:
    """The base of a letter and its accents; no accents for a plain one."""
    parts = unicodedata.normalize("NFD", character)
    return parts[0], parts[1:]


def _placeholders(glyphs: Mapping[str, Glyph], missing: Glyph) -> Iterator[str]:
    """Characters that show .notdef, a question mark, or one picture for what never looks alike."""
    question = glyphs["?"].key if "?" in glyphs else None
    alike: dict[object, list[str]] = defaultdict(list)
    for character, glyph in glyphs.items():
        alike[glyph.key].append(character)
    for key, characters in alike.items():
        bases = {base.lower() for base, marks in map(_parts, characters) if marks and base.isascii()}
        if key == missing.key:
            yield from characters
        elif key == question:
            yield from (c for c in characters if c != "?")
        elif len(bases) >= _BASES_OF_PLACEHOLDER or len(_NEVER_ALIKE.intersection(characters)) > 1:
            ascii_ones = [c for c in characters if c.isascii()]
            yield from (c for c in characters if ascii_ones != [c])


def _accents_missing(glyphs: Mapping[str, Glyph]) -> Iterator[str]:
    """Accented letters that look like their base."""
    for character, glyph in glyphs.items():
        base, marks = _parts(character)
        if marks and base in glyphs and glyph.same_picture(glyphs[base]):
            yield character


def _accents_alike(glyphs: Mapping[str, Glyph]) -> Iterator[str]:
    """Letters of one base whose different accents are drawn the same way."""
    alike: dict[object, dict[str, str]] = defaultdict(dict)
    for character, glyph in glyphs.items():
        base, mark = _parts(character)
        if mark in _MARKS:
            alike[base, glyph.key][mark] = character
    for accented in alike.values():
        if len(accented) > 1:
            yield from accented.values()


def _accents_on_the_wrong_case(glyphs: Mapping[str, Glyph]) -> Iterator[str]:
    """Of an accented letter and its capital that share a picture, the one whose base it does not show."""
    for capital in (c for c in glyphs if _parts(c)[1] and c.isupper()):
        small, base = capital.lower(), _parts(capital)[0]
        if small not in glyphs or not glyphs[small].same_picture(glyphs[capital]):
            continue
        if base in glyphs and base.lower() in glyphs and not glyphs[base].same_picture(glyphs[base.lower()]):
            shows_capital = glyphs[capital].height > 1.1 * glyphs[base].height  # base and accent
            yield small if shows_capital else capital


def _of_the_wrong_case(glyphs: Mapping[str, Glyph], twins: Iterable[str], x_height: float) -> Iterator[str]:
    """Of a small letter and its capital that share a picture, the one of the wrong height."""
    for small in twins:
        of_x_height = small in _X_LIKE and glyphs[small].height < 1.2 * x_height
        yield small.upper() if of_x_height else small


def _twins(glyphs: Mapping[str, Glyph]) -> list[str]:
    return [
        c for c in LOWER if c in glyphs and c.upper() in glyphs and glyphs[c].same_picture(glyphs[c.upper()])
    ]


def _wide(glyphs: Mapping[str, Glyph]) -> frozenset[str]:
    """Characters set in squares like CJK: an alphabet by its median advance, a mark by its emptiness."""
    latin = [glyphs[c].advance for c in LOWER if c in glyphs]
    if not latin:
        return frozenset()
    usual = median(latin)
    wide = [c for c, g in glyphs.items() if g.advance > 2.5 * usual and g.grey.shape[1] < 0.45 * g.advance]
    for first, last in ((0x0370, 0x03FF), (0x0400, 0x052F)):
        script = [c for c in glyphs if first <= ord(c) <= last]
        if script and median(glyphs[c].advance for c in script) > 1.8 * usual:
            wide += script
    return frozenset(wide)


def _heights(glyphs: Mapping[str, Glyph], letters: Iterable[str]) -> list[float]:
    return [glyphs[c].height for c in letters if c in glyphs]
