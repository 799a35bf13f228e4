"""Cleaning: what is repaired, what is dropped, and that nothing else is touched."""

import unicodedata
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DataError
from corpora.alphabet import Alphabet, load_alphabet
from corpora.cleaning import Cleaned, Cleaner, Dropped, Policy, load_repairs

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


def test_the_policies_differ_in_what_the_alphabet_lacks():
    alphabet = load_alphabet("en")
    text = "“naïve”\u00a0words"
    results = {policy: Cleaner(alphabet, policy=policy).clean(text) for policy in get_args(Policy)}
    assert results["repair"] == Dropped("foreign", "ï")
    assert results["reject"] == Dropped("foreign", "\u00a0ï“”")
    assert results["remove"] == Cleaned("nave words", ("removed",), "\u00a0ï“”")
    assert results["share"] == Dropped("foreign", "ï")
    generous = Cleaner(alphabet, policy="share", foreign_share=0.1).clean(text)
    assert generous == Cleaned('"nave" words', ("quotes", "spaces", "removed"), "ï")


def test_a_line_of_which_nothing_is_left_is_foreign():
    assert Cleaner(load_alphabet("en"), policy="remove").clean("Жук") == Dropped("foreign", "Жку")


def test_removing_goes_on_where_neighbours_compose():
    letters = Alphabet.from_texts(["e\u0327x", "\u0301"], "NFC")  # a lone accent, and no composed letter
    cleaned = Cleaner(letters, policy="remove").clean("eЖ\u0301x")
    assert isinstance(cleaned, Cleaned) and not letters.foreign(cleaned.text)


def test_an_own_table_takes_the_place_of_the_shipped_one(tmp_path):
    (tmp_path / "mine.yaml").write_text('turned:\n  "S": "§"\n', encoding="utf-8")
    mine = Cleaner(load_alphabet("en"), load_repairs(tmp_path / "mine.yaml"))
    assert mine.clean("§ 3") == Cleaned("S 3", ("turned",))
    assert isinstance(mine.clean("“so”"), Dropped)
    assert mine.fingerprint != ENGLISH.fingerprint


@pytest.mark.parametrize("text", ["[1, 2]", "quotes: 3", 'dots: {"...": 5}', "a: {b: [", "\xff"])
def test_a_faulty_table_is_told(tmp_path, text):
    (tmp_path / "mine.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match=r"(?s)mine\.yaml.* Expected: YAML"):
        load_repairs(tmp_path / "mine.yaml")
    with pytest.raises(DataError, match="cannot be read"):
        load_repairs(tmp_path / "none.yaml")


CLEANERS = [
    Cleaner(
        Alphabet.from_texts(["".join(load_alphabet(name).characters)], form), policy=policy, foreign_share=0.5
    )
    for name, form in (("en", "NFC"), ("vi", "NFC"), ("fr", "NFD"), ("de", "NFKC"))
    for policy in get_args(Policy)
]
MIXED = st.text(
    st.one_of(st.characters(), st.sampled_from("aeo e\u0301\u0327\u0302ﬁ“…½²å\u212bầ")), max_size=40
)


@pytest.mark.parametrize("cleaner", CLEANERS)
@settings(max_examples=60)
@given(MIXED)
def test_cleaned_text_is_writable_in_the_declared_form_and_stable(cleaner, text):
    result = cleaner.clean(text)
    if isinstance(result, Cleaned):
        assert not cleaner.alphabet.foreign(result.text)
        assert unicodedata.is_normalized(cleaner.alphabet.form, result.text)
        assert result.text == " ".join(result.text.split(" ")).strip(" ") != ""
        assert "  " not in result.text
        assert cleaner.clean(result.text) == Cleaned(result.text)
        assert cleaner.is_clean(result.text)
