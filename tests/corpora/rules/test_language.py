"""The rules of the shipped languages: everything can be written, and looks as it should."""

import re
import unicodedata

import pytest

from common.errors import UsageError
from common.seeds import draws
from corpora.alphabet import Alphabet, load_alphabet
from corpora.rules.language import PHRASES, PRESETS, LanguagePreset, LanguageRules, main_script
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
    with pytest.raises(
        UsageError, match=r"^the rules: the shares of the rules are together 1\.\d\d, more than 1"
    ):
        load_rules("fr", ["numbers=0.5", "dates=0.5"])
    with pytest.raises(UsageError, match="key=value, such as dates"):
        load_rules("fr", ["dates"])
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_date_is_impossible(language):
    found = " | ".join(phrases(language, "dates", count=3000))
    months = LanguageRules(language, EVERYTHING).preset.words.get("month", ("x",) * 12)
    february, thirty = months[1], "|".join(months[k] for k in (3, 5, 8, 10))
    assert not re.search(rf"\b(29|3[01])(ten|sten|th|st|-го)?\.? (of )?({february}|tháng 2\b)", found)
    assert not re.search(rf"\b31(sten|st|-го)?\.? (of )?({thirty}|tháng (4|6|9|11)\b)", found)
    assert not re.search(r"\b(29|3[01])([./-])0?2\2", found)
    assert not re.search(r"\b31([./-])0?(4|6|9|11)\1", found)


def test_numerals_and_months_agree_in_russian_and_ukrainian():
    for language, forms in {"ru": ("рубль", "рубля", "рублей"), "uk": ("крона", "крони", "крон")}.items():
        found = re.findall(
            rf"(\d+) ({'|'.join(forms)})\b", " | ".join(phrases(language, "amounts", count=4000))
        )
        assert {form for _, form in found} == set(forms)
        for number, form in found:
            last, teen = int(number) % 10, int(number) % 100 in range(11, 15)
            assert form == forms[2 if teen or last not in (1, 2, 3, 4) else int(last > 1)], number
    dates = " | ".join(phrases("ru", "dates", count=3000))
    assert re.search(r"\d августа \d{4}", dates) and re.search(r"\| август \d{4}", dates)
    assert re.findall(r"\bв августе", dates) and not re.search(r"(?<!в )августе", dates)
    assert not re.search(r"[IVX]", " ".join(phrases("ru", "dates", load_alphabet("ru"), 3000)))
    assert "IX" in " ".join(phrases("ru", "dates", count=3000))


def test_titles_streets_and_postcodes_agree_with_what_they_stand_beside():
    def all_of(language, rule):
        return "\n".join(phrases(language, rule, count=3000))

    russian, places = all_of("ru", "names"), all_of("ru", "addresses")
    assert re.search(r"г-жа \w+а$", russian, re.M) and not re.search(r"г-жа \w+[^а]$", russian, re.M)
    assert "Невский пр." in places and "Литейный проспект" in places and "ул. Садовая" in places
    assert not re.search(r"Садовая пр|ул\. (Невский|Литейный)", places)
    italian = all_of("it", "names")
    assert "Cara Maria," in italian and "Caro Paolo," in italian
    assert not re.search(r"Caro Maria|Cara Paolo|Sig\.r? (Maria|Lucia)\b|Sig\.ra (Paolo|Carlo)\b", italian)
    dates = all_of("it", "dates")
    assert {"il 1º", "l'8", "l'11"} <= set(re.findall(r"il 1º|l'8|l'11", dates))
    assert not re.search(r"\bil (8|11)\b", dates)
    german, streets = all_of("de", "dates"), all_of("de", "addresses")
    assert all((int(day) < 20) == (end == "ten") for day, end in re.findall(r"den (\d+)(s?ten)", german))
    assert "Königsgasse" in streets and "König Gasse" not in streets
    assert all(len(code) == 4 for code in re.findall(r"^(\d+) (?:Wien|Graz)$", streets, re.M))
    assert not re.search(
        r"(Herr|Bürgermeister|Hr\.) (Anna|Maria|Luise)|(Frau|Frl\.) (Hans|Karl)", all_of("de", "names")
    )
    french = re.findall(r"^(\d\d)\d{3} (Paris|Lille|Tours)$", all_of("fr", "addresses"), re.M)
    assert set(french) == {("75", "Paris"), ("59", "Lille"), ("37", "Tours")}


def test_numbers_are_those_of_the_language():
    found = {language: phrases(language, "numbers", count=3000) for language in LANGUAGES}
    decimals = {name: sum(bool(re.fullmatch(r"\d+,\d\d?", text)) for text in found[name]) for name in found}
    assert decimals.pop("en") == 0 and min(decimals.values()) > 30
    assert not [text for text in found["de"] if re.fullmatch(r"\d\d( \d\d){4}", text)]
    assert [text for text in found["fr"] if re.fullmatch(r"0\d( \d\d){4}", text)]
    for texts in found.values():
        assert sum(bool(re.search(r"[=*#@]|^\w*[A-Z]{2}", text)) for text in texts) < 0.15 * len(texts)


def test_scripts_are_told_apart():
    scripts = {language: LanguageRules(language, EVERYTHING).script for language in LANGUAGES}
    assert {name for name, script in scripts.items() if script == "CYRILLIC"} == {"ru", "uk"}
    assert main_script({"a": 3, "ж": 5, "1": 90}) == "CYRILLIC"
    assert main_script({"1": 2, " ": 9}) == ""
