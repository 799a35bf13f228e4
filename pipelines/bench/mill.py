"""Speed of the whole mill, text to packed shards, with one and two worker processes.

By the clock, from the first finished shard of every worker on, so that the start of processes is not counted
and neighbours on the machine are; and by the workers' own CPU time, where neighbours hardly count.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import NamedTuple

from pipelines.bench.figure import Figure
from pipelines.plan import RenderPlan

LINES_PER_SHARD = 50
SECONDS = 5.0
REPEATS = 2


class Rate(NamedTuple):
    """Lines per second of all workers: by the clock, and as if each had a core of its own."""

    clock: float
    cpu: float


def measure() -> list[Figure]:
    """Lines per second of the demo's recipe with one and two workers, and their ratio; half a minute."""
    from pipelines.plan import corpus_at, make_plan
    from synth.recipe import load_recipe

    plan = make_plan(10**6, corpus_at("builtin:en"), load_recipe("demo"), lines_per_shard=LINES_PER_SHARD)
    one, two = zip(*[(_rate(plan, 1), _rate(plan, 2)) for _ in range(REPEATS)], strict=True)
    clock = [b.clock / a.clock for a, b in zip(one, two, strict=True)]
    cpu = [b.cpu / a.cpu for a, b in zip(one, two, strict=True)]
    return [
        _figure("mill, 1 worker", [rate.clock for rate in one], "lines/s", 150, "clock"),
        _figure("mill, 1 worker, its CPU time", [rate.cpu for rate in one], "lines/s", 150, "CPU time"),
        _figure("mill, 2 workers", [rate.clock for rate in two], "lines/s", None, "clock"),
        _figure("2 workers to 1", clock, "times", 1.9, f"clock, load {os.getloadavg()[0]:.1f}"),
        _figure("2 workers to 1, their CPU time", cpu, "times", 1.9, "CPU time"),
    ]


def _rate(plan: RenderPlan, workers: int) -> Rate:
    """Measured once every worker has finished a shard."""
    from pipelines.executors import LocalExecutor

    spent, shards = Counter[int](), Counter[int]()
    with closing(LocalExecutor(workers).map(partial(_timed_shard, plan), range(plan.shards))) as results:
        for _ in range(workers):
            next(results)
        begin = time.perf_counter()
        while time.perf_counter() - begin < SECONDS:
            _, (worker, nanoseconds) = next(results)
            spent[worker] += nanoseconds
            shards[worker] += 1
        seconds = time.perf_counter() - begin
    own = sum(1e9 * shards[worker] / spent[worker] for worker in shards)
    return Rate(LINES_PER_SHARD * shards.total() / seconds, LINES_PER_SHARD * own)


def _timed_shard(plan: RenderPlan, shard: int) -> tuple[int, int]:
    """Process and CPU time of one shard, nanoseconds."""
    from pipelines.render import render_shard

    begin = time.process_time_ns()
    render_shard(plan, shard)
    return os.getpid(), time.process_time_ns() - begin


def _figure(name: str, values: Sequence[float], unit: str, target: float | None, how: str) -> Figure:
    digits = 2 if unit == "times" else 0
    compared = (
        f"{how}; recipe demo, shards of {LINES_PER_SHARD}, {REPEATS} runs of {SECONDS:.0f} s in turn, "
        f"{min(values):.{digits}f} to {max(values):.{digits}f}"
    )
    return Figure(name, statistics.median(values), unit, target, compared=compared)
