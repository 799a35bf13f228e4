"""Contact sheets: every picture is on the page, titles stand over them, boxes where they are wanted."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import UsageError
from synth.sample import LineSample
from synth.show.gallery import Panel, panel_of, sheet, write_sheet


def made(width: int, clean: bool = True) -> LineSample:
    image = np.full((20, width), 90, np.uint8)
    boxes = np.array([[2, 3, 9, 15], [12, 18, 12, 18]], np.int32)
    return LineSample(image, "a ", boxes, {}, np.full((20, width), 30, np.uint8) if clean else None)


def count(page: np.ndarray, grey: int) -> int:
    return int((page == grey).all(-1).sum())


def test_every_sample_is_wholly_on_the_page() -> None:
    page = sheet([panel_of(made(width)) for width in (30, 50, 40)], columns=2)
    assert page.dtype == np.uint8 and page.shape[2] == 3
    assert count(page, 90) == 20 * (30 + 50 + 40)
    assert count(page, 30) == 0


def test_columns_are_as_wide_as_they_need() -> None:
    panels = [panel_of(made(width)) for width in (30, 300, 30, 300)]
    assert sheet(panels, columns=2).shape[1] < 30 + 300 + 40


def test_clean_pictures_and_enlargement() -> None:
    page = sheet([panel_of(made(30, clean), clean=True, scale=2) for clean in (True, False)])
    assert count(page, 90) == 2 * 4 * 20 * 30
    assert count(page, 30) == 4 * 20 * 30


def test_boxes_are_drawn_where_they_are() -> None:
    plain, boxed = (sheet([panel_of(made(30), boxes=boxes)], columns=1) for boxes in (False, True))
    rows, columns = np.nonzero((plain != boxed).any(-1))
    frame = 2 * (9 - 2) + 2 * (15 - 3) - 4
    assert len(rows) == frame + 1  # and a dot for the blank
    assert rows.max() - rows.min() == 18 - 3 and columns.max() - columns.min() == 12 - 2


def test_a_blank_at_the_lower_border_is_drawn_inside() -> None:
    sample = LineSample(np.zeros((20, 30), np.uint8), " ", np.array([[30, 20, 30, 20]], np.int32))
    assert sheet([panel_of(sample, boxes=True)]).shape[0] > 20


def test_a_title_stands_over_its_pictures_and_is_never_cut() -> None:
    picture = np.full((20, 30), 1, np.uint8)
    bare, titled = (sheet([Panel((picture,), title)]) for title in ("", "a title that is longer by far"))
    assert titled.shape[0] > bare.shape[0] and titled.shape[1] > bare.shape[1] + 60
    assert count(titled, 1) == count(bare, 1) == 600


def test_grey_and_colour_of_different_widths_stand_under_each_other() -> None:
    grey, colour = np.full((10, 30), 90, np.uint8), np.full((10, 50, 3), 40, np.uint8)
    page = sheet([Panel((grey, colour))])
    assert count(page, 90) == 300 and count(page, 40) == 500


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sheet([])


def test_the_ending_decides_between_a_picture_and_a_page(tmp_path: Path) -> None:
    panels = [Panel((np.full((20, 30), 90, np.uint8),), "blur <0.5>", "said & done")] * 3
    write_sheet(panels, tmp_path / "a.png", "Heading", columns=1)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.format == "PNG" and picture.height > 3 * 20
    write_sheet(panels, tmp_path / "a.html", "Heading", columns=1)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("data:image/png") == 3
    assert "blur &lt;0.5&gt;" in page and "said &amp; done" in page
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", page)
    with pytest.raises(UsageError, match=r"\.png or \.html"):
        write_sheet(panels, tmp_path / "a.gif", "Heading")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.png"]
