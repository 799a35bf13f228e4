"""A rendered data set as lines to be read: evaluation treats synthetic and real handwriting alike.

``shards:URL`` names one where a SPEC of real handwriting is expected; every sample belongs to the split that
is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.spec import read_lines
from shards.manifest import ShardEntry, ShardIndex, read_index, read_manifest
from shards.reader import read_sample, read_samples
from shards.store import Store, open_store

PREFIX = "shards:"


def lines_of(spec: str, split: Split) -> list[HandwrittenLine]:
    """The lines of a SPEC of real handwriting, or of ``shards:URL``.

    Raises:
        UsageError, DataError: as the readers say.
    """
    if not spec.startswith(PREFIX):
        return read_lines(spec, split)
    return list(_rendered(open_store(spec.removeprefix(PREFIX)), split))


def _rendered(store: Store, split: Split) -> Iterator[HandwrittenLine]:
    for entry in read_manifest(store).shards:
        index = read_index(store, entry)
        for position, sample in enumerate(read_samples(store, entry)):
            load = partial(_picture, store, entry, index, position)
            writer = sample.provenance.get("font")
            yield HandwrittenLine(sample.key, sample.text, split, load, writer, origin=sample.provenance)


def _picture(store: Store, entry: ShardEntry, index: ShardIndex, position: int) -> NDArray[np.uint8]:
    return read_sample(store, entry, index, position).image
