"""PAGE XML of 2010 to 2019, as Transkribus, eScriptorium and others write it, as a :class:`Layout`.

Regions come in the order that ``ReadingOrder`` tells, else the ``custom`` attributes, else the document; so
do the lines of a region. Of several transcriptions of a line, that with the lowest index is taken, for PAGE
ranks them so; a line without one is read from its words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from corpora.handwriting.crop import Points
from corpora.handwriting.layout import Layout, LayoutLine, number, points
from corpora.handwriting.xml_file import Element, parse_xml


def read_page_xml(path: Path, ordered: bool = True) -> Layout:
    """The layout of a PAGE file.

    Args:
        path: the file.
        ordered: lines in reading order; False for the order in which they stand in the file.

    Raises:
        DataError: as :func:`corpora.handwriting.xml_file.parse_xml` says.
    """
    page = parse_xml(path, "PcGts").find("Page")
    if page is None:
        return Layout("", None, ())
    width, height = number(page.get("imageWidth")), number(page.get("imageHeight"))
    found = _in_reading_order(page) if ordered else page.iter("TextLine")
    lines = tuple(_line(element, place) for place, element in enumerate(found, start=1))
    size = (width, height) if width > 0 and height > 0 else None
    return Layout(page.get("imageFilename", ""), size, lines)


def _in_reading_order(page: Element) -> list[Element]:
    order = {name: place for place, name in enumerate(_reading_order(page))}
    return [line for region in _ordered(_regions(page), order) for line in _lines(region)]


def _reading_order(page: Element) -> Iterator[str]:
    """Ids of regions in reading order; groups may hold groups."""
    if (order := page.find("ReadingOrder")) is not None:
        yield from _references(order)


def _references(group: Element) -> Iterator[str]:
    children = list(group)
    if all(child.get("index") is not None for child in children):
        children.sort(key=lambda child: number(child.get("index")))
    for child in children:
        if reference := child.get("regionRef"):
            yield reference
        yield from _references(child)


def _regions(parent: Element) -> list[Element]:
    """All regions with lines of their own, in document order; regions may lie in regions, cells in tables."""
    return [element for element in parent.iter() if element.find("TextLine") is not None]


def _ordered(regions: list[Element], order: dict[str, int]) -> list[Element]:
    def place(region: Element) -> tuple[float, float]:
        return order.get(region.get("id", ""), math.inf), _custom_index(region)

    return sorted(regions, key=place)


def _lines(region: Element) -> list[Element]:
    lines = region.findall("TextLine")
    explicit = [number(line.get("index")) for line in lines]
    places = [_custom_index(line) for line in lines] if any(map(math.isnan, explicit)) else explicit
    return [line for _, line in sorted(zip(places, lines, strict=True), key=lambda pair: pair[0])]


def _custom_index(element: Element) -> float:
    """The index in ``custom="readingOrder {index:3;}"``; infinite where there is none."""
    found = re.search(r"readingOrder\s*\{[^}]*index:\s*(\d+)", element.get("custom", ""))
    return float(found[1]) if found else math.inf


def _line(element: Element, place: int) -> LayoutLine:
    kind = re.search(r"structure\s*\{[^}]*type:\s*([^;}]+)", element.get("custom", ""))
    return LayoutLine(
        element.get("id") or f"line{place}",
        _text(element),
        _points(element.find("Coords"), 3),
        _points(element.find("Baseline"), 2),
        kind[1].strip() if kind else element.get("type", ""),
    )


def _points(element: Element | None, least: int) -> Points | None:
    """Points in the attribute, or in ``Point`` elements as before 2013."""
    if element is None:
        return None
    children = " ".join(f"{point.get('x')},{point.get('y')}" for point in element.findall("Point"))
    return points(element.get("points") or children, least)


def _text(element: Element) -> str | None:
    equivalents = element.findall("TextEquiv")
    if equivalents:
        best = min(equivalents, key=_rank)
        return best.findtext("Unicode") or best.findtext("PlainText") or ""
    words = [text for word in element.findall("Word") if (text := _text(word))]
    return " ".join(words) if words else None


def _rank(equivalent: Element) -> float:
    index = number(equivalent.get("index"))
    return math.inf if math.isnan(index) else index
