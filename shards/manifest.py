"""What a data set consists of: the manifest, one entry a shard, and the index of a shard's samples.

The manifest is light JSON whatever the number of lines; what is known of single samples lies in one small
NumPy table beside each shard. Nothing here reads or writes a tar.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from common.errors import DataError
from common.files import fingerprint, sha256_bytes
from shards.store import Store

SCHEMA = 1
MANIFEST = "manifest.json"
PLAN = "plan.json"
RECIPE = "recipe.yaml"

_COLUMNS = [
    ("offset", "<i8"),  # first byte of the sample's first tar header
    ("bytes", "<i4"),  # up to the end of its last member, without padding
    ("crc", "<u4"),  # CRC-32 of those bytes, so that a range read is proven too
    ("image_offset", "<i8"),
    ("image_bytes", "<i4"),
    ("text_offset", "<i8"),
    ("text_bytes", "<i4"),
    ("width", "<i4"),
    ("height", "<i4"),
    ("length", "<i4"),  # characters
]


class Record(BaseModel):
    """Base of the frozen records that are kept as JSON in a store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_bytes(self) -> bytes:
        """The record as stable, readable JSON."""
        return (json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes, origin: str) -> Self:
        """Read back what :meth:`to_bytes` wrote.

        Raises:
            DataError: cut, foreign, or written under another schema; ``origin`` names it.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise DataError(
                f"{origin} is cut, altered or foreign ({where}: {first['msg'].lower()})",
                f"a {cls.__name__} of schema {SCHEMA}",
                "render it again, or copy it again from where it is whole",
            ) from None


class ShardEntry(Record):
    """One finished shard.

    Attributes:
        name: the tar's name in the store.
        samples: number of samples inside.
        bytes: size of the tar.
        sha256: hash of the tar, hex.
        index: name of the index beside it; ``index_bytes`` and ``index_sha256`` are its size and hash.
        drops: attempts that were thrown away, counted by reason.
        missing: lines for which every attempt was thrown away; ``samples + missing`` lines were asked for.
    """

    name: str
    samples: int
    bytes: int
    sha256: str
    index: str
    index_bytes: int
    index_sha256: str
    drops: dict[str, int] = {}
    missing: int = 0


class FontUse(Record):
    """A font that wrote samples of the data set."""

    id: str
    family: str
    style: str
    licence: str
    sha256: str
    samples: int


class Manifest(Record):
    """A whole data set: where it comes from and what it consists of.

    Attributes:
        generator: version of the program.
        plan: fingerprint of the render plan; ``settings`` are its resolved settings (recipe, seed, ...).
        catalogue: fingerprint of the font catalogue; ``fonts`` are those that wrote, with licence.
        corpus: fingerprint of the corpus; ``sources`` are the texts it was built from.
        alphabet: the characters that may occur, sorted.
        shards: all shards, in order.
    """

    schema_version: int = SCHEMA
    generator: str
    plan: str
    settings: dict[str, Any]
    seed: int
    recipe: str
    catalogue: str
    fonts: tuple[FontUse, ...]
    corpus: str
    sources: tuple[str, ...]
    alphabet: str
    shards: tuple[ShardEntry, ...]

    @property
    def samples(self) -> int:
        """Samples in all shards."""
        return sum(shard.samples for shard in self.shards)

    @property
    def bytes(self) -> int:
        """Bytes of all tars."""
        return sum(shard.bytes for shard in self.shards)

    @property
    def missing(self) -> int:
        """Lines that were asked for and could not be made."""
        return sum(shard.missing for shard in self.shards)

    @property
    def drops(self) -> dict[str, int]:
        """Attempts that were thrown away, by reason, most frequent first."""
        return add_counts(shard.drops for shard in self.shards)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that identify the content: the plan and every shard's hash."""
        return fingerprint([self.plan, [shard.sha256 for shard in self.shards]])


def record_name(entry: ShardEntry) -> str:
    """Name of a shard's record: the proof, beside tar and index, that the shard is finished."""
    return entry.name.removesuffix(".tar") + ".json"


@dataclass(frozen=True)
class ShardIndex:
    """Where each sample of a shard lies and how large it is.

    Attributes:
        table: structured array, one row a sample in tar order; see ``_COLUMNS`` for its fields, plus ``key``.
    """

    table: NDArray[Any]

    def __len__(self) -> int:
        return len(self.table)

    @property
    def keys(self) -> list[str]:
        """Sample keys in tar order."""
        return [key.decode("ascii") for key in self.table["key"].tolist()]

    @property
    def widths(self) -> NDArray[np.int32]:
        """Picture widths in pixels."""
        return self.table["width"]

    @property
    def heights(self) -> NDArray[np.int32]:
        """Picture heights in pixels."""
        return self.table["height"]

    @property
    def lengths(self) -> NDArray[np.int32]:
        """Text lengths in characters."""
        return self.table["length"]

    def to_bytes(self) -> bytes:
        """The table as ``.npy``: the same bytes for the same rows."""
        buffer = io.BytesIO()
        np.save(buffer, self.table, allow_pickle=False)
        return buffer.getvalue()

    @classmethod
    def from_rows(cls, keys: list[str], rows: list[tuple[int, ...]]) -> ShardIndex:
        """Build from keys and the values of the other columns in order."""
        width = max(map(len, keys), default=1)
        dtype = np.dtype([("key", f"S{width}"), *_COLUMNS])
        return cls(
            np.array([(key.encode("ascii"), *row) for key, row in zip(keys, rows, strict=True)], dtype=dtype)
        )


def read_manifest(store: Store) -> Manifest:
    """The manifest of the data set in a store.

    Raises:
        DataError: there is none (the render run is not finished), or it is cut, foreign or of another schema.
    """
    if not store.exists(MANIFEST):
        raise DataError(
            f"{store.url} holds no finished data set: there is no {MANIFEST}",
            "the place that inkmill render wrote to",
            "check the address, or run the same render command again to finish it",
        )
    content = store.get(MANIFEST)
    _check_schema(content, f"{store.url}: {MANIFEST}")
    return Manifest.from_bytes(content, f"{store.url}: {MANIFEST}")


def read_index(store: Store, entry: ShardEntry) -> ShardIndex:
    """The index of one shard, proven by its hash.

    Raises:
        DataError: missing, cut or altered.
    """
    content = store.get(entry.index)
    if sha256_bytes(content) != entry.index_sha256:
        raise DataError(
            f"{store.url}: {entry.index} is cut or altered ({len(content)} bytes)",
            f"{entry.index_bytes} bytes with SHA-256 {entry.index_sha256[:12]}…",
            f"delete {entry.index} and run the same render command again",
        )
    return ShardIndex(np.load(io.BytesIO(content), allow_pickle=False))


def add_counts(parts: Any) -> dict[str, int]:
    """Sum mappings of counts, most frequent first, then by name."""
    total: dict[str, int] = {}
    for part in parts:
        for reason, count in part.items():
            total[reason] = total.get(reason, 0) + count
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def _check_schema(content: bytes, origin: str) -> None:
    try:
        found = json.loads(content).get("schema_version")
    except (ValueError, AttributeError):
        return  # not JSON at all: the full reading says so
    if found != SCHEMA:
        raise DataError(
            f"{origin} has schema {found}",
            f"schema {SCHEMA}",
            "use the version of inkmill that wrote it, or render again",
        )
