"""Which paragraphs may stay and why others may not: alphabet, length, language, benchmarks, in this order."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from corpora.building.language import LanguageCheck
from corpora.building.mill import Mill
from corpora.building.words import BANDS, Hashes, bands, hash_words
from corpora.cleaning import Cleaned, Dropped


@dataclass
class Verdicts:
    """What was decided on some paragraphs.

    Attributes:
        results: each paragraph cleaned, or dropped by the cleaner.
        reasons: why each may not stay; empty where it may.
        details: the facts behind a reason, where the result does not tell them.
        bands: near-duplicate keys of those that may stay, (staying, BANDS); no row where nobody asks.
    """

    results: list[Cleaned | Dropped]
    reasons: list[str]
    details: dict[int, str] = field(default_factory=dict)
    bands: Hashes = field(default_factory=lambda: np.zeros((0, BANDS), np.uint64))

    @property
    def staying(self) -> list[int]:
        """Positions of the paragraphs that may stay."""
        return [k for k, reason in enumerate(self.reasons) if not reason]

    def text(self, position: int) -> str:
        """A cleaned paragraph; empty where the cleaner dropped it."""
        result = self.results[position]
        return result.text if isinstance(result, Cleaned) else ""

    def detail(self, position: int) -> str:
        """The facts behind a reason."""
        result = self.results[position]
        return result.detail if isinstance(result, Dropped) else self.details.get(position, "")

    def reject(self, position: int, reason: str, detail: str = "") -> None:
        """Take back a paragraph."""
        self.reasons[position] = reason
        self.details[position] = detail


class Judge:
    """Decides on paragraphs; the same for the same paragraph in any company.

    Attributes:
        costs: seconds spent by kind of work.
    """

    def __init__(self, mill: Mill) -> None:
        self._options, self._guard = mill.options, mill.guard
        self._clean = mill.cleaner.clean
        self._language = LanguageCheck(mill.options.languages)
        self.costs: defaultdict[str, float] = defaultdict(float)

    def decide(self, texts: list[str]) -> Verdicts:
        """Judge some paragraphs as found."""
        with self.timed("clean"):
            results = [self._clean(text) for text in texts]
            reasons = [result.reason if isinstance(result, Dropped) else "" for result in results]
            verdicts = Verdicts(results, reasons)
            self._judge_lengths(verdicts)
        if self._options.languages:
            with self.timed("language"):
                self._judge_languages(verdicts)
        if self._options.near_repeats or len(self._guard.runs):
            self._look_at_words(verdicts)
        return verdicts

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Add the time of a block to the costs."""
        begin = time.perf_counter()
        yield
        self.costs[kind] += time.perf_counter() - begin

    def _judge_lengths(self, verdicts: Verdicts) -> None:
        shortest, longest = self._options.shortest, self._options.longest
        for k, result in enumerate(verdicts.results):
            if isinstance(result, Cleaned) and not shortest <= (length := len(result.text)) <= longest:
                verdicts.reject(k, "short" if length < shortest else "long", f"{length:,} characters")

    def _judge_languages(self, verdicts: Verdicts) -> None:
        for k in verdicts.staying:
            if other := self._language.other(verdicts.text(k)):
                verdicts.reject(k, "language", other)

    def _look_at_words(self, verdicts: Verdicts) -> None:
        staying = verdicts.staying
        if not staying:
            return
        with self.timed("words"):
            words = hash_words(list(map(verdicts.text, staying)))
        if len(self._guard.runs):
            with self.timed("guard"):
                hits = self._guard.hits(words)
                for place in np.flatnonzero(hits):
                    verdicts.reject(staying[place], "benchmark")
        else:
            hits = np.zeros(len(staying), bool)
        if self._options.near_repeats:
            with self.timed("near"):
                verdicts.bands = bands(words)[~hits]
