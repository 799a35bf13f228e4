"""Proves a data set against its manifest and names every file that is not as it says. Repairs nothing.

Beside the shards stand the records of the render run: plan.json, recipe.yaml and one JSON a shard. They hold
the same facts as the manifest, so each is compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import yaml

from common.errors import DataError
from common.files import fingerprint
from shards.manifest import (
    MANIFEST,
    PLAN,
    RECIPE,
    Manifest,
    ShardEntry,
    read_index,
    read_manifest,
    record_name,
)
from shards.reader import read_samples
from shards.store import Store

Fault = Literal["missing", "cut", "altered", "foreign"]
Depth = Literal["quick", "whole", "deep"]


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
    depth: Depth
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(store: Store, depth: Depth = "whole", on_shard: Callable[[int], None] = lambda _: None) -> Report:
    """Compare a store with its manifest.

    Args:
        depth: ``quick`` compares names and sizes; ``whole`` also reads every byte, compares every hash and
            reads the records; ``deep`` also decodes every sample.
        on_shard: called with 1 after each shard.

    Raises:
        DataError: there is no readable manifest to compare with.
    """
    manifest = read_manifest(store)
    sizes = {file.name: file.size for file in store.list()}
    problems: list[Problem] = []
    if depth != "quick" and fingerprint(manifest.settings) != manifest.plan:
        problems.append(Problem(MANIFEST, "altered", "its settings are not those of its plan"))
    for entry in manifest.shards:
        found = list(_sizes_wrong(entry, sizes))
        if not found and depth != "quick":
            found = list((_content_wrong if depth == "deep" else _hashes_wrong)(store, entry))
        problems += found
        on_shard(1)
    problems += _records_wrong(store, manifest, sizes, depth)
    problems += _foreign(manifest, sizes)
    return Report(manifest, depth, tuple(problems))


def _sizes_wrong(entry: ShardEntry, sizes: dict[str, int]) -> Iterator[Problem]:
    for name, expected in ((entry.name, entry.bytes), (entry.index, entry.index_bytes)):
        size = sizes.get(name)
        if size is None:
            yield Problem(name, "missing")
        elif size != expected:
            yield Problem(name, "cut" if size < expected else "altered", f"{size} bytes, {expected} expected")


def _hashes_wrong(store: Store, entry: ShardEntry) -> Iterator[Problem]:
    for name, expected in ((entry.name, entry.sha256), (entry.index, entry.index_sha256)):
        if (found := store.sha256(name)) != expected:
            yield Problem(name, "altered", f"SHA-256 {found[:12]}…, {expected[:12]}… expected")


def _content_wrong(store: Store, entry: ShardEntry) -> Iterator[Problem]:
    for name, read in (
        (entry.name, lambda: [None for _ in read_samples(store, entry)]),
        (entry.index, lambda: read_index(store, entry)),
    ):
        try:
            read()
        except DataError as error:
            yield Problem(name, "altered", error.found)


def _records_wrong(
    store: Store, manifest: Manifest, sizes: dict[str, int], depth: Depth
) -> Iterator[Problem]:
    checks: dict[str, Callable[[bytes], bool]] = {
        PLAN: lambda content: _is_plan(json.loads(content), manifest),
        RECIPE: lambda content: yaml.safe_load(content) == manifest.settings.get("recipe"),
    }
    for entry in manifest.shards:
        checks[record_name(entry)] = partial(_is_record, entry=entry, manifest=manifest)
    for name, agrees in checks.items():
        if name not in sizes:
            yield Problem(name, "missing")
        elif depth != "quick" and not _holds(agrees, store.get(name)):
            yield Problem(name, "altered", "it is not readable, or not what the manifest says")


def _holds(agrees: Callable[[bytes], bool], content: bytes) -> bool:
    try:
        return agrees(content)
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):  # cut or foreign
        return False


def _is_plan(plan: dict[str, Any], manifest: Manifest) -> bool:
    """Whether the plan says what the manifest says; where its files lie on a machine is the plan's own."""
    return {key: plan[key] for key in manifest.settings} == manifest.settings


def _is_record(content: bytes, entry: ShardEntry, manifest: Manifest) -> bool:
    record = json.loads(content)
    found = (record["plan"], record["entry"], sum(record["hands"].values()))
    return found == (manifest.plan, entry.model_dump(mode="json"), entry.samples)


def _foreign(manifest: Manifest, sizes: dict[str, int]) -> Iterator[Problem]:
    known = {name for entry in manifest.shards for name in (entry.name, entry.index, record_name(entry))}
    for name in sizes:
        ours = name.endswith((".tar", ".npy")) or (name.startswith("lines-") and name.endswith(".json"))
        if ours and name not in known:
            yield Problem(name, "foreign", "the manifest does not know it")
