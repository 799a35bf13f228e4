"""What may stand around the line."""

from __future__ import annotations

from typing import Literal

from common.settings import Settings
from synth.ranges import Range, Share

Label = Literal["drop", "hash"]


class SurroundingsSettings(Settings):
    """Strokes that are not the line's letters, and how it is cut out.

    Attributes:
        neighbours: probability that strokes of the lines above and below reach into the picture.
        pitch: distance of the lines, x-heights.
        underline: probability that words are underlined by the writer.
        correction: probability of a word that the writer crossed out and wrote anew.
        correction_label: what the label says of it: nothing (``drop``), or ``#`` as in IAM (``hash``).
        polygon: probability that everything beyond an outline around the line is filled with one grey.
    """

    neighbours: Share = 0.0
    pitch: Range = (2.6, 3.6)
    underline: Share = 0.0
    correction: Share = 0.0
    correction_label: Label = "drop"
    polygon: Share = 0.0
