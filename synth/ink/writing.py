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
from synth.ink.flow import dryness, slow_flow
from synth.ink.inks import draw_colour
from synth.ink.pens import PENS, Pen
from synth.ink.settings import InkSettings
from synth.ink.strokes import lay_strokes
from synth.ink.texture import Inked, fading, pen_texture, skips
from synth.ranges import Effect, draw, pick

EFFECTS = "dips", "skips", "feathering", "fading"
DRIEST = 0.7  # the most that a pen loses before it is dipped, share of its darkness

Field = NDArray[np.float32]


def apply_ink(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: InkSettings,
    response: Response,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[Field, float, dict[str, Any]]:
    """Turn coverage into opacity.

    Args:
        coverage: uint8, (height, width), of all strokes of the pen; not changed.
        placed: where the line runs, how high its letters are, and how hard the pen is pressed.
        settings: the recipe's.
        response: how the camera sees the ink's colour.
        kept: the page's stream: pen and ink.
        rng: the line's stream.

    Returns:
        opacity float32 in [0, 1] of the coverage's shape, the grey level of full ink, and what was drawn.
    """
    name = settings.pens.pick(kept)
    pen, texture = PENS[name], settings.texture
    ink, level = _ink(pen, settings, response, kept)
    width, flow = draw(kept, settings.width), draw(kept, settings.flow)
    strengths = {effect: _strength(getattr(settings, effect), kept) for effect in EFFECTS}
    blot = _strength(settings.blots, rng)
    record = {"pen": name, "ink": ink, "level": round(level, 1), "flow": round(flow, 3)}
    effects = {effect: strength for effect, strength in {**strengths, "blots": blot}.items() if strength}
    record |= {effect: round(strength, 3) for effect, strength in effects.items()}

    press = _press(placed, settings.pressure * texture)
    growth = np.float32(placed.x_height) * (np.float32(width) + np.float32(pen.swell) * np.log2(press))
    strokes = coverage
    if texture or width or "feathering" in effects:
        strokes = lay_strokes(
            coverage, placed.x_height, pen, texture, growth, effects.get("feathering", 0.0), rng
        )
    if flow or texture or effects:
        inked = Inked.of(strokes, placed.x_height)
        opacity = inked.filled(_amount(inked, pen, texture, flow, press, effects, rng))
    else:
        opacity = strokes * np.float32(1 / 255)
    if blot:
        where, shape = drop(coverage, placed.x_height, blot, rng)
        np.maximum(opacity[where], shape, out=opacity[where])
    return opacity, level, record


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


def _press(placed: PlacedLine, share: float) -> NDArray[np.float32]:
    """The pressure of every column, within what a pen shows: a third to three times the usual."""
    if placed.pressure is None or not share:
        return np.ones(placed.width, np.float32)
    return np.clip(placed.pressure, 1 / 3, 3) ** np.float32(share)


def _amount(
    inked: Inked,
    pen: Pen,
    texture: float,
    flow: float,
    press: NDArray[np.float32],
    effects: dict[str, float],
    rng: np.random.Generator,
) -> Field:
    """The share of full opacity at every inked pixel."""
    shape, pressed = inked.coverage.shape, press[inked.columns]
    along = pressed**pen.yield_
    if flow:
        along *= slow_flow(shape[1], shape[0], flow, rng)[inked.columns]
    dips = effects.get("dips", 0.0) if pen.dipped else 0.0
    if dips:
        along *= 1 - DRIEST * dips * dryness(inked.coverage, inked.x_height, rng)[inked.columns]
    if texture:
        along *= pen_texture(inked, pen, texture, pressed, rng)
    if "skips" in effects:
        along *= skips(inked, effects["skips"], rng)
    if "fading" in effects:
        along *= fading(inked, effects["fading"], rng)
    return np.minimum(along, 1, out=along)
