"""The contact sheet shows who writes, and says so when nobody can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError
from fonts.catalogue import Catalogue, build_catalogue
from fonts.sheet import contact_sheet, sheet_image
from synth.show.specimen import write_specimen
from tests.fonts.make_font import make_font


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    for number, slant in enumerate((-0.6, 0.0, 0.6)):
        make_font(
            tmp_path / "fonts" / f"{number}.ttf",
            family=f"Hand {number}",
            slant=slant,
            width=300 + 60 * number,
        )
    make_font(tmp_path / "fonts" / "capitals.ttf", family="Capitals", unicase=True)
    (tmp_path / "fonts" / "page.ttf").write_text("<html>")
    return build_catalogue([tmp_path / "fonts"], workers=1)


def test_every_usable_hand_writes_and_rejected_ones_follow_on_demand(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    out = contact_sheet(catalogue, tmp_path / "sheet.png", write_specimen, text="quartz", columns=1)
    longer = contact_sheet(
        catalogue, tmp_path / "all.png", write_specimen, text="quartz", columns=1, rejected=True
    )
    with Image.open(out) as sheet, Image.open(longer) as all_of_them:
        assert all_of_them.height > sheet.height
        pixels = np.asarray(sheet.convert("L"))
    inked = (pixels[:, :600] < 100).any(axis=1)
    assert (
        np.count_nonzero(np.diff(inked.astype(int)) == 1) >= 1 + 2 * 3
    )  # heading, then line and name of each


def test_a_limit_takes_fewer_rows(catalogue: Catalogue) -> None:
    assert (
        sheet_image(catalogue, write_specimen, text="q", columns=1, limit=1).height
        < sheet_image(catalogue, write_specimen, text="q", columns=1).height
    )


def test_a_text_that_nobody_can_write_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="None of 3 usable hands can write 'Ω': no hand draws Ω"):
        contact_sheet(catalogue, tmp_path / "sheet.png", write_specimen, text="Ω")
    assert not (tmp_path / "sheet.png").exists()


def test_a_heap_of_fonts_gives_a_sheet_of_bounded_size(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fonts.sheet._MOST", 150)
    some = next(hand for hand in catalogue.hands if hand.verdict == "ok")
    heap = Catalogue(tuple(replace(some, id=str(n), family=f"F{n}", design=str(n)) for n in range(400)))
    sheet = sheet_image(heap, lambda hand, text, x_height: None, text="q", columns=10)
    assert sheet.height < 15 * 106 + 300
    varied = sheet_image(heap, lambda hand, text, x_height: None, text="q", columns=10, variants=99)
    assert varied.height <= sheet.height
