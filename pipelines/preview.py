"""Samples to look at: what `inkmill render` with the same seed would write, with the clean pictures kept."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from common.errors import DataError, UsageError, nearest
from common.seeds import stream
from corpora.rules.settings import USUAL_RULES, TextRules
from corpora.text_line import TextLine
from fonts.hand import Hand, HandSplit
from fonts.kinds import USUAL, Kinds
from fonts.variants import USUAL_VARIANTS
from pipelines.plan import RenderPlan, corpus_at, make_plan
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
    alphabet: str = "en",
    rules: TextRules = USUAL_RULES,
    **settings: Any,
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
        alphabet: of a source that is not built yet.
        rules: of the lines drawn from ``corpus``.
        settings: who writes: ``hands``, ``variants`` and ``kinds`` of :class:`pipelines.plan.RenderPlan`.

    Returns:
        The samples, and how often an attempt failed by reason.

    Raises:
        DataError: not one sample could be drawn.
    """
    if texts:
        lines, choose = _given(texts, catalogue, **settings)
    else:
        place = corpus_at(corpus, alphabet)
        lines, choose = _mill(
            make_plan(count, place, recipe, target, catalogue, seed=seed, rules=rules, **settings)
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


def _given(
    texts: Sequence[str],
    catalogue: Path | None,
    hands: HandSplit = "train",
    variants: int = USUAL_VARIANTS,
    kinds: Kinds = USUAL,
) -> tuple[Lines, Choose]:
    from fonts.catalogue import default_catalogue, load_catalogue
    from fonts.choice import undrawn

    normal = [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
    if not all(normal):
        raise DataError("A text to write is empty", "at least one character that is not a blank")
    if hands not in get_args(HandSplit):
        raise UsageError(f"There are no hands '{hands}'", nearest(hands, get_args(HandSplit)))
    fonts = load_catalogue(catalogue) if catalogue else default_catalogue()
    usable = fonts.usable(hands)
    for text in normal:
        if not any(hand.covers(text) for hand in usable):
            raise DataError(
                f"None of {len(usable)} hands can write '{text}' (no-hand): {undrawn(usable, text)}",
                "a text whose characters some font draws",
                "choose another text, or add fonts with `inkmill fonts add DIR`",
            )
    return (
        lambda index, _: TextLine(normal[index % len(normal)], "text", index % len(normal)),
        lambda rng, text: fonts.choose(rng, text, hands, variants, kinds),
    )


def _mill(plan: RenderPlan) -> tuple[Lines, Choose]:
    from pipelines.mill import open_mill

    mill = open_mill(plan)
    return mill.line, mill.choose
