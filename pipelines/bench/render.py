"""Speed of rendering on one core, by recipe and by station, with the synced hands and English text.

By CPU time of the one process, so that neighbours on the machine weigh little. PNG encoding and shards are
not in it; they belong to the area `mill`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from pipelines.bench.figure import Figure
from synth.recipe import Recipe

LINES = 150
REPEATS = 3
# name, recipe, overrides, length target, lines/s wanted
CASES: tuple[tuple[str, str, tuple[str, ...], str, float | None], ...] = (
    ("demo, 40 px, demo lengths", "demo", (), "demo", 150.0),
    ("demo, 64 px, iam lengths", "demo", ("output.height=64",), "iam", None),
    ("plain, 64 px, iam lengths", "plain", (), "iam", 600.0),
    ("iam, 64 px, iam lengths", "iam", (), "iam", 180.0),
    ("worn, 64 px, iam lengths", "worn", (), "iam", None),
)

Job = tuple[TextLine, Hand]


def measure() -> list[Figure]:
    """Lines per second by recipe and milliseconds by station of `iam`; takes about half a minute."""
    import cv2

    from synth.recipe import load_recipe

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        jobs = {target: jobs_of(target) for target in ("demo", "iam")}
        figures = [
            _speed(name, jobs[target], load_recipe(recipe, overrides), wanted)
            for name, recipe, overrides, target, wanted in CASES
        ]
        return figures + _stations(jobs["iam"], load_recipe("iam"))
    finally:
        cv2.setNumThreads(threads)


def jobs_of(target: str) -> list[Job]:
    """Texts to the lengths of a target, each with a hand that writes it; the same ones every time."""
    from corpora.corpus import load_corpus
    from corpora.lengths import load_target
    from corpora.sampler import TextSampler
    from fonts.catalogue import default_catalogue
    from pipelines.plan import corpus_at

    catalogue = default_catalogue()
    sampler = TextSampler(load_corpus(corpus_at("builtin:en")), load_target(target), seed=0)
    texts = [sampler.line(index) for index in range(LINES)]
    hands = [
        catalogue.choose(stream(0, index, "hand"), text.text, "train") for index, text in enumerate(texts)
    ]
    return [(text, hand) for text, hand in zip(texts, hands, strict=True) if hand]


def _speed(name: str, jobs: Sequence[Job], recipe: Recipe, wanted: float | None) -> Figure:
    from synth.render import render
    from synth.sample import Rejected

    def run() -> int:
        samples = [render(text, hand, recipe, 0, index) for index, (text, hand) in enumerate(jobs)]
        return sum(isinstance(sample, Rejected) for sample in samples)

    rates = []
    for _ in range(REPEATS):
        begin = time.process_time()
        rejected = run()
        rates.append(len(jobs) / (time.process_time() - begin))
    characters = statistics.mean(len(text.text) for text, _ in jobs)
    compared = (
        f"CPU time, one core, {characters:.0f} characters, {rejected} of {len(jobs)} rejected, "
        f"{REPEATS} repeats, the first opens the fonts, {min(rates):.0f} to {max(rates):.0f}"
    )
    return Figure(f"render {name}", statistics.median(rates), "lines/s", wanted, compared=compared)


def _stations(jobs: Sequence[Job], recipe: Recipe) -> list[Figure]:
    """What every station takes, over all lines."""
    from synth.render import render

    spent: dict[str, float] = {}
    last = 0.0

    def watch(name: str, _: Any) -> None:
        nonlocal last
        now = time.process_time()
        spent[name] = spent.get(name, 0.0) + now - last
        last = now

    for index, (text, hand) in enumerate(jobs):
        last = time.process_time()
        render(text, hand, recipe, 0, index, watch=watch)
    return [
        Figure(f"iam, {name}", 1000 * seconds / len(jobs), "ms/line", None, False, "CPU time, one run")
        for name, seconds in spent.items()
    ]
