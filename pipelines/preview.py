"""Samples to look at: what `inkmill render` with the same seed would write, with the clean pictures kept."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from common.errors import DataError
from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected

ATTEMPTS = 8

Lines = Callable[[int, int], TextLine]
Choose = Callable[[np.random.Generator, str], Hand | None]


def draw_samples(
    recipe: Recipe,
    count: int,
    seed: int = 0,
    texts: Sequence[str] = (),
    corpus: str = "builtin:en",
    target: str = "demo",
    catalogue: Path | None = None,
) -> tuple[list[LineSample], Counter[str]]:
    """Draw samples with their clean pictures.

    Args:
        recipe: how lines look.
        count: samples wanted; fewer come back where a line cannot be proven in a few attempts.
        seed: of the run.
        texts: what to write, in turn; without it lines are drawn from ``corpus``.
        corpus: a built corpus or a source.
        target: length target of the lines drawn from ``corpus``.
        catalogue: file of a font catalogue; None takes the synced and added fonts.

    Returns:
        The samples, and how often an attempt failed by reason.

    Raises:
        DataError: not one sample could be drawn.
    """
    lines, choose = (
        _given(texts, catalogue) if texts else _drawn(recipe, count, seed, corpus, target, catalogue)
    )
    samples: list[LineSample] = []
    drops: Counter[str] = Counter()
    for index in range(count):
        sample = _first_proven(recipe, seed, index, lines, choose, drops)
        if sample is not None:
            samples.append(sample)
    if not samples:
        reasons = ", ".join(f"{reason} {number}" for reason, number in drops.most_common())
        raise DataError(
            f"Not one of {count} samples could be drawn ({reasons})",
            "fonts that cover the text, and a recipe that leaves it readable",
            "look at `inkmill fonts list`, or try --recipe plain",
        )
    return samples, drops


def _first_proven(
    recipe: Recipe, seed: int, index: int, lines: Lines, choose: Choose, drops: Counter[str]
) -> LineSample | None:
    from synth.render import render

    for attempt in range(ATTEMPTS):
        text = lines(index, attempt)
        hand = choose(stream(seed, index, f"hand/{attempt}"), text.text)  # the stream of `inkmill render`
        sample = render(text, hand, recipe, seed, index, True, attempt) if hand else Rejected("no-hand")
        if isinstance(sample, LineSample):
            return sample
        drops[sample.reason] += 1
    return None


def _given(texts: Sequence[str], catalogue: Path | None) -> tuple[Lines, Choose]:
    from fonts.catalogue import default_catalogue, load_catalogue
    from fonts.variants import USUAL_VARIANTS

    normal = [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
    if not all(normal):
        raise DataError("A text to write is empty", "at least one character that is not a blank")
    fonts = load_catalogue(catalogue) if catalogue else default_catalogue()
    return (
        lambda index, _: TextLine(normal[index % len(normal)], "text", index % len(normal)),
        lambda rng, text: fonts.choose(rng, text, "train", USUAL_VARIANTS),
    )


def _drawn(
    recipe: Recipe, count: int, seed: int, corpus: str, target: str, catalogue: Path | None
) -> tuple[Lines, Choose]:
    from pipelines.mill import open_mill
    from pipelines.plan import corpus_at, make_plan

    mill = open_mill(make_plan(count, corpus_at(corpus), recipe, target, catalogue, seed=seed))
    return mill.line, mill.choose
