"""Shards: the same bytes for the same samples, read back as they were, and no damage passes unseen."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
from pathlib import Path

import numpy as np
import pytest

from common.errors import DataError
from common.seeds import stream
from shards.manifest import ShardEntry, read_index
from shards.pictures import decode, encode
from shards.reader import StoredSample, read_sample, read_samples
from shards.store import Store, open_store
from shards.writer import pack, sample_key
from synth.sample import LineSample
from tests.shards.samples import keyed, make_sample, put

COUNT = 9


@pytest.fixture
def store() -> Store:
    return open_store(f"memory:{uuid.uuid4().hex}")


@pytest.fixture
def entry(store: Store) -> ShardEntry:
    return put(store, pack("lines-000000", keyed(0, COUNT)))


def assert_same(stored: StoredSample, index: int) -> None:
    sample = make_sample(index)
    assert stored.key == sample_key(index)
    assert stored.text == sample.text
    assert stored.provenance == sample.provenance
    assert stored.image.dtype == np.uint8 and np.array_equal(stored.image, sample.image)
    assert stored.boxes.dtype == np.int32 and np.array_equal(stored.boxes, sample.boxes)


def test_samples_come_back_as_they_were(store: Store, entry: ShardEntry) -> None:
    stored = list(read_samples(store, entry))
    assert len(stored) == COUNT
    for index, sample in enumerate(stored):
        assert_same(sample, index)


def test_a_sample_comes_by_range_alone(
    store: Store, entry: ShardEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = read_index(store, entry)
    monkeypatch.setattr(Store, "get", lambda *_: pytest.fail("the whole shard was read"))
    for position in (COUNT - 1, 0, 4):
        assert_same(read_sample(store, entry, index, position), position)


def test_the_index_tells_what_a_loader_needs(store: Store, entry: ShardEntry) -> None:
    index = read_index(store, entry)
    samples = [make_sample(number) for number in range(COUNT)]
    assert index.keys == [sample_key(number) for number in range(COUNT)]
    assert index.widths.tolist() == [sample.image.shape[1] for sample in samples]
    assert index.heights.tolist() == [16] * COUNT
    assert index.lengths.tolist() == [len(sample.text) for sample in samples]
    row = index.table[3]
    assert store.read(entry.name, row["text_offset"], row["text_bytes"]).decode() == samples[3].text
    image = store.read(entry.name, int(row["image_offset"]), int(row["image_bytes"]))
    assert np.array_equal(decode(image, "it"), samples[3].image)


def test_same_samples_same_bytes() -> None:
    once, again = pack("x", keyed(0, 5)), pack("x", keyed(0, 5))
    assert once == again
    assert pack("x", keyed(1, 5)).entry.sha256 != once.entry.sha256


def test_nothing_of_the_machine_goes_in() -> None:
    with tarfile.open(fileobj=io.BytesIO(pack("x", keyed(0, 2)).tar)) as tar:
        members = tar.getmembers()
    assert [member.name for member in members[:3]] == ["000000000.png", "000000000.txt", "000000000.json"]
    assert {(member.mtime, member.uid, member.gid, member.uname, member.mode) for member in members} == {
        (0, 0, 0, "", 0o644)
    }


def test_a_jpeg_shard_is_smaller_and_close(store: Store) -> None:
    rows = np.linspace(40, 250, 64, dtype=np.uint8)
    sample = LineSample(np.tile(rows, (32, 1)), "ab", np.zeros((2, 4), np.int32))
    entry = put(store, pack("x", [("a", sample)], "jpg"))
    [stored] = read_samples(store, entry)
    assert np.abs(stored.image.astype(int) - sample.image).mean() < 2
    assert store.get("x.tar").startswith(b"a.jpg\0")


@pytest.mark.parametrize("key", ["a.b", "a/b", "x" * 96, "ü", "", "a b"])
def test_keys_that_readers_would_split_are_refused(key: str) -> None:
    with pytest.raises(DataError, match="cannot be stored"):
        pack("x", [(key, make_sample(0))])


def test_the_longest_key_is_read_back(store: Store) -> None:
    entry = put(store, pack("x", [("k" * 95, make_sample(0))]))
    assert next(read_samples(store, entry)).key == "k" * 95
    assert read_index(store, entry).keys == ["k" * 95]


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(DataError, match="twice"):
        pack("x", [("a", make_sample(0)), ("a", make_sample(1))])


def test_a_shard_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="no sample"):
        pack("x", [])


@pytest.mark.parametrize("verify", [True, False])
def test_a_cut_at_any_block_or_byte_is_noticed(store: Store, entry: ShardEntry, verify: bool) -> None:
    whole = store.get(entry.name)
    cuts = {*range(0, len(whole), 512), *stream(0, 0, "cuts").integers(0, len(whole), 100).tolist()}
    for cut in cuts:
        store.put(entry.name, whole[:cut])
        with pytest.raises(DataError, match=rf"lines-000000\.tar is cut or altered \({cut} bytes\)"):
            next(read_samples(store, entry, verify))


def test_a_flipped_byte_is_noticed_before_the_first_sample(store: Store, entry: ShardEntry) -> None:
    whole = bytearray(store.get(entry.name))
    for place in stream(0, 1, "flips").integers(0, len(whole), 50).tolist():
        altered = whole.copy()
        altered[place] ^= 0x40
        store.put(entry.name, bytes(altered))
        with pytest.raises(DataError, match="altered"):
            next(read_samples(store, entry))


def test_a_flipped_byte_is_noticed_in_a_range_read(store: Store, entry: ShardEntry) -> None:
    index = read_index(store, entry)
    row = index.table[2]
    whole = bytearray(store.get(entry.name))
    for place in range(int(row["offset"]), int(row["offset"] + row["bytes"]), 37):
        altered = whole.copy()
        altered[place] ^= 1
        store.put(entry.name, bytes(altered))
        with pytest.raises(DataError, match="altered in sample 000000002"):
            read_sample(store, entry, index, 2)
        assert_same(read_sample(store, entry, index, 1), 1)


def test_a_promise_of_more_samples_is_not_kept_in_silence(store: Store, entry: ShardEntry) -> None:
    promised = entry.model_copy(update={"samples": COUNT + 1})
    with pytest.raises(DataError, match=f"holds {COUNT} samples"):
        list(read_samples(store, promised))


def test_a_damaged_index_is_noticed(store: Store, entry: ShardEntry) -> None:
    store.put(entry.index, store.get(entry.index)[:-1])
    with pytest.raises(DataError, match=r"lines-000000\.npy is cut or altered"):
        read_index(store, entry)


def test_encoding_is_exact_and_refuses_what_is_no_picture() -> None:
    image = stream(0, 0, "image").integers(0, 256, (40, 333), dtype=np.uint8)
    assert np.array_equal(decode(encode(image, "png"), "it"), image)
    with pytest.raises(DataError, match="it is not a picture"):
        decode(b"<html>", "it")
    with pytest.raises(DataError, match="it is not a picture"):
        decode(b"", "it")


@pytest.fixture
def tars(tmp_path: Path) -> list[str]:
    local = open_store(str(tmp_path))
    entries = [put(local, pack(f"lines-{k:06d}", keyed(COUNT * k, COUNT))) for k in range(2)]
    return [str(tmp_path / entry.name) for entry in entries]


def test_plain_webdataset_reads_the_tars(tars: list[str]) -> None:
    import webdataset

    found = list(webdataset.WebDataset(tars, shardshuffle=False).decode("l8"))
    assert [item["__key__"] for item in found] == [sample_key(index) for index in range(2 * COUNT)]
    for index, item in enumerate(found):
        sample = make_sample(index)
        assert item["txt"] == sample.text
        assert np.array_equal(item["png"], sample.image)
        assert item["json"]["boxes"] == sample.boxes.tolist()


@pytest.mark.slow
def test_datasets_reads_the_tars(tars: list[str], tmp_path: Path) -> None:
    import datasets

    loaded = datasets.load_dataset(
        "webdataset", data_files=tars, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert loaded["txt"][:] == [make_sample(index).text for index in range(2 * COUNT)]
    for index in (0, 2 * COUNT - 1):
        facts, sample = loaded[index]["json"], make_sample(index)
        assert facts["boxes"] == sample.boxes.tolist()
        assert json.loads(facts["provenance"]) == sample.provenance
    assert np.array_equal(np.asarray(loaded[3]["png"]), make_sample(3).image)
