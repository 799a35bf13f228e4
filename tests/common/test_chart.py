"""Histograms with and without a target, and shares in cells."""

import re

import pytest

from common.errors import DataError
from common.report import histogram, meter


def test_a_histogram_without_a_target_has_bars_only():
    html = histogram([0, 1, 2], [3, 1], None, "words", y_label="share of pages")
    assert len(re.findall(r'<rect class="bar" x', html)) == 2
    assert 'class="line' not in html
    assert "share of pages over words" in html and "75.0%" in html


def test_a_target_is_an_outline_named_in_the_key():
    html = histogram([0, 1, 2], [3, 1], [1, 1], "words", names=("here", "there"))
    assert ">here</text>" in html and ">there</text>" in html
    assert 'class="line s1"' in html


@pytest.mark.parametrize(("drawn", "target"), [([1], None), ([1, 1], [1]), ([0, 0], None), ([1, 1], [0, 0])])
def test_sides_that_are_empty_or_do_not_fit_are_refused(drawn, target):
    with pytest.raises(DataError):
        histogram([0, 1, 2], drawn, target, "words")


@pytest.mark.parametrize(
    ("share", "text", "width"),
    [
        (0.0, "0%", "0.0%"),
        (0.5, "50%", "50.0%"),
        (0.0123, "1.2%", "1.2%"),
        (0.00021, "0.021%", "0.0%"),
        (2.0, "200%", "100.0%"),
    ],
)
def test_a_meter_shows_its_share(share, text, width):
    assert meter(share).endswith(f"</i>{text}</span>") and f"width:{width}" in meter(share)


def test_a_meter_can_be_full_before_one():
    assert "width:50.0%" in meter(0.1, full=0.2)
