"""The alphabet: fixed specials, presets, and refusals that name the character."""

import unicodedata

import pytest

from common.errors import DataError, UsageError
from corpora.alphabet import BOS, EOS, FORMS, PAD, SPECIALS, UNK, Alphabet, load_alphabet
from corpora.inventory import presets

IAM = " !\"#&'()*+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_specials_come_first_and_characters_follow_in_code_point_order():
    alphabet = Alphabet.from_texts(["bca"])
    assert (BOS, PAD, EOS, UNK, SPECIALS) == (0, 1, 2, 3, 4)
    assert alphabet.characters == ("a", "b", "c")
    assert alphabet.size == 7
    assert alphabet.encode("cab") == [6, 4, 5]


def test_decoding_inverts_encoding_and_stops_at_eos():
    alphabet = load_alphabet("en")
    ids = alphabet.encode("Hello, World!")
    assert alphabet.decode([BOS, *ids, EOS, *ids]) == "Hello, World!"
    assert alphabet.decode([PAD, UNK, *ids[:1]]) == "\ufffdH"


def test_foreign_characters_become_unk():
    alphabet = load_alphabet("digits")
    assert alphabet.encode("1x") == [alphabet.ids["1"], UNK]
    assert alphabet.foreign("12 x y") == {"x", "y"}


def test_token_outside_the_alphabet_is_refused():
    with pytest.raises(DataError, match="Token 99"):
        Alphabet.from_texts(["ab"]).decode([99])


def test_json_keeps_characters_and_fingerprint():
    alphabet = load_alphabet("en+fr")
    again = Alphabet.from_json(alphabet.to_json())
    assert again == alphabet
    assert again.fingerprint == alphabet.fingerprint != load_alphabet("en").fingerprint


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", "null"])
def test_what_is_no_json_alphabet_is_refused(text):
    with pytest.raises(DataError, match="no alphabet"):
        Alphabet.from_json(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", presets())
def test_every_preset_loads_in_every_form(name, form):
    alphabet = load_alphabet(name, form)
    assert alphabet.size > SPECIALS
    assert alphabet.form == form
    assert all(unicodedata.is_normalized(form, character) for character in alphabet.characters)
    assert " " in alphabet.ids


def test_english_holds_the_characters_of_iam():
    assert load_alphabet("en").foreign(IAM) == set()
    assert len(set(IAM)) == 79


def test_joined_presets_are_a_union():
    joined = set(load_alphabet("digits+de").characters)
    assert joined == set(load_alphabet("digits").characters) | set(load_alphabet("de").characters)


def test_unknown_preset_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'digits'"):
        load_alphabet("digit")


def test_a_file_of_characters_is_an_alphabet(tmp_path):
    file = tmp_path / "chars.txt"
    file.write_text("\ufeffcafe\u0301\nab\n", encoding="utf-8")
    assert "".join(load_alphabet(str(file)).characters) == "abcfé"


def test_faulty_alphabet_files_are_told(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        load_alphabet(str(tmp_path / "none.txt"))
    (tmp_path / "latin.txt").write_bytes(b"ab\xe9")
    with pytest.raises(DataError, match="not UTF-8 at byte 2"):
        load_alphabet(str(tmp_path / "latin.txt"))
    (tmp_path / "empty.txt").write_text("\n")
    with pytest.raises(DataError, match="no character"):
        load_alphabet(str(tmp_path / "empty.txt"))


@pytest.mark.parametrize("characters", [("ab",), ("\n",), ("\u212b",), ("b", "a"), ("a", "a")])
def test_only_sorted_unique_single_nfc_characters(characters):
    with pytest.raises(DataError):
        Alphabet(characters)


def test_an_alphabet_in_nfc_is_kept_and_known_as_before_there_were_forms():
    alphabet = Alphabet.from_texts(["é b"])
    assert alphabet.to_json() == '{"characters": " bé"}'
    assert alphabet.fingerprint == "50b08bc3181da94d"
    assert Alphabet.from_json('{"characters": " bé"}') == alphabet


def test_a_decomposed_alphabet_has_marks_of_their_own_and_keeps_its_form():
    alphabet = Alphabet.from_texts(["Thé noël"], "NFD")
    assert "\u0301" in alphabet.ids and "é" not in alphabet.ids
    again = Alphabet.from_json(alphabet.to_json())
    assert again == alphabet and again.fingerprint == alphabet.fingerprint
    assert alphabet.fingerprint != Alphabet.from_texts(["Thé noël"]).fingerprint


@pytest.mark.parametrize("form", FORMS)
def test_fault_02_both_spellings_of_a_word_give_the_same_label(form):
    alphabet = load_alphabet("fr", form)
    composed, decomposed = (unicodedata.normalize(f, "café crème") for f in ("NFC", "NFD"))
    assert composed != decomposed
    assert alphabet.encode(composed) == alphabet.encode(decomposed)
    assert alphabet.foreign(composed) == alphabet.foreign(decomposed) == set()
    assert alphabet.decode(alphabet.encode(decomposed)) == unicodedata.normalize(form, composed)


def test_fault_03_format_characters_are_in_no_alphabet():
    text = "a\u200bb\u00adc\u200d\ufeff\u2028\u0007\td\u00a0"
    assert Alphabet.from_texts([text]).characters == ("a", "b", "c", "d", "\u00a0")
    with pytest.raises(DataError, match="U\\+200D ZERO WIDTH JOINER"):
        Alphabet(("\u200d",))


def test_compatibility_forms_take_ligatures_apart():
    assert Alphabet.from_texts(["ﬁ½"], "NFKC").characters == ("1", "2", "f", "i", "⁄")


def test_marks_without_letters_cannot_be_composed():
    decomposed = load_alphabet("fr", "NFD")
    with pytest.raises(DataError, match="which letters of NFC"):
        decomposed.to_form("NFC")
    assert decomposed.to_form("NFD") is decomposed
    assert load_alphabet("fr").to_form("NFD") == decomposed
    assert load_alphabet("digits", "NFD").to_form("NFC") == load_alphabet("digits")


@pytest.mark.parametrize(
    "record", ['{"characters": "ab", "form": "NFX"}', '{"characters": "é", "form": "NFD"}']
)
def test_an_alphabet_of_another_form_than_it_says_is_refused(record):
    with pytest.raises((DataError, UsageError), match="NF"):
        Alphabet.from_json(record)


def test_vietnamese_russian_and_ukrainian_write_their_languages():
    assert not load_alphabet("vi").foreign("Được ngậm ngùi, Ỷ lại vẫn đẵn rỡ ràng! Nguyễn Huệ, 1788")
    assert not load_alphabet("ru").foreign("Съешь ещё этих мягких французских булок, да выпей чаю (№ 5)")
    assert not load_alphabet("uk").foreign("Щебетання їжаків, ґанок і м'яч; Єгипет")
    assert not set(load_alphabet("ru+uk").characters) & set("abcdefABCDEF")


def test_latin_writes_what_archives_hold():
    assert not load_alphabet("la").foreign(
        "Poſſunt ꝑ omnia ſec̄la ſeculoꝝ, M\u036b D\u0366 q\u0303 1ᵒ 7ᵇʳᵉ ⁊ cęlum"
    )
