"""Synthetic counterparts of real lines: the same texts, written by hands of the catalogue after a recipe.

Held hands write what a judge is examined on, the others what is fitted and what he learns from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from common.errors import DataError
from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from fonts.writers import Writers
from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample, Rejected

Choose = Callable[[np.random.Generator, str, Writers], Hand | None]
ATTEMPTS = 6  # hands that may try a line


def written(
    text: str, recipe: Recipe, choose: Choose, seed: int, index: int, drops: Counter[str] | None = None
) -> LineSample | None:
    """A text in a hand that can write it, None where none of a few can.

    Args:
        text: what to write.
        recipe: how.
        choose: draws a hand that covers a text.
        seed: of the run.
        index: of the line in the run.
        drops: is counted up by the reason of every failure.
    """
    for attempt in range(ATTEMPTS):
        writers = recipe.page_of(seed, index, attempt).writers
        hand = choose(stream(seed, index, f"hand/{attempt}"), text, writers)
        sample = (
            render(TextLine(text, "real", index), hand, recipe, seed, index, attempt=attempt)
            if hand
            else Rejected("no-hand")
        )
        if isinstance(sample, LineSample):
            return sample
        if drops is not None:
            drops[sample.reason] += 1
    return None


def write_all(
    texts: Sequence[str], recipe: Recipe, choose: Choose, seed: int, count: int
) -> tuple[list[LineSample], Counter[str]]:
    """So many lines with given texts, in turn; those that no hand can write are left out.

    Raises:
        DataError: fewer than half of the lines could be written.
    """
    drops: Counter[str] = Counter()
    samples: list[LineSample] = []
    for index in range(2 * count):
        if len(samples) == count:
            break
        sample = written(texts[index % len(texts)], recipe, choose, seed, index, drops)
        if sample is not None:
            samples.append(sample)
    if 2 * len(samples) < count:
        reasons = ", ".join(f"{reason} {number}" for reason, number in drops.most_common())
        raise DataError(
            f"Only {len(samples)} of {count} lines could be written ({reasons})",
            "hands that cover the texts, and a recipe that leaves them readable",
            "add fonts with `inkmill fonts add DIR`, or start from another recipe",
        )
    return samples, drops
