"""Which paragraphs may stay and why others may not: alphabet, length, language, benchmarks, in this order."""

from __future__ import annotations

import time
import unicodedata
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
        texts: each paragraph cleaned; as it was found where the cleaner dropped it.
        reasons: why each may not stay; empty where it may.
        changed: what the cleaner did to those it changed or dropped, by position.
        details: the facts behind a reason, where the cleaner does not tell them.
        bands: near-duplicate keys of those that may stay, (staying, BANDS); no row where nobody asks.
    """

    texts: list[str]
    reasons: list[str]
    changed: dict[int, Cleaned | Dropped] = field(default_factory=dict)
    details: dict[int, str] = field(default_factory=dict)
    bands: Hashes = field(default_factory=lambda: np.zeros((0, BANDS), np.uint64))

    @property
    def staying(self) -> list[int]:
        """Positions of the paragraphs that may stay."""
        return [k for k, reason in enumerate(self.reasons) if not reason]

    def detail(self, position: int) -> str:
        """The facts behind a reason."""
        result = self.changed.get(position)
        return result.detail if isinstance(result, Dropped) else self.details.get(position, "")

    def reject(self, position: int, reason: str, detail: str = "") -> None:
        """Take back a paragraph."""
        self.reasons[position] = reason
        self.details[position] = detail


class Judge:
    """Decides on paragraphs; the same for the same paragraph in any company.

    Attributes:
        costs: seconds of work by kind.
    """

    def __init__(self, mill: Mill) -> None:
        self._options, self._guard = mill.options, mill.guard
        self._cleaner = mill.cleaner
        self._language = LanguageCheck(mill.options.languages)
        self.costs: defaultdict[str, float] = defaultdict(float)

    def decide(self, texts: list[str]) -> Verdicts:
        """Judge some paragraphs as found."""
        with self.timed("clean"):
            verdicts = self._clean(texts)
            self._judge_lengths(verdicts)
        if self._options.languages:
            with self.timed("language"):
                self._judge_languages(verdicts)
        if len(self._guard.runs):
            with self.timed("guard"):
                self._judge_benchmarks(verdicts, texts)
        if self._options.near_repeats and (staying := verdicts.staying):
            with self.timed("near"):
                verdicts.bands = bands(hash_words([verdicts.texts[k] for k in staying]))
        return verdicts

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Add the processor time of a block to the costs."""
        begin = time.process_time()
        yield
        self.costs[kind] += time.process_time() - begin

    def _clean(self, texts: list[str]) -> Verdicts:
        verdicts = Verdicts(texts.copy(), [""] * len(texts))
        is_clean = self._cleaner.is_clean
        for k in [k for k, text in enumerate(texts) if not is_clean(text)]:
            result = verdicts.changed[k] = self._cleaner.clean(texts[k])
            if isinstance(result, Cleaned):
                verdicts.texts[k] = result.text
            else:
                verdicts.reasons[k] = result.reason
        return verdicts

    def _judge_lengths(self, verdicts: Verdicts) -> None:
        shortest, longest = self._options.shortest, self._options.longest
        lengths = np.fromiter(map(len, verdicts.texts), np.int64, len(verdicts.texts))
        for k in np.flatnonzero((lengths < shortest) | (lengths > longest)).tolist():
            if not verdicts.reasons[k]:
                reason = "short" if lengths[k] < shortest else "long"
                verdicts.reject(k, reason, f"{lengths[k]:,} characters")

    def _judge_languages(self, verdicts: Verdicts) -> None:
        for k in verdicts.staying:
            if other := self._language.other(verdicts.texts[k]):
                verdicts.reject(k, "language", other)

    def _judge_benchmarks(self, verdicts: Verdicts, texts: list[str]) -> None:
        """What the cleaner changed is looked at as it was found, too: it may have removed letters."""
        staying = verdicts.staying
        changed = [k for k in staying if k in verdicts.changed]
        found = [unicodedata.normalize(self._cleaner.alphabet.form, texts[k]) for k in changed]
        hits = self._guard.hits([verdicts.texts[k] for k in staying] + found)
        for place in np.flatnonzero(hits):
            verdicts.reject((staying + changed)[place], "benchmark")
