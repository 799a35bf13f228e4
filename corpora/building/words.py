"""Hashes of the words of many lines at once, without a loop over words: what duplicates and the guard share.

A word is a run of letters and digits; case is folded. For near duplicates every number counts as one and the
same word, so that "Page 3 of 12" and "page 4 of 12" fall together; for the guard it counts as it is written.
Punctuation divides words. Scripts written without blanks come out as long words. All arithmetic is modulo
2**64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

BANDS, ROWS = 4, 4  # of lines alike by 0.8 (Jaccard, pairs of words) 88 % share a band, by 0.3 it is 3 %
_NEW_LINE = ord("\n")
_STEP = np.uint64(0x9E3779B97F4A7C15)
UNIQUE = np.uint64(0)  # the bands of a line of numbers and signs: it has nothing to be alike by


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


def hash_words(texts: Sequence[str], fold_numbers: bool = True) -> Words:
    """The words of lines that hold no line break; a quarter of a million characters at a time are best.

    Args:
        texts: the lines.
        fold_numbers: whether all numbers are one word; else each is its digits in their places.
    """
    joined = "\n".join(texts)
    folded = joined.encode().lower() if joined.isascii() else joined.lower().encode("utf-8", "surrogatepass")
    raw = np.frombuffer(folded, np.uint8)
    if not len(raw):
        return Words(np.zeros(0, np.uint64), np.zeros(len(texts), np.int64))
    more = _rest_of_numbers(raw)
    letters = _LETTERS.take(raw)
    if not joined.isascii():
        _blank_signs(raw, letters)
    values = (_FOLDED if fold_numbers else _VALUES).take(raw)
    values *= letters & ~more if fold_numbers else letters
    solid = np.zeros(len(raw) + 2, bool)
    np.logical_or(letters, more, out=solid[1:-1])
    edges = np.flatnonzero(solid[1:] != solid[:-1])
    starts, ends = edges[::2], edges[1::2]
    powers, inverses = _powers(1 << len(raw).bit_length())
    sums = np.zeros(len(raw) + 1, np.uint64)
    values *= powers[: len(raw)]
    np.cumsum(values, out=sums[1:])
    hashes = _mix((sums[ends] - sums[starts]) * inverses[starts])
    breaks = np.append(np.flatnonzero(raw == _NEW_LINE), len(raw))
    return Words(hashes, np.searchsorted(starts, breaks))


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
    """MinHash of each line's pairs of words (Broder 1997), ``ROWS`` minima to a band: (lines, BANDS).

    All bands of a line without a word of letters are :data:`UNIQUE`.
    """
    shingles, lines = grams(words, 2)
    lonely = np.flatnonzero(words.counts < 2)  # one word stands for itself
    single = np.full(len(lonely), UNIQUE)
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
    letters = np.append(0, np.cumsum(words.hashes != _NUMBER))[words.ends]
    result[np.diff(letters, prepend=0) == 0] = UNIQUE
    return result


def _rest_of_numbers(raw: Bytes) -> Flags:
    """Digits after the first of a number, and the points, commas and colons between them."""
    digit = (raw >= ord("0")) & (raw <= ord("9"))
    joins = (raw == ord(".")) | (raw == ord(",")) | (raw == ord(":")) | (raw == ord("/"))
    rest = np.zeros(len(raw), bool)
    rest[1:-1] = joins[1:-1] & digit[:-2] & digit[2:]
    rest[1:] |= digit[1:] & (digit[:-1] | rest[:-1])
    return rest


def _blank_signs(raw: Bytes, letters: Flags) -> None:
    """Clear the UTF-8 bytes of U+0080 to U+00BF and U+2000 to U+2FFF: quotation marks, dashes, symbols."""
    for lead, length in ((0xC2, 2), (0xE2, 3)):
        found = np.flatnonzero(raw == lead)
        for k in range(length):
            letters[found + k] = False


@lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The first powers of an odd number, and their inverses."""
    return tuple(  # type: ignore[return-value]
        np.cumprod(np.append(np.uint64(1), np.full(size - 1, base, np.uint64)))
        for base in (_BASE, pow(_BASE, -1, 1 << 64))
    )


def _mix(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every bit of the result depends on every bit of the value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _letter_table() -> Flags:
    table = np.zeros(256, bool)
    table[0x80:] = True
    table[list(b"0123456789abcdefghijklmnopqrstuvwxyz")] = True
    return table


_ODD = np.uint64(0xD6E8FEB86659FD93)
_BASE = 0x9FB21C651E98DF25
_LETTERS = _letter_table()
_SEEDS = np.arange(1, 1025, dtype=np.uint64) * _STEP
_VALUES = _mix(_SEEDS[:256])
_FOLDED = _VALUES.copy()
_FOLDED[list(b"0123456789")] = _VALUES[ord("0")]
_NUMBER = _mix(_VALUES[[ord("0")]])
_FACTORS = _mix(_SEEDS[512 : 512 + BANDS * ROWS]) | np.uint64(1)
_TERMS = _mix(_SEEDS[768 : 768 + BANDS * ROWS])
