"""Recipes that match real lines: a mixture of looks, each fitted to one line, so that what goes together in
the real ones (this ink on that paper with that blur) goes together in ours.

Every look starts from what was measured, is written by a few hands with the real line's own text, measured
by the same function, and its knobs are turned by the difference; this is repeated, the best round is kept.
Hands differ among themselves, which widens what a recipe shows; looks are drawn together by as much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.seeds import derive
from corpora.handwriting.record import HandwrittenLine
from synth.fit.knobs import KNOBS, Values, as_settings, first_values, turned
from synth.fit.look import LineLook, measure
from synth.fit.writing import Choose, written
from synth.recipe import Look, Recipe

Progress = Callable[[int], None]
Wanted = NDArray[np.float64]  # (looks, knobs): the measure of every knob

START = Recipe.parse(
    {
        "writers": {"kinds": {"everyday": 1.0, "formal": 0.3, "brush": 0.1}},
        "hand": {
            "slant_wander": [0.5, 2.5], "size_wander": [0.02, 0.06], "pressure": [0.0, 0.08],
            "word_wander": [0.1, 0.3], "letter_space": [-0.05, 0.05], "letter_wander": [0.02, 0.06],
            "rotation": [-0.5, 0.5], "bend": [-0.5, 0.5], "drift": [0.02, 0.08], "steps": [0.01, 0.05],
            "jitter": [0.01, 0.03], "deformation": [0.01, 0.04], "wobble": [0.0, 0.03],
            "alternates": [0.0, 0.6], "tremor": [0.0, 0.02],
        },
        "ink": {"pens": {"ballpoint": 4, "fountain": 0.5, "pencil": 0.5, "felt": 2}},
        "output": {"height": 64},
    },
    "the recipe that fitting starts from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A real line that could be measured."""

    line: HandwrittenLine
    look: LineLook


def measure_lines(
    lines: Sequence[HandwrittenLine], count: int, seed: int
) -> tuple[list[Measured], list[str]]:
    """Measure some lines, as many writers as possible.

    Args:
        lines: real lines; at least one can be measured.
        count: how many to measure; fewer where there are fewer.
        seed: of the choice.

    Returns:
        What was measured, and why other lines could not be.

    Raises:
        DataError: there is no line, or none of them shows ink.
    """
    found: list[Measured] = []
    faults: list[str] = []
    for line in spread_over_writers(lines, seed):
        if len(found) == count:
            break
        try:
            found.append(Measured(line, measure(line.load(), line.text)))
        except DataError as fault:
            faults.append(f"{line.id}: {fault}")
    if not found:
        raise DataError(
            f"None of {len(lines)} lines can be measured" + (f"; {faults[0]}" if faults else ""),
            "lines with ink on paper",
            "look at them with `inkmill data SPEC --sheet sheet.png`",
        )
    return found, faults


def spread_over_writers(lines: Sequence[HandwrittenLine], seed: int) -> list[HandwrittenLine]:
    """All lines in a drawn order in which every writer has his first before any has his second."""
    turns: dict[str, int] = {}
    placed: list[tuple[int, int, HandwrittenLine]] = []
    for line in sorted(lines, key=lambda line: derive(seed, 0, f"fit/{line.id}")):
        writer = line.writer or line.page or line.id
        turns[writer] = turns.get(writer, -1) + 1
        placed.append((turns[writer], len(placed), line))
    return [line for _, _, line in sorted(placed, key=lambda item: item[:2])]


