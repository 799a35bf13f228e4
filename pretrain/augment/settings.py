"""How often, and how much, training pictures are changed.

Every augmentation has a chance of its own. ``paper`` is what DRetHTR was trained with (arXiv 2602.17387):
each with a chance of one half. ``usual`` is gentler, for thin pens and little data; ``none`` changes nothing.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from common.errors import nearest
from common.settings import Settings
from synth.ranges import Share, Size, Weight

PEN_HEIGHT = 64  # pixels; of the pictures for which strokes and displacements are given


class AugmentSettings(Settings):
    """Chances and bounds; pixels are those of a picture 64 high, and grow with the model's.

    Attributes:
        pad: chance of paper around the line; the line is then scaled back to the model's height.
        pad_height: the most paper above and, drawn apart, below; share of the height.
        pad_width: the most paper on the left and, drawn apart, on the right; share of the height.
        stretch: chance of another width.
        width: bounds of the width's factor.
        thicken: chance of thicker strokes, by dilating the ink.
        thicker: bounds of the dilation's square, pixels; 1 changes nothing.
        thin: chance of thinner strokes, by eroding the ink.
        thinner: bounds of the erosion's square, pixels.
        elastic: chance that the picture is bent, by the sum of two random fields.
        bend: standard deviations of their displacements, pixels; the first field changes over 2 pixels, the
            second over 5.
        noise: chance of noise on the paper.
        grain: bounds of the noise's standard deviation, grey levels.
    """

    pad: Share = 0.0
    pad_height: Share = 0.25
    pad_width: Weight = 2.0
    stretch: Share = 0.0
    width: Size = (0.8, 1.2)
    thicken: Share = 0.0
    thicker: Size = (2.0, 4.0)
    thin: Share = 0.0
    thinner: Size = (2.0, 2.0)
    elastic: Share = 0.0
    bend: tuple[Weight, Weight] = (0.4, 0.9)
    noise: Share = 0.0
    grain: Size = (2.0, 12.0)


CHANCES = ("pad", "stretch", "thicken", "thin", "elastic", "noise")
NONE = AugmentSettings()
PAPER = AugmentSettings(**dict.fromkeys(CHANCES, 0.5))
USUAL = PAPER.model_copy(
    update={
        "pad_height": 0.1,
        "pad_width": 0.5,
        "width": (0.85, 1.15),
        "thicker": (1.2, 2.2),
        "thinner": (1.2, 1.8),
        "grain": (1.0, 8.0),
    }
)
PRESETS = {"none": NONE, "usual": USUAL, "paper": PAPER}


def _named(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in PRESETS:
        raise ValueError(f"there is no augmentation '{value}'; {nearest(value, PRESETS)}")
    return PRESETS[value]


Augmentation = Annotated[AugmentSettings, BeforeValidator(_named)]
