"""What `inkmill fit` does: measures real lines, fits a recipe, compares recipes, writes the report."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from common.errors import UsageError, nearest
from common.files import write_atomic
from common.progress import progress
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.spec import read_lines
from fonts.catalogue import default_catalogue, load_catalogue
from fonts.hand import Hand, HandSplit
from fonts.writers import Writers
from synth.fit.comparison import Comparison, Seen, Side, compare, held_apart, looked_at
from synth.fit.distances import mean_distance
from synth.fit.fitting import START, Measured, fit, measure_lines
from synth.fit.report import as_page, error
from synth.recipe import Recipe, by_kinds, load_recipe

if TYPE_CHECKING:
    from synth.fit.writing import Choose

START_NAME, FITTED = "start", "fitted"

log = logging.getLogger("inkmill.fit")


@dataclass(frozen=True, slots=True)
class FitPlan:
    """What is asked for; see the options of `inkmill fit`."""

    spec: str
    out: Path | None
    judged: tuple[str, ...] = ()
    report: Path | None = None
    recipe: str | None = None
    lines: int = 300
    looks: int = 96
    rounds: int = 5
    held: str = "validation"
    steps: int = 300
    variants: int = 8
    kinds: str = ""
    seed: int = 0
    catalogue: Path | None = None


def run_fit(plan: FitPlan) -> Iterator[tuple[str, ...]]:
    """Fit and compare; what is found as rows to print.

    Raises:
        UsageError: nothing is asked for, or a name is unknown.
        DataError: no line that can be measured, or none that the hands can write.
    """
    _check(plan)
    start = by_kinds(load_recipe(plan.recipe) if plan.recipe else START, plan.kinds)
    recipes = {name: load_recipe(name, kinds=plan.kinds) for name in plan.judged}
    learn, held = held_apart(read_lines(plan.spec), cast(Split, plan.held), plan.seed)
    measured = _measured(learn, plan.lines, plan.seed)
    real = Side(_seen(measured), _seen(_measured(held, plan.lines, plan.seed)))
    writers = _hands(plan)
    if plan.out:
        with progress("Fitting looks", plan.rounds * min(plan.looks, len(measured)), "looks") as step:
            fitted = fit(measured, writers[0], start, plan.looks, plan.rounds, seed=plan.seed, progress=step)
        fitted.write(plan.out)
        recipes = {START_NAME: start, **recipes, FITTED: fitted}
        yield str(plan.out), f"{len(fitted.looks)} looks"
    compared = [_compared(name, recipe, real, writers, plan) for name, recipe in recipes.items()]
    yield from _rows(compared)
    if plan.report:
        write_atomic(plan.report, as_page(plan.spec, real, compared, plan.seed))
        yield str(plan.report), "report"


def _check(plan: FitPlan) -> None:
    if not (plan.out or plan.judged):
        raise UsageError(
            "Nothing is asked for", "--out recipe.yaml to fit, or --judge RECIPE to compare one", ""
        )
    if plan.out and plan.out.suffix not in (".yaml", ".yml"):
        raise UsageError(f"The recipe {plan.out} cannot be written in that format", "a name ending in .yaml")
    if plan.report and plan.report.suffix != ".html":
        raise UsageError(
            f"The report {plan.report} cannot be written in that format", "a name ending in .html"
        )
    if plan.held not in get_args(Split):
        raise UsageError(f"There is no split '{plan.held}'", nearest(plan.held, get_args(Split)))


def _measured(lines: list[HandwrittenLine], count: int, seed: int) -> list[Measured]:
    found, faults = measure_lines(lines, count, seed)
    for fault in faults:
        log.warning("Left out: %s", fault)
    return found


def _seen(measured: list[Measured]) -> Seen:
    return looked_at([(one.line.load(), one.line.text) for one in measured], Counter())


def _hands(plan: FitPlan) -> tuple[Choose, Choose]:
    """Who draws the hands of training, and the held ones."""
    fonts = load_catalogue(plan.catalogue) if plan.catalogue else default_catalogue()

    def of(split: HandSplit) -> Choose:
        def choose(rng: np.random.Generator, text: str, writers: Writers) -> Hand | None:
            return fonts.choose(rng, text, split, plan.variants, writers)

        return choose

    return of("train"), of("validation")


def _compared(
    name: str, recipe: Recipe, real: Side, writers: tuple[Choose, Choose], plan: FitPlan
) -> Comparison:
    steps = 0 if name == START_NAME else plan.steps  # the start is there for its distances
    with progress(f"Judging {name}", steps, "steps") as step:
        return compare(name, recipe, real, writers, steps, plan.seed, step)


def _rows(compared: list[Comparison]) -> Iterator[tuple[str, ...]]:
    yield "measure", *(one.name for one in compared)
    tables = [{each.name: each.moved for each in one.distances} for one in compared]
    for name in tables[-1]:
        yield name, *(f"{column[name]:.2f}" if name in column else "-" for column in tables)
    means = [mean_distance(one.distances) for one in compared]
    yield "mean Wasserstein / spread", *(f"{moved:.3f}" for moved, _ in means)
    yield "mean Kolmogorov-Smirnov", *(f"{apart:.3f}" for _, apart in means)
    yield "judge's error", *(error(one.by_eye) for one in compared)
    yield "judge's error by measures", *(error(one.by_looks) for one in compared)
    drops: Counter[str] = sum((one.drops for one in compared), Counter())
    yield "dropped", ", ".join(f"{reason} {number}" for reason, number in drops.most_common()) or "0"
