"""Variants: pure functions of (font, number), within bounds, and what they may not change."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from fonts.hand import Axis, Hand, Traits
from fonts.variants import AXES, vary
from fonts.verdict import HAIRLINE, HEAVY

HAND = Hand(
    *("0123456789abcdef", "Test", "Regular", Path("t.ttf"), 0, "0" * 64, "OFL-1.1", frozenset("abc"), 0.4),
    *("d", "train"),
    traits=Traits(slant=5.0, stroke=0.12, joined=0.0),
    axes=(Axis("wght", 100, 400, 900), Axis("BNCE", -100, 0, 100), Axis("opsz", 8, 14, 72)),
    features=("ss01", "titl", "cv02", "salt"),
)


def test_variant_zero_is_the_font_and_every_other_one_is_repeatable() -> None:
    assert vary(HAND, 0) is HAND
    for number in (1, 7, 100_000):
        one = vary(HAND, number)
        assert one == vary(HAND, number) == pickle.loads(pickle.dumps(one))
        assert one.id == f"0123456789abcdef~{number}" and one.font == HAND.id
        assert replace(one, id=HAND.id, variant=None) == HAND
    other = replace(HAND, id="f" * 16)
    assert vary(HAND, 1).variant != replace(vary(other, 1)).variant
    assert vary(HAND, 1).variant != vary(HAND, 2).variant


def test_amounts_keep_within_their_bounds() -> None:
    for number in range(1, 400):
        variant = vary(HAND, number).variant
        assert variant is not None
        values = dict(variant.axes)
        assert 300 <= values["wght"] <= 600 and abs(values["BNCE"]) <= 40
        assert values["opsz"] == 14  # not known to look written elsewhere
        assert "titl" not in variant.features and set(variant.features) <= {"ss01", "cv02", "salt"}
        assert -0.02 <= variant.weight <= 0.05 and variant.weight > -0.2 * HAND.traits.stroke
        assert -20 < HAND.traits.slant + variant.slant < 40
        assert 0.75 < variant.width < 1.3


def test_a_hairline_is_hardly_thinned_and_a_leaning_hand_does_not_fall() -> None:
    thin = replace(HAND, traits=replace(HAND.traits, stroke=0.05))
    leaning = replace(HAND, traits=replace(HAND.traits, slant=45.0))
    for number in range(1, 100):
        fine, steep = vary(thin, number).variant, vary(leaning, number).variant
        assert fine and fine.weight >= -0.008
        assert steep and steep.slant <= 0  # it leans too far already: never further


@pytest.mark.parametrize("stroke", [0.054, 0.07, 0.29, 0.319])
def test_a_variant_is_no_finer_or_broader_than_a_font_may_be(stroke: float) -> None:
    font = replace(HAND, traits=replace(HAND.traits, stroke=stroke))
    for number in range(1, 200):
        variant = vary(font, number).variant
        assert variant and HAIRLINE - 1e-9 <= stroke + variant.weight <= HEAVY + 1e-9


@pytest.mark.parametrize(("share", "joined"), [(0.0, False), (0.1, False), (0.6, True), (1.0, True)])
def test_only_letters_that_stand_alone_are_spaced(share: float, joined: bool) -> None:
    hand = replace(HAND, traits=replace(HAND.traits, joined=share))
    variants = [v for number in range(1, 30) if (v := vary(hand, number).variant)]
    assert all(variant.joined is joined for variant in variants)
    assert any(variant.spacing for variant in variants) is not joined


def test_a_narrow_axis_stays_within_the_font() -> None:
    hand = replace(HAND, axes=(Axis("wght", 700, 700, 900), Axis("SPAC", 0, 0, 100)))
    for number in range(1, 50):
        variant = vary(hand, number).variant
        assert variant is not None
        values = dict(variant.axes)
        assert values["wght"] == 700  # its range and ours do not meet
        assert AXES["SPAC"][0] <= values["SPAC"] <= AXES["SPAC"][1]
