"""One writer a page: the lines of a page share their hand where it can write them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from common.seeds import stream
from fonts.choice import HandChoice
from fonts.hand import Hand
from pipelines.mill import Choose, choose_hand
from synth.recipe import Recipe
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import make_hand

LINES = 4


@pytest.fixture(scope="module")
def choose(tmp_path_factory: pytest.TempPathFactory) -> Choose:
    hand = make_hand(tmp_path_factory.mktemp("hands") / "h.ttf", EVERYDAY)
    hands = [replace(hand, id=f"{n}", design=f"{n}") for n in range(10)]
    hands[0] = replace(hands[0], characters=hands[0].characters | {"é"})
    return HandChoice(hands).draw


def chosen(choose: Choose, lines: int, texts: list[str], attempt: int = 0) -> list[str]:
    found = [
        choose_hand(choose, Recipe(lines_per_page=lines), 3, index, attempt, text)
        for index, text in enumerate(texts)
    ]
    return [hand.id for hand in found if hand]


def test_the_lines_of_a_page_have_one_writer_and_pages_have_others(choose: Choose) -> None:
    found = np.array(chosen(choose, LINES, ["jug"] * 40)).reshape(-1, LINES)
    assert (found == found[:, :1]).all()
    assert len(set(found[:, 0])) > 3


def test_a_line_that_the_writer_cannot_write_has_another_and_the_page_goes_on(choose: Choose) -> None:
    plain = chosen(choose, LINES, ["jug"] * 40)
    mixed = chosen(choose, LINES, ["jug", "é", "jug", "jug"] * 10)
    assert all(mixed[1::4][n] == "0" for n in range(10))
    assert [m for n, m in enumerate(mixed) if n % 4 != 1] == [p for n, p in enumerate(plain) if n % 4 != 1]


def test_where_a_page_is_one_line_every_line_has_its_own_hand(choose: Choose) -> None:
    expected = [choose(stream(3, index, "hand/1"), "jug") for index in range(8)]
    assert chosen(choose, 1, ["jug"] * 8, attempt=1) == [hand.id for hand in expected if hand]


def test_nobody_writes_what_no_hand_covers(choose: Choose) -> None:
    assert chosen(choose, LINES, ["ж"]) == []


def test_the_order_of_questions_does_not_matter(choose: Choose) -> None:
    def one(index: int) -> Hand | None:
        return choose_hand(choose, Recipe(lines_per_page=LINES), 3, index, 0, "jug")

    assert [one(index) for index in range(8)] == [one(index) for index in range(7, -1, -1)][::-1]
