"""Speed of cleaning and sampling English text on CPU time, and how well drawn lines follow the target."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.bench.figure import Figure
from pipelines.bench.web_lines import write_lines

if TYPE_CHECKING:
    from corpora.sampler import TextSampler

REPEATS = 3
LINES = 10_000
WEB_LINES = 300_000
FITTED = 100_000


def measure() -> list[Figure]:
    """Seven figures; takes about half a minute."""
    from corpora.alphabet import load_alphabet
    from corpora.build import build_corpus
    from corpora.cleaning import Cleaner
    from corpora.lengths import LengthTarget, load_target
    from corpora.line_sample import draw_sample
    from corpora.rules.settings import TextRules
    from corpora.sampler import TextSampler
    from corpora.sources import read_source

    alphabet = load_alphabet("en")
    raw = [paragraph.text for paragraph in read_source("builtin:en")]
    cleaner = Cleaner(alphabet)
    with tempfile.TemporaryDirectory() as folder:
        corpus = build_corpus(["builtin:en"], alphabet, Path(folder) / "corpus")
        web = Path(folder) / "web.txt"
        write_lines(web, WEB_LINES)
        begin = time.process_time()
        build_corpus([str(web)], alphabet, Path(folder) / "web")
        built = WEB_LINES / (time.process_time() - begin)
        cleaned, cleaned_spread = _rate(lambda: [cleaner.clean(text) for text in raw], len(raw))
        target = load_target("iam")
        usual = TextSampler(corpus, target, seed=0)
        plain = TextSampler(corpus, target, seed=0, rules=TextRules.none())
        counted = LengthTarget.fit(plain.line(index).text for index in range(LINES))
        with_words = TextSampler(corpus, counted, seed=1)
        rates = {
            "sampler, target iam, no rules": _sampling(plain),
            "sampler, target iam, the usual rules": _sampling(usual),
            "sampler, characters and words": _sampling(with_words),
        }
        fit, word_fit = draw_sample(usual, FITTED).fit, draw_sample(with_words, FITTED).fit
    return [
        Figure(
            "corpus build, cleaning and all",
            built,
            "lines/s",
            50_000,
            compared=f"CPU time of one run over {WEB_LINES} web-like lines, reading included",
        ),
        Figure(
            "cleaning to the alphabet en", cleaned, "paragraphs/s", compared=f"CPU time, {cleaned_spread}"
        ),
        *(Figure(name, rate, "lines/s", 20_000, compared=spread) for name, (rate, spread) in rates.items()),
        Figure(
            "total variation of lengths from iam",
            fit.variation,
            "of 1",
            0.02,
            False,
            f"{FITTED} lines, a perfect sampler {fit.chance:.4f}, chi-square p {fit.p:.2f}",
        ),
        Figure(
            "total variation of words from a target of lines",
            word_fit.words_variation or 0,
            "of 1",
            0.02,
            False,
            f"{FITTED} lines, their characters {word_fit.variation:.4f}",
        ),
    ]


def _sampling(sampler: TextSampler) -> tuple[float, str]:
    rate, spread = _rate(lambda: [sampler.line(index) for index in range(LINES)], LINES)
    return rate, f"CPU time, {spread}"


def _rate(work: Callable[[], object], count: int) -> tuple[float, str]:
    """(median items per second, spread in words)."""
    rates = []
    for _ in range(REPEATS):
        begin = time.process_time()
        work()
        rates.append(count / (time.process_time() - begin))
    return statistics.median(rates), f"{REPEATS} repeats, {min(rates):.0f} to {max(rates):.0f}"
