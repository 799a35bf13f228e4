"""What the pen makes of an outline: strokes that grow or thin, yield to pressure, and are evenly wide.

Every point moves along its normal, so both edges of a stroke part or close by as much. Lengths are
x-heights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synth.hand.letters import Letters, Values
from synth.hand.shaping import ShapedLine

YIELD = 0.6  # share by which a stroke grows where the pressure doubles; the rest is darkness
THINNEST = 0.4  # share of the usual pressure below which strokes grow no thinner
EVENED = 0.75  # most that evening takes from a stroke or adds to it, share of its width


def grown(
    line: ShapedLine,
    letters: Letters,
    traits: Mapping[str, float],
    weight: float,
    pressure: Values,
    unit: float,
) -> Values | None:
    """How far the points move to the sides of their strokes, (2, P); None where they stay.

    Args:
        line: the glyphs.
        letters: of the line.
        traits: the writer's, named as in ``HandSettings``.
        weight: growth of all strokes.
        pressure: (L,), 1 as usual.
        unit: x-heights in a font unit.
    """
    pressed, even = bool(traits["pressure"]), np.float32(traits["even"])
    if not (weight or pressed or even):
        return None
    growth: Values | np.float32 = np.float32(weight)
    if pressed:
        yielding = YIELD * (line.stroke + weight)
        pushed = weight + yielding * np.maximum(pressure - 1, THINNEST - 1)
        growth = letters.points(pushed.astype(np.float32))
    if even:
        own = thickness(line, unit)
        wanted = np.float32(line.stroke) + growth
        growth = growth + even * (np.clip(wanted - own, -EVENED * own, EVENED * own) - growth)
    return directions(line) * growth


def middles(line: ShapedLine, unit: float) -> Values:
    """(2, P); the points of a line in fine steps moved to the middles of their strokes."""
    known = [glyph.outline.middles for glyph in line.glyphs]
    return np.concatenate([own for own in known if own is not None], axis=1) * np.float32(unit)


def directions(line: ShapedLine) -> Values:
    """(2, P); how the points move when strokes grow by one."""
    return np.concatenate([glyph.outline.growth for glyph in line.glyphs], axis=1)


def thickness(line: ShapedLine, unit: float) -> Values:
    """(P,); width of the stroke at every point of a line in fine steps."""
    known = [glyph.outline.thickness for glyph in line.glyphs]
    return np.concatenate([own for own in known if own is not None]) * np.float32(unit)
