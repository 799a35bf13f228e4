"""Keeps benchmark transcriptions out: no run of six words of theirs may occur in the corpus.

Case and punctuation are folded, numbers count as they are written. A benchmark is guarded as it is found and
as the corpus's own cleaner would write it, so that no policy hides its lines. The lines of a page are joined
in their order where pages are known, so that a run may cross a line's end. What has fewer words cannot be
guarded and is counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.files import fingerprint
from corpora.building.words import Hashes, grams, hash_words
from corpora.cleaning import Cleaned, Cleaner

_SIEVE_BITS = 22


@dataclass(frozen=True)
class Guard:
    """The forbidden runs of words.

    Attributes:
        words: words in a run.
        runs: their hashes, sorted.
        lines: lines of the benchmarks.
        short: those among them that no run protects.
        content: a fingerprint of the lines of each benchmark, by its SPEC.
    """

    words: int
    runs: Hashes = field(repr=False)
    lines: int = 0
    short: int = 0
    content: dict[str, str] = field(default_factory=dict)

    def hits(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which of some lines hold a forbidden run: (lines,)."""
        found = np.zeros(len(texts), bool)
        if len(self.runs):
            hashes, lines = grams(hash_words(texts, fold_numbers=False), self.words)
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


def make_guard(specs: Sequence[str], cleaner: Cleaner, words: int = 6) -> Guard:
    """The guard of benchmarks named by SPECs of :mod:`corpora.handwriting.spec` or by text files.

    Args:
        specs: the benchmarks.
        cleaner: the one of the corpus.
        words: words in a row that are forbidden.

    Raises:
        UsageError: an unknown SPEC.
        DataError: missing or faulty files.
    """
    runs, lines, short, content = [np.zeros(0, np.uint64)], 0, 0, {}
    for spec in specs:
        pages = list(_pages(spec))
        content[spec] = fingerprint(pages)
        for page in pages:
            as_found = unicodedata.normalize(cleaner.alphabet.form, " ".join(page))
            as_cleaned = " ".join(_cleaned(line, cleaner) for line in page)
            hashes, _ = grams(hash_words([as_found, as_cleaned], fold_numbers=False), words)
            runs.append(hashes)
            lines += len(page)
            short += 0 if len(hashes) else len(page)
    return Guard(words, np.unique(np.concatenate(runs)), lines, short, content)


def _cleaned(line: str, cleaner: Cleaner) -> str:
    result = cleaner.clean(line)
    return result.text if isinstance(result, Cleaned) else line


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
