"""Inks by name: between which two colours each of them lies.

Measured as the mean colour of the darkest 2 % of every text line on scanned pages (letters of the 16th, 18th
and 19th century, a register of 1858, forms filled in with ball pens), and lowered by 12 levels, since pens
leave less than full ink and lenses blur it; coloured inks that those pages lack are estimates. How dark the
strokes become is decided elsewhere.
"""

from __future__ import annotations

import numpy as np

from synth.colour import Colour
from synth.ranges import Weight, Weights

INKS: dict[str, tuple[Colour, Colour]] = {
    "black": ((5, 5, 8), (72, 66, 78)),
    "blue": ((25, 30, 100), (98, 84, 168)),
    "blue_black": ((12, 16, 38), (65, 70, 100)),
    "violet": ((60, 30, 90), (118, 84, 152)),
    "red": ((135, 15, 25), (195, 70, 75)),
    "green": ((10, 65, 42), (70, 118, 84)),
    "iron_gall": ((24, 15, 8), (98, 78, 48)),
    "faded_gall": ((98, 78, 48), (162, 140, 108)),
    "graphite": ((50, 50, 54), (120, 120, 124)),
}


class Inks(Weights):
    """How often each ink is in the pen, as weights; a pen takes only what its kind takes."""

    black: Weight = 0.0
    blue: Weight = 0.0
    blue_black: Weight = 0.0
    violet: Weight = 0.0
    red: Weight = 0.0
    green: Weight = 0.0
    iron_gall: Weight = 0.0
    faded_gall: Weight = 0.0
    graphite: Weight = 0.0


def draw_colour(ink: str, rng: np.random.Generator) -> Colour:
    """A colour of an ink; one value is drawn."""
    share = rng.random()
    red, green, blue = (dark + share * (light - dark) for dark, light in zip(*INKS[ink], strict=True))
    return red, green, blue
