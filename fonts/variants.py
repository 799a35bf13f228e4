"""Thousands of hands from hundreds of fonts: variants as parameters, not files.

Variant k of a font is a pure function of the font's id and k. Amounts keep every letter itself and natural:
they were chosen by looking at sheets of variants, joined hands among them. ``synth`` applies them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

from common.seeds import Draws, derive, draws
from fonts.hand import Axis, Hand, Traits, Variant
from fonts.verdict import HAIRLINE, HEAVY

USUAL_VARIANTS = 8  # besides the font itself: beyond them new hands are ever less new, see docs/fonts.md

# Within these bounds letters look written: beyond them drawn, or typeset. Other axes stay at their default.
AXES = MappingProxyType(
    {"wght": (300.0, 600.0), "wdth": (85.0, 115.0), "INFM": (0.0, 60.0), "BNCE": (-40.0, 40.0),
     "SPAC": (0.0, 20.0), "slnt": (-12.0, 0.0)}
)  # fmt: skip

_SLANT = (-9.0, 11.0)  # degrees added
_LEANING = (-18.0, 38.0)  # degrees in all
_WIDTH = (0.80, 1.25)
_THINNED, _GROWN = -0.15, 0.35  # shares of the font's own stroke
_THINNEST, _BROADEST = -0.02, 0.05  # x-heights: beyond them corners break and counters close
_ASCENDERS = (0.8, 1.25)
_DESCENDERS = (0.70, 1.25)
_SPACING = (-0.04, 0.14)
_DEFORMATION = (0.04, 0.09)
_FEATURE_ON = 0.35
JOINED = 0.25  # share of touching pairs from which edges must stay where they are


def vary(hand: Hand, number: int) -> Hand:
    """Variant ``number`` of a font.

    Args:
        hand: a font as it is.
        number: from 0; 0 is the font as it is.
    """
    if number == 0:
        return hand
    rng = draws(0, number, f"variant/{hand.id}")
    joined = hand.traits.joined >= JOINED
    variant = Variant(
        number=number,
        seed=derive(0, number, f"letters/{hand.id}") >> 64,
        joined=joined,
        axes=tuple((axis.tag, _on_axis(axis, rng)) for axis in hand.axes),
        features=tuple(tag for tag in alternates(hand) if rng.random() < _FEATURE_ON),
        slant=_slant(hand.traits, rng),
        width=math.exp(rng.uniform(math.log(_WIDTH[0]), math.log(_WIDTH[1]))),
        weight=_weight(hand.traits, rng),
        ascenders=rng.uniform(*_ASCENDERS),
        descenders=rng.uniform(*_DESCENDERS),
        spacing=0.0 if joined else rng.uniform(*_SPACING),
        deformation=rng.uniform(*_DEFORMATION),
    )
    return replace(hand, id=f"{hand.id}~{number}", variant=variant)


def alternates(hand: Hand) -> list[str]:
    """Features that give letters another form and leave them letters."""
    return [tag for tag in hand.features if tag[:2] in ("ss", "cv") or tag in ("salt", "swsh")]


def _on_axis(axis: Axis, rng: Draws) -> float:
    """A value within the font's bounds and ours; the default where these do not meet."""
    least, most = AXES.get(axis.tag, (axis.default, axis.default))
    least, most = max(least, axis.least), min(most, axis.most)
    return rng.uniform(least, most) if least < most else axis.default


def _slant(traits: Traits, rng: Draws) -> float:
    low, high = _LEANING[0] - traits.slant, _LEANING[1] - traits.slant
    return min(max(rng.uniform(*_SLANT), min(low, 0.0)), max(high, 0.0))


def _weight(traits: Traits, rng: Draws) -> float:
    """Within what a pen can be; a font that is finer or broader already gets no further."""
    thinnest = max(_THINNEST, min(HAIRLINE - traits.stroke, 0.0))
    broadest = min(_BROADEST, max(HEAVY - traits.stroke, 0.0))
    return min(max(traits.stroke * rng.uniform(_THINNED, _GROWN), thinnest), broadest)
