"""How one picture came to be: what every station of ``synth.render`` leaves, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.recipe import Recipe
from synth.render import render
from synth.sample import Rejected
from synth.show.gallery import Panel, Picture


@dataclass(frozen=True, slots=True)
class Station:
    """What a station leaves.

    Attributes:
        name: of the station.
        picture: uint8, (height, width).
        spent: milliseconds of CPU since the station before.
    """

    name: str
    picture: Picture
    spent: float


def watched(
    text: TextLine, hand: Hand, recipe: Recipe, seed: int = 0, index: int = 0
) -> tuple[list[Station], str]:
    """Every station's picture, and why the sample was refused; empty where it was not.

    Raises:
        DataError: the hand cannot even draw the line.
    """
    seen: list[tuple[str, NDArray[Any], float]] = []
    start = time.process_time()
    sample = render(
        text,
        hand,
        recipe,
        seed,
        index,
        watch=lambda name, picture: seen.append((name, picture.copy(), time.process_time())),
    )
    fault = f"{sample.reason} {sample.detail}".strip() if isinstance(sample, Rejected) else ""
    if not seen:
        raise DataError(
            f"The hand {hand.id} ({hand.family}) draws nothing of '{text.text}' ({fault})",
            "a text that it can write",
            "choose another text or hand",
        )
    times = [start, *(moment for _, _, moment in seen)]
    return [
        Station(name, np.clip(np.rint(picture), 0, 255).astype(np.uint8), 1000 * (moment - before))
        for (name, picture, moment), before in zip(seen, times, strict=False)
    ], fault


def step_panels(text: TextLine, hand: Hand, recipe: Recipe, seed: int = 0, index: int = 0) -> list[Panel]:
    """One panel a station, in their order; those that changed nothing say so."""
    watched(text, hand, recipe, seed, index)  # what is kept from line to line is not what a line costs
    stations, fault = watched(text, hand, recipe, seed, index)
    panels: list[Panel] = []
    for station in stations:
        same = panels and np.array_equal(panels[-1].pictures[0], station.picture)
        note = "  as before" if same else ""
        panels.append(Panel((station.picture,), f"{station.name}  {station.spent:.2f} ms{note}"))
    if fault:
        panels[-1] = Panel(panels[-1].pictures, f"{panels[-1].title}  refused: {fault}")
    return panels
