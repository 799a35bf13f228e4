"""Languages: whose letters a hand draws, and how many hands there are for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import UsageError
from fonts.hand import Hand, Traits
from fonts.kinds import kind_of, listed_kind, measured_kind
from fonts.languages import coverage, language, languages


def hand(name: str, family: str, design: str, characters: frozenset[str]) -> Hand:
    return Hand(name, family, "", Path(name), 0, name, "OFL-1.1", characters, 0.4, design, "train")


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("en", "AZaz09’”&"), ("fr", "éÉœŒŸ«»’"), ("de", "äÖß„“"), ("it", "ìÙ’"), ("es", "ñ¿¡"),
        ("vi", "ạẶđĐơƯỹ"), ("ru", "ёЁъЯ«»"), ("uk", "ґҐїЇєі’"), ("pl", "ąŻłŁ„”"), ("tr", "ıİğş"),
    ],
)  # fmt: skip
def test_a_language_needs_its_letters_in_both_cases_and_its_marks(code: str, needed: str) -> None:
    one = language(code)
    assert set(needed) <= one.characters
    for letter in needed:
        assert not one.written_by(hand("h", "f", "d", one.characters - {letter}))
    assert one.written_by(hand("h", "f", "d", one.characters | {"☃"}))


def test_no_language_asks_for_letters_of_another_script() -> None:
    assert not set("abc") & language("ru").characters
    assert not set("абв") & language("en").characters
    assert "ß" not in language("en").characters and "SS" not in language("de").characters
    assert len(languages()) >= 25


def test_coverage_counts_hands_families_and_designs() -> None:
    french, english = language("fr").characters, language("en").characters
    hands = [
        hand("1", "A", "a", french | english),
        hand("2", "A", "a", french | english),
        hand("3", "B", "a", french | english),
        hand("4", "C", "c", english),
    ]
    counted = {row.language.code: (row.hands, row.families, row.designs) for row in coverage(hands)}
    assert counted["fr"] == (3, 2, 1)
    assert counted["en"] == (4, 3, 2)
    assert counted["ru"] == (0, 0, 0)


def test_an_unknown_language_is_refused_with_help() -> None:
    with pytest.raises(UsageError, match="'fx' are not known"):
        language("fx")


def test_the_table_of_kinds_names_families_and_series_and_what_it_leaves_is_measured() -> None:
    assert kind_of("Great Vibes", Traits()) == kind_of("greatvibes", Traits()) == "formal"
    assert kind_of("Playwrite XY Trad", Traits(stroke=0.5)) == "everyday"
    assert listed_kind("My Own Hand") is None
    assert kind_of("My Own Hand", Traits(contrast=4.0)) == measured_kind(Traits(contrast=4.0)) == "formal"
    assert kind_of("My Own Hand", Traits(stroke=0.3)) == "brush"
    assert kind_of("My Own Hand", Traits()) == "everyday"
