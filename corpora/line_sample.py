"""The first lines of a sampler, kept, and what can be counted in them: words, characters, rules, sources.

The page that shows this is :mod:`corpora.report`.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from corpora.lengths import Fit, compare, count_words
from corpora.naturalness import Bigrams
from corpora.sampler import TextSampler
from corpora.text_line import TextLine


@dataclass(frozen=True)
class LineSample:
    """Lines 0 to n - 1 of a sampler.

    Attributes:
        sampler: what drew them.
        lines: the lines.
        seconds: what drawing took.
    """

    sampler: TextSampler
    lines: tuple[TextLine, ...]
    seconds: float

    @cached_property
    def lengths(self) -> list[int]:
        """Characters of each line."""
        return [len(line.text) for line in self.lines]

    @cached_property
    def words(self) -> list[int]:
        """Words of each line."""
        return [count_words(line.text) for line in self.lines]

    @cached_property
    def fit(self) -> Fit:
        """How well lengths and words follow the target."""
        return compare(self.lengths, self.sampler.target, self.words)

    @cached_property
    def characters(self) -> Counter[str]:
        """How often each character was drawn."""
        return Counter("".join(line.text for line in self.lines))

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each word was drawn, as it stands between blanks."""
        return Counter(word for line in self.lines for word in line.text.split(" "))

    @cached_property
    def edits(self) -> Counter[str]:
        """Lines by what was done to them: cuts, rules, rare characters."""
        return Counter(edit for line in self.lines for edit in set(line.edits))

    @cached_property
    def by_source(self) -> list[int]:
        """Lines cut from the documents of each source of the corpus; phrases by themselves are of none."""
        starts = [source.start for source in self.sampler.corpus.sources]
        cut = (line for line in self.lines if not line.source.startswith("rules:"))
        found = Counter(bisect_right(starts, line.document) - 1 for line in cut)
        return [found[number] for number in range(len(starts))]

    @cached_property
    def by_rules(self) -> int:
        """Lines that are phrases by themselves and belong to no source."""
        return len(self.lines) - sum(self.by_source)

    @cached_property
    def bits(self) -> dict[str, float]:
        """Bits per character under the bigrams of the corpus, by rule; ``""`` for lines as they were cut."""
        kinds: dict[str, list[str]] = {}
        for line in self.lines:
            made = [edit for edit in line.edits if edit not in ("cut", "short")]
            kinds.setdefault(made[-1] if made else "", []).append(line.text)
        bigrams = Bigrams(self.sampler.corpus)
        return {kind: bigrams.bits(texts) for kind, texts in kinds.items()}

    @cached_property
    def strangeness(self) -> float:
        """Total variation distance of the drawn characters to those of the corpus, 0 to 1."""
        corpus = self.sampler.corpus.character_counts
        total, drawn = sum(corpus.values()), self.characters.total()
        every = corpus.keys() | self.characters.keys()
        return sum(abs(corpus.get(c, 0) / total - self.characters[c] / drawn) for c in every) / 2


def draw_sample(sampler: TextSampler, count: int, on_line: Callable[[], object] = lambda: None) -> LineSample:
    """Draw the first ``count`` lines of a sampler.

    Args:
        on_line: called after every line, for progress.
    """
    started = time.perf_counter()
    lines = []
    for index in range(count):
        lines.append(sampler.line(index))
        on_line()
    return LineSample(sampler, tuple(lines), time.perf_counter() - started)
