"""Hashes of words against a slow twin; bands that near duplicates share and other lines do not."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.building.words import BANDS, bands, grams, hash_words

LETTERS = "abAB19 ,.:-“”é—\u00ab"


def slow_words(text: str) -> list[tuple]:
    """Words as (offset in bytes, letter): the definition, one character at a time."""
    text = text.lower()
    joins = {
        k
        for k in range(1, len(text) - 1)
        if text[k] in ".,:/" and text[k - 1].isdigit() and text[k + 1].isdigit()
    }
    words, word, offset = [], [], 0
    for k, character in enumerate(text):
        if character.isalnum() or k in joins:
            rest = k in joins or (character.isdigit() and k and (text[k - 1].isdigit() or k - 1 in joins))
            if not rest:
                word.append((offset, "0" if character.isdigit() else character))
            offset += len(character.encode())
        elif offset:
            words.append(tuple(word))
            word, offset = [], 0
    return [*words, tuple(word)] if offset else words


@given(st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=6))
def test_words_are_equal_where_the_slow_twin_says_so(texts):
    slow = [word for text in texts for word in slow_words(text)]
    fast = hash_words(texts)
    assert fast.counts.tolist() == [len(slow_words(text)) for text in texts]
    names = {word: int(value) for word, value in zip(slow, fast.hashes, strict=True)}
    assert [names[word] for word in slow] == fast.hashes.tolist()
    assert len(set(names.values())) == len(names)


def test_case_punctuation_and_numbers_are_folded():
    first, second = (hash_words([text]).hashes.tolist() for text in ("Page 3 of 12!", "“page” 1,204 — of 7"))
    assert first == second


def test_a_gram_stays_inside_its_line():
    hashes, lines = grams(hash_words(["a b c", "d", "", "a b"]), 2)
    assert lines.tolist() == [0, 0, 3]
    assert hashes[0] == hashes[2] != hashes[1]


@pytest.mark.parametrize("texts", [["", ""], ["***"], ["word"], ["a b", "", "c"]])
def test_every_line_has_bands(texts):
    assert bands(hash_words(texts)).shape == (len(texts), BANDS)


def share(first: str, second: str) -> bool:
    one, other = bands(hash_words([first, second]))
    return bool((one == other).any())


def test_lines_that_differ_in_a_word_share_a_band_and_others_do_not():
    rng = random.Random(0)
    vocabulary = [f"{a}{b}{c}" for a in "bdfg" for b in "aeiou" for c in "lmnrst"]
    alike = different = 0
    for _ in range(200):
        words = rng.choices(vocabulary, k=24)
        changed = [*words]
        changed[rng.randrange(24)] = "other"
        alike += share(" ".join(words), " ".join(changed))
        different += share(" ".join(words), " ".join(rng.choices(vocabulary, k=24)))
    assert alike >= 150  # Jaccard 0.85: 94 of 100 are expected
    assert different == 0


def test_the_company_of_a_line_does_not_change_its_bands():
    texts = [f"line {k} of some text" for k in range(20)] + ["", "odd", "***"]
    together = bands(hash_words(texts))
    assert np.array_equal(together, np.concatenate([bands(hash_words([text])) for text in texts]))
