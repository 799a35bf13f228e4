"""What may stand around the line, and how it is cut out."""

from __future__ import annotations

from typing import Literal

from common.settings import Settings
from synth.ranges import Range, Share, Size, Weight, Weights

Label = Literal["drop", "hash"]


class Underlines(Weights):
    """How often each kind of underline is drawn, as weights."""

    single: Weight = 6.0
    double: Weight = 1.0
    wavy: Weight = 1.0


class Strikes(Weights):
    """How often each way of crossing out is a writer's, as weights."""

    line: Weight = 4.0
    lines: Weight = 3.0
    zigzag: Weight = 2.0
    hatching: Weight = 2.0
    blob: Weight = 1.0


class Fills(Weights):
    """What stands beyond a polygon, as weights: white, the paper's median, or black."""

    white: Weight = 2.0
    paper: Weight = 1.0
    black: Weight = 0.0


class SurroundingsSettings(Settings):
    """Strokes that are not the line's letters, and how it is cut out.

    Attributes:
        neighbours: probability that a page's lines stand so close that those above and below reach into the
            picture.
        pitch: distance of the lines, x-heights; more where the picture's height keeps them farther off.
        depth: how far small letters of the lines above and below may reach into the picture, x-heights;
            below 0 they stay off, and only descenders and ascenders are seen.
        underline: probability that words are underlined by the writer.
        underlines: how they are underlined.
        correction: probability of a word that the writer crossed out and wrote anew.
        correction_label: what the label says of it: nothing (``drop``), or ``#`` as in IAM (``hash``).
        strikes: how it is crossed out.
        stamp: probability that a stamp reaches into the line.
        polygon: probability that, on a page, all beyond an outline around each line is filled with one grey.
        polygon_margin: how far the outline keeps off the ink, x-heights.
        polygon_fill: which grey.
    """

    neighbours: Share = 0.0
    pitch: Size = (1.9, 3.2)
    depth: Range = (-1.4, -0.2)
    underline: Share = 0.0
    underlines: Underlines = Underlines()
    correction: Share = 0.0
    correction_label: Label = "drop"
    strikes: Strikes = Strikes()
    stamp: Share = 0.0
    polygon: Share = 0.0
    polygon_margin: Range = (0.15, 0.6)
    polygon_fill: Fills = Fills()
