"""How a writer moves: the settings of the hand, in x-heights, degrees and shares, all off unless asked for.

Traits are drawn once a page; about them every line, word and letter has its own value. "Wander" is a standard
deviation: part of it slow, over words, part of it from letter to letter. No value can turn a letter over or
make a line without end.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from common.settings import Settings
from synth.ranges import Between, Shares

Height = Annotated[float, Field(gt=0, le=1)]
Factor = Annotated[float, Field(ge=0.2, le=5)]
Lean = Annotated[float, Field(ge=-60, le=60)]
Turn = Annotated[float, Field(ge=-30, le=30)]
Degrees = Annotated[float, Field(ge=0, le=30)]
Growth = Annotated[float, Field(ge=-0.5, le=0.5)]
Room = Annotated[float, Field(ge=-1, le=3)]
Wander = Annotated[float, Field(ge=0, le=0.25)]  # at which the least letters of a line still have a size


class HandSettings(Settings):
    """How the hand moves.

    Attributes:
        x_height: height of the x, share of the picture's height; the upper bound also limits ``output.fit =
            tight``.
        stretch: horizontal scale.
        slant: degrees, to the right.
        slant_wander: degrees.
        size_wander: of the letters' size, share.
        weight: growth of the strokes, share of the x-height; negative thins.
        pressure: wander of the pen's pressure, share: strokes grow with it and its ink is darker.
        word_space: factor on blanks.
        word_wander: of the blanks, natural logarithm.
        letter_space: added between letters, x-heights; letters come closer until they touch, no further.
            Joined letters grow wider or narrower instead.
        letter_wander: of the letters' spacing, x-heights.
        squeeze: most that letters lose of their width towards the end of a line that runs out of room, as one
            in two does, share.
        rotation: degrees, of the whole line.
        bend: by which the baseline's direction turns from the line's start to its end, degrees.
        drift: amplitude of the wandering baseline, x-heights.
        steps: of words off the baseline at their starts and ends, standard deviation, x-heights.
        jitter: of every letter's own height, turn (radians) and size, standard deviation, x-heights. Joined
            letters stay joined.
        deformation: of every letter's own curves, width, ascender and descender, standard deviation,
            x-heights.
        wobble: amplitude of a smooth warp of the whole line, x-heights.
        alternates: of letters for which the font has other forms, share written in one of them.
        even: by which thick and thin strokes come to the font's usual width, share; 1 is a ball pen's line.
        ascenders, descenders: factors on what stands above the x-height, and hangs below the baseline.
        tremor: amplitude of the pen's trembling, a few pixels to the wave, x-heights.
    """

    x_height: Between[Height] = (0.45, 0.45)
    stretch: Between[Factor] = (1.0, 1.0)
    slant: Between[Lean] = (0.0, 0.0)
    slant_wander: Between[Degrees] = (0.0, 0.0)
    size_wander: Between[Wander] = (0.0, 0.0)
    weight: Between[Growth] = (0.0, 0.0)
    pressure: Shares = (0.0, 0.0)
    word_space: Between[Factor] = (1.0, 1.0)
    word_wander: Shares = (0.0, 0.0)
    letter_space: Between[Room] = (0.0, 0.0)
    letter_wander: Shares = (0.0, 0.0)
    squeeze: Shares = (0.0, 0.0)
    rotation: Between[Turn] = (0.0, 0.0)
    bend: Between[Turn] = (0.0, 0.0)
    drift: Shares = (0.0, 0.0)
    steps: Shares = (0.0, 0.0)
    jitter: Between[Wander] = (0.0, 0.0)
    deformation: Between[Wander] = (0.0, 0.0)
    wobble: Shares = (0.0, 0.0)
    alternates: Shares = (0.0, 0.0)
    even: Shares = (0.0, 0.0)
    ascenders: Between[Factor] = (1.0, 1.0)
    descenders: Between[Factor] = (1.0, 1.0)
    tremor: Between[Wander] = (0.0, 0.0)

    @property
    def fine(self) -> bool:
        """Whether outlines need more points than a font gives them."""
        return self.even[1] > 0 or self.tremor[1] > 0
