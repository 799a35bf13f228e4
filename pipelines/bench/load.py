"""Speed of reading samples back from shards: picture, text and boxes, as a loader would.

By CPU time of one process, ours from memory, so that neither disk nor neighbours count.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipelines.bench.figure import Figure

LINES = 400
REPEATS = 5


def measure() -> list[Figure]:
    """Samples per second in order, by range, and by plain webdataset on the same bytes; some ten seconds."""
    from pipelines.plan import corpus_at, make_plan
    from pipelines.render import render_shard
    from shards.manifest import read_index
    from shards.reader import read_sample, read_samples
    from shards.store import open_store
    from synth.recipe import load_recipe

    with tempfile.TemporaryDirectory() as folder:
        shard = render_shard(make_plan(LINES, corpus_at("builtin:en"), load_recipe("demo")), 0)
        entry, store = shard.record.entry, open_store("memory:bench-load")
        store.put(entry.name, shard.tar)
        store.put(entry.index, shard.index)
        index = read_index(store, entry)
        path = Path(folder) / entry.name
        path.write_bytes(shard.tar)
        return [
            _speed("in order, hash checked", lambda: sum(1 for _ in read_samples(store, entry))),
            _speed(
                "by range, checksum checked",
                lambda: len([read_sample(store, entry, index, k) for k in range(len(index))]),
            ),
            _speed("by plain webdataset, nothing checked", lambda: sum(1 for _ in _plain(path))),
        ]


def _plain(path: Path) -> Iterator[dict[str, Any]]:
    import webdataset

    return iter(webdataset.WebDataset(str(path), shardshuffle=False).decode("l8"))


def _speed(name: str, run: Callable[[], int]) -> Figure:
    rates = []
    for _ in range(REPEATS):
        begin = time.process_time()
        rates.append(run() / (time.process_time() - begin))
    compared = f"CPU time, one core, recipe demo, {REPEATS} repeats, {min(rates):.0f} to {max(rates):.0f}"
    return Figure(f"load {name}", statistics.median(rates), "samples/s", compared=compared)
