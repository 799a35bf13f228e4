"""The report of a fit: both distributions side by side, the judge's errors, and a page "real or ours"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from common.report import Section, gallery, histogram, page, paragraph, picture, table
from common.seeds import stream
from synth.fit.comparison import Comparison, Side
from synth.fit.distances import Distance, mean_distance
from synth.fit.ground import at_height
from synth.fit.judge import Verdict

BINS = 24
MIXED = 24  # lines of each side on the page "real or ours"
WIDTH = 1000  # pixels of a line that are shown
CERTAIN = 12  # lines that gave themselves away


def as_page(spec: str, real: Side, compared: Sequence[Comparison], seed: int) -> str:
    """The HTML page of one or several recipes beside real lines; the last one is shown in pictures."""
    last = compared[-1]
    sections = [
        Section("Recipes", [_figures(compared)], "Distances are means over all measures; 0 is alike."),
        Section("Real or ours", _mixed(real, last, seed), "Which of these lines were written by people?"),
        Section("Measures", [_measures(compared), *map(_histogram, last.distances)]),
    ]
    if last.by_eye:
        sections.insert(2, Section("What gave ours away", [_certain(last, last.by_eye)]))
    lede = f"{len(real.learn.looks)} lines of {spec} beside as many synthetic ones, same texts."
    return page("Real lines and ours", sections, lede, f"seed {seed}")


def error(verdict: Verdict | None) -> str:
    """A judge's error with its interval, ready to print; and the pairs that he puts in the wrong order."""
    return (
        f"{verdict.error:.3f} ({verdict.low:.3f} to {verdict.high:.3f}; order {verdict.order:.3f})"
        if verdict
        else "-"
    )


def _figures(compared: Sequence[Comparison]) -> Markup:
    rows = [
        (
            one.name,
            *(f"{value:.3f}" for value in mean_distance(one.distances)),
            error(one.by_eye),
            error(one.by_looks),
        )
        for one in compared
    ]
    headings = ("recipe", "Wasserstein / spread", "Kolmogorov-Smirnov", "judge's error", "judge by measures")
    return table(headings, rows, "0.5: a judge cannot tell them apart; 0: he always can.")


def _measures(compared: Sequence[Comparison]) -> Markup:
    names = [one.name for one in compared[-1].distances]
    columns = [{each.name: each for each in one.distances} for one in compared]
    rows = [
        (
            name,
            *(
                f"{column[name].moved:.2f} / {column[name].apart:.2f}" if name in column else None
                for column in columns
            ),
        )
        for name in names
    ]
    return table(
        ("measure", *(one.name for one in compared)), rows, "Wasserstein / spread, and Kolmogorov-Smirnov"
    )


def _histogram(one: Distance) -> Markup:
    both = np.concatenate((one.real, one.ours))
    low, high = np.percentile(both, [0.5, 99.5])
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    ours, real = (
        np.histogram(np.clip(side, edges[0], edges[-1]), edges)[0].tolist() for side in (one.ours, one.real)
    )
    caption = f"{one.moved:.2f} of a spread apart, KS {one.apart:.2f}"
    return histogram(edges.tolist(), ours, real, one.name, caption, ("ours", "real"))


def _mixed(real: Side, ours: Comparison, seed: int) -> list[Markup]:
    rng = stream(seed, 0, "fit/mixed")
    named = [
        (picture, label)
        for side, label in ((real, "real"), (ours.ours, "ours"))
        for picture in side.held.pictures[:MIXED]
    ]
    order = rng.permutation(len(named))
    shown = gallery([([_shown(named[at][0])], f"{number}") for number, at in enumerate(order, 1)])
    answers = ", ".join(f"{number} {named[at][1]}" for number, at in enumerate(order, 1))
    return [shown, paragraph(f"The answers: {answers}.")]


def _certain(ours: Comparison, verdict: Verdict) -> Markup:
    worst = np.argsort(-verdict.ours, kind="stable")[:CERTAIN]
    return gallery([([_shown(ours.ours.held.pictures[at])], f"{verdict.ours[at]:.2f} sure") for at in worst])


def _shown(line: np.ndarray) -> Markup:
    return picture(at_height(line)[:, :WIDTH], "a line of handwriting")
