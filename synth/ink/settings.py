"""Settings of the ink."""

from __future__ import annotations

from common.settings import Settings
from synth.ink.inks import Inks
from synth.ink.pens import Pens
from synth.ranges import Effect, Grey, Range, Weight


class InkSettings(Settings):
    """What flows from the pen. An effect happens to whole pages; a blot to a line.

    Attributes:
        pens: how often each kind of pen writes.
        inks: how often each ink is in the pen; without any, ``level`` is the ink.
        level: grey of full ink, 0 = black.
        width: growth of all strokes, share of the x-height; negative thins.
        pressure: factor on what the pen's kind makes of the hand's pressure.
        flow: strength of the slow change of darkness along the line, share of the contrast.
        texture: factor on the pen's own ways; 0 = even ink in strokes as the font has them.
        dips: the pen runs dry over some words and is dipped again; quills and nibs only.
        skips: places where no ink flows.
        feathering: ink that creeps along the paper's fibres and leaves a halo.
        fading: ink that has lost its darkness, more in some places.
        blots: drops on letters or between the lines.
    """

    pens: Pens = Pens(felt=1.0)
    inks: Inks | None = None
    level: Grey = (0.0, 0.0)
    width: Range = (0.0, 0.0)
    pressure: Weight = 1.0
    flow: Range = (0.0, 0.0)
    texture: Weight = 0.0
    dips: Effect = Effect()
    skips: Effect = Effect()
    feathering: Effect = Effect()
    fading: Effect = Effect()
    blots: Effect = Effect()
