"""Speed of the whole mill, text to packed shards, with one and two worker processes.

By the clock, from the first finished shard of every worker on, so that the start of processes is not counted
and neighbours on the machine are.
"""

from __future__ import annotations

import statistics
import time
from contextlib import closing
from functools import partial

from pipelines.bench.figure import Figure
from pipelines.plan import RenderPlan

LINES_PER_SHARD = 50
SECONDS = 5.0
REPEATS = 2


def measure() -> list[Figure]:
    """Lines per second of the demo's recipe with one and two workers, and their ratio; half a minute."""
    from pipelines.plan import corpus_at, make_plan
    from synth.recipe import load_recipe

    plan = make_plan(10**6, corpus_at("builtin:en"), load_recipe("demo"), lines_per_shard=LINES_PER_SHARD)
    pairs = [(_rate(plan, 1), _rate(plan, 2)) for _ in range(REPEATS)]
    how = f"recipe demo, shards of {LINES_PER_SHARD}, {REPEATS} runs of {SECONDS:.0f} s in turn"
    one, two = zip(*pairs, strict=True)
    ratios = [b / a for a, b in pairs]
    return [
        Figure("mill, 1 worker", statistics.median(one), "lines/s", 150, compared=f"{how}, {_spread(one)}"),
        Figure("mill, 2 workers", statistics.median(two), "lines/s", compared=f"{how}, {_spread(two)}"),
        Figure(
            "2 workers to 1", statistics.median(ratios), "times", 1.7, compared=f"{how}, {_spread(ratios, 2)}"
        ),
    ]


def _rate(plan: RenderPlan, workers: int) -> float:
    """Lines per second once every worker has finished a shard."""
    from pipelines.executors import LocalExecutor
    from pipelines.render import render_shard

    with closing(LocalExecutor(workers).map(partial(render_shard, plan), range(plan.shards))) as results:
        for _ in range(workers):
            next(results)
        begin, lines = time.perf_counter(), 0
        while time.perf_counter() - begin < SECONDS:
            next(results)
            lines += LINES_PER_SHARD
        return lines / (time.perf_counter() - begin)


def _spread(values: tuple[float, ...] | list[float], digits: int = 0) -> str:
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"
