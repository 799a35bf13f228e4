"""The picture's size, and where the ink stands in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from common.settings import Settings
from synth.ranges import Amount, Range


class OutputSettings(Settings):
    """The picture.

    Attributes:
        height: pixels; the width follows the text.
        margin: least distance of ink from every border, pixels.
        side: paper left and right of the ink beyond the margin, share of the height.
        fit: ``tight``: the ink fills the height; ``x-height``: letters have the drawn size, the rest is
            paper.
        above: share of the spare height that lies above the ink, 0 to 1; ``tight`` halves it.
        max_width: wider pictures are rejected, pixels.
    """

    height: Annotated[int, Field(ge=16, le=512)] = 64
    margin: Annotated[int, Field(ge=1)] = 2
    side: Amount = (0.0, 0.0)
    fit: Literal["tight", "x-height"] = "x-height"
    above: Range = (0.2, 0.8)
    max_width: Annotated[int, Field(ge=16)] = 4096

    @model_validator(mode="after")
    def _room(self) -> OutputSettings:
        if self.height < 4 * self.margin:
            raise ValueError("the margins take more than half of the height")
        if not 0 <= self.above[0] <= self.above[1] <= 1:
            raise ValueError("the share above the ink lies between 0 and 1")
        return self
