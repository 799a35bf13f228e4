"""Makes small real TrueType fonts for tests: strokes of a pen, a different shape for every character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.BitmapGlyphMetrics import SmallGlyphMetrics
from fontTools.ttLib.tables.E_B_D_T_ import ebdt_bitmap_format_1
from fontTools.ttLib.tables.E_B_L_C_ import BitmapSizeTable, SbitLineMetrics, Strike, eblc_index_sub_table_1
from fontTools.ttLib.tables.TupleVariation import TupleVariation

UNITS = 1000  # per em
PUNCTUATION = ".,;:!?'\"()-&/"
ASCII_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
EVERYDAY = ASCII_LETTERS + "0123456789" + PUNCTUATION

Point = tuple[float, float]
Stroke = tuple[Point, Point]

# Strokes in a box: x 0..1 over the width; y 0 baseline, 1 x-height, 2 ascender and capital, -1 descender.
_STROKES: dict[str, str] = {
    "a": "00-01 01-11 11-10 10-00 11-1.3,0", "b": "02-00 00-10 10-11 11-01", "c": "11-01 01-00 00-10",
    "d": "12-10 10-00 00-01 01-11", "e": "10-00 00-01 01-11 11-1,.5 1,.5-0,.5",
    "f": "12-.5,2 .5,2-.5,0 01-11", "g": "11-01 01-00 00-10 11-1,-1 1,-1-0,-1", "h": "02-00 01-11 11-10",
    "i": ".5,1-.5,0 .5,1.4-.5,1.6", "j": "11-1,-1 1,-1-0,-1 1,1.4-1,1.6", "k": "02-00 11-0,.5 0,.5-10",
    "l": ".3,2-.3,0 .3,0-.8,0", "m": "00-01 01-11 .5,1-.5,0 11-10", "n": "00-01 01-11 11-10",
    "o": "00-01 01-11 11-10 10-00", "p": "01-0,-1 01-11 11-10 10-00",
    "q": "11-1,-1 11-01 01-00 00-10 1,-1-1.3,-1", "r": "00-01 0,.7-11",
    "s": "11-01 01-0,.5 0,.5-1,.5 1,.5-10 10-00", "t": ".5,1.7-.5,0 01-11 .5,0-10",
    "u": "01-00 00-10 10-11", "v": "01-.5,0 .5,0-11", "w": "01-.25,0 .25,0-.5,1 .5,1-.75,0 .75,0-11",
    "x": "01-10 00-11", "y": "01-.5,0 11-0,-1", "z": "01-11 11-00 00-10",
    "A": "00-.5,2 .5,2-10 .2,.8-.8,.8", "B": "00-02 02-.8,2 .8,2-.8,1 .8,1-0,1 .8,1-10 10-00",
    "C": "12-02 02-00 00-10", "D": "00-02 02-11 11-00", "E": "12-02 02-00 00-10 01-.8,1",
    "F": "12-02 02-00 01-.8,1", "G": "12-02 02-00 00-10 10-11 11-.5,1", "H": "02-00 12-10 01-11",
    "I": ".5,2-.5,0 .2,2-.8,2 .2,0-.8,0", "J": "12-10 10-00 00-0,.5", "K": "02-00 12-01 01-10",
    "L": "02-00 00-10", "M": "00-02 02-.5,1 .5,1-12 12-10", "N": "00-02 02-10 10-12",
    "O": "00-02 02-12 12-10 10-00", "P": "00-02 02-12 12-11 11-01",
    "Q": "00-02 02-12 12-10 10-00 .6,.5-1.2,-.3", "R": "00-02 02-12 12-11 11-01 .5,1-10",
    "S": "12-02 02-01 01-11 11-10 10-00", "T": "02-12 .5,2-.5,0", "U": "02-00 00-10 10-12",
    "V": "02-.5,0 .5,0-12", "W": "02-.25,0 .25,0-.5,2 .5,2-.75,0 .75,0-12", "X": "02-10 00-12",
    "Y": "02-.5,1 12-.5,1 .5,1-.5,0", "Z": "02-12 12-00 00-10 .2,1-.8,1",
    "0": "00-02 02-.8,2 .8,2-.8,0 .8,0-00 0,.3-.8,1.7", "1": ".5,0-.5,2 .5,2-.1,1.5",
    "2": "0,1.6-02 02-12 12-11 11-00 00-10", "3": "02-12 12-.4,1.1 .4,1.1-11 11-10 10-00",
    "4": ".7,0-.7,2 .7,2-0,.7 0,.7-1,.7", "5": "12-02 02-0,1.2 0,1.2-1,1.2 1,1.2-10 10-00",
    "6": "12-01 01-00 00-10 10-11 11-01", "7": "02-12 12-.3,0 .3,1-.9,1",
    "8": "00-02 02-12 12-10 10-00 01-11", "9": "11-01 01-02 02-12 12-.6,0", ".": ".4,0-.6,0",
    ",": ".5,.1-.3,-.4", ";": ".5,.1-.3,-.4 .4,.9-.6,.9", ":": ".4,.1-.6,.1 .4,.9-.6,.9",
    "!": ".5,2-.5,.6 .4,0-.6,0", "?": "0,1.8-.5,2 .5,2-11 11-.5,.6 .4,0-.6,0", "'": ".5,2-.5,1.5",
    '"': ".3,2-.3,1.5 .7,2-.7,1.5", "(": ".7,2.1-.3,1 .3,1-.7,-.3", ")": ".3,2.1-.7,1 .7,1-.3,-.3",
    "-": ".1,.6-.9,.6", "&": "10-02 02-.6,2 .6,2-0,.5 0,.5-.5,0 .5,0-1,.8", "/": "0,-.3-12",
}  # fmt: skip
_ACCENTS: dict[str, str] = {
    "\u0300": ".3,.5-.7,.2", "\u0301": ".3,.2-.7,.5", "\u0302": ".2,.2-.5,.5 .5,.5-.8,.2",
    "\u0308": ".2,.3-.3,.3 .7,.3-.8,.3", "\u0303": ".1,.2-.4,.5 .4,.5-.6,.2 .6,.2-.9,.5",
    "\u030c": ".2,.5-.5,.2 .5,.2-.8,.5", "\u0327": ".5,-.1-.4,-.5",
}  # fmt: skip

_LINE_METRICS = (
    *("ascender", "descender", "widthMax", "caretSlopeNumerator", "caretSlopeDenominator", "caretOffset"),
    *("minOriginSB", "minAdvanceSB", "maxBeforeBL", "minAfterBL", "pad1", "pad2"),
)


@dataclass(frozen=True)
class Pen:
    """How the strokes are set: lengths in font units, ``slant`` in units sideways a unit upwards."""

    x_height: int
    width: int
    thickness: int
    slant: float
    bar: Literal["solid", "dotted", "outlined", "rough", "broad"] = "solid"


def make_font(
    path: Path,
    characters: str = EVERYDAY,
    x_height: int = 400,
    width: int = 350,
    thickness: int = 60,
    slant: float = 0.0,
    family: str = "Test Hand",
    style: str = "Regular",
    licence: str = "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
    blank: Iterable[str] = (),
    same_as: Mapping[str, str] | None = None,
    boxed: Iterable[str] = (),
    guide_lines: bool = False,
    unicase: bool = False,
    redrawn_capitals: float = 0.0,
    bar: Literal["solid", "dotted", "outlined", "rough", "broad"] = "solid",
    joined: bool = False,
    space: int | None = None,
    ascent: int | None = None,
    advances: Mapping[str, int] | None = None,
    alternates: Mapping[str, tuple[str, float]] | None = None,
    features: str = "",
    weight_axis: bool = False,
    coloured: bool = False,
    empty_notdef: bool = False,
) -> Path:
    """Write a small TTF.

    Args:
        path: file to write; folders are made.
        characters: what it maps, besides the blank: :data:`EVERYDAY` and letters accented from it (NFC) have
            shapes of their own, anything else gets a shape from its code point.
        x_height: in thousandths of the em.
        width: of a usual letter, in thousandths of the em.
        thickness: of the pen.
        slant: sideways a unit upwards; 0.2 looks like a leaning hand.
        family, style, licence: for the name table.
        blank: characters that are mapped but have no ink.
        same_as: character -> the character whose picture it wrongly shows.
        boxed: characters that show the .notdef box.
        guide_lines: rule a line through every glyph, as school fonts do.
        unicase: draw the small letters as capitals.
        redrawn_capitals: draw the small letters as capitals of this size, a little wider and thinner than the
            capitals themselves; 0 for small letters.
        bar: how a stroke is drawn: ``dotted`` and ``outlined`` are what tracing fonts do, ``rough`` has edges
            of very many points, ``broad`` is a nib that writes thick upright and thin level strokes.
        joined: lead a stroke from every letter into the next one.
        space: advance of the blank, in thousandths of the em; by default that of a letter.
        ascent: stated by the font, in thousandths of the em; by default above all ink.
        advances: character -> advance, in thousandths of the em.
        alternates: glyph name -> character whose strokes it shows, times wider; for ``features``.
        features: feature file code; a character's glyph is named ``uni0061``.
        weight_axis: make it variable: the letters grow wider along ``wght``, 400 (default) to 700.
        coloured: give the letter a a coloured layer.
        empty_notdef: draw nothing for .notdef instead of a box.

    Returns:
        ``path``.
    """
    pen = Pen(x_height, width, thickness, slant, bar)
    small_pen = replace(pen, x_height=round(x_height * redrawn_capitals), width=round(width * 1.1))
    aliases = dict(same_as or {}) | {
        c: c.upper() for c in characters if c.islower() and (unicase or redrawn_capitals)
    }
    empty, tofu = set(blank), set(boxed)
    glyphs = {
        ".notdef": _glyph(() if empty_notdef else _parse("00-02 02-12 12-10 10-00 00-12 02-10"), pen, False),
        "space": TTGlyphPen(None).glyph(),
    }
    mapping = {ord(" "): "space"}
    for character in dict.fromkeys(characters):
        if character == " ":
            continue
        name = mapping[ord(character)] = _name(character)
        strokes = () if character in empty else _strokes(aliases.get(character, character))
        if joined and character.islower():
            strokes += _parse("-1,.5-0,.2 1,.2-2,.5")
        own_pen = small_pen if redrawn_capitals and character.islower() else pen
        glyphs[name] = glyphs[".notdef"] if character in tofu else _glyph(strokes, own_pen, guide_lines)
    for name, (character, wider) in (alternates or {}).items():
        own_pen = replace(pen, width=round(width * wider))
        glyphs[name] = _glyph(_strokes(character), own_pen, guide_lines)
    advance = width + 2 * thickness
    widths = {_name(c): units for c, units in (advances or {}).items()} | {"space": space or advance}
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(mapping)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (widths.get(name, advance), 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=ascent or int(2.6 * x_height), descent=-int(1.3 * x_height))
    builder.setupNameTable({"familyName": family, "styleName": style, "licenseDescription": licence})
    builder.setupOS2(sTypoAscender=int(2.6 * x_height), sxHeight=x_height)
    builder.setupPost()
    if features:
        builder.addOpenTypeFeatures(features)
    if weight_axis:
        _vary(builder, glyphs)
    if coloured:
        builder.setupCOLR({_name("a"): [(_name("a"), 0)]})
        builder.setupCPAL([[(1.0, 0.0, 0.0, 1.0)]])
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path


def _name(character: str) -> str:
    point = ord(character)
    return f"uni{point:04X}" if point < 0x10000 else f"u{point:X}"


def _vary(builder: FontBuilder, glyphs: dict[str, object]) -> None:
    builder.setupFvar([("wght", 400, 400, 700, "Weight")], [])
    builder.setupGvar(
        {
            name: [TupleVariation({"wght": (0, 1, 1)}, [(x // 5, 0) for x, _ in _points(glyph)])]
            for name, glyph in glyphs.items()
        }
    )


def _points(glyph: Any) -> list[tuple[int, int]]:
    """The outline's points and the four that stand for its metrics."""
    return [*(glyph.coordinates if glyph.numberOfContours else ()), *[(0, 0)] * 4]


