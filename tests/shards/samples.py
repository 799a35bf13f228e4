"""Small made-up samples: pictures of noise, texts with everything that a label may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import yaml

from common.files import fingerprint
from common.seeds import stream
from shards.manifest import MANIFEST, PLAN, RECIPE, Manifest, ShardEntry, record_name
from shards.store import Store
from shards.writer import PackedShard, pack, sample_key
from synth.sample import LineSample

TEXTS = ("a", "Grüße, “Anna” \\ <&>", "jgq yÅŞ", "it's 12.5 %")


def make_sample(index: int) -> LineSample:
    """A sample that depends on its index alone; provenance differs in shape, as it does in life."""
    rng = stream(1, index, "test")
    text = TEXTS[index % len(TEXTS)]
    image = rng.integers(0, 256, (16, 20 + index % 7), dtype=np.uint8)
    boxes = rng.integers(0, 16, (len(text), 4), dtype=np.int32)
    effects = [{"name": "blur", "sigma": 0.5}, {"skipped": ["shadow"]}] if index > 6 else []
    return LineSample(image, text, boxes, {"index": index, "source": "test", "effects": effects})


def keyed(start: int, count: int) -> Iterator[tuple[str, LineSample]]:
    """``count`` samples with their keys."""
    return ((sample_key(index), make_sample(index)) for index in range(start, start + count))


def put(store: Store, shard: PackedShard) -> ShardEntry:
    """Put a packed shard into a store."""
    store.put(shard.entry.name, shard.tar)
    store.put(shard.entry.index, shard.index)
    return shard.entry


def make_dataset(store: Store, shards: int = 3, samples: int = 4) -> Manifest:
    """A finished data set of small shards."""
    entries = [put(store, pack(f"lines-{k:06d}", keyed(k * samples, samples))) for k in range(shards)]
    manifest = make_manifest(tuple(entries))
    store.put(PLAN, json.dumps({**manifest.settings, "corpus": "/here"}).encode())
    store.put(RECIPE, yaml.safe_dump(manifest.settings["recipe"]).encode())
    for entry in entries:
        record = {"plan": manifest.plan, "entry": entry.model_dump(), "hands": {"h": entry.samples}}
        store.put(record_name(entry), json.dumps(record).encode())
    store.put(MANIFEST, manifest.to_bytes())
    return manifest


def make_manifest(entries: tuple[ShardEntry, ...]) -> Manifest:
    """A manifest around some entries."""
    settings = {"seed": 1, "recipe": {"output": {"height": 64}}}
    return Manifest(
        generator="0",
        plan=fingerprint(settings),
        settings=settings,
        seed=1,
        recipe="r",
        catalogue="f",
        fonts=(),
        corpus="c",
        sources=("test",),
        alphabet="abc",
        shards=entries,
    )
