"""The alphabet: fixed specials, presets, and refusals that name the character."""

import pytest

from common.errors import DataError, UsageError
from corpora.alphabet import BOS, EOS, PAD, SPECIALS, UNK, Alphabet, load_alphabet

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


@pytest.mark.parametrize("name", ["en", "fr", "de", "it", "digits"])
def test_every_preset_loads(name):
    assert load_alphabet(name).size > SPECIALS


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
