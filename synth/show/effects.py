"""One line under each effect of ink, surroundings, paper, camera and Augraphy: before, weak and strong.

What there is to switch on is read off the settings of the stations, so a new setting is on the sheet without
a word here: effects, probabilities, kinds by weight, and ranges that the recipe leaves at nothing by default.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
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
from synth.streams import Streams
from synth.surroundings.corrections import correct

STATIONS = ("ink", "surroundings", "paper", "camera", "augraphy")
STRENGTHS = (0.3, 0.9)
REPEATS = 7  # of a pair of drawings, of whose differences the median counts
PLACES = 64  # in the run, of which that with the longest mistake is drawn
PLENTY = 1000.0  # milliseconds for Augraphy, so that what is switched on happens
NEEDS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "pens": {"texture": 1.0},
        "dips": {"pens": {"quill": 1.0}},
        "neighbours": {"pitch": (1.7, 1.7), "depth": (-0.2, -0.2)},
        "underlines": {"underline": 1.0},
        "strikes": {"correction": 1.0},
        "polygon": {"polygon_fill": {"black": 1.0}},
        "polygon_fill": {"polygon": 1.0},
        "coarseness": {"grain": (4.0, 4.0)},
    }
)  # settings without which nothing is seen

Tree = dict[str, Any]
Drawing = Callable[[], tuple[Picture, str]]


@dataclass(frozen=True, slots=True)
class Switch:
    """An effect and what has to be set for it.

    Attributes:
        name: such as ``camera.blur``.
        needs: settings that hold before too, nested as in a recipe.
        stages: for every picture what it is called and the settings that switch it on, nested as in a recipe.
    """

    name: str
    needs: Tree
    stages: tuple[tuple[str, Tree], ...]


def effect_panels(text: TextLine, hand: Hand, recipe: Recipe, seed: int = 0) -> list[Panel]:
    """The line as it is without any effect, then one panel for each.

    Args:
        text: what to write.
        hand: who writes.
        recipe: how; its own effects are switched off, and its ranges tell how far ranges go.
        seed: of the run; the hand moves alike in all panels.

    Returns:
        Panels whose titles tell the strengths, and what the last of their pictures costs more than the first.
    """
    off = {station: _off(getattr(recipe, station)) for station in STATIONS}
    off["augraphy"]["budget_ms"] = PLENTY
    still = Recipe.model_validate(changed(recipe, {**off, "looks": ()}))

    index = _place_with_mistake(text, still, seed)

    def write(changes: Tree) -> Drawing:
        own = Recipe.model_validate(changed(still, changes))
        return lambda: _drawn(text, hand, own, seed, index)

    plain = write({})
    before, _ = plain()  # banks of noise and the font's outlines are made once
    panels = [Panel((before,), f"without effects  {_cost(plain)}")]
    for switch in switches(recipe):
        base = write(switch.needs)
        writers = [write(changes) for _, changes in switch.stages]
        pictures, faults = zip(*(draw() for draw in (base, *writers)), strict=True)
        named = zip((name for name, _ in switch.stages), faults[1:], strict=True)
        stages = ", ".join(" ".join(filter(None, words)) for words in named)
        if all(np.array_equal(picture, pictures[0]) for picture in pictures[1:]):
            stages += "  nothing by itself"
        panels.append(Panel(pictures, f"{switch.name}  {stages}  {_cost(writers[-1], base)}"))
    return panels


def switches(recipe: Recipe) -> Iterator[Switch]:
    """Everything that can be switched on, in the order of the stations."""
    for station in STATIONS:
        for name, stages in _switches(getattr(recipe, station)):
            needs = NEEDS.get(name, {})
            nested = tuple((stage, {station: {**needs, **changes}}) for stage, changes in stages)
            yield Switch(f"{station}.{name}", {station: needs}, nested)


def _switches(settings: Settings) -> Iterator[tuple[str, list[tuple[str, Tree]]]]:
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Effect):
            yield (
                name,
                [(f"strength {s}", {name: {"probability": 1.0, "strength": (s, s)}}) for s in STRENGTHS],
            )
        elif isinstance(value, Weights):
            yield name, [(kind, {name: {kind: 1.0}}) for kind in type(value).model_fields]
        elif isinstance(value, Settings):
            for inner, stages in _switches(value):
                named = name if inner == "probability" else f"{name}.{inner}"
                yield named, [(stage, {name: {"probability": 1.0, **changes}}) for stage, changes in stages]
        elif _is_share(info):
            yield name, [("always", {name: 1.0})]
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


def _place_with_mistake(text: TextLine, recipe: Recipe, seed: int) -> int:
    """The place in the run where the longest word is crossed out, so that it is seen how."""
    settings = recipe.surroundings.model_copy(update={"correction": 1.0})

    def crossed_out(index: int) -> int:
        rng = Streams(seed, index, index // recipe.lines_per_page).line("corrections")
        return sum(stop - start for start, stop in correct(text.text, settings, rng).struck)

    return max(range(PLACES), key=crossed_out)


def _drawn(text: TextLine, hand: Hand, recipe: Recipe, seed: int, index: int) -> tuple[Picture, str]:
    """The picture, refused or not, and why it was refused."""
    stations, fault = watched(text, hand, recipe, seed, index)
    return stations[-1].picture, f"({fault})" if fault else ""


def _cost(draw: Drawing, against: Callable[[], object] = lambda: None) -> str:
    """CPU milliseconds of a drawing beyond another one that is drawn in turn with it."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        against()
        middle = time.process_time()
        draw()
        spent.append(1000 * (time.process_time() - 2 * middle + start))
    usual = float(np.median(spent))
    noise = float(np.median(np.abs(np.subtract(spent, usual))))
    return f"{usual:+.2f} ms" if abs(usual) > noise else "about 0 ms"
