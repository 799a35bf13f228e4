"""One line under each effect of ink, surroundings, paper, camera and Augraphy: before, weak and strong.

What there is to switch on is read off the settings of the stations, so a new setting is on the sheet without
a word here: effects, probabilities, kinds by weight, and ranges that the recipe leaves at nothing by default.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic.fields import FieldInfo

from common.settings import Settings
from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.ranges import Effect, Weights
from synth.recipe import Recipe, changed
from synth.show.gallery import Panel, Picture
from synth.show.steps import watched

STATIONS = ("ink", "surroundings", "paper", "camera", "augraphy")
STRENGTHS = (0.3, 0.9)
REPEATS = 3  # the quickest counts
PLENTY = 1000.0  # milliseconds for Augraphy, so that what is switched on happens
NEEDS = MappingProxyType(
    {"underlines": "underline", "strikes": "correction", "polygon_fill": "polygon", "kinds": "probability"}
)  # kinds that are seen only where something happens at all

Tree = dict[str, Any]
Drawing = Callable[[], tuple[Picture, str]]


@dataclass(frozen=True, slots=True)
class Switch:
    """An effect and what has to be set for it.

    Attributes:
        name: such as ``camera.blur``.
        stages: for every picture what it is called and the settings that switch it on, nested as in a recipe.
    """

    name: str
    stages: tuple[tuple[str, Tree], ...]


def effect_panels(text: TextLine, hand: Hand, recipe: Recipe, seed: int = 0) -> list[Panel]:
    """The line as it is without any effect, then one panel for each.

    Args:
        text: what to write.
        hand: who writes.
        recipe: how; its own effects are switched off, and its ranges tell how far ranges go.
        seed: of the run; the hand moves alike in all panels.

    Returns:
        Panels whose titles tell the strengths, and what the last of their pictures costs.
    """
    off = {station: _off(getattr(recipe, station)) for station in STATIONS}
    off["augraphy"]["budget_ms"] = PLENTY
    still = Recipe.model_validate(changed(recipe, {**off, "looks": ()}))

    def write(changes: Tree) -> Drawing:
        own = Recipe.model_validate(changed(still, changes))
        return lambda: _drawn(text, hand, own, seed)

    plain = write({})
    before, _ = plain()  # banks of noise and the font's outlines are made once
    panels = [Panel((before,), f"without effects  {_cost(plain):.2f} ms")]
    for switch in switches(recipe):
        writers = [write(changes) for _, changes in switch.stages]
        drawn = [writer() for writer in writers]
        named = zip((name for name, _ in switch.stages), (fault for _, fault in drawn), strict=True)
        stages = ", ".join(filter(None, (" ".join(filter(None, words)) for words in named)))
        if all(np.array_equal(after, before) for after, _ in drawn):
            stages += "  nothing by itself"
        cost = _cost(writers[-1], plain)
        panels.append(
            Panel((before, *(after for after, _ in drawn)), f"{switch.name}  {stages}  {cost:+.2f} ms")
        )
    return panels


def switches(recipe: Recipe) -> Iterator[Switch]:
    """Everything that can be switched on, in the order of the stations."""
    for station in STATIONS:
        for name, stages in _switches(getattr(recipe, station)):
            nested = tuple((stage, {station: changes}) for stage, changes in stages)
            yield Switch(f"{station}.{name}", nested)


def _switches(settings: Settings) -> Iterator[tuple[str, list[tuple[str, Tree]]]]:
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Effect):
            yield name, [(f"{s}", {name: {"probability": 1.0, "strength": (s, s)}}) for s in STRENGTHS]
        elif isinstance(value, Weights):
            first = {NEEDS[name]: 1.0} if name in NEEDS else {}
            kinds = type(value).model_fields
            yield (
                name,
                [(kind, {**first, name: {one: float(one == kind) for one in kinds}}) for kind in kinds],
            )
        elif isinstance(value, Settings):
            for inner, stages in _switches(value):
                named = name if inner == "probability" else f"{name}.{inner}"
                yield named, [(stage, {name: {"probability": 1.0, **changes}}) for stage, changes in stages]
        elif _is_share(info):
            yield name, [("", {name: 1.0})]
        elif _is_off(info, value) and max(value) > 0:
            yield name, [(f"{value[1]:g}", {name: (value[1], value[1])})]


def _off(settings: Settings) -> Tree:
    """The settings with everything at nothing that can be switched on."""
    still: Tree = {}
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Effect):
            still[name] = Effect().model_dump()
        elif isinstance(value, Settings) and not isinstance(value, Weights):
            still[name] = _off(value)
        elif _is_share(info):
            still[name] = 0.0
        elif _is_off(info, value):
            still[name] = (0.0, 0.0)
    return still


def _is_share(info: FieldInfo) -> bool:
    """A probability that is 0 unless it is set."""
    return info.default == 0.0 and any(getattr(bound, "le", None) == 1 for bound in info.metadata)


def _is_off(info: FieldInfo, value: object) -> bool:
    """A range that is nothing unless it is set."""
    return isinstance(value, tuple) and info.default == (0.0, 0.0)


def _drawn(text: TextLine, hand: Hand, recipe: Recipe, seed: int) -> tuple[Picture, str]:
    """The picture, refused or not, and why it was refused."""
    stations, fault = watched(text, hand, recipe, seed)
    return stations[-1].picture, f"({fault})" if fault else ""


def _cost(draw: Drawing, against: Drawing | None = None) -> float:
    """CPU milliseconds of a drawing, beyond another one that is drawn in turn with it."""
    spent: list[tuple[float, float]] = []
    for _ in range(REPEATS):
        start = time.process_time()
        if against:
            against()
        middle = time.process_time()
        draw()
        spent.append((middle - start, time.process_time() - middle))
    usual, own = map(min, zip(*spent, strict=True))
    return 1000 * (own - usual)
