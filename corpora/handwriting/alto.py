"""ALTO XML, versions 2 to 4, as a :class:`Layout`.

The text of a line is joined from its strings: with the blanks that ``SP`` tells, or one between any two where
a line has none; a hyphen told by ``HYP`` ends it. Polygons and baselines come as ``x y x y`` or ``x,y x,y``;
a baseline may be a single height. Tenths of a millimetre and 1200ths of an inch become pixels by the size of
the page, as any other scale does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpora.handwriting.crop import Points
from corpora.handwriting.layout import Layout, LayoutLine, box, number, points
from corpora.handwriting.xml_file import Element, parse_xml

SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def read_alto(path: Path) -> Layout:
    """The layout of an ALTO file; of several pages in it, the first.

    Raises:
        DataError: as :func:`corpora.handwriting.xml_file.parse_xml` says.
    """
    root = parse_xml(path, "alto")
    kinds = {tag.get("ID", ""): tag.get("LABEL", "") for tag in root.findall("Tags/*")}
    page = root.find("Layout/Page")
    if page is None:
        return Layout("", None, ())
    width, height = number(page.get("WIDTH")), number(page.get("HEIGHT"))
    lines = tuple(
        _line(element, place, kinds) for place, element in enumerate(page.iter("TextLine"), start=1)
    )
    name = root.findtext("Description/sourceImageInformation/fileName") or ""
    return Layout(name.strip(), (width, height) if width > 0 and height > 0 else None, lines)


def _line(element: Element, place: int, kinds: dict[str, str]) -> LayoutLine:
    corners = box(*(number(element.get(side)) for side in ("HPOS", "VPOS", "WIDTH", "HEIGHT")))
    polygon = element.find("Shape/Polygon")
    told = [kinds[tag] for tag in element.get("TAGREFS", "").split() if tag in kinds]
    return LayoutLine(
        element.get("ID") or f"line{place}",
        _text(element),
        points(polygon.get("POINTS"), 3) if polygon is not None else corners,
        _baseline(element.get("BASELINE"), corners),
        told[0] if told else "",
    )


def _baseline(text: str | None, corners: Points | None) -> Points | None:
    if (found := points(text, 2)) is not None:
        return found
    height = number(text)
    if corners is None or np.isnan(height):
        return None
    return np.array([(corners[0, 0], height), (corners[1, 0], height)], np.float32)


def _text(element: Element) -> str | None:
    if element.find("String") is None:
        return None
    told = element.find("SP") is not None
    parts: list[str] = []
    for child in element:
        if child.tag == "String":
            parts += [" "] if parts and not told else []
            parts.append(child.get("CONTENT", ""))
        elif child.tag == "SP":
            parts.append(" ")
        elif child.tag == "HYP":
            parts.append(child.get("CONTENT", "-").replace(SOFT_HYPHEN, "-"))
    return "".join(parts)
