"""The station of the ink: how dark the pen leaves every pixel, and the grey of its ink.

Pen, ink and what has become of them are the page's; where it shows is the line's. Where a letter's strokes
are is the hand's matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.colour import Response, grey
from synth.hand.geometry import PlacedLine
from synth.ink.blots import drop
from synth.ink.flow import along_line
from synth.ink.inks import draw_colour
from synth.ink.pens import PENS, Pen
from synth.ink.settings import InkSettings
from synth.ink.strokes import lay_strokes
from synth.ink.texture import Inked, in_strokes
from synth.ranges import Effect, draw, pick

EFFECTS = "dips", "skips", "feathering", "fading"

Opacity = NDArray[np.float32] | NDArray[np.uint8]


def apply_ink(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: InkSettings,
    response: Response,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[Opacity, float, dict[str, Any]]:
    """Turn coverage into opacity.

    Args:
        coverage: uint8, (height, width), of all strokes of the pen; not changed.
        placed: where the line runs, how high its letters are, and how hard the pen is pressed.
        settings: the recipe's.
        response: how the camera sees the ink's colour.
        kept: the page's stream: pen and ink.
        rng: the line's stream.

    Returns:
        opacity of the coverage's shape, float32 in [0, 1] or, of even ink, uint8 in [0, 255]; the grey level
        of full ink; and what was drawn.
    """
    name = settings.pens.pick(kept)
    pen = PENS[name]
    ink, level = _ink(pen, settings, response, kept)
    width, flow = draw(kept, settings.width), draw(kept, settings.flow)
    strengths = {effect: _strength(getattr(settings, effect), kept) for effect in EFFECTS}
    strengths |= {"dips": strengths["dips"] * pen.dipped, "blots": _strength(settings.blots, rng)}
    seed = int(rng.integers(2**63))
    effects = {effect: strength for effect, strength in strengths.items() if strength}

    strokes, x_height = coverage, placed.x_height
    if settings.texture or width or "feathering" in effects:
        creep = strengths["feathering"]
        strokes = lay_strokes(coverage, x_height, pen, settings.texture, width * x_height, creep, seed)
    opacity: Opacity = strokes
    if settings.texture or flow or effects:
        inked = Inked.of(strokes, x_height)
        pressure = settings.pressure * settings.texture * pen.press
        amount = along_line(coverage, placed, pressure, flow, strengths["dips"], seed)[inked.columns]
        amount *= in_strokes(inked, pen, settings.texture, strengths["skips"], strengths["fading"], seed)
        opacity = inked.filled(amount)
    if "blots" in effects:
        where, shape = drop(coverage, x_height, effects["blots"], seed)
        np.maximum(opacity[where], shape, out=opacity[where])
    figures = {"level": level, "width": width, "flow": flow, **effects}
    return (
        opacity,
        level,
        {"pen": name, "ink": ink} | {key: round(value, 3) for key, value in figures.items()},
    )


def _ink(
    pen: Pen, settings: InkSettings, response: Response, kept: np.random.Generator
) -> tuple[str | None, float]:
    """The ink in the pen, if it has a name, and its grey; three values are drawn."""
    level = draw(kept, settings.level)
    offered = settings.inks.model_dump() if settings.inks else {}
    fitting = {name: offered.get(name, 0.0) for name in pen.inks}
    ink = pick(kept, fitting if any(fitting.values()) else {pen.inks[0]: 1.0})
    colour = draw_colour(ink, kept)
    return (ink, grey(colour, response)) if offered else (None, level)


def _strength(effect: Effect, rng: np.random.Generator) -> float:
    """How strong an effect is, 0 where it does not happen; two values are drawn."""
    chance, strength = rng.random(), draw(rng, effect.strength)
    return strength if chance < effect.probability else 0.0
