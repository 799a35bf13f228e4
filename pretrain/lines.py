"""What is trained on: lines with pictures, from shards or from real handwriting, behind one small interface.

Sizes and lengths are known without reading a picture, so that batches can be planned for a whole epoch.
Shards are read whole, proven by their hash, and a bounded number of them is kept in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from corpora.handwriting.record import HandwrittenLine
from shards.manifest import read_index, read_manifest
from shards.reader import decode_sample, read_shard
from shards.store import Store


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """One line as the loader gives it to augmentation: uint8 grey picture, label, character boxes where
    they are known."""

    key: str
    image: NDArray[np.uint8]
    text: str
    boxes: NDArray[np.int32] | None


class LineSet(Protocol):
    """A finite, ordered set of lines.

    Attributes:
        sizes: (n, 2) heights and widths of the pictures in pixels.
        lengths: (n,) characters of the labels.
        groups: (n,) shard of every line, or 0: lines of a group are cheap to read together.
    """

    sizes: NDArray[np.int64]
    lengths: NDArray[np.int64]
    groups: NDArray[np.int64]

    def load(self, i: int) -> TrainingLine:
        """Read line ``i``; safe to call from one background thread."""
        ...


class ShardLines:
    """The lines of a finished data set in a store.

    Args:
        store: holds the manifest.
        cached: shards kept in memory.
    """

    def __init__(self, store: Store, cached: int = 16) -> None:
        self.store, self.manifest, self.cached = store, read_manifest(store), cached
        if not self.manifest.samples:
            raise DataError(f"The data set at {store.url} holds no line", "at least one", "render it again")
        self._indices = [read_index(store, entry) for entry in self.manifest.shards]
        self._first = np.cumsum([0, *(len(index) for index in self._indices)])
        self.sizes = np.concatenate([np.stack([i.heights, i.widths], 1) for i in self._indices]).astype(
            np.int64
        )
        self.lengths = np.concatenate([index.lengths for index in self._indices]).astype(np.int64)
        self.groups = np.repeat(np.arange(len(self._indices)), [len(index) for index in self._indices])
        self._shards: OrderedDict[int, bytes] = OrderedDict()

    def load(self, i: int) -> TrainingLine:
        """Read line ``i``.

        Raises:
            DataError: its shard is missing, cut or altered.
        """
        shard = int(self.groups[i])
        entry, index = self.manifest.shards[shard], self._indices[shard]
        sample = decode_sample(
            self._content(shard), index, i - int(self._first[shard]), f"{self.store.url}: {entry.name}"
        )
        return TrainingLine(sample.key, sample.image, sample.text, sample.boxes)

    def _content(self, shard: int) -> bytes:
        if shard not in self._shards:
            self._shards[shard] = read_shard(self.store, self.manifest.shards[shard])
            if len(self._shards) > self.cached:
                self._shards.popitem(last=False)
        self._shards.move_to_end(shard)
        return self._shards[shard]


class RealLines:
    """Real handwriting: pictures are read once to learn their sizes, and kept, for benchmarks fit into
    memory."""

    def __init__(self, lines: Sequence[HandwrittenLine]) -> None:
        if not lines:
            raise DataError(
                "There is no line of handwriting to train on", "at least one", "check the SPEC and its split"
            )
        self.lines = lines
        self._pictures = [line.load() for line in lines]
        self.sizes = np.array([picture.shape for picture in self._pictures], np.int64)
        self.lengths = np.array([len(line.text) for line in lines], np.int64)
        self.groups = np.zeros(len(lines), np.int64)

    def load(self, i: int) -> TrainingLine:
        """Line ``i``; real lines have no boxes."""
        return TrainingLine(self.lines[i].id, self._pictures[i], self.lines[i].text, None)
