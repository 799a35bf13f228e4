"""Cleaning: what is repaired, what is dropped, and that nothing else is touched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.alphabet import Alphabet, load_alphabet
from corpora.cleaning import Cleaned, Cleaner, Dropped

ENGLISH = Cleaner(load_alphabet("en"))


@pytest.mark.parametrize(
    ("text", "clean", "edits"),
    [
        ("as it is", "as it is", ()),
        ("“so” ‘it’s’", "\"so\" 'it's'", ("quotes",)),
        ("one—two–three", "one-two-three", ("dashes",)),
        ("and so on…", "and so on...", ("dots",)),
        ("ﬁne ﬂoor", "fine floor", ("ligatures",)),
        ("soft\u00adhyphen zero\u200bwidth \ufeffBOM", "softhyphen zerowidth BOM", ("zero-width",)),
        ("no\u00a0break\tand\u2028line\r", "no break and line", ("spaces", "blanks")),
        ("  two  blanks ", "two blanks", ("blanks",)),
    ],
)
def test_repairs(text, clean, edits):
    assert ENGLISH.clean(text) == Cleaned(clean, edits)


def test_composed_and_decomposed_letters_give_one_text():
    french = Cleaner(load_alphabet("fr"))
    assert french.clean("e\u0301te\u0301") == Cleaned("été", ("nfc",))
    assert french.clean("été") == Cleaned("été")


def test_a_character_of_the_alphabet_is_never_repaired():
    assert Cleaner(load_alphabet("fr")).clean("«œuf»") == Cleaned("«œuf»")
    assert ENGLISH.clean("«œuf»") == Cleaned('"oeuf"', ("ligatures", "quotes"))


def test_foreign_letters_drop_the_line_and_are_named():
    dropped = ENGLISH.clean("naïve Жук")
    assert isinstance(dropped, Dropped)
    assert dropped.reason == "foreign"
    assert "U+0416 CYRILLIC CAPITAL LETTER ZHE" in dropped.detail


def test_a_mark_without_composed_form_is_foreign_not_stripped():
    assert isinstance(ENGLISH.clean("q\u0307ueen"), Dropped)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u00ad", "\t\n"])
def test_lines_of_nothing_are_empty(text):
    assert ENGLISH.clean(text) == Dropped("empty")


def test_a_replacement_outside_the_alphabet_drops_the_line():
    assert isinstance(Cleaner(Alphabet.from_texts(["ab"])).clean("a…b"), Dropped)


def test_an_alphabet_without_a_blank_takes_single_words():
    letters = Cleaner(Alphabet.from_texts(["abc"]))
    assert letters.clean(" abc ") == Cleaned("abc", ("blanks",))
    assert letters.clean("ab c") == Dropped("foreign", " ")


@given(st.text(max_size=60))
def test_cleaned_text_is_writable_nfc_and_stable(text):
    result = ENGLISH.clean(text)
    if isinstance(result, Cleaned):
        assert not ENGLISH.alphabet.foreign(result.text)
        assert unicodedata.is_normalized("NFC", result.text)
        assert result.text == " ".join(result.text.split()) != ""
        assert ENGLISH.clean(result.text) == Cleaned(result.text)
