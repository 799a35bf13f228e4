"""How different hands are: what is told apart, what is not, and the figures between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from common.errors import DataError
from fonts.hand import Hand
from synth.hand.settings import HandSettings
from synth.show.variety import compare, curve, page_features, pages_of
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import make_hand

STILL = HandSettings()


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> list[Hand]:
    folder = tmp_path_factory.mktemp("hands")
    shapes: tuple[dict[str, Any], ...] = ({"slant": 0.0}, {"slant": 0.5}, {"width": 250}, {"thickness": 90})
    return [make_hand(folder / f"{n}.ttf", EVERYDAY, **shape) for n, shape in enumerate(shapes)]


def test_other_fonts_are_told_apart_and_a_hand_is_nearest_to_itself(hands: list[Hand]) -> None:
    able, first, second = pages_of(hands, STILL)
    found = compare(able, first, second)
    assert (found.hands, found.designs, found.identified, found.apart) == (4, 4, 1.0, 4)
    assert found.within < found.threshold < found.between
    assert found.low < 1.0 <= found.high + 1e-9
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)


def test_the_same_font_under_two_ids_is_not_told_apart(hands: list[Hand]) -> None:
    twins = [hands[0], replace(hands[0], id="twin")]
    able, first, second = pages_of(twins, STILL)
    assert compare(able, first, second).apart == 1


def test_variants_are_nearer_to_their_font_than_other_designs_are(hands: list[Hand]) -> None:
    rows = curve(hands, 2, STILL)
    assert [(count, row.hands) for count, row in rows] == [(0, 4), (1, 8), (2, 12)]
    last = rows[-1][1]
    assert last.designs == 4
    assert last.within < last.sisters < last.between
    assert np.isnan(rows[0][1].sisters)


def test_motion_makes_hands_harder_to_tell_apart(hands: list[Hand]) -> None:
    moved = HandSettings(slant=(-15, 15), stretch=(0.7, 1.4), jitter=(0.0, 0.1))
    still = compare(*pages_of(hands, STILL))
    assert compare(*pages_of(hands, moved)).within > still.within


def test_a_page_repeats_and_needs_its_letters(hands: list[Hand]) -> None:
    first, again = (page_features(hands[0], 0, STILL) for _ in range(2))
    assert first is not None and again is not None and np.array_equal(first, again)
    assert page_features(replace(hands[0], characters=frozenset("abc")), 0, STILL) is None


def test_without_two_able_hands_there_is_nothing_to_compare(hands: list[Hand]) -> None:
    with pytest.raises(DataError, match="1 of 2 hands"):
        pages_of([hands[0], replace(hands[1], characters=frozenset())], STILL)
