"""A data set of real handwriting in figures: what is in every split, how long, how large, which characters.

All texts are looked at; pictures by sample, evenly over the data set, or all of them. A picture that cannot
be read is counted and named, not skipped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

import numpy as np

from common.errors import DataError
from corpora.handwriting.known_lists import KNOWN, list_hash
from corpora.handwriting.leaks import Leak, find_leaks
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split


@dataclass(frozen=True, slots=True)
class Range:
    """Least, median, mean, 95th percentile and most of some numbers."""

    least: float
    median: float
    mean: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True)
class SplitFigures:
    """One split.

    Attributes:
        split: which.
        lines, writers, pages: how many; writers and pages 0 where the data do not tell.
        characters: of all texts together.
        list_hash: SHA-256 of the sorted ids, one a line.
        list_name: the published list that this is, or empty.
        length: characters a line.
        words: words a line.
        unseen: characters that the train split lacks, with their counts.
    """

    split: Split
    lines: int
    writers: int
    pages: int
    characters: int
    list_hash: str
    list_name: str
    length: Range
    words: Range
    unseen: dict[str, int]


@dataclass(frozen=True, slots=True)
class Description:
    """A data set.

    Attributes:
        spec: its name.
        splits: those that have lines.
        alphabet: characters with their counts, by code point.
        pictures: how many were read.
        heights, widths: of these in pixels; None where none could be read.
        damaged: what is wrong with pictures that could not be read.
        leaks: what splits share.
        skipped: lines that could not be used, by reason.
        notes: what the reader decided.
    """

    spec: str
    splits: tuple[SplitFigures, ...]
    alphabet: dict[str, int]
    pictures: int
    heights: Range | None
    widths: Range | None
    damaged: tuple[str, ...]
    leaks: tuple[Leak, ...]
    skipped: dict[str, int]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """All figures as JSON-able values."""
        return asdict(self)


def describe(
    spec: str,
    lines: Sequence[HandwrittenLine],
    policy: Policy,
    pictures: int | None = 500,
    on_picture: Callable[[], None] = lambda: None,
) -> Description:
    """Look at a data set.

    Args:
        spec: its name.
        lines: of all splits, at least one.
        policy: the one they were read with.
        pictures: how many to read for their sizes, all where None.
        on_picture: told after every picture.

    Raises:
        DataError: a picture that has to be compared with one of another split cannot be read.
    """
    alphabet = _characters(lines)
    seen = _characters([line for line in lines if line.split == "train"])
    splits = [
        _figures(split, chosen, seen)
        for split in get_args(Split)
        if (chosen := [line for line in lines if line.split == split])
    ]
    sizes, damaged = _sizes(spread(lines, pictures), on_picture)
    return Description(
        spec=spec,
        splits=tuple(splits),
        alphabet=dict(sorted(alphabet.items())),
        pictures=len(sizes),
        heights=_range([height for height, _ in sizes]) if sizes else None,
        widths=_range([width for _, width in sizes]) if sizes else None,
        damaged=tuple(damaged),
        leaks=tuple(find_leaks(lines)),
        skipped={reason: len(places) for reason, places in policy.skipped.items()},
        notes=tuple(policy.notes),
    )


def spread(lines: Sequence[HandwrittenLine], count: int | None) -> list[HandwrittenLine]:
    """``count`` of the lines, evenly over all of them; all where None."""
    if count is None or count >= len(lines):
        return list(lines)
    return [lines[place * len(lines) // count] for place in range(count)]


def _characters(lines: Sequence[HandwrittenLine]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line.text)
    return counts


def _figures(split: Split, lines: Sequence[HandwrittenLine], seen: Counter[str]) -> SplitFigures:
    key = list_hash(line.id for line in lines)
    known = KNOWN.get(key)
    own = _characters(lines)
    return SplitFigures(
        split=split,
        lines=len(lines),
        writers=len({line.writer for line in lines} - {None}),
        pages=len({line.page for line in lines} - {None}),
        characters=own.total(),
        list_hash=key,
        list_name=f"{' and '.join(known.variants)}: {known.split}" if known else "",
        length=_range([len(line.text) for line in lines]),
        words=_range([len(line.text.split()) for line in lines]),
        unseen={character: own[character] for character in sorted(own.keys() - seen.keys())} if seen else {},
    )


def _sizes(
    lines: Sequence[HandwrittenLine], on_picture: Callable[[], None]
) -> tuple[list[tuple[int, int]], list[str]]:
    sizes: list[tuple[int, int]] = []
    damaged: list[str] = []
    for line in lines:
        try:
            height, width = line.load().shape
            sizes.append((height, width))
        except DataError as error:
            damaged.append(f"{line.id}: {error}")
        on_picture()
    return sizes, damaged


def _range(values: Sequence[int]) -> Range:
    numbers = np.asarray(values, np.float64)
    figures = (numbers.min(), np.median(numbers), numbers.mean(), np.percentile(numbers, 95), numbers.max())
    return Range(*(round(float(figure), 1) for figure in figures))
