"""Proves a data set against its manifest and names every shard that is not as it says. Repairs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from common.errors import DataError
from shards.manifest import Manifest, ShardEntry, read_index, read_manifest
from shards.reader import read_samples
from shards.store import Store

Fault = Literal["missing", "cut", "altered", "foreign"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that is not as the manifest says."""

    name: str
    fault: Fault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a verification; ``whole`` is what counts."""

    manifest: Manifest
    deep: bool
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(store: Store, deep: bool = False, on_shard: Callable[[int], None] = lambda _: None) -> Report:
    """Compare a store with its manifest.

    Args:
        deep: also read every byte, compare the hashes and decode every sample; else names and sizes only.
        on_shard: called with 1 after each shard.

    Raises:
        DataError: there is no readable manifest to compare with.
    """
    manifest = read_manifest(store)
    sizes = {file.name: file.size for file in store.list()}
    problems: list[Problem] = []
    for entry in manifest.shards:
        found = list(_sizes_wrong(entry, sizes))
        problems += found or (list(_content_wrong(store, entry)) if deep else [])
        on_shard(1)
    problems += _foreign(manifest, sizes)
    return Report(manifest, deep, tuple(problems))


def _sizes_wrong(entry: ShardEntry, sizes: dict[str, int]) -> Iterator[Problem]:
    for name, expected in ((entry.name, entry.bytes), (entry.index, entry.index_bytes)):
        size = sizes.get(name)
        if size is None:
            yield Problem(name, "missing")
        elif size != expected:
            yield Problem(name, "cut" if size < expected else "altered", f"{size} bytes, {expected} expected")


def _content_wrong(store: Store, entry: ShardEntry) -> Iterator[Problem]:
    for name, read in (
        (entry.name, lambda: [None for _ in read_samples(store, entry)]),
        (entry.index, lambda: read_index(store, entry)),
    ):
        try:
            read()
        except DataError as error:
            yield Problem(name, "altered", error.found)


def _foreign(manifest: Manifest, sizes: dict[str, int]) -> Iterator[Problem]:
    known = {name for entry in manifest.shards for name in (entry.name, entry.index)}
    for name in sizes:
        if name.endswith((".tar", ".npy")) and name not in known:
            yield Problem(name, "foreign", "the manifest does not know it")
