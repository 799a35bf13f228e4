"""Keeps benchmark transcriptions out: no run of six words of theirs may occur in the corpus.

Case and punctuation are folded, numbers count as alike. The lines of a page are joined in their order where
pages are known, so that a run may cross a line's end. What has fewer words cannot be guarded and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.files import sha256_bytes
from corpora.building.words import Hashes, Words, grams, hash_words

_SIEVE_BITS = 22


@dataclass(frozen=True)
class Guard:
    """The forbidden runs of words.

    Attributes:
        words: words in a run.
        runs: their hashes, sorted.
        lines: lines of the benchmarks.
        short: those among them that no run protects.
    """

    words: int
    runs: Hashes = field(repr=False)
    lines: int = 0
    short: int = 0

    @property
    def fingerprint(self) -> str:
        """16 hex digits of the runs."""
        return sha256_bytes(bytes([self.words]) + self.runs.tobytes())[:16]

    def hits(self, words: Words) -> NDArray[np.bool_]:
        """Which of some lines hold a forbidden run: (lines,)."""
        found = np.zeros(len(words.ends), bool)
        if len(self.runs):
            hashes, lines = grams(words, self.words)
            likely = np.flatnonzero(self._sieve[hashes >> np.uint64(64 - _SIEVE_BITS)])
            places = np.minimum(np.searchsorted(self.runs, hashes[likely]), len(self.runs) - 1)
            found[lines[likely[self.runs[places] == hashes[likely]]]] = True
        return found

    @property
    def _sieve(self) -> NDArray[np.bool_]:
        """Beginnings of the hashes: sorts out nearly all lines before the search. Made once, kept."""
        if "sieve" not in self.__dict__:
            sieve = np.zeros(1 << _SIEVE_BITS, bool)
            sieve[self.runs >> np.uint64(64 - _SIEVE_BITS)] = True
            self.__dict__["sieve"] = sieve
        return self.__dict__["sieve"]


def make_guard(specs: Sequence[str], words: int = 6) -> Guard:
    """The guard of benchmarks named by SPECs of :mod:`corpora.handwriting.spec` or by text files.

    Raises:
        UsageError: an unknown SPEC.
        DataError: missing or faulty files.
    """
    runs, lines, short = [np.zeros(0, np.uint64)], 0, 0
    for spec in specs:
        for page in _pages(spec):
            hashes, _ = grams(hash_words([" ".join(page)]), words)
            runs.append(hashes)
            lines += len(page)
            short += 0 if len(hashes) else len(page)
    return Guard(words, np.unique(np.concatenate(runs)), lines, short)


def _pages(spec: str) -> Iterator[list[str]]:
    """The lines of each page; a line without a page stands alone."""
    path = Path(spec).expanduser()
    if path.is_file():
        yield from ([line] for line in _text_lines(path))
        return
    from corpora.handwriting.spec import read_lines

    for page, lines in groupby(read_lines(spec), key=lambda line: line.page):
        texts = [line.text for line in lines]
        yield from [texts] if page else ([text] for text in texts)


def _text_lines(path: Path) -> Iterable[str]:
    try:
        return [" ".join(line.split()) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}", "a text file or a SPEC") from None
