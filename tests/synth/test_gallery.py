"""Contact sheets: every sample is on the page, boxes and clean pictures where they are wanted."""

from __future__ import annotations

import numpy as np
import pytest

from synth.sample import LineSample
from synth.show.gallery import sheet


def made(width: int, clean: bool = True) -> LineSample:
    image = np.full((20, width), 90, np.uint8)
    boxes = np.array([[2, 3, 9, 15], [12, 18, 12, 18]], np.int32)
    return LineSample(image, "a ", boxes, {}, np.full((20, width), 30, np.uint8) if clean else None)


def count(page: np.ndarray, grey: int) -> int:
    return int((page == grey).all(-1).sum())


def test_every_sample_is_wholly_on_the_page() -> None:
    samples = [made(width) for width in (30, 50, 40)]
    page = sheet(samples, columns=2)
    assert page.dtype == np.uint8 and page.shape[2] == 3
    assert count(page, 90) == 20 * (30 + 50 + 40)
    assert count(page, 30) == 0


def test_clean_pictures_and_enlargement() -> None:
    page = sheet([made(30), made(30, clean=False)], clean=True, scale=2)
    assert count(page, 90) == 2 * 4 * 20 * 30
    assert count(page, 30) == 4 * 20 * 30


def test_boxes_are_drawn_where_they_are() -> None:
    plain, boxed = sheet([made(30)], columns=1), sheet([made(30)], columns=1, boxes=True)
    rows, columns = np.nonzero((plain != boxed).any(-1))
    frame = 2 * (9 - 2) + 2 * (15 - 3) - 4
    assert len(rows) == frame + 1  # and a dot for the blank
    assert rows.max() - rows.min() == 18 - 3 and columns.max() - columns.min() == 12 - 2


def test_a_blank_at_the_lower_border_is_drawn_inside() -> None:
    sample = LineSample(np.zeros((20, 30), np.uint8), " ", np.array([[30, 20, 30, 20]], np.int32))
    assert sheet([sample], boxes=True).shape[0] > 20


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sheet([])
