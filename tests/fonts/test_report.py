"""The report on the fonts: one page that hides nothing and needs nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fonts.catalogue import Catalogue, build_catalogue
from fonts.report import SAMPLE, write_report
from synth.show.specimen import write_specimen
from tests.fonts.make_font import EVERYDAY, make_font


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    make_font(tmp_path / "fonts" / "a.ttf", EVERYDAY + "‘’“”", family="Anna & <Co>")
    make_font(tmp_path / "fonts" / "b.ttf", family="Capitals", unicase=True)
    make_font(tmp_path / "fonts" / "c.ttf", family="Sold", licence="All rights reserved.", slant=0.5)
    (tmp_path / "fonts" / "page.ttf").write_text("<html>")
    return build_catalogue([tmp_path / "fonts"], workers=1)


def test_every_face_is_shown_with_verdict_and_line_those_that_may_not_write_too(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    html = write_report(
        catalogue, tmp_path / "r.html", write_specimen, progress=lambda *at: told.append(at)
    ).read_text("utf-8")
    assert told[-1] == (4, 4)
    assert "1 of 4 faces may write" in html
    body = html[html.index("<tbody>") :]
    rows = {re.sub(r"<[^>]*>", "|", row): row for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)}
    by_family = {name: next(r for text, r in rows.items() if name in text)
                 for name in ("Anna &amp; &lt;Co&gt;", "Capitals", "Sold", "page")}  # fmt: skip
    for family, verdict, drawn in (
        ("Anna &amp; &lt;Co&gt;", "ok", True),
        ("Capitals", "unicase", True),
        ("Sold", "licence", True),
        ("page", "bad file: a web page (HTML)", False),
    ):
        assert verdict in by_family[family]
        assert ("data:image/png" in by_family[family]) is drawn
    assert (
        '<option value="en">en English</option>' in html
        and "<span>en</span>" in by_family["Anna &amp; &lt;Co&gt;"]
    )
    assert "train" not in by_family["page"] and "page.ttf" in by_family["page"]
    assert "en" in re.sub(r"<[^>]*>", " ", by_family["Anna &amp; &lt;Co&gt;"]).split()


def test_a_hand_that_lacks_a_character_writes_the_usual_line_and_says_so(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    html = write_report(catalogue, tmp_path / "r.html", write_specimen, "naïve").read_text("utf-8")
    assert html.count("lacks a character of the text") == 3 and f'alt="{SAMPLE}"' in html


def test_the_page_needs_nothing_from_outside_and_stays_small(catalogue: Catalogue, tmp_path: Path) -> None:
    html = write_report(catalogue, tmp_path / "r.html", write_specimen).read_text("utf-8")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)
    hand = catalogue.hands[0]
    many = Catalogue(tuple([hand] * 60))
    grown = write_report(many, tmp_path / "m.html", write_specimen).stat().st_size
    assert (grown - len(html.encode())) / 56 < 4096  # bytes a face: 12,000 stay under 50 MB
