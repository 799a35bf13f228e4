"""How natural a text is: bits per character under the bigrams of a corpus.

A line cut out of the corpus costs what its text costs; a phrase put in by rule, or a character put in the
place of another, costs more. The model is for comparing lines of one corpus with each other, not for
compression.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from corpora.corpus import Corpus

CHARACTERS = 2_000_000  # of the corpus that are counted
SMOOTHING = 0.5  # added to every pair


class Bigrams:
    """Probability of a character after another, as in a corpus.

    Args:
        corpus: the text; documents spread evenly over it are counted, about two million characters.
    """

    def __init__(self, corpus: Corpus) -> None:
        characters = corpus.alphabet.characters
        self._numbers = np.full(max(map(ord, (*characters, " "))) + 1, len(characters))
        self._numbers[[ord(character) for character in characters]] = np.arange(len(characters))
        size = len(characters) + 1  # one more for what the alphabet lacks
        step = max(corpus.counts.characters // CHARACTERS, 1)
        text = self._encode(text for text, _ in islice(corpus, 0, None, step))
        counts = (
            np.bincount(text[:-1] * size + text[1:], minlength=size * size).reshape(size, size) + SMOOTHING
        )
        self._bits: NDArray[np.float64] = -np.log2(counts / counts.sum(axis=1, keepdims=True))

    def bits(self, texts: Iterable[str]) -> float:
        """Mean bits per character of some lines, the blanks between them among the characters."""
        text = self._encode(texts)
        return float(self._bits[text[:-1], text[1:]].mean())

    def _encode(self, texts: Iterable[str]) -> NDArray[np.int64]:
        joined = " " + " ".join(texts) + " "
        points = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        return self._numbers[np.minimum(points, len(self._numbers) - 1)]
