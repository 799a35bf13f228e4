"""Samples read back by a recogniser: which ones does it fail to read?

A line that a good model cannot read may be unreadable, or merely hard. So the lines are listed, worst
first, and nothing is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.audit.run import proven
from pipelines.preview import Source, none_proven
from recognize.metrics import Scores, score, score_line
from recognize.recognizer import Recognizer
from synth.recipe import Recipe
from synth.sample import LineSample

CHUNK = 64


@dataclass(frozen=True, slots=True)
class ReadSample:
    """One sample and what was read in it.

    Attributes:
        sample: the sample.
        text: what was read.
        cer: edits a character of the label.
    """

    sample: LineSample
    text: str
    cer: float


@dataclass(frozen=True, slots=True)
class Readings:
    """All samples of a recipe, read.

    Attributes:
        recipe: its name.
        lines: worst first.
        scores: pooled.
    """

    recipe: str
    lines: tuple[ReadSample, ...]
    scores: Scores


def read_back(
    name: str,
    recipe: Recipe,
    count: int,
    source: Source,
    recognizer: Recognizer,
    seed: int = 0,
    progress: Callable[[int], None] = lambda _samples: None,
) -> Readings:
    """Draw samples and read their final pictures.

    Args:
        name, recipe, count, source, seed, progress: as of :func:`pipelines.audit.run.audit`.
        recognizer: who reads.

    Raises:
        DataError: not one sample could be drawn, or one is wider than the model takes.
    """
    drops: Counter[str] = Counter()
    samples = [sample for sample, _ in proven(recipe, count, source, seed, drops)]
    if not samples:
        raise none_proven(count, drops)
    texts: list[str] = []
    for start in range(0, len(samples), CHUNK):
        part = samples[start : start + CHUNK]
        texts += [found.text for found in recognizer.read([sample.image for sample in part])]
        progress(len(part))
    lines = [
        ReadSample(sample, text, score_line(sample.text, text).characters.rate)
        for sample, text in zip(samples, texts, strict=True)
    ]
    lines.sort(key=lambda line: (-line.cer, line.sample.provenance["index"]))
    return Readings(name, tuple(lines), score([sample.text for sample in samples], texts))
