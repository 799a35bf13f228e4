"""Cuts: exact lengths, whole words, whole graphemes, legal breaks; on any text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpora.borders import cut_at_border, pieces
from corpora.lengths import count_words
from corpora.stretches import (
    find_stretch,
    stretch_with_broken_begin,
    stretch_with_broken_end,
    stretches_round,
)

WORDS = st.lists(st.text("abcdé", min_size=1, max_size=7), min_size=1, max_size=40)
SCRIPTS = st.text("ab \u0301\u0323e\U0001f1e9\U0001f1ea\U0001f468\u200d\U0001f469\ufe0f", max_size=30)


def is_cut(text, start, length):
    """Whether a stretch is whole words of a text."""
    stop = start + length
    return (
        stop <= len(text)
        and (not start or text[start - 1] == " ")
        and (stop == len(text) or text[stop] == " ")
    )


@given(WORDS, st.data())
def test_a_stretch_has_the_length_and_is_whole_words(words, data):
    text = " ".join(words)
    place = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(1, len(text)))
    start, _ = find_stretch(text, place, length)
    begins = place if place == 0 or " " in text[place - 1 :] else 0  # in the last word: from the first one on
    possible = [k for k in range(begins, len(text)) if is_cut(text, k, length) and text[k] != " "]
    assert start == (possible[0] if possible else -1)


@given(WORDS, st.data())
def test_a_stretch_has_the_words_or_the_nearest_number_of_them(words, data):
    text = " ".join(words)
    length, count = data.draw(st.integers(1, len(text))), data.draw(st.integers(1, 12))
    off = {
        k: abs(count_words(text[k : k + length]) - count) for k in range(len(text)) if is_cut(text, k, length)
    }
    start, missed = find_stretch(text, 0, length, count)
    if off:
        assert (start, missed) == min(off.items(), key=lambda item: (item[1], item[0]))
    else:
        assert start == -1


@given(WORDS, st.data())
def test_all_stretches_round_a_character_are_found(words, data):
    text = " ".join(words)
    offset = data.draw(st.integers(0, len(text) - 1).filter(lambda k: text[k] != " "))
    length = data.draw(st.integers(1, len(text)))
    assert stretches_round(text, offset, length) == [
        k for k in range(offset - length + 1, offset + 1) if k >= 0 and is_cut(text, k, length)
    ]


@given(SCRIPTS, st.integers(1, 12))
def test_fault_05_a_cut_never_parts_a_grapheme(text, length):
    text = " ".join(text.split())
    clusters = {0, *(found.end() for found in regex.finditer(r"\X", text))}
    cut = cut_at_border(text, length)
    assert text.startswith(cut)
    assert len(cut) in clusters
    assert len(cut) <= length or len(list(regex.finditer(r"\X", cut))) == 1
    assert "".join(pieces(text, length)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("one two three", 9, "one two"),
        ("one two three", 7, "one two"),
        ("one two", 10, "one two"),
        ("unbreakable", 5, "unbre"),
        ("aq\u0307\u0323b", 3, "a"),
        ("q\u0307\u0323b", 2, "q\u0307\u0323"),
        ("x\U0001f1e9\U0001f1ea", 2, "x"),
        ("\U0001f468\u200d\U0001f469 a", 1, "\U0001f468\u200d\U0001f469"),
    ],
)
def test_cutting_at_borders(text, length, cut):
    assert cut_at_border(text, length) == cut


def test_pieces_are_the_text():
    assert list(pieces("one two three unbreakable", 7)) == ["one two", "three", "unbreak", "able"]
    assert list(pieces("", 7)) == []


def after_two(word):
    return [2] if len(word) > 3 else []


def test_a_broken_end_is_a_legal_break():
    assert stretch_with_broken_end("an apple tree", 0, 5, after_two) == "an ap"
    assert stretch_with_broken_end("an apple tree", 0, 6, after_two) == ""
    assert stretch_with_broken_end("an (apple) tree", 0, 6, after_two) == "an (ap"


def test_a_broken_begin_is_a_legal_break_and_ends_with_a_word():
    assert stretch_with_broken_begin("an apple tree", 0, 3, after_two) == "ple"
    assert stretch_with_broken_begin("an apple tree", 0, 8, after_two) == "ple tree"
    assert stretch_with_broken_begin("an apple tree", 0, 4, after_two) == ""
