"""Inks by name: between which two colours each of them lies.

The ends were measured as the mean colour of the darkest 2 % of every text line on scanned pages (letters of
the 16th, 18th and 19th century, a register of 1858, forms filled in with ball pens) and rounded; coloured
inks that those pages lack are estimates. How dark the strokes become is decided elsewhere.
"""

from __future__ import annotations

import numpy as np

from synth.colour import Colour
from synth.ranges import Weight, Weights

INKS: dict[str, tuple[Colour, Colour]] = {
    "black": ((15, 15, 18), (83, 76, 89)),
    "blue": ((40, 45, 120), (112, 95, 180)),
    "blue_black": ((22, 26, 48), (76, 80, 110)),
    "violet": ((70, 40, 100), (130, 95, 165)),
    "red": ((140, 20, 30), (205, 80, 85)),
    "green": ((15, 75, 50), (80, 130, 95)),
    "iron_gall": ((33, 23, 15), (110, 90, 60)),
    "faded_gall": ((110, 90, 60), (174, 153, 120)),
    "graphite": ((60, 60, 64), (130, 130, 134)),
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
