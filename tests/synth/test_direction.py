"""Lines that run to the left, to the right, and both ways: order, brackets, boxes, label."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np
import pytest
from bidi import get_display

from fonts.hand import Hand
from synth.hand.direction import runs_of
from synth.hand.shaping import shape
from synth.hand.undrawable import Undrawable
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.conftest import ROOT
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import HEBREW, line, make_hand

NIQQUD = "ָּ"


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "h.ttf", EVERYDAY + HEBREW + "[]")


def shown(text: str) -> str:
    """The text as it stands on paper, without the turning of brackets."""
    return "".join(text[place] for run in runs_of(text)[1] for place in run.order)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("abc", "abc"),
        ("אב גד", "דג בא"),
        ("אב 12 גד", "דג 12 בא"),
        ("see (אב) גד", "see (בא) דג"),
        ("אב (cd) ef", "ef )cd( בא"),
        ("קנה 3.50 ב-12/5!", "!12/5-ב 3.50 הנק"),
    ],
)
def test_the_order_on_paper_is_that_of_the_standard(text: str, order: str) -> None:
    assert shown(text) == order


def test_random_mixtures_agree_with_an_independent_implementation() -> None:
    rng = random.Random(1)
    signs = "אבגדعربمن abcd 123 45 ().,:;!?-/%₪€«»[]\"'"
    for _ in range(300):
        text = " ".join("".join(rng.choice(signs) for _ in range(rng.randrange(2, 40))).split()) or "א"
        assert shown(text) == get_display(text)  # or runs_of had raised


def test_marks_of_embedding_are_refused_not_drawn_wrong() -> None:
    with pytest.raises(Undrawable, match="mixed-direction"):
        runs_of("abc \u202bאב\u202c")


def centres(text: str, hand: Hand) -> np.ndarray:
    made = render(line(text), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample), made
    assert made.text == text
    return (made.boxes[:, 0] + made.boxes[:, 2]) / 2


@pytest.mark.parametrize("text", ["אב 12 גד", "ab אב cd", "אב (ab) גד", "אבג [12] ab (הו)"])
def test_fault_25_mixed_lines_have_boxes_in_logical_order_where_the_letters_stand(
    hand: Hand, text: str
) -> None:
    found = centres(text, hand)
    order = [place for run in runs_of(text)[1] for place in run.order]
    assert (np.diff(found[order]) > 0).all()


def test_fault_25_brackets_are_mirrored_in_text_that_runs_to_the_left(hand: Hand) -> None:
    def first(text: str, rtl: bool) -> np.ndarray:
        shaped = shape(text, hand)
        place = text.index("(")
        return next(g for g in shaped.glyphs if shaped.clusters[g.cluster].start == place).outline.points

    closing = shape("a)", hand).glyphs[1].outline.points
    assert np.array_equal(first("א(ב)", True), closing)
    assert not np.array_equal(first("a(b)", False), closing)


def test_fault_25_points_stand_with_their_letter_and_the_label_keeps_base_code_points(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf", HEBREW + NIQQUD)
    text = "א" + NIQQUD[0] + "ב"
    made = render(line(text), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample) and made.text == text
    letter, point, after = made.boxes
    assert letter[0] <= point[0] and point[2] <= letter[2] and after[2] <= letter[0] + 1


def test_fault_26_shaping_is_part_of_the_program_so_no_script_is_drawn_without_it() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {name.partition(">=")[0] for name in wanted}
    assert {"uharfbuzz", "python-bidi"} <= names
