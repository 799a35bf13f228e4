"""Reports: one file that needs nothing else, text escaped, charts that draw what they are given."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError
from common.report import (
    Card,
    Section,
    Series,
    cards,
    command,
    gallery,
    histogram,
    line_chart,
    page,
    paragraph,
    picture,
    table,
)
from recognize.readings import Reading, readings

INK = np.arange(48, dtype=np.uint8).reshape(4, 12)


def svg(markup: str) -> ET.Element:
    return ET.fromstring(re.search(r"<svg.*</svg>", markup, re.DOTALL).group())  # type: ignore[union-attr]


def every_block() -> list[str]:
    shown = picture(INK, "ink")
    return [
        cards([Card("CER", "3.1 %", "412 lines", best=True)]),
        table(["split", "lines"], [["test", 1234]], caption="Lines"),
        line_chart([Series("loss", [1, 2], [3.0, 1.0])], "steps", "loss", "It falls."),
        histogram([0, 1, 2], [3, 1], [2, 2], "characters"),
        gallery([([shown, shown], "clean and worn")]),
        readings([Reading(shown, "ink", "inc", "CER 33 %")]),
        command("inkmill demo"),
        paragraph("Done."),
    ]


def test_a_page_needs_nothing_from_outside() -> None:
    html = page("Report", [Section("Everything", every_block())], lede="All of it.", footer="seed 0")
    assert html.startswith("<!doctype html>")
    assert not re.search(r'(?:src|href)="(?!data:|#)', html)
    assert not re.search(r"https?://|@import|<script|<link|url\(", html)
    assert "prefers-color-scheme: dark" in html and "@media print" in html


def test_contents_link_to_the_sections_from_three_on() -> None:
    sections = [Section(f"Part {n}", [paragraph("x")]) for n in range(3)]
    html = page("Report", sections)
    assert all(f'href="#part-{n}"' in html and f'id="part-{n}"' in html for n in range(3))
    assert "<nav" not in page("Report", sections[:2])


def test_text_is_escaped_everywhere() -> None:
    evil = "<script>&\"'"
    html = page(
        evil,
        [
            Section(
                evil,
                [
                    evil,
                    paragraph(evil),
                    command(evil),
                    cards([Card(evil, evil, evil)]),
                    table([evil], [[evil]], caption=evil),
                    line_chart([Series(evil, [0, 1], [0, 1]), Series(evil, [0], [1])], evil, evil, evil),
                    gallery([([picture(INK, evil)], evil)]),
                    readings([Reading(picture(INK, evil), evil, evil, evil)]),
                ],
                intro=evil,
            )
        ],
        lede=evil,
        footer=evil,
    )
    assert "<script" not in html and "\"'" not in html


def test_a_picture_carries_its_own_pixels() -> None:
    markup = picture(INK, "a line", width=24)
    data = base64.b64decode(re.search(r"base64,([^\"]+)", markup).group(1))  # type: ignore[union-attr]
    assert (np.asarray(Image.open(io.BytesIO(data))) == INK).all()
    assert 'width="24" height="8"' in markup


def test_a_chart_maps_low_to_low_and_high_to_high() -> None:
    path = svg(line_chart([Series("loss", [0, 10, 20], [4.0, 2.0, 0.0])], "steps", "loss")).find(".//path")
    assert path is not None
    points = [tuple(map(float, pair.split())) for pair in path.attrib["d"][1:].split("L")]
    (x0, y0), (x1, y1), (x2, y2) = points
    assert x1 - x0 == pytest.approx(x2 - x1) and x1 > x0
    assert y1 - y0 == pytest.approx(y2 - y1) and y1 > y0  # SVG counts downwards


def test_a_chart_leaves_out_what_is_not_a_number_and_thins_what_nobody_sees() -> None:
    noisy = svg(line_chart([Series("loss", range(5000), [float("nan"), *range(4999)])], "steps", "loss"))
    path = noisy.find(".//path")
    assert path is not None and path.attrib["d"].count("L") == 399
    assert "nan" not in ET.tostring(noisy, "unicode")


@pytest.mark.parametrize("values", [[0.0, 0.0], [7.0, 7.0], [1e-9, 2e-9], [1e9, 3e9]])
def test_a_chart_of_any_scale_has_ticks(values: list[float]) -> None:
    drawn = svg(line_chart([Series("loss", [5, 5], values)], "steps", "loss"))
    assert len(drawn.findall("./line")) >= 2


def test_only_several_series_have_a_key() -> None:
    one, two = Series("a", [0, 1], [0, 1]), Series("b", [0, 1], [1, 0])
    assert 'class="name"' not in line_chart([one], "steps", "loss")
    assert line_chart([one, two], "steps", "loss").count('class="name"') == 2


def test_bars_of_a_histogram_are_shares() -> None:
    drawn = svg(histogram([0, 10, 20], [30, 10], [1, 1], "characters"))
    heights = [float(bar.attrib["height"]) for bar in drawn.findall("./rect")]
    assert heights[0] == pytest.approx(3 * heights[1], abs=0.3)
    assert [bar.findtext("title") for bar in drawn.findall("./rect")] == ["0 to 10: 75.0%", "10 to 20: 25.0%"]


def test_mistakes_are_marked_on_both_sides() -> None:
    html = readings([Reading(picture(INK, "x"), "hand", "hind!", "")])
    assert "h<mark>a</mark>nd" in html
    assert "h<mark>i</mark>nd<mark>!</mark>" in html
    assert "<i>nothing</i>" in readings([Reading(picture(INK, "x"), "a", "", "")])


def test_numbers_stand_right_and_have_separators() -> None:
    html = table(["reason", "count", "share"], [["short", 12345, 0.5], ["long", None, None]])
    assert html.count('class="number"') == 6
    assert "12,345" in html and "None" not in html


@pytest.mark.parametrize(
    "build",
    [
        lambda: table(["a", "b"], [[1]]),
        lambda: line_chart([], "x", "y"),
        lambda: line_chart([Series("a", [1], [1, 2])], "x", "y"),
        lambda: line_chart([Series("a", [1], [float("nan")])], "x", "y"),
        lambda: histogram([0, 1], [1, 2], [1, 2], "x"),
        lambda: histogram([0, 1], [0], [1], "x"),
    ],
)
def test_what_cannot_be_shown_is_refused(build: object) -> None:
    with pytest.raises(DataError):
        build()  # type: ignore[operator]
