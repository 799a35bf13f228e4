"""Tokenizers: one interface, no loss on any text of any alphabet, the same file from the same text."""

import base64
import json
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DataError
from corpora.alphabet import BOS, EOS, PAD, SPECIALS, UNK, Alphabet, load_alphabet
from corpora.bpe import PIECES, BpeTokenizer, train_bpe
from corpora.inventory import presets
from corpora.tokenizer import Tokenizer, load_tokenizer, measure_lengths, tokenizer_from_json

WORDS = ["the", "and", "king", "of", "is", "to", "in", "it", "was", "that", "he", "for", "on", "are", "with"]
ALPHABETS = [(name, form) for name in presets() for form in ("NFC", "NFD")]


def some_lines(alphabet: Alphabet, count: int = 200) -> list[str]:
    """Lines of made-up words: pairs of letters come back often enough for 500 pieces."""
    rng = random.Random(7)
    letters = [c for c in alphabet.characters if c != " "]
    words = ["".join(rng.choices(letters, k=rng.randint(1, 7))) for _ in range(400)]
    lines = [alphabet.normalize(" ".join(rng.choices(words, k=6))) for _ in range(count)]
    return [line for line in lines if not alphabet.foreign(line)]


@pytest.fixture(scope="module")
def trained():
    """A tokenizer for every alphabet, trained when it is asked for."""
    made = {}

    def train(name: str, form: str) -> BpeTokenizer:
        if (name, form) not in made:
            alphabet = load_alphabet(name, form)
            made[name, form] = train_bpe(some_lines(alphabet), alphabet, PIECES)
        return made[name, form]

    return train


@pytest.mark.parametrize(("name", "form"), ALPHABETS)
def test_every_text_of_every_alphabet_comes_back_as_it_was(trained, name, form):
    tokenizer = trained(name, form)
    alphabet = tokenizer.alphabet

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.text(st.sampled_from((*alphabet.characters, *" " * 20)), max_size=40))
    def comes_back(text):
        text = alphabet.normalize(text)
        if not alphabet.foreign(text):  # marks may have composed to letters that are not in the alphabet
            assert tokenizer.decode(tokenizer.encode(text)) == text
            assert alphabet.decode(alphabet.encode(text)) == text

    comes_back()


@pytest.mark.parametrize(("name", "form"), ALPHABETS)
def test_every_character_is_a_piece_and_the_specials_come_first(trained, name, form):
    tokenizer = trained(name, form)
    assert tokenizer.size == PIECES
    assert set(tokenizer.alphabet.characters) <= set(tokenizer.pieces)
    assert (BOS, PAD, EOS, UNK, SPECIALS) == (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    "text", [" ", "  ", " a", "a ", "a  b", "   the   ", "<s>", "</s><unk>", "\N{REPLACEMENT CHARACTER}"]
)
def test_blanks_stay_and_names_of_specials_are_text(text):
    alphabet = Alphabet.from_texts([string.printable, "\N{REPLACEMENT CHARACTER}"])
    tokenizer = train_bpe([" ".join(WORDS)], alphabet, 130)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_characters_that_no_text_had_are_pieces_all_the_same():
    tokenizer = train_bpe(["abab"], Alphabet.from_texts(["abc ž"]), 10)
    assert tokenizer.decode(tokenizer.encode("ž c  ba")) == "ž c  ba"


def test_pieces_shorten_what_is_frequent():
    tokenizer = train_bpe([" ".join(WORDS)] * 3, load_alphabet("en"), 130)
    assert len(tokenizer.encode("that the king")) < len("that the king") / 1.5


def test_decoding_is_that_of_an_alphabet():
    tokenizer = train_bpe([" ".join(WORDS)], load_alphabet("en"), 120)
    ids = tokenizer.encode("the Ωend")
    assert ids.count(UNK) == 1
    assert tokenizer.decode([BOS, PAD, *ids, EOS, *ids]) == "the \ufffdend"
    with pytest.raises(DataError, match="Token 120"):
        tokenizer.decode([120])


def test_the_sign_that_stands_for_a_blank_is_never_read_as_one():
    tokenizer = train_bpe([" ".join(WORDS)], load_alphabet("en"), 120)
    assert tokenizer.decode(tokenizer.encode("a\N{LOWER ONE EIGHTH BLOCK}b")) == "a\ufffdb"
    with pytest.raises(DataError, match="U\\+2581"):
        train_bpe(["a"], Alphabet.from_texts(["a\N{LOWER ONE EIGHTH BLOCK}"]), 10)


def test_the_same_text_gives_the_same_bytes(trained):
    alphabet = load_alphabet("fr")
    first = trained("fr", "NFC")
    again = train_bpe(iter(some_lines(alphabet)), alphabet, PIECES)
    assert again.to_json() == first.to_json()
    assert again.fingerprint == first.fingerprint
    other = train_bpe(some_lines(alphabet)[:100], alphabet, PIECES)
    assert other.fingerprint != first.fingerprint


def test_both_makes_come_back_from_json(trained):
    makes: list[Tokenizer] = [load_alphabet("vi", "NFD"), trained("vi", "NFD")]
    for tokenizer in makes:
        again = tokenizer_from_json(tokenizer.to_json())
        assert again == tokenizer
        assert again.fingerprint == tokenizer.fingerprint
        assert again.size == tokenizer.size


def test_a_text_in_another_form_is_brought_to_that_of_the_alphabet(trained):
    composed, decomposed = trained("fr", "NFC"), trained("fr", "NFD")
    assert composed.decode(composed.encode("cafe\u0301")) == "café"
    assert decomposed.decode(decomposed.encode("café")) == "cafe\u0301"


def test_faults_of_training_are_told():
    english = load_alphabet("en")
    with pytest.raises(DataError, match="20 pieces are too few for 83 characters"):
        train_bpe(["a"], english, 20)
    with pytest.raises(DataError, match="U\\+0416"):
        train_bpe(["Жук"], english, 200)
    with pytest.raises(DataError, match="does not yield 500 pieces"):
        train_bpe(["too little text"], english, 500)
    with pytest.raises(DataError, match="does not yield"):
        train_bpe([], english, 200)


def damaged(content: str) -> list[str]:
    record = json.loads(content)
    model = bytearray(base64.b64decode(record["model"]))
    model[len(model) // 2] ^= 1
    flipped = record | {"model": base64.b64encode(bytes(model)).decode()}
    return [
        "",
        "[]",
        "3",
        content[: len(content) // 2],
        json.dumps(record | {"model": "???"}),
        json.dumps(record | {"alphabet": None}),
        json.dumps(record | {"alphabet": {"characters": " ab"}}),
        json.dumps({"kind": "bpe"}),
        json.dumps(flipped),
    ]


def test_a_damaged_file_is_told_in_one_sentence(trained, tmp_path):
    for content in damaged(trained("en", "NFC").to_json()):
        (tmp_path / "t.json").write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match=r"t\.json: (This is no|The tokenizer is damaged)"):
            load_tokenizer(tmp_path / "t.json")
    (tmp_path / "t.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        load_tokenizer(tmp_path / "t.json")
    with pytest.raises(DataError, match="does not exist"):
        load_tokenizer(tmp_path / "none.json")


def test_lengths_are_counted_in_tokens():
    alphabet = Alphabet.from_texts(["abc "])
    found = measure_lengths(alphabet, ["abc", "a b c!"])
    assert (found.lines, found.mean, found.longest, found.characters, found.unknown) == (2, 4.5, 6, 1.0, 1)
    with pytest.raises(DataError, match="no text"):
        measure_lengths(alphabet, [""])
