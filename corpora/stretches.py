"""Where a line may be cut out of a text: stretches of exactly so many characters between borders.

A border is a blank or an end of the text; the broken ends of hyphenated lines are the exception, with breaks
that the caller knows. Pure functions on one text; drawing places and texts is the work of
:mod:`corpora.sampler`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

WORDS = 64  # word borders looked at from one place
FAR = 1 << 30  # more words than any line has

Breaks = Callable[[str], Sequence[int]]


def find_stretch(text: str, place: int, length: int, words: int = 0) -> tuple[int, int]:
    """The next stretch of ``length`` characters and whole words from ``place`` on, or from the beginning
    where no word begins there.

    Args:
        words: how many words it should have; 0 where any number will do.

    Returns:
        Its start, and by how many words it misses ``words``; without a stretch of as many words the nearest
        one is taken. Start -1 where there is none.
    """
    nearest, missed = -1, FAR
    for start in _starts(text, word_start(text, place), length):
        off = abs(text.count(" ", start, start + length) + 1 - words) if words else 0
        if not off:
            return start, 0
        if off < missed:
            nearest, missed = start, off
    return nearest, missed


def stretches_round(text: str, offset: int, length: int) -> list[int]:
    """The starts of all stretches of ``length`` characters and whole words that hold the character at
    ``offset``."""
    found = []
    first = max(offset - length + 1, 0)
    start = word_start(text, first)
    while first <= start <= min(offset, len(text) - length):
        if start + length == len(text) or text[start + length] == " ":
            found.append(start)
        after = text.find(" ", start) + 1
        if not after:
            break
        start = after
    return found


def stretch_with_broken_end(text: str, place: int, length: int, breaks: Breaks) -> str:
    """The next ``length`` characters from ``place`` on that begin with a word and end at a break within one;
    empty where there are none."""
    start = word_start(text, place)
    for _ in range(WORDS):
        stop = start + length
        if stop >= len(text):
            return ""
        first, last = _letters(text, stop)
        if first < stop < last and stop - first in breaks(text[first:last]):
            return text[start:stop]
        start = text.find(" ", start) + 1
        if not start:
            return ""
    return ""


def stretch_with_broken_begin(text: str, place: int, length: int, breaks: Breaks) -> str:
    """The next ``length`` characters from ``place`` on that begin at a break within a word and end with one;
    empty where there are none."""
    start = word_start(text, place)
    for _ in range(WORDS):
        if start + length > len(text):
            return ""
        first, last = _letters(text, start)
        for position in breaks(text[first:last]) if first == start else ():
            stop = start + position + length
            if stop <= len(text) and (stop == len(text) or text[stop] == " ") and start + position < last:
                return text[stop - length : stop]
        start = text.find(" ", start) + 1
        if not start:
            return ""
    return ""


def word_start(text: str, place: int) -> int:
    """The first word that begins at or after ``place``; 0 where none does."""
    return 0 if place == 0 else text.find(" ", place - 1) + 1


def _starts(text: str, first: int, length: int) -> Iterator[int]:
    """Where ``length`` characters of whole words begin, from the word at ``first`` on."""
    if first == 0 and text[length : length + 1] in ("", " ") and length <= len(text):
        yield 0
    for found in _between_borders(length).finditer(text, max(first - 1, 0)):
        yield found.end()


@lru_cache(maxsize=1024)
def _between_borders(length: int) -> re.Pattern[str]:
    """A blank with ``length`` characters after it up to a blank or the end; far quicker than a loop."""
    return re.compile(rf" (?=.{{{length}}}(?: |\Z))", re.DOTALL)


def _letters(text: str, place: int) -> tuple[int, int]:
    """The run of letters that holds ``place``: its start and end; empty where no letter stands there."""
    first = last = place
    while first and text[first - 1].isalpha():
        first -= 1
    while last < len(text) and text[last].isalpha():
        last += 1
    return first, last
