"""Lines to look at: clean, unmoved, at a given x-height; see :mod:`fonts.specimen`."""

from __future__ import annotations

import numpy as np

from common.seeds import stream
from fonts.hand import Hand
from fonts.specimen import Specimen
from synth.hand.geometry import place
from synth.hand.raster import rasterise
from synth.hand.settings import HandSettings
from synth.hand.shaping import Undrawable, shape
from synth.output import OutputSettings

REACH = 6.0  # x-heights that a picture has for ascenders and descenders together


def write_specimen(hand: Hand, text: str, x_height: float) -> Specimen | None:
    """Write a line by the still hand.

    Args:
        hand: who writes.
        text: what; every character is one that the hand draws.
        x_height: pixels; less where the ink is taller than six of them.

    Returns:
        None where the font draws no ink for it.
    """
    if not hand.x_height:
        return None
    height = int(min(512, max(16, np.ceil(REACH * x_height))))
    settings = HandSettings(x_height=(x_height / height, x_height / height))
    try:
        line = shape(text, hand)
        if not any(len(glyph.outline.points) for glyph in line.glyphs):
            return None
        output = OutputSettings(height=height)
        placed = place(
            line,
            hand.x_height,
            settings,
            output,
            stream(0, 0, "page"),
            stream(0, 0, "specimen"),
            hand.variant,
        )
        ink = rasterise(line, placed).coverage
    except Undrawable:
        return None
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    if not len(rows):
        return None
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Specimen(cropped, round(placed.baseline) - int(rows[0]), placed.x_height)
