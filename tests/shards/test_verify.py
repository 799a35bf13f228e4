"""Manifest and verification: every missing, cut, altered and foreign file is named."""

from __future__ import annotations

import json
import uuid
from typing import get_args

import pytest

from common.errors import DataError
from shards.manifest import MANIFEST, PLAN, RECIPE, Manifest, read_manifest, record_name
from shards.store import Store, open_store
from shards.verify import Depth, verify
from tests.shards.samples import make_dataset, make_manifest


@pytest.fixture
def store() -> Store:
    return open_store(f"memory:{uuid.uuid4().hex}")


def faults(store: Store, depth: Depth = "whole") -> list[tuple[str, str]]:
    return [(problem.fault, problem.name) for problem in verify(store, depth).problems]


def test_the_manifest_comes_back(store: Store) -> None:
    manifest = make_dataset(store)
    assert read_manifest(store) == manifest
    assert manifest.samples == 12
    assert manifest.bytes == sum(store.size(f"lines-00000{k}.tar") for k in range(3))


def test_totals_add_up_and_the_fingerprint_follows_the_content(store: Store) -> None:
    first, second, third = make_dataset(store).shards
    counted = make_manifest(
        (
            first.model_copy(update={"drops": {"no-hand": 1, "clipped": 1}, "missing": 2}),
            second.model_copy(update={"drops": {"no-hand": 3}}),
        )
    )
    assert counted.drops == {"no-hand": 4, "clipped": 1}
    assert counted.missing == 2
    assert counted.fingerprint == make_manifest((first, second)).fingerprint
    assert counted.fingerprint != make_manifest((first, third)).fingerprint


@pytest.mark.parametrize("depth", get_args(Depth))
def test_a_whole_data_set_is_whole(store: Store, depth: Depth) -> None:
    make_dataset(store)
    store.put("README.md", b"mine")
    assert verify(store, depth).whole


def test_every_fault_is_named(store: Store) -> None:
    make_dataset(store, shards=5)
    store.delete("lines-000000.tar")
    store.put("lines-000001.tar", store.get("lines-000001.tar")[:-512])
    store.put("lines-000002.npy", b"")
    store.put("lines-000003.tar", store.get("lines-000003.tar") + b"more")
    store.put("lines-000099.tar", b"who am I")
    store.put("lines-000098.json", b"and I")
    assert faults(store) == [
        ("missing", "lines-000000.tar"),
        ("cut", "lines-000001.tar"),
        ("cut", "lines-000002.npy"),
        ("altered", "lines-000003.tar"),
        ("foreign", "lines-000098.json"),
        ("foreign", "lines-000099.tar"),
    ]


@pytest.mark.parametrize("name", ["lines-000001.tar", "lines-000001.npy"])
def test_every_reading_sees_a_flipped_byte(store: Store, name: str) -> None:
    make_dataset(store)
    content = bytearray(store.get(name))
    content[len(content) // 2] ^= 1
    store.put(name, bytes(content))
    assert faults(store, "quick") == []
    assert faults(store) == faults(store, "deep") == [("altered", name)]


def test_depth_alone_decodes_samples(store: Store) -> None:
    [entry] = make_dataset(store, shards=1).shards
    wrong = entry.model_copy(update={"samples": 5})
    manifest = make_manifest((wrong,))
    record = {"plan": manifest.plan, "entry": wrong.model_dump(), "hands": {"h": 5}}
    store.put(record_name(wrong), json.dumps(record).encode())
    store.put(MANIFEST, manifest.to_bytes())
    assert faults(store) == []
    assert faults(store, "deep") == [("altered", wrong.name)]


@pytest.mark.parametrize("name", [PLAN, RECIPE, "lines-000001.json"])
def test_damaged_records_are_named(store: Store, name: str) -> None:
    make_dataset(store)
    whole = store.get(name)
    altered = whole.replace(b"1", b"2") if name.endswith("json") else whole.replace(b"64", b"65")
    for content in (whole[:-9], b"", b"\xff\x00", b"[1]", b'"text"', altered):
        store.put(name, content)
        assert faults(store) == [("altered", name)], content
        assert faults(store, "quick") == []
    store.delete(name)
    assert faults(store) == faults(store, "quick") == [("missing", name)]


def test_altered_settings_in_the_manifest_are_named(store: Store) -> None:
    values = json.loads(make_dataset(store).to_bytes())
    values["settings"]["seed"] = 2
    store.put(MANIFEST, json.dumps(values).encode())
    assert ("altered", MANIFEST) in faults(store)


def test_swapped_shards_are_noticed(store: Store) -> None:
    make_dataset(store, shards=2)
    one, two = (store.get(f"lines-00000{k}.tar") for k in range(2))
    store.put("lines-000000.tar", two)
    store.put("lines-000001.tar", one)
    assert [name for _, name in faults(store, "deep")] == ["lines-000000.tar", "lines-000001.tar"]


def test_progress_is_told(store: Store) -> None:
    make_dataset(store)
    told: list[int] = []
    verify(store, on_shard=told.append)
    assert sum(told) == 3


def test_no_manifest_says_that_the_run_is_not_finished(store: Store) -> None:
    with pytest.raises(DataError, match="no finished data set"):
        verify(store)


def test_a_manifest_cut_at_any_byte_is_refused(store: Store) -> None:
    whole = make_dataset(store, shards=1).to_bytes()
    for cut in range(0, len(whole.rstrip()), 23):
        store.put(MANIFEST, whole[:cut])
        with pytest.raises(DataError, match=r"manifest\.json is cut, altered or foreign"):
            read_manifest(store)


def test_another_schema_is_named(store: Store) -> None:
    values = json.loads(make_dataset(store).to_bytes())
    store.put(MANIFEST, json.dumps(values | {"schema_version": 99}).encode())
    with pytest.raises(DataError, match="has schema 99"):
        read_manifest(store)


def test_a_manifest_of_ten_thousand_shards_is_light() -> None:
    [entry] = make_dataset(open_store(f"memory:{uuid.uuid4().hex}"), shards=1).shards
    names = (f"lines-{k:06d}" for k in range(10_000))
    entries = tuple(entry.model_copy(update={"name": f"{n}.tar", "index": f"{n}.npy"}) for n in names)
    content = make_manifest(entries).to_bytes()
    assert len(content) < 6_000_000
    assert len(Manifest.from_bytes(content, "it").shards) == 10_000
