"""Which setting answers for which measure: the table by which a recipe is moved towards real lines.

A knob is one setting and the measure that tells where it ought to stand. Most are turned step by step, by the
difference between a real line's measure and that of synthetic ones; some are simply set from the real line.
A new setting of a station is fitted by one more row.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from synth.fit.look import LineLook
from synth.ranges import Effect
from synth.recipe import Recipe

Values = dict[str, float]
Measure = Callable[[LineLook], float]
Chosen = float | list[float] | dict[str, float]


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that is turned until its measure agrees.

    Attributes:
        setting: where it stands in the recipe, such as ``aim.slant``.
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
            return self.bounded(value + self.gain * (wanted - found))
        ratio = (wanted + 1e-6) / (found + 1e-6)
        return self.bounded(value * min(max(ratio, 0.5), 2.0) ** self.gain)

    def bounded(self, value: float) -> float:
        """The nearest value that the setting may have."""
        return min(max(value, self.low), self.high)


KNOBS = (
    Knob("hand.x_height", lambda look: look.letters, "scale", 0.7, 0.1, 0.8),
    Knob("aim.width", lambda look: look.advance / look.x_height, "scale", 0.7, 0.3, 3.0),
    Knob("aim.slant", lambda look: look.slant, "add", 0.7, -40.0, 60.0),
    Knob("aim.pen", lambda look: look.stroke / look.x_height, "add", 0.8, 0.03, 0.5),
    Knob("hand.word_space", lambda look: look.word_gap / look.x_height, "scale", 0.7, 0.3, 3.0),
    Knob("hand.letter_space", lambda look: look.letter_gap, "add", 0.8, -0.35, 0.35),
    Knob("writers.joined", lambda look: look.joined, "add", 0.8, 0.0, 1.0),
    Knob("writers.contrast", lambda look: look.swelling, "add", 0.4, 1.0, 4.0),
    Knob("hand.even", lambda look: look.swelling, "add", -0.4, 0.0, 1.0),
    Knob("hand.ascenders", lambda look: look.ascenders, "scale", 0.6, 0.7, 2.0),
    Knob("hand.descenders", lambda look: look.descenders, "scale", 0.6, 0.7, 2.0),
    Knob("surroundings.depth", lambda look: look.edges, "add", 5.0, -1.2, 0.4),
    Knob("output.side", lambda look: (look.left + look.right) / 2, "add", 0.8, 0.0, 2.0),
    Knob("ink.level", lambda look: look.ink, "add", 0.9, 0.0, 200.0),
    Knob("ink.flow", lambda look: look.fading, "add", 1.5, 0.0, 0.8),
    Knob("ink.texture", lambda look: look.mottling, "add", 1.5, 0.0, 2.5),
    Knob("paper.level", lambda look: look.paper, "add", 0.9, 60.0, 255.0),
    Knob("camera.overexposure", lambda look: look.white, "add", 6.0, 0.0, 1.0),
    Knob("paper.ruling.strength", lambda look: look.ruling, "add", 1.0, 0.0, 140.0),
    Knob("paper.ruling.wear", lambda look: look.breaks, "add", 1.0, 0.0, 1.0),
    Knob("paper.show_through", lambda look: look.ghosts, "add", 2.0, 0.0, 1.0),
    Knob("paper.shading", lambda look: look.unevenness, "add", 0.8, 0.0, 40.0),
    Knob("paper.grain", lambda look: look.middle, "add", 0.8, 0.0, 25.0),
    Knob("paper.coarseness", lambda look: look.coarse / (look.middle + 0.5), "add", 0.5, 0.0, 1.0),
    Knob("camera.noise", lambda look: look.fine, "add", 0.04, 0.0, 1.0),
    Knob("camera.noise", lambda look: look.mottling, "add", 1.0, 0.0, 1.0),
    Knob("camera.blur", lambda look: look.sharpness, "add", -3.0, 0.0, 1.0),
    Knob("camera.halo", lambda look: look.sharpness, "add", 6.0, 0.0, 1.0),
    Knob("camera.jpeg", lambda look: look.flat, "add", -0.8, 0.0, 0.6),
)
BURNT = 0.5  # share of pure white
SEEN_RULE = 8.0  # grey levels; fibres make less
EVEN_RULE = 0.75  # what breaks more is no printed rule but texture, or feet of letters
WHITE_FILL = {"white": 1.0, "paper": 0.0, "black": 0.0}
PAPER_FILL = {"white": 0.0, "paper": 1.0, "black": 0.0}
ONE_RULE = {"line": 1.0, "dots": 0.0, "squares": 0.0, "seyes": 0.0}
MANY_RULES = {"line": 0.5, "dots": 0.0, "squares": 1.0, "seyes": 1.0}


def first_values(real: LineLook) -> Values:
    """Where the knobs stand before the first step: what can be read off the line itself."""
    burnt = real.white > BURNT  # such a scan hides its noise on the paper, not in the ink
    read = {
        "hand.x_height": real.x_height,
        "aim.width": real.advance / real.x_height,
        "aim.slant": real.slant,
        "aim.pen": real.stroke / real.x_height,
        "hand.word_space": 1.0,
        "hand.letter_space": 0.0,
        "writers.joined": real.joined if real.joined == real.joined else 0.5,
        "writers.contrast": real.swelling,
        "hand.even": 0.3,
        "hand.ascenders": 1.0,
        "hand.descenders": 1.0,
        "surroundings.depth": -0.8 if real.edges < 0.03 else -0.1,
        "output.side": (real.left + real.right) / 2,
        "ink.level": real.ink - 10.0,
        "ink.flow": 0.1,
        "ink.texture": 0.5,
        "paper.level": real.paper,
        "camera.overexposure": 0.3 * burnt,
        "paper.ruling.strength": real.ruling,
        "paper.ruling.wear": 0.1,
        "paper.show_through": 0.0,
        "paper.coarseness": 0.2,
        "paper.shading": real.unevenness,
        "paper.grain": real.middle,
        "camera.noise": 0.25 * burnt,
        "camera.blur": 0.1,
        "camera.halo": 0.0,
        "camera.jpeg": 0.1,
    }
    return {knob.setting: knob.bounded(read[knob.setting]) for knob in KNOBS}


def turned(values: Values, wanted: Mapping[int, float], found: Mapping[int, float]) -> Values:
    """All knobs after one step; the measures by the number of their knob."""
    moved = dict(values)
    for number, knob in enumerate(KNOBS):
        moved[knob.setting] = knob.turned(moved[knob.setting], wanted[number], found[number])
    return moved


def as_settings(values: Values, real: LineLook, height: int) -> dict[str, dict[str, Any]]:
    """The settings of one look.

    Args:
        values: where the knobs stand.
        real: the line; what is not turned is set from it.
        height: of the recipe's pictures.
    """
    settings: dict[str, dict[str, Any]] = {}
    for path, value in sorted({**values, **_frame(real, height), **_surroundings(real)}.items()):
        *groups, name = path.split(".")
        group: dict[str, Any] = settings
        for each in groups:
            group = group.setdefault(each, {})
        group[name] = _stated(path, value)
    return settings


def _frame(real: LineLook, height: int) -> dict[str, Chosen]:
    """How much paper stands around the ink."""
    pixels = min(max(round(height * min(real.top, real.bottom)), 1), height // 8)
    margin = pixels / height
    spare = real.top + real.bottom - 2 * margin
    above = min(max((real.top - margin) / spare, 0.0), 1.0) if spare > 0.02 else 0.5
    return {
        "output.margin": pixels,
        "output.above": [round(max(above - 0.1, 0.0), 3), round(min(above + 0.1, 1.0), 3)],
    }


def _surroundings(real: LineLook) -> dict[str, Chosen]:
    """What stands around the line, and how faint it may be."""
    return {
        "paper.ruling.probability": float(real.ruling > SEEN_RULE and real.breaks < EVEN_RULE),
        "paper.ruling.kinds": MANY_RULES if real.rules > 5 else ONE_RULE,
        "surroundings.neighbours": float(real.edges > 0.003),
        "surroundings.polygon": float(real.flat > 0.1 and real.middle > 0.8),
        "surroundings.polygon_fill": WHITE_FILL if real.white > 0.02 else PAPER_FILL,
        "proof.contrast": min(40.0, max(12.0, 0.4 * (real.paper - real.ink))),
    }


@functools.cache
def _defaults() -> Recipe:
    return Recipe()


def _stated(path: str, value: Chosen) -> Any:
    """A value in the form that its setting has: a range, an effect, or as it is."""
    default = attrgetter(path)(_defaults())
    if isinstance(value, list | dict) or isinstance(default, int):
        return value
    rounded = round(value, 4)
    if isinstance(default, Effect):
        return {"probability": float(rounded > 0), "strength": [rounded, rounded]}
    return rounded if isinstance(default, float) else [rounded, rounded]
