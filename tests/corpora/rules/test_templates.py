"""Templates: what they expand to, what they leave out, which faults they name."""

import pytest

from common.errors import DataError
from common.seeds import draws
from corpora.rules.templates import Grammar, roman

WORDS = {"month": ["mars", "avril"], "when": ["{1-31} {month}"], "sign": ["€", "fr."]}


def written(template, count=200, known=None):
    writers = Grammar(WORDS, known).writers([template])
    return {writer(draws(0, index, "test")) for writer in writers for index in range(count)}


def test_words_and_ranges():
    assert written("{month}") == {"mars", "avril"}
    assert written("{3-5}.") == {"3.", "4.", "5."}
    assert written("{08-10}") == {"08", "09", "10"}
    assert written("{when:upper}") >= {"1 MARS", "31 AVRIL"}
    assert written("{1-4:roman}") == {"I", "II", "III", "IV"}
    assert written("{1000-1001:.}") == {"1.000", "1.001"}


def test_small_numbers_are_as_frequent_as_large_ones():
    numbers = [int(text) for text in written("{1~9999}", 2000)]
    assert min(numbers) == 1 and max(numbers) <= 9999
    writer = Grammar(WORDS).writers(["{1~9999}"])[0]
    assert 0.4 < sum(len(writer(draws(0, index, "n"))) <= 2 for index in range(2000)) / 2000 < 0.6


def test_what_cannot_be_written_is_left_out():
    letters = frozenset("abcdefghijklmnopqrstuvwxyz .")
    assert written("{sign}", known=letters) == {"fr."}
    assert written("{1-31} {month}", known=letters) == set()
    assert written("{when}", known=letters) == set()
    assert written("{1-9:roman}", known=letters) == set()
    assert written("le {month}", known=letters) == {"le mars", "le avril"}


def test_roman_numbers():
    assert [roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1789)] == [
        *("I", "IV", "IX", "XIV", "XL", "XC", "CD"),
        "MDCCLXXXIX",
    ]


@pytest.mark.parametrize(
    ("words", "template", "message"),
    [
        ({}, "{moth}", "no words 'moth'"),
        ({"a": ["{b}"], "b": ["{a}"]}, "{a}", "made of themselves: a > b"),
        ({"a": ["x"]}, "{a:roman}", "in the form 'roman'"),
        ({}, "{5-3}", "no number"),
        ({}, "{0-3:roman}", "no number"),
    ],
)
def test_faulty_templates_are_named(words, template, message):
    with pytest.raises(DataError, match=message):
        Grammar(words).writers([template])


def test_days_and_months_of_a_phrase_are_of_one_day_of_the_calendar():
    months = [f"m{number}" for number in range(1, 13)]
    words = {"month": months, "nth": [f"{day}th" for day in range(1, 32)], "day": ["{nth:day}, {1-31:day}"]}
    writer = Grammar(words).writers(["{day} {month:month} {01-12:month} {01-31:day}"])[0]
    found = {writer(draws(0, index, "dates")) for index in range(8000)}
    assert len(found) == 365
    days = {1: 31, 2: 28, 4: 30, 12: 31}
    for text in found:
        nth, day, month, number, padded = text.replace(",", "").split()
        assert nth == f"{day}th" and month == f"m{int(number)}" and int(padded) == int(day)
        assert int(day) <= days.get(int(number), 31)


def test_a_list_of_months_is_written_whole_or_not_at_all():
    numerals = {"roman": [roman(k) for k in range(1, 13)]}
    assert Grammar(numerals, frozenset("XV")).writers(["{roman:month}"]) == []
    assert len(Grammar(numerals, frozenset("IXV")).writers(["{roman:month}"])) == 1
    with pytest.raises(DataError, match="2 words 'month'"):
        Grammar({"month": ["a", "b"]}).writers(["{month:month}"])
