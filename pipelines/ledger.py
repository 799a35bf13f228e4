"""What is finished: read from the store itself, never remembered.

A shard is finished when its record stands in the store, names this plan, and tar and index have the recorded
sizes; the record is put last. A place that holds shards of another plan, or something else altogether, is
refused; a plan that has not come to a shard gives way.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from pydantic import ValidationError

from common.errors import DataError
from common.settings import differences
from pipelines.plan import RenderPlan, shard_name
from shards.manifest import MANIFEST, PLAN, RECIPE, Record, ShardEntry, read_manifest, record_name
from shards.store import Store

log = logging.getLogger("inkmill.render")


class ShardRecord(Record):
    """The proof that a shard is finished.

    Attributes:
        plan: fingerprint of the plan it was made by.
        entry: what the manifest will say of it.
        hands: number of samples by font id.
    """

    plan: str
    entry: ShardEntry
    hands: dict[str, int]


@dataclass(frozen=True, slots=True)
class RenderedShard:
    """A finished shard in memory: tar, index and record."""

    tar: bytes
    index: bytes
    record: ShardRecord


def claim(store: Store, plan: RenderPlan) -> None:
    """Make the store this plan's, or find that it is already; the resolved settings are written into it.

    Raises:
        DataError: it holds shards of another plan, or files that are none of ours.
    """
    if store.exists(PLAN) and not is_barren(store):
        _compare(store, plan)
        if store.exists(RECIPE):
            return
    elif not store.exists(PLAN):
        _check_foreign(store, plan)
    store.put(RECIPE, yaml.safe_dump(plan.recipe.model_dump(mode="json"), sort_keys=False).encode())
    store.put(PLAN, (json.dumps(plan.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode())


def is_barren(store: Store) -> bool:
    """Whether a plan stands in the store and nothing was made by it: such a place is free."""
    if not store.exists(PLAN) or store.exists(MANIFEST) or store.list("lines-"):
        return False
    try:
        RenderPlan.model_validate_json(store.get(PLAN))
    except ValidationError:
        return False  # none of ours
    return True


def put_shard(store: Store, shard: RenderedShard) -> None:
    """Put a shard into the store; a second copy of the same shard changes nothing."""
    entry = shard.record.entry
    store.put(entry.name, shard.tar)
    store.put(entry.index, shard.index)
    store.put(record_name(entry), shard.record.to_bytes())


def finished(store: Store, plan: RenderPlan) -> Iterator[tuple[int, ShardRecord]]:
    """The shards of a plan that need not be made again."""
    sizes = {file.name: file.size for file in store.list()}
    fingerprint = plan.fingerprint
    for shard in range(plan.shards):
        name = f"{shard_name(shard)}.json"
        if name not in sizes:
            continue
        try:
            record = ShardRecord.from_bytes(store.get(name), f"{store.url}: {name}")
        except DataError as error:
            log.warning("%s It is made again.", error.found)
            continue
        entry = record.entry
        found = (record.plan, sizes.get(entry.name), sizes.get(entry.index))
        if found == (fingerprint, entry.bytes, entry.index_bytes):
            yield shard, record
        else:
            log.warning("%s is not whole. It is made again.", entry.name)


def _check_foreign(store: Store, plan: RenderPlan) -> None:
    """Without a plan, a store is empty or holds the finished data set of this very plan."""
    found = store.list()
    if not found or (store.exists(MANIFEST) and read_manifest(store).plan == plan.fingerprint):
        return
    raise DataError(
        f"{store.url} is not empty and holds no data set ({found[0].name}, {len(found)} files)",
        "an empty or new place",
        "choose another one",
    )


def _compare(store: Store, plan: RenderPlan) -> None:
    try:
        there = json.loads(store.get(PLAN))
        differing = list(differences({key: there.get(key) for key in plan.identity}, plan.identity))
    except (ValueError, AttributeError):
        raise DataError(
            f"{store.url}: {PLAN} is cut or foreign", "a render plan", "choose another place"
        ) from None
    if differing:
        raise DataError(
            f"{store.url} holds a data set with other settings: {'; '.join(differing)}",
            "the same settings, or an empty place",
            "choose another place, or repeat the settings",
        )
