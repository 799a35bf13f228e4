"""Speed of cleaning and sampling English text on CPU time, and how well line lengths follow the target."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.bench.figure import Figure

REPEATS = 3
LINES = 10_000


def measure() -> list[Figure]:
    """Four figures; takes about ten seconds."""
    from corpora.alphabet import load_alphabet
    from corpora.cleaning import Cleaner
    from corpora.build import build_corpus
    from corpora.lengths import compare, load_target
    from corpora.sampler import TextSampler
    from corpora.sources import read_source

    alphabet = load_alphabet("en")
    raw = [paragraph.text for paragraph in read_source("builtin:en")]
    cleaner = Cleaner(alphabet)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        corpus = build_corpus(["builtin:en"], alphabet, Path(folder) / "corpus")
        built = corpus.counts.paragraphs / (time.process_time() - begin)
        sampler = TextSampler(corpus, load_target("iam"), seed=0)
        cleaned, cleaned_spread = _rate(lambda: [cleaner.clean(text) for text in raw], len(raw))
        drawn, drawn_spread = _rate(lambda: [sampler.line(index) for index in range(LINES)], LINES)
        fit = compare([len(sampler.line(index).text) for index in range(LINES)], sampler.target)
    return [
        Figure(
            "corpus build, builtin:en",
            built,
            "paragraphs/s",
            compared="CPU time of one run, reading included",
        ),
        Figure(
            "cleaning to the alphabet en", cleaned, "paragraphs/s", compared=f"CPU time, {cleaned_spread}"
        ),
        Figure("sampler, target iam", drawn, "lines/s", 20_000, compared=f"CPU time, {drawn_spread}"),
        Figure(
            "distance of drawn lengths from iam",
            fit.distance,
            "characters",
            0.5,
            False,
            f"{LINES} lines, p {fit.p:.2f}",
        ),
    ]


def _rate(work: Callable[[], object], count: int) -> tuple[float, str]:
    """(median items per second, spread in words)."""
    rates = []
    for _ in range(REPEATS):
        begin = time.process_time()
        work()
        rates.append(count / (time.process_time() - begin))
    return statistics.median(rates), f"{REPEATS} repeats, {min(rates):.0f} to {max(rates):.0f}"
