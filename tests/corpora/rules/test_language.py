"""The rules of the shipped languages: everything can be written, and looks as it should."""

import re
import unicodedata

import pytest

from common.errors import UsageError
from common.seeds import draws
from corpora.alphabet import Alphabet, load_alphabet
from corpora.rules.language import PHRASES, PRESETS, LanguagePreset, LanguageRules
from corpora.rules.settings import RULES, TextRules, load_rules

LANGUAGES = sorted(path.stem for path in PRESETS.glob("*.yaml"))
EVERYTHING = Alphabet.from_texts(["".join(map(chr, range(32, 0x2400)))])


def phrases(language, rule, alphabet=EVERYTHING, count=300):
    rules = LanguageRules(language, alphabet)
    return [rules.phrase(rule, draws(0, index, rule)) for index in range(count)]


def test_the_languages_that_are_promised_are_there():
    assert LANGUAGES == ["de", "en", "fr", "it", "ru", "uk", "vi"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_writes_single_lines(language):
    for rule in PHRASES:
        found = phrases(language, rule)
        assert len(set(found)) >= 20, rule
        for text in found:
            assert text == " ".join(text.split()) != "", rule
            assert "{" not in text and len(text) <= 60, text


@pytest.mark.parametrize("language", ["de", "en", "fr", "it"])
def test_fault_01_no_rule_writes_what_the_alphabet_lacks(language):
    alphabet = load_alphabet(language)
    for rule in PHRASES:
        assert any(found := phrases(language, rule, alphabet)), rule
        assert not alphabet.foreign("".join(found))


def test_phrases_are_in_the_form_of_the_alphabet():
    composed = Alphabet.from_texts([" ".join(phrases("vi", "names"))])
    parted = Alphabet.from_texts(composed.characters, form="NFD")
    rules = LanguageRules("vi", parted)
    found = [rules.phrase("names", draws(0, index, "names")) for index in range(50)]
    assert "\u0323" in "".join(found) and not parted.foreign("".join(found))
    assert [unicodedata.normalize("NFC", text) for text in found] == phrases("vi", "names", count=50)


def test_dates_have_the_forms_of_archives():
    french, german, english = (" | ".join(phrases(name, "dates", count=3000)) for name in ("fr", "de", "en"))
    for form in (r"\b\d+ mars 1[7-9]\d\d", r"\d+\.[IVX]+\.1\d{3}", r"7bre", r"thermidor an [IVX]+"):
        assert re.search(form, french), form
    for form in (r"den \d+ten (May|Jänner) 1[6-9]\d\d", r"\d+\. März \d{4}", r"Xber|Xbris"):
        assert re.search(form, german), form
    assert re.search(r"March (3rd|\d+th), 1[7-9]\d\d", english)


def test_capitals_are_those_of_the_language():
    def capitals(language, text):
        rules = LanguageRules(language, EVERYTHING)
        return {rules.capitals(text, draws(0, index, "capitals")) for index in range(40)}

    assert capitals("de", "Maß") == {"MASS", "MAẞ"}
    assert capitals("fr", "été") == {"ÉTÉ", "ETE"}
    assert capitals("it", "città") == {"CITTÀ", "CITTA'"}
    assert capitals("uk", "їжак") == {"ЇЖАК"}
    assert capitals("vi", "nghề") == {"NGHỀ"}


def test_words_are_broken_as_the_language_does():
    def broken(language, word):
        return [word[:k] + "-" + word[k:] for k in LanguageRules(language, EVERYTHING).breaks(word)]

    assert broken("de", "Regierungsrat") == ["Re-gierungsrat", "Regie-rungsrat", "Regierungs-rat"]
    assert "exclusive-ment" in broken("fr", "exclusivement")
    assert broken("ru", "молоко") and broken("uk", "молоко") and broken("it", "occasione")
    assert broken("vi", "nghiêng") == []
    assert broken("en", "a") == []


def test_marks_and_rules_that_cannot_be_written_are_left_out():
    rules = LanguageRules("de", Alphabet.from_texts(["abcdefghijklmnopqrstuvwxyz "]))
    assert rules.marks == []
    assert rules.phrase("dates", draws(0, 0, "x")) == ""


def test_shares_are_checked():
    assert set(RULES) == {*PHRASES, "capitals", "hyphens"}
    assert sum(TextRules.none().shares.values()) == 0
    assert load_rules("fr", ["none", "dates=0.5"]).shares["dates"] == 0.5
    assert sum(load_rules("fr", ["none", "dates=0.5"]).shares.values()) == 0.5
    with pytest.raises(UsageError, match="together 1"):
        load_rules("fr", ["numbers=0.5", "dates=0.5"])
    with pytest.raises(UsageError, match="less than or equal to 1"):
        load_rules("fr", ["dates=1.5"])
    with pytest.raises(UsageError, match="dates"):
        load_rules("fr", ["date=0.5"])
    with pytest.raises(UsageError, match="no rules of the language 'franz'"):
        LanguageRules("franz", EVERYTHING)


def test_a_language_of_ones_own_is_a_file(tmp_path):
    (tmp_path / "own.yaml").write_text("description: own\nrules: {dates: ['{x}']}\nwords: {x: [never]}\n")
    assert set(phrases(str(tmp_path / "own.yaml"), "dates")) == {"never"}
    with pytest.raises(UsageError, match="there is no rule date"):
        LanguagePreset.parse({"description": "", "rules": {"date": []}, "words": {}}, "own")