def fit(
    real: Sequence[Measured],
    choose: Choose,
    start: Recipe = START,
    looks: int = 96,
    rounds: int = 4,
    hands: int = 3,
    seed: int = 0,
    progress: Progress | None = None,
) -> Recipe:
    """A recipe whose samples look like real lines.

    Args:
        real: measured lines; the first ``looks`` of them become looks.
        choose: draws a hand that covers a text.
        start: the settings that are not fitted, and the size of the picture.
        looks: most looks of the mixture.
        rounds: how often every look is written, measured and moved.
        hands: how many hands write every look in a round.
        seed: of the hands and of the pictures.
        progress: is told the number of looks that were written and measured.

    Raises:
        DataError: not one line can be written by the hands.
    """
    chosen = list(real[:looks])
    wanted = np.array([[knob.measure(one.look) for knob in KNOBS] for one in chosen])
    values = [first_values(one.look) for one in chosen]
    best = list(values)
    least = np.full(len(chosen), np.inf)
    aims = wanted
    for _ in range(rounds):
        found = np.full((len(chosen), hands, len(KNOBS)), np.nan)
        for number, (one, value) in enumerate(zip(chosen, values, strict=True)):
            recipe = mixture(start, [_look(value, one, start.output.height)])
            found[number] = _written_looks(one.line.text, recipe, choose, hands, seed, number)
            if progress:
                progress(1)
        means = _means(found)
        aims = _drawn_together(wanted, found)
        miss = _miss(aims, means)
        for number in np.flatnonzero(miss < least).tolist():
            least[number], best[number] = miss[number], values[number]
        values = [
            turned(value, dict(enumerate(aim)), dict(enumerate(mean)))
            for value, aim, mean in zip(values, aims, means, strict=True)
        ]
    kept = [number for number in range(len(chosen)) if np.isfinite(least[number])]
    if not kept:
        raise DataError(
            f"None of {len(chosen)} lines can be written by the hands",
            "hands that cover the texts",
            "add fonts with `inkmill fonts add DIR`",
        )
    return mixture(start, [_look(best[number], chosen[number], start.output.height) for number in kept])


def mixture(start: Recipe, looks: Sequence[Look]) -> Recipe:
    """A recipe with other looks."""
    return Recipe.model_validate({**start.model_dump(exclude={"looks"}), "looks": looks})


def _look(values: Values, real: Measured, height: int) -> Look:
    return Look(settings=as_settings(values, real.look, height))


def _written_looks(
    text: str, recipe: Recipe, choose: Choose, hands: int, seed: int, number: int
) -> NDArray[np.float64]:
    """(hands, knobs): the measures of a look's lines, nan where a line was not written."""
    rows = np.full((hands, len(KNOBS)), np.nan)
    for hand in range(hands):
        sample = written(text, recipe, choose, seed, number * hands + hand)
        if sample is None:
            continue
        try:
            look = measure(sample.image, sample.text)
        except DataError:  # too faint to be measured: this hand says nothing
            continue
        rows[hand] = [knob.measure(look) for knob in KNOBS]
    return rows


def _means(found: NDArray[np.float64]) -> Wanted:
    there = np.isfinite(found)
    counts = there.sum(1)
    sums = np.where(there, found, 0.0).sum(1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _drawn_together(wanted: Wanted, found: NDArray[np.float64]) -> Wanted:
    """What the looks aim at: the real lines' measures, drawn towards their mean by as much as the hands
    differ within one look, so that looks and hands together vary as the real lines do."""
    off = np.ma.masked_invalid(found - _means(found)[:, None])
    within = (off**2).mean(axis=(0, 1)).filled(0.0) * found.shape[1] / max(found.shape[1] - 1, 1)
    there = np.ma.masked_invalid(wanted)
    centre, spread = there.mean(axis=0).filled(np.nan), there.var(axis=0).filled(0.0)
    share = np.sqrt(np.clip(1 - within / np.maximum(spread, 1e-12), 0.04, 1))
    return np.asarray(centre + share * (wanted - centre))


def _miss(wanted: Wanted, found: Wanted) -> NDArray[np.float64]:
    """How far each look is from its aim: mean distance in real spreads, inf where nothing was written."""
    spread = np.ma.masked_invalid(wanted).std(axis=0).filled(0.0) + 1e-3
    far = np.minimum(np.abs(found - wanted) / spread, 3.0)
    there = np.isfinite(far)
    total = np.where(there, far, 0.0).sum(1) / np.maximum(there.sum(1), 1)
    return np.where(np.isfinite(found).any(1), total, np.inf)
