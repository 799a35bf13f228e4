"""Keys by which duplicates are found, in order of ranges on disk so that a range is read at once.

A row is (key, text, row): the key that alike paragraphs share, the hash of the text itself, the paragraph's
row in its segment. For exact duplicates the key is the text's hash; for near ones it is a band of
:func:`corpora.building.words.bands`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.files import atomic_path
from corpora.building.words import Hashes

Kind = Literal["exact", "near"]
RANGES = 4096  # the finest division of the keys, by their first 12 bits
_SHIFT = np.uint64(64 - 12)


def hash_texts(texts: Sequence[str]) -> Hashes:
    """64 bits of BLAKE2b of each text."""
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), "<u8")


def write_keys(segment: Path, kind: Kind, keys: Hashes, texts: Hashes, rows: Hashes) -> None:
    """Write the keys of a segment range by range, in each by row, and where each range begins."""
    ranges = (keys >> _SHIFT).astype(np.uint16)
    order = np.argsort(ranges, kind="stable")  # 16 bits are sorted by radix
    with atomic_path(_path(segment, kind)) as temporary, temporary.open("wb") as file:
        np.save(file, np.stack([keys[order], texts[order], rows[order]], axis=1))
    starts = np.zeros(RANGES + 1, np.int64)
    starts[1:] = np.cumsum(np.bincount(ranges, minlength=RANGES))
    with atomic_path(_path(segment, f"{kind}-starts")) as temporary, temporary.open("wb") as file:
        np.save(file, starts)


def read_keys(segment: Path, kind: Kind, bucket: int, buckets: int) -> NDArray[np.uint64]:
    """The rows of a segment in one of ``buckets`` equal ranges of keys: (n, 3)."""
    starts = np.load(_path(segment, f"{kind}-starts"), mmap_mode="r")
    width = RANGES // buckets
    rows = np.load(_path(segment, kind), mmap_mode="r")
    return np.array(rows[starts[bucket * width] : starts[(bucket + 1) * width]])


def _path(segment: Path, kind: str) -> Path:
    return segment.with_name(f"{segment.name}-{kind}.npy")
