"""Random places in a corpus: every character equally likely, or every source by its weight.

Which stretch is cut from a place on is decided in :mod:`corpora.stretches`.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import numpy as np

from common.seeds import Draws
from corpora.corpus import Corpus, CorpusSource

UNWEIGHTED = 1.0  # weight of a source that has none, beside others that have one


class Places:
    """Draws places.

    Args:
        corpus: the text. Without weights all its characters are equally likely, whatever their source.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._ends = np.cumsum(corpus.characters, dtype=np.int64)  # of the documents, in characters
        weighted = any(source.weight is not None for source in corpus.sources)
        sources = [source for source in corpus.sources if source.stop > source.start]
        spans = sources if weighted else [CorpusSource("", None, 0, len(corpus))]
        weights = [UNWEIGHTED if span.weight is None else span.weight for span in spans]
        self._begins = [int(self._ends[span.start - 1]) if span.start else 0 for span in spans]
        ends = (int(self._ends[span.stop - 1]) for span in spans)
        self._sizes = [end - begin for begin, end in zip(self._begins, ends, strict=True)]
        self._bounds = list(accumulate(weight / sum(weights) for weight in weights))[:-1]

    def draw(self, rng: Draws, length: int) -> tuple[int, str, str, int]:
        """(document, its text and source, a place in it from which ``length`` characters may follow)."""
        span = bisect_right(self._bounds, rng.random()) if self._bounds else 0
        character = self._begins[span] + rng.integers(self._sizes[span])
        document = int(self._ends.searchsorted(character, side="right"))
        text, source = self._corpus[document]
        place = character - int(self._ends[document]) + len(text)
        return document, text, source, place * max(len(text) - length + 1, 1) // len(text)
