"""Stage two: which paragraphs are one too many, found by range of keys in bounded memory.

All segments have sorted their keys; a range of keys is read from all of them together, in the order of the
sources. Of equal texts the first ``repeats`` stay; of different texts that share a band the first
``near_repeats``. A paragraph counts as one that came before even where it was taken out itself, so that no
range depends on another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.files import atomic_path
from corpora.building.keys import RANGES, Kind, read_keys
from corpora.building.mill import Mill, Segment
from corpora.building.words import BANDS

BUCKET = 2_000_000  # keys in a range: about 50 MB
DUPLICATE, NEAR = 1, 2


class Bucket(NamedTuple):
    """One of ``total`` equal ranges of keys."""

    kind: Kind
    number: int
    total: int


def plan_buckets(segments: list[Segment], near: bool) -> list[Bucket]:
    """The ranges that stage two goes through: a power of two of them for each kind."""
    rows = sum(segment.rows for segment in segments)
    wanted: list[tuple[Kind, int]] = [("exact", rows), *([("near", rows * BANDS)] if near else [])]  # type: ignore[list-item]
    counts = [(kind, min(1 << (keys // BUCKET).bit_length(), RANGES)) for kind, keys in wanted]
    return [Bucket(kind, number, count) for kind, count in counts for number in range(count)]


def mark_bucket(mill: Mill, bucket: Bucket) -> None:
    """Find the duplicates in one range of keys; nothing is done where an earlier run has."""
    path = mill.marks(bucket.kind, bucket.number)
    if path.is_file():
        return
    rows, owners = _gather(mill, bucket)
    options = mill.options
    if bucket.kind == "exact":
        surplus = _surplus(rows[:, 0], options.repeats)
    else:
        surplus = _surplus_texts(rows[:, 0], rows[:, 1], options.near_repeats)
    found = np.stack([owners[surplus], rows[surplus, 2].astype(np.int64)])
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.save(file, found[:, np.argsort(found[0], kind="stable")])


def read_marks(mill: Mill, buckets: list[Bucket], number: int, rows: int) -> NDArray[np.uint8]:
    """0, DUPLICATE or NEAR for every paragraph of segment ``number``."""
    marks = np.zeros(rows, np.uint8)
    for bucket in reversed(buckets):  # an exact duplicate is called one
        owners, places = np.load(mill.marks(bucket.kind, bucket.number), mmap_mode="r")
        begin, end = np.searchsorted(owners, [number, number + 1])
        marks[places[begin:end]] = DUPLICATE if bucket.kind == "exact" else NEAR
    return marks


def _gather(mill: Mill, bucket: Bucket) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The keys of a range from all segments in order, and the segment of each."""
    rows, owners = [np.zeros((0, 3), np.uint64)], [np.zeros(0, np.int64)]
    for number, segment in enumerate(mill.segments()):
        if segment.rows:
            found = read_keys(mill.cleaned(segment.name), bucket.kind, bucket.number, bucket.total)
            rows.append(found)
            owners.append(np.full(len(found), number))
    return np.concatenate(rows), np.concatenate(owners)


def _surplus(keys: NDArray[np.uint64], allowed: int) -> NDArray[np.int64]:
    """Positions of all but the first ``allowed`` of each key."""
    places = _crowded(keys, allowed)
    return places[_ranks(keys[places]) >= allowed]


def _surplus_texts(keys: NDArray[np.uint64], texts: NDArray[np.uint64], allowed: int) -> NDArray[np.int64]:
    """Positions of all but the first ``allowed`` different texts of each key, with all their copies."""
    places = _crowded(keys, allowed)
    by_text = places[np.lexsort((texts[places], keys[places]))]
    new = np.ones(len(by_text), bool)
    new[1:] = (np.diff(keys[by_text]) != 0) | (np.diff(texts[by_text]) != 0)
    firsts = by_text[new]  # the first copy of each text within its key
    in_order = np.lexsort((firsts, keys[firsts]))
    over = np.zeros(len(firsts), bool)
    over[in_order] = _ranks(keys[firsts[in_order]]) >= allowed
    return by_text[over[np.cumsum(new) - 1]]


def _crowded(keys: NDArray[np.uint64], allowed: int) -> NDArray[np.int64]:
    """Positions of keys that occur more than ``allowed`` times, by key, then as they come."""
    ordered = np.sort(keys)
    later = ordered[allowed:]
    repeated = np.unique(later[later == ordered[: len(later)]])
    places = np.flatnonzero(np.isin(keys, repeated))  # few: the stable order is asked of them only
    return places[np.argsort(keys[places], kind="stable")]


def _ranks(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The running number of each key among its equals, where equal ones are neighbours."""
    places = np.arange(len(keys))
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    return places - np.maximum.accumulate(np.where(new, places, 0))
