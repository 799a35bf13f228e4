"""Reads samples back from a shard, and never fewer than its entry promises.

A whole shard is proven by size and hash before its first sample is given out; a single sample read by range
is proven by its checksum in the index. Order, shuffling and batches are the loader's business.
"""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.files import sha256_bytes
from shards.manifest import ShardEntry, ShardIndex
from shards.pictures import decode
from shards.store import Store

_IMAGES = ("png", "jpg")


@dataclass(frozen=True, slots=True)
class StoredSample:
    """A sample as it lies in a shard.

    Attributes:
        key: unique in the data set.
        image: uint8 grey, (height, width), 255 = paper.
        text: the label.
        boxes: int32, (len(text), 4): left, top, right, bottom (exclusive) of each character.
        provenance: where it comes from: seed, index, text source, hand, effects.
    """

    key: str
    image: NDArray[np.uint8]
    text: str
    boxes: NDArray[np.int32]
    provenance: dict[str, Any] = field(default_factory=dict)


def read_shard(store: Store, entry: ShardEntry, verify: bool = True) -> bytes:
    """The bytes of a shard's tar, proven whole.

    Args:
        verify: also compare the hash, not only the size.

    Raises:
        DataError: missing, cut or altered.
    """
    content = store.get(entry.name)
    if len(content) != entry.bytes or (verify and sha256_bytes(content) != entry.sha256):
        raise _damaged(store, entry, f"is cut or altered ({len(content)} bytes)")
    return content


def read_samples(store: Store, entry: ShardEntry, verify: bool = True) -> Iterator[StoredSample]:
    """All samples of a shard in order.

    Raises:
        DataError: the shard is missing, cut or altered, or does not hold the promised number of whole
            samples. With ``verify`` nothing is given out before that is known.
    """
    content = read_shard(store, entry, verify)
    count = 0
    for key, members in _samples_of(content, f"{store.url}: {entry.name}"):
        yield _decode(key, members, f"{store.url}: {entry.name}")
        count += 1
    if count != entry.samples:
        raise _damaged(store, entry, f"holds {count} samples")


def read_sample(store: Store, entry: ShardEntry, index: ShardIndex, position: int) -> StoredSample:
    """The sample at ``position`` of a shard, by one range read.

    Raises:
        DataError: the range is missing, cut or altered.
    """
    row = index.table[position]
    content = store.read(entry.name, int(row["offset"]), int(row["bytes"]))
    if zlib.crc32(content) != row["crc"]:
        raise _damaged(store, entry, f"is altered in sample {index.keys[position]}")
    return _decode_range(content, f"{store.url}: {entry.name}")


def decode_sample(shard: bytes, index: ShardIndex, position: int, origin: str) -> StoredSample:
    """The sample at ``position`` of a shard that is already in memory, proven whole by :func:`read_shard`."""
    row = index.table[position]
    start = int(row["offset"])
    return _decode_range(shard[start : start + int(row["bytes"])], origin)


def _decode_range(content: bytes, origin: str) -> StoredSample:
    padding = bytes(-len(content) % tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE)
    [(key, members)] = _samples_of(content + padding, origin)
    return _decode(key, members, origin)


def _samples_of(content: bytes, origin: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Neighbouring members with one key, as ``(key, {suffix: content})``."""
    key, members = "", dict[str, bytes]()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
            for member in tar:
                stem, _, suffix = member.name.partition(".")
                if members and stem != key:
                    yield key, members
                    members = {}
                start = member.offset_data
                key, members[suffix] = stem, content[start : start + member.size]
    except tarfile.TarError as error:
        raise DataError(f"{origin} is not a whole tar: {error}", remedy="run inkmill verify") from None
    if members:
        yield key, members


def _decode(key: str, members: dict[str, bytes], origin: str) -> StoredSample:
    image = next((members[suffix] for suffix in _IMAGES if suffix in members), None)
    if image is None or "txt" not in members or "json" not in members:
        raise DataError(
            f"{origin}: the sample {key} has only {', '.join(sorted(members))}",
            "an image (png or jpg), txt and json",
        )
    try:
        text, facts = members["txt"].decode(), json.loads(members["json"])
        boxes = np.array(facts["boxes"], dtype=np.int32).reshape(len(text), 4)
        provenance = json.loads(facts["provenance"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{origin}: the sample {key} is not readable: {error}", remedy="render it again"
        ) from None
    return StoredSample(key, decode(image, f"{origin}: {key}"), text, boxes, provenance)


def _damaged(store: Store, entry: ShardEntry, found: str) -> DataError:
    return DataError(
        f"{store.url}: {entry.name} {found}",
        f"{entry.samples} samples, {entry.bytes} bytes, SHA-256 {entry.sha256[:12]}…",
        "delete it and run the same render command again, or copy it again from where it is whole",
    )
