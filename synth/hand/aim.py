"""What the writing shall measure whatever the font's own: pen width, slant, width of letters.

Fonts differ threefold in stroke width and by forty degrees in slant, so settings that are added to a font's
own leave lines as different as the fonts are. An aim is turned into those settings for every hand, from the
traits that were measured on its font.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from common.settings import Settings
from fonts.hand import Hand, Variant
from synth.hand.settings import Factor, HandSettings, Height, Lean
from synth.ranges import Between

OVERRULES: Mapping[str, str] = MappingProxyType({"pen": "weight", "slant": "slant", "width": "stretch"})
AS_IS = Variant(0)
FINEST = 0.04  # x-heights that thinning leaves of thin strokes: more than half a pixel of small writing


class AimSettings(Settings):
    """What is aimed at; None leaves it to the font and to ``HandSettings``. A recipe states one or the other.

    Attributes:
        pen: width of the strokes, x-heights; takes the place of ``hand.weight``.
        slant: degrees to the right; takes the place of ``hand.slant``.
        width: mean advance of small letters, x-heights; takes the place of ``hand.stretch``.
    """

    pen: Between[Height] | None = None
    slant: Between[Lean] | None = None
    width: Between[Factor] | None = None


def aimed(settings: HandSettings, aim: AimSettings, hand: Hand) -> HandSettings:
    """The settings with which a hand reaches an aim.

    Args:
        settings: the recipe's.
        aim: the recipe's.
        hand: who writes.
    """
    traits, variant = hand.traits, hand.variant or AS_IS
    moved: dict[str, tuple[float, float]] = {}
    if aim.pen:
        thin = 2 * traits.stroke / (1 + traits.contrast)
        thin += settings.even[0] * (traits.stroke - thin)
        moved["weight"] = _each(
            lambda pen: max(pen - traits.stroke, min(FINEST - thin, 0.0)) - variant.weight, aim.pen
        )
    if aim.slant:
        moved["slant"] = _each(lambda slant: slant - traits.slant - variant.slant, aim.slant)
    if aim.width:
        own = traits.width * variant.width
        moved["stretch"] = _each(lambda width: min(max(width / own, 0.5), 2.0), aim.width)
    return settings.model_copy(update=moved) if moved else settings


def _each(turn: Callable[[float], float], bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = bounds
    return turn(low), turn(high)
