"""Which setting answers for which measure: the table by which a recipe is moved towards real lines.

A knob is one setting and the measure that tells where it ought to stand. Most are turned step by step, by the
difference between a real line's measure and that of synthetic ones; some are simply set from the real line.
A new setting of a station is fitted by one more row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from synth.fit.look import LineLook
from synth.ranges import Effect
from synth.recipe import Recipe

Values = dict[str, float]
Measure = Callable[[LineLook], float]
DEFAULTS = Recipe()


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that is turned until its measure agrees.

    Attributes:
        setting: where it stands in the recipe, such as ``hand.slant``.
        measure: what it changes.
        turn: ``add``: the difference of the measures times ``gain`` is added; ``scale``: the setting grows
            with the ratio of the measures to the power of ``gain``.
        gain: how far one step goes.
        low, high: bounds of the setting.
    """

    setting: str
    measure: Measure
    turn: Literal["add", "scale"]
    gain: float
    low: float
    high: float

    def turned(self, value: float, wanted: float, found: float) -> float:
        """The setting after one step.

        Args:
            value: where it stands.
            wanted: the measure on the real line; nan leaves it there, as for ``found``.
            found: the measure on synthetic lines.
        """
        if not (wanted == wanted and found == found):
            return value
        if self.turn == "add":
            moved = value + self.gain * (wanted - found)
        else:
            moved = value * min(max((wanted + 1e-6) / (found + 1e-6), 0.5), 2.0) ** self.gain
        return min(max(moved, self.low), self.high)


KNOBS = (
    Knob("hand.x_height", lambda look: look.x_height, "scale", 0.7, 0.1, 0.8),
    Knob("hand.stretch", lambda look: look.advance / look.x_height, "scale", 0.7, 0.5, 2.5),
    Knob("hand.slant", lambda look: look.slant, "add", 0.7, -45.0, 60.0),
    Knob("hand.weight", lambda look: look.stroke / look.x_height, "add", 0.8, -0.12, 0.3),
    Knob("hand.word_space", lambda look: look.word_gap / look.x_height, "scale", 0.7, 0.5, 3.0),
    Knob("ink.level", lambda look: look.ink, "add", 0.9, 0.0, 200.0),
    Knob("ink.flow", lambda look: look.fading, "add", 1.5, 0.0, 0.8),
    Knob("ink.texture", lambda look: look.mottling, "add", 3.0, 0.0, 2.0),
    Knob("paper.level", lambda look: look.paper, "add", 0.9, 60.0, 300.0),
    Knob("paper.level", lambda look: look.white, "add", 15.0, 60.0, 300.0),
    Knob("paper.ruling.strength", lambda look: look.ruling, "add", 1.0, 0.0, 120.0),
    Knob("paper.shading", lambda look: look.unevenness, "add", 0.8, 0.0, 40.0),
    Knob("paper.grain", lambda look: look.middle, "add", 0.8, 0.0, 25.0),
    Knob("camera.noise", lambda look: look.fine, "add", 0.04, 0.0, 1.0),
    Knob("camera.blur", lambda look: look.sharpness, "add", -1.5, 0.0, 1.0),
)
FIRST: Mapping[str, float] = {
    "hand.weight": 0.0,
    "hand.slant": 0.0,
    "hand.stretch": 1.0,
    "hand.word_space": 1.0,
    "ink.flow": 0.1,
    "ink.texture": 0.5,
    "camera.noise": 0.02,
    "camera.blur": 0.15,
}


def first_values(real: LineLook) -> Values:
    """Where the knobs stand before the first step: what can be read off the line itself."""
    return {
        **FIRST,
        "hand.x_height": min(max(real.x_height, 0.1), 0.8),
        "ink.level": min(max(real.ink - 10.0, 0.0), 200.0),
        "paper.level": min(max(real.paper, 60.0), 300.0),
        "paper.ruling.strength": real.ruling,
        "paper.shading": real.unevenness,
        "paper.grain": real.middle,
    }


def turned(values: Values, wanted: Mapping[int, float], found: Mapping[int, float]) -> Values:
    """All knobs after one step; the measures by the number of their knob."""
    moved = dict(values)
    for number, knob in enumerate(KNOBS):
        moved[knob.setting] = knob.turned(moved[knob.setting], wanted[number], found[number])
    return moved


def as_settings(values: Values, real: LineLook, margin: float) -> dict[str, dict[str, Any]]:
    """The settings of one look.

    Args:
        values: where the knobs stand.
        real: the line; what is not turned is set from it.
        margin: of the recipe's pictures, share of the height.
    """
    contrast = real.paper - real.ink
    sides = sorted(max(side - margin, 0.0) for side in (real.left, real.right))
    chosen: dict[str, float | list[float]] = {
        **values,
        "output.side": [round(side, 3) for side in sides],
        "paper.ruling.probability": float(real.rules > 0),
        "surroundings.neighbours": float(real.edges > 0.02),
        "surroundings.polygon": float(real.flat > 0.1 and real.middle > 0.8),
        "proof.contrast": min(40.0, max(12.0, 0.4 * contrast)),
    }
    settings: dict[str, dict[str, Any]] = {}
    for path, value in sorted(chosen.items()):
        *groups, name = path.split(".")
        group: dict[str, Any] = settings
        for each in groups:
            group = group.setdefault(each, {})
        group[name] = _stated(path, value)
    return settings


def _stated(path: str, value: float | list[float]) -> Any:
    """A value in the form that its setting has: a range, an effect, or a number."""
    if isinstance(value, list):
        return value
    rounded = round(value, 4)
    kind = type(attrgetter(path)(DEFAULTS))
    if kind is Effect:
        return {"probability": float(rounded > 0), "strength": [rounded, rounded]}
    return [rounded, rounded] if kind is tuple else rounded
