"""Packs samples into one WebDataset tar: the same bytes for the same samples, anywhere.

Members of a sample stand together: ``KEY.png`` (or ``.jpg``), ``KEY.txt``, ``KEY.json`` with character boxes
and provenance. Nothing is written to disk here; the caller puts the whole bytes into a store.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from common.errors import DataError
from common.files import sha256_bytes
from shards.manifest import ShardEntry, ShardIndex
from shards.pictures import ImageFormat, encode
from synth.sample import LineSample

_KEY = re.compile(
    r"[A-Za-z0-9_-]{1,95}"
)  # with its longest suffix a key must fit the 100 bytes of a ustar header


@dataclass(frozen=True, slots=True)
class PackedShard:
    """A whole shard in memory: the tar, its entry for the manifest, its index."""

    tar: bytes
    entry: ShardEntry
    index: bytes


def sample_key(index: int) -> str:
    """The key of sample ``index``: nine digits, so that names sort as numbers do."""
    return f"{index:09d}"


def pack(
    name: str, samples: Iterable[tuple[str, LineSample]], image_format: ImageFormat = "png"
) -> PackedShard:
    """Pack keyed samples into the shard ``name`` (without suffix); the entry's drops are left empty.

    Raises:
        DataError: no sample at all, or a key that WebDataset readers would split, cut or merge.
    """
    buffer = io.BytesIO()
    keys: dict[str, None] = {}
    rows: list[tuple[int, ...]] = []
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for key, sample in samples:
            _check_key(key, keys)
            keys[key] = None
            rows.append(_add_sample(tar, buffer, key, sample, image_format))
    if not rows:
        raise DataError(f"The shard {name} would hold no sample", "at least one")
    content = buffer.getvalue()
    index = ShardIndex.from_rows(list(keys), rows).to_bytes()
    entry = ShardEntry(
        name=f"{name}.tar",
        samples=len(rows),
        bytes=len(content),
        sha256=sha256_bytes(content),
        index=f"{name}.npy",
        index_bytes=len(index),
        index_sha256=sha256_bytes(index),
    )
    return PackedShard(content, entry, index)


def _add_sample(
    tar: tarfile.TarFile, buffer: io.BytesIO, key: str, sample: LineSample, image_format: ImageFormat
) -> tuple[int, ...]:
    start = tar.offset
    image = _add_member(tar, f"{key}.{image_format}", encode(sample.image, image_format))
    text = _add_member(tar, f"{key}.txt", sample.text.encode())
    # Provenance differs in shape from sample to sample; as a string it has one type for readers with columns.
    facts = {"boxes": sample.boxes.tolist(), "provenance": _compact(sample.provenance)}
    offset, size = _add_member(tar, f"{key}.json", _compact(facts).encode())
    end = offset + size
    height, width = sample.image.shape
    crc = zlib.crc32(buffer.getbuffer()[start:end])
    return start, end - start, crc, *image, *text, width, height, len(sample.text)


def _add_member(tar: tarfile.TarFile, name: str, content: bytes) -> tuple[int, int]:
    """Append a member; offset and size of its content."""
    member = tarfile.TarInfo(name)  # owner 0, time 0: nothing of the machine goes in
    member.size = len(content)
    offset = tar.offset + tarfile.BLOCKSIZE
    tar.addfile(member, io.BytesIO(content))
    return offset, len(content)


def _compact(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _check_key(key: str, taken: Mapping[str, None]) -> None:
    if not _KEY.fullmatch(key):
        raise DataError(
            f"The sample key {key!r} cannot be stored", "1 to 95 ASCII letters, digits, '-' or '_' (no dot)"
        )
    if key in taken:
        raise DataError(f"The sample key {key!r} occurs twice in one shard", "keys that are unique")
