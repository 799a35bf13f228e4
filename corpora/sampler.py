"""Lines of text with the lengths of a target, cut out of a corpus at word borders.

A line is a pure function of (seed, index, attempt). It has exactly the drawn length: from a random place in a
document the next stretch that begins and ends at word borders is taken; nothing is repeated to fill a line. A
stated share of the lines carries a written number, because prose has few digits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from common.errors import UsageError
from common.files import fingerprint
from common.seeds import stream
from corpora.borders import cut_at_border
from corpora.corpus import Corpus
from corpora.lengths import LengthTarget
from corpora.numbers import number_phrase, rare_phrase
from corpora.text_line import TextLine

PLACES = 32  # random places tried for a stretch of exactly the drawn length
RARE = 0.5  # share of the numbers that carry capitals or a sign such as $ or %
WORDS = 64  # word borders looked at from one place


class TextSampler:
    """Draws lines from a corpus.

    Args:
        corpus: the text.
        target: the lengths.
        seed: the run's seed.
        numbers: share of the lines, 0 to 1, that carry a date, amount, time, telephone or plain number, or a
            phrase of rare capitals and signs; only what the alphabet can write is used.
    """

    def __init__(self, corpus: Corpus, target: LengthTarget, seed: int, numbers: float = 0.1) -> None:
        if not 0 <= numbers <= 1:
            raise UsageError(f"The share of numbers is {numbers}", "0 to 1")
        self.corpus, self.target, self.seed, self.numbers = corpus, target, seed, numbers
        self._ends = np.cumsum(corpus.characters, dtype=np.int64)
        self._total = int(self._ends[-1])
        self._known = frozenset(corpus.alphabet.characters)

    @property
    def fingerprint(self) -> str:
        """16 hex digits of corpus, target and share of numbers (not of the seed)."""
        return fingerprint([self.corpus.fingerprint, self.target.fingerprint, self.numbers])

    def line(self, index: int, attempt: int = 0) -> TextLine:
        """Line ``index``; another one for every ``attempt``.

        Its length is the drawn one except where the corpus has no such stretch; then it is shorter and
        ``edits`` holds ``short``.
        """
        rng = stream(self.seed, index, f"text-{attempt}" if attempt else "text")
        length = self.target.draw(rng)
        number = self._number(rng, length) if self.numbers and rng.random() < self.numbers else ""
        if len(number) == length:
            return TextLine(number, "builtin:numbers", 0, ("number",))
        found = self._stretch(rng, length - len(number) - 1 if number else length)
        if not number:
            return found
        return replace(found, text=_insert(found.text, number, rng), edits=(*found.edits, "number"))

    def _number(self, rng: np.random.Generator, length: int) -> str:
        """A number that fills the line or leaves room for a blank and a word; empty where none fits."""
        phrase = rare_phrase(rng) if rng.random() < RARE else number_phrase(rng)
        fits = len(phrase) == length or len(phrase) <= length - 2
        return phrase if fits and self._known.issuperset(phrase) else ""

    def _stretch(self, rng: np.random.Generator, length: int) -> TextLine:
        """``length`` characters between word borders, or the longest shorter stretch met on the way."""
        best = TextLine("", "", 0)
        for _ in range(PLACES):
            document, text, source, place = self._place(rng)
            if (start := _find(text, place, length)) >= 0:
                edits = () if length == len(text) else ("cut",)
                return TextLine(text[start : start + length], source, document, edits)
            shorter = cut_at_border(text[_word_start(text, min(place, max(len(text) - length, 0))) :], length)
            if len(shorter) > len(best.text):
                best = TextLine(shorter, source, document, ("cut", "short"))
        return best

    def _place(self, rng: np.random.Generator) -> tuple[int, str, str, int]:
        """A character of the corpus, all equally likely: (document, its text and source, position)."""
        character = int(rng.random() * self._total)
        document = int(self._ends.searchsorted(character, side="right"))
        text, source = self.corpus[document]
        return document, text, source, character - int(self._ends[document]) + len(text)


def _find(text: str, place: int, length: int) -> int:
    """Start of the next ``length`` characters between word borders from ``place`` on, or -1."""
    last = len(text) - length
    start = _word_start(text, place)
    for _ in range(WORDS):
        if start > last:
            return -1
        end = start + length
        if end == len(text) or text[end] == " ":
            return start
        start = text.find(" ", start) + 1
        if not start:
            return -1
    return -1


def _word_start(text: str, place: int) -> int:
    """The first word that begins at or after ``place``; 0 where none does."""
    return 0 if place == 0 else text.find(" ", place - 1) + 1


def _insert(text: str, number: str, rng: np.random.Generator) -> str:
    words = text.split(" ")
    words.insert(int(rng.integers(len(words) + 1)), number)
    return " ".join(words)
