"""Which hands write: designs weighed by their kind and by what was measured on their letters.

A wish, not a ban: a design weighs the less the farther it is from what is wished, so that a text always finds
a hand that covers it. What the letters of the chosen hand then become is ``synth``'s.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Annotated

from pydantic import AfterValidator, Field

from common.settings import Settings, ordered
from fonts.hand import Hand
from fonts.kinds import USUAL, Kinds

_ONE_JOINED, _ONE_CONTRAST = 0.12, 0.15  # a design that is so far off weighs 1/e; share, natural logarithm

Share = Annotated[float, Field(ge=0, le=1)]
Ratio = Annotated[float, Field(ge=1, le=100)]


class Writers(Settings):
    """Which designs are wished for; the usual ones are all of them.

    Attributes:
        kinds: weight of a design by its kind, which is that of most of its files.
        joined: least and greatest share of the pairs of letters that touch.
        contrast: least and greatest ratio of thick strokes to thin ones.
    """

    kinds: Kinds = USUAL
    joined: Annotated[tuple[Share, Share], AfterValidator(ordered)] = (0.0, 1.0)
    contrast: Annotated[tuple[Ratio, Ratio], AfterValidator(ordered)] = (1.0, 100.0)

    def weight(self, design: Sequence[Hand]) -> float:
        """How much a design weighs when a hand is drawn.

        Args:
            design: its hands, at least one.
        """
        (kind, _), *_ = Counter(hand.kind for hand in design).most_common(1)
        joined, contrast = (
            fmean(getattr(hand.traits, trait) for hand in design) for trait in ("joined", "contrast")
        )
        off = _beyond(joined, *self.joined) / _ONE_JOINED
        off += _beyond(math.log(max(contrast, 1.0)), *map(math.log, self.contrast)) / _ONE_CONTRAST
        return float(getattr(self.kinds, kind)) * math.exp(-off)


def _beyond(value: float, low: float, high: float) -> float:
    """How far a value lies outside of bounds."""
    return max(low - value, value - high, 0.0)


ANY = Writers()
