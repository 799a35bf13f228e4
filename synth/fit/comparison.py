"""A recipe beside real lines: both written and measured, and judged on writers and hands held apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.seeds import derive
from corpora.handwriting.record import HandwrittenLine, Split
from synth.fit.distances import Distance, distances
from synth.fit.judge import Exhibits, Verdict, judge, judge_by_looks, prepared
from synth.fit.look import LineLook, measure
from synth.fit.writing import Choose, write_all
from synth.recipe import Recipe

HELD = 4  # one writer of so many is held where the data hold none

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines with their pictures, texts and looks."""

    pictures: list[Picture]
    texts: list[str]
    looks: list[LineLook]


@dataclass(frozen=True, slots=True)
class Side:
    """Lines to learn from, and those held: by other writers, or by other hands."""

    learn: Seen
    held: Seen


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a recipe compares with real lines.

    Attributes:
        name: of the recipe.
        ours: what it wrote.
        distances: one a measure, over the lines to learn from.
        by_eye: the verdict of the network; None where nobody asked for it.
        by_looks: the verdict of trees that see the measures alone; None where there are too few lines.
        drops: what could not be written or measured, by reason.
    """

    name: str
    ours: Side
    distances: list[Distance]
    by_eye: Verdict | None
    by_looks: Verdict | None
    drops: Counter[str]


def held_apart(
    lines: Sequence[HandwrittenLine], held: Split, seed: int
) -> tuple[list[HandwrittenLine], list[HandwrittenLine]]:
    """Lines to learn from and lines held, by other writers.

    Args:
        lines: of a data set.
        held: the split that is held; where it is empty, a quarter of the writers of the others are.
        seed: of that draw.
    """
    learn = [line for line in lines if line.split == "train"]
    apart = [line for line in lines if line.split == held]
    if learn and apart:
        return learn, apart
    every = learn or apart or list(lines)
    writers = {line.writer or line.page or line.id for line in every}
    order = sorted(writers, key=lambda writer: derive(seed, 0, f"fit/held/{writer}"))
    chosen = set(order[: max(1, len(order) // HELD)])
    mine = [(line.writer or line.page or line.id) in chosen for line in every]
    return (
        [line for line, out in zip(every, mine, strict=True) if not out],
        [line for line, out in zip(every, mine, strict=True) if out],
    )


def looked_at(pairs: Sequence[tuple[Picture, str]], drops: Counter[str]) -> Seen:
    """Measure pictures as a judge is shown them; those without ink are left out and counted."""
    seen = Seen([], [], [])
    for picture, text in pairs:
        try:
            look = measure(prepared(picture), text)
        except DataError:
            drops["not measurable"] += 1
            continue
        seen.pictures.append(picture)
        seen.texts.append(text)
        seen.looks.append(look)
    return seen


def compare(
    name: str,
    recipe: Recipe,
    real: Side,
    writers: tuple[Choose, Choose],
    steps: int = 300,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Write the texts of real lines after a recipe, measure and judge.

    Args:
        name: of the recipe.
        recipe: how lines look.
        real: the real lines; as many are written.
        writers: who draws the hands of the lines to learn from, and of those held.
        steps: of the judge's training; 0 spares him.
        seed: of everything.
        progress: is told the judge's steps.

    Raises:
        DataError: the hands cannot write the texts, or there are too few lines for a judge.
    """
    drops: Counter[str] = Counter()
    parts = []
    for number, (part, choose) in enumerate(zip((real.learn, real.held), writers, strict=True)):
        samples, refused = write_all(
            part.texts, recipe, choose, derive(seed, number, "fit/compare") % 2**31, len(part.texts)
        )
        drops += refused
        parts.append(looked_at([(sample.image, sample.text) for sample in samples], drops))
    ours = Side(*parts)
    by_eye = (
        judge(
            Exhibits(real.learn.pictures, real.held.pictures),
            Exhibits(ours.learn.pictures, ours.held.pictures),
            steps,
            seed,
            progress,
        )
        if steps
        else None
    )
    by_looks = judge_by_looks((real.learn.looks, real.held.looks), (ours.learn.looks, ours.held.looks), seed)
    return Comparison(name, ours, distances(real.learn.looks, ours.learn.looks), by_eye, by_looks, drops)
