"""Rare characters raised to a floor: which ones, in how many lines, and what stands in for one.

A line is cut round a place where the corpus has the character. Where the corpus has none, a line is cut as
usual and one of its characters is replaced, by this rule: the other case of it; else its letter without or
with other marks; else a character of its Unicode category, then of its class (letter, digit, sign); else the
last one. A capital goes to the beginning of a word where it can, a combining mark onto a letter. Drawing
lines is the work of :mod:`corpora.sampler`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from common.errors import UsageError
from common.seeds import Draws
from corpora.corpus import Corpus

MOST = 0.5  # of the lines may be touched
MILLION = 1_000_000


class RareCharacters:
    """The characters of a corpus below a floor, each as likely as it lacks occurrences.

    Args:
        corpus: the text.
        floor: occurrences per million characters; 0 for none.
        line: mean characters a line: one line in which a character stands once brings it up by its share.

    Attributes:
        characters: those below the floor, in code point order.
        share: of the lines that must be touched, each for one occurrence.

    Raises:
        UsageError: more than half of the lines would be touched.
    """

    def __init__(self, corpus: Corpus, floor: float, line: float) -> None:
        lacking: dict[str, float] = {}
        if floor:
            total = sum(corpus.character_counts.values())
            rates = {c: count * MILLION / total for c, count in corpus.character_counts.items()}
            lacking = {c: floor - rate for c, rate in rates.items() if rate < floor and c != " "}
        self.characters = tuple(sorted(lacking))
        self._corpus = corpus
        self._places: dict[str, NDArray[np.int64]] = {}
        self.share = sum(lacking.values()) * line / MILLION
        self._cumulative = list(accumulate(lacking[c] for c in self.characters))
        if self.share > MOST:
            lowest = floor * MOST / self.share
            raise UsageError(
                f"{len(lacking)} characters are rarer than {floor:g} in a million, and {self.share:.0%} of "
                "the lines would be made for them",
                "at most half",
                f"ask for a floor of about {lowest:.0f}, or use a corpus that has these characters",
            )

    def draw(self, rng: Draws) -> str:
        """One of the rare characters."""
        place = bisect_right(self._cumulative, rng.random() * self._cumulative[-1])
        return self.characters[min(place, len(self.characters) - 1)]

    def place(self, character: str, rng: Draws) -> tuple[int, int] | None:
        """(document, offset) of one of the places where the corpus has it; None where it has not."""
        if character not in self._places:
            self._places[character] = self._corpus.occurrences(character)
        places = self._places[character]
        if not len(places):
            return None
        document, offset = places[rng.integers(len(places))].tolist()
        return document, offset


def put_in(text: str, character: str, rng: Draws) -> str:
    """A text of the same length that holds ``character`` in the place of the nearest one by the rule."""
    if unicodedata.category(character)[0] == "M" and character not in text:
        return _mark(text, character, rng)
    for stands_in in _RULES:
        wanted = stands_in(character)
        if places := [k for k, other in enumerate(text) if other != " " and stands_in(other) == wanted]:
            begins = [k for k in places if not k or text[k - 1] == " "] if character.isupper() else []
            place = rng.choice(begins or places)
            return text[:place] + character + text[place + 1 :]
    return text[:-1] + character


def _mark(text: str, mark: str, rng: Draws) -> str:
    """A text of the same length with a combining mark on one of its letters."""
    places = [k for k in range(1, len(text)) if text[k - 1].isalpha() and text[k].isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + mark + text[place + 1 :]


def _letter(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].casefold()


def _class(character: str) -> str:
    return {"L": "letter", "N": "digit"}.get(unicodedata.category(character)[0], "sign")


_RULES: tuple[Callable[[str], str], ...] = (str.casefold, _letter, unicodedata.category, _class)