def _strokes(character: str) -> tuple[Stroke, ...]:
    if character in _STROKES:
        return _parse(_STROKES[character])
    base, *marks = unicodedata.normalize("NFD", character)
    if base in _STROKES and marks and all(mark in _ACCENTS for mark in marks):
        lift = 2.0 if base.isupper() or base in "bdfhklt" else 1.2
        accents = (_lifted(_parse(_ACCENTS[mark]), 0.0 if mark == "\u0327" else lift) for mark in marks)
        return sum(accents, _parse(_STROKES[base]))
    return _coded(ord(character))


def _coded(point: int) -> tuple[Stroke, ...]:
    """A frame with one spoke for every set bit of the code point: ugly, but never the same twice."""
    spokes = [((0.5, 0.5), (bit % 4 / 3, bit // 4 / 3)) for bit in range(16) if point >> bit & 1]
    return (((0.0, 0.0), (0.0, 1.5)), ((0.0, 1.5), (1.0, 1.5)), *spokes)


def _parse(text: str) -> tuple[Stroke, ...]:
    """``00-11`` or ``.5,1-1,-1``: points joined by the hyphen that follows a whole point."""
    strokes = []
    for item in text.split():
        first, second = _halves(item)
        strokes.append((_point(first), _point(second)))
    return tuple(strokes)


def _halves(item: str) -> tuple[str, str]:
    at = next(i for i, c in enumerate(item) if c == "-" and i and item[i - 1] != ",")
    return item[:at], item[at + 1 :]


def _point(text: str) -> tuple[float, float]:
    x, y = text.split(",") if "," in text else (text[0], text[1])
    return float(x), float(y)


def _lifted(strokes: tuple[Stroke, ...], lift: float) -> tuple[Stroke, ...]:
    return tuple(((x1, y1 + lift), (x2, y2 + lift)) for (x1, y1), (x2, y2) in strokes)


def _glyph(strokes: tuple[Stroke, ...], pen: Pen, ruled: bool) -> object:
    """Every stroke is a thick bar with square ends; bars may overlap."""
    glyph = TTGlyphPen(None)
    for start, end in strokes:
        _draw(glyph, _placed(start, pen), _placed(end, pen), pen)
    if ruled:
        _bar(glyph, (-pen.thickness, 0), (pen.width + 2 * pen.thickness, 0), 8)
    return glyph.glyph()


def _placed(point: tuple[float, float], pen: Pen) -> tuple[float, float]:
    x, y = point
    rise = y * (pen.x_height - pen.thickness) + pen.thickness / 2
    return pen.thickness + x * (pen.width - pen.thickness) + pen.slant * rise, rise


def _draw(glyph: TTGlyphPen, start: Point, end: Point, pen: Pen) -> None:
    half = pen.thickness / 2
    if pen.bar == "broad" and abs(end[1] - start[1]) < abs(end[0] - start[0]):
        half /= 3
    if pen.bar == "dotted":
        for dot in _between(start, end, 1.6 * pen.thickness):
            _bar(glyph, dot, (dot[0] + 1, dot[1]), half / 2)
    elif pen.bar == "rough":
        for dot in _between(start, end, 4.0):
            _bar(glyph, dot, (dot[0] + 1, dot[1]), half)
    else:
        _bar(glyph, start, end, half)
        if pen.bar == "outlined":
            _bar(glyph, end, start, half * 0.6, hole=True)


def _between(start: Point, end: Point, step: float) -> list[Point]:
    (x1, y1), (x2, y2) = start, end
    count = max(int(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 / step), 1)
    return [(x1 + (x2 - x1) * n / count, y1 + (y2 - y1) * n / count) for n in range(count + 1)]


def _bar(glyph: TTGlyphPen, start: Point, end: Point, half: float, hole: bool = False) -> None:
    (x1, y1), (x2, y2) = start, end
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-6)
    ux, uy = (x2 - x1) / length * half, (y2 - y1) / length * half
    corners = [
        (x1 - ux - uy, y1 - uy + ux),
        (x2 + ux - uy, y2 + uy + ux),
        (x2 + ux + uy, y2 + uy - ux),
        (x1 - ux + uy, y1 - uy - ux),
    ]
    if hole:
        corners.reverse()
    glyph.moveTo((round(corners[0][0]), round(corners[0][1])))
    for x, y in corners[1:]:
        glyph.lineTo((round(x), round(y)))
    glyph.closePath()


def make_bitmap_font(path: Path) -> Path:
    """Write a font of 8 x 8 pixel pictures without a single outline."""
    font = TTFont(make_font(path))
    names = font.getGlyphOrder()[2:]
    font["EBDT"] = pictures = newTable("EBDT")
    pictures.version = 2.0
    pictures.strikeData = [{name: _square(font) for name in names}]
    font["EBLC"] = places = newTable("EBLC")
    places.version = 2.0
    places.strikes = [_strike(font, names)]
    del font["glyf"], font["loca"]
    font.save(path)
    return path


def _square(font: TTFont) -> Any:
    picture = ebdt_bitmap_format_1(b"", font)
    picture.metrics = SmallGlyphMetrics()
    picture.metrics.height = picture.metrics.width = picture.metrics.BearingY = 8
    picture.metrics.BearingX, picture.metrics.Advance = 0, 9
    picture.imageData = b"\xff" * 8
    del picture.data  # else it is unpacked again
    return picture


def _strike(font: TTFont, names: list[str]) -> Strike:
    strike, size, table = Strike(), BitmapSizeTable(), eblc_index_sub_table_1(b"", font)
    for direction in ("hori", "vert"):
        lines = SbitLineMetrics()
        vars(lines).update(dict.fromkeys(_LINE_METRICS, 0))
        setattr(size, direction, lines)
    size.colorRef, size.ppemX, size.ppemY, size.bitDepth, size.flags = 0, 8, 8, 1, 1
    size.startGlyphIndex = table.firstGlyphIndex = font.getGlyphID(names[0])
    size.endGlyphIndex = table.lastGlyphIndex = font.getGlyphID(names[-1])
    table.names, table.indexFormat, table.imageFormat, table.imageDataOffset = names, 1, 1, 0
    del table.data
    strike.bitmapSizeTable, strike.indexSubTables = size, [table]
    return strike
