"""Hashes of the words of many lines at once, without a loop over words: what duplicates and the guard share.

A word is a run of letters and digits; case is folded, every number counts as one and the same word, so that
"Page 3 of 12" and "page 4 of 12" fall together. Punctuation divides words. Scripts written without blanks
come out as long words. All arithmetic is modulo 2**64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BANDS, ROWS = 4, 4  # of lines alike by 0.8 (Jaccard, pairs of words) 88 % share a band, by 0.3 it is 3 %
_LONGEST = 64  # characters of a word after which their weights begin anew
_NOTHING = np.uint64(0x9E3779B97F4A7C15)  # the hash of a line without a word


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some lines in a row.

    Attributes:
        hashes: (words,).
        ends: (lines,) number of words up to and with each line.
    """

    hashes: Hashes
    ends: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Words of each line."""
        return np.diff(self.ends, prepend=0)


def hash_words(texts: Sequence[str]) -> Words:
    """The words of lines that hold no line break."""
    folded = "\n".join(texts).lower()
    raw = np.frombuffer(folded.encode(), np.uint8)
    letters = _FOLD[raw]
    if len(raw) != len(folded):
        _blank_signs(raw, letters)
    digit = letters == _DIGIT
    inside = np.zeros(len(raw), bool)  # the second and later digits of a number, points and commas between
    inside[1:] = (digit[1:] | _JOINS[raw[1:]]) & digit[:-1]
    inside[1:-1] &= digit[1:-1] | digit[2:]
    inside[2:] |= digit[2:] & inside[1:-1]
    kept = ~inside
    letters, breaks = letters[kept], np.flatnonzero(raw[kept] == _NEW_LINE)
    solid = letters != 0
    begins = solid.copy()
    begins[1:] &= ~solid[:-1]
    starts = np.flatnonzero(begins)
    ends = np.append(np.searchsorted(starts, breaks), len(starts)).astype(np.int64)
    if not len(starts):
        return Words(np.zeros(0, np.uint64), ends[: len(texts)])
    places = np.flatnonzero(solid)
    within = (places - starts[np.cumsum(begins)[places] - 1]) % _LONGEST
    weights = _BYTES[letters[places]] * _POWERS[within]
    return Words(_mix(np.add.reduceat(weights, np.searchsorted(places, starts))), ends[: len(texts)])


def grams(words: Words, n: int) -> tuple[Hashes, NDArray[np.int64]]:
    """Hashes of all runs of ``n`` words inside a line, and the line of each."""
    size = len(words.hashes) - n + 1
    if size <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    lines = np.repeat(np.arange(len(words.ends)), words.counts)
    hashes = words.hashes[:size].copy()
    for k in range(1, n):
        hashes = hashes * _ODD + words.hashes[k : k + size]
    whole = lines[:size] == lines[n - 1 :]
    return _mix(hashes[whole]), lines[:size][whole]


def bands(words: Words) -> Hashes:
    """MinHash of each line's pairs of words (Broder 1997), ``ROWS`` minima to a band: (lines, BANDS)."""
    shingles, lines = grams(words, 2)
    lonely = np.flatnonzero(words.counts < 2)  # one word stands for itself; no word at all is a word, too
    single = np.full(len(lonely), _NOTHING)
    one = words.counts[lonely] == 1
    single[one] = words.hashes[words.ends[lonely][one] - 1]
    order = np.argsort(np.append(lines, lonely), kind="stable")
    shingles = np.append(shingles, single)[order]
    starts = np.searchsorted(np.append(lines, lonely)[order], np.arange(len(words.ends)))
    result = np.empty((len(words.ends), BANDS), np.uint64)
    for band in range(BANDS):
        folded = np.full(len(words.ends), np.uint64(band))
        for row in range(ROWS):
            k = band * ROWS + row
            folded = folded * _ODD + np.minimum.reduceat(shingles * _FACTORS[k] + _TERMS[k], starts)
        result[:, band] = _mix(folded)
    return result


def _blank_signs(raw: NDArray[np.uint8], letters: NDArray[np.uint8]) -> None:
    """Clear the UTF-8 bytes of U+0080 to U+00BF and U+2000 to U+2FFF: quotation marks, dashes, symbols."""
    for lead, length in ((0xC2, 2), (0xE2, 3)):
        found = np.flatnonzero(raw == lead)
        for k in range(length):
            letters[found + k] = 0


def _mix(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every bit of the result depends on every bit of the value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _fold_table() -> NDArray[np.uint8]:
    table = np.zeros(256, np.uint8)
    table[0x80:] = np.arange(0x80, 0x100)
    table[ord("a") : ord("z") + 1] = np.arange(ord("a"), ord("z") + 1)
    table[ord("0") : ord("9") + 1] = _DIGIT
    return table


def _join_table() -> NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[list(b".,:/")] = True
    return table


_NEW_LINE, _DIGIT = ord("\n"), ord("0")
_ODD = np.uint64(0xD6E8FEB86659FD93)
_FOLD, _JOINS = _fold_table(), _join_table()
_SEEDS = np.arange(1, 1025, dtype=np.uint64) * _NOTHING
_BYTES = _mix(_SEEDS[:256])
_POWERS = _mix(_SEEDS[256 : 256 + _LONGEST]) | np.uint64(1)
_FACTORS = _mix(_SEEDS[512 : 512 + BANDS * ROWS]) | np.uint64(1)
_TERMS = _mix(_SEEDS[768 : 768 + BANDS * ROWS])
