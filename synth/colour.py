"""Colour before grey: what a camera or a copy makes of the colours of ink and paper.

Ink and paper are drawn as colours. Laying ink on paper is linear in every channel and so is the way from
three channels to one, so the grey of both colours taken before a picture exists gives the same picture as
three channels would, at no cost. Both must be seen by the same response. Effects of light and lens are
elsewhere (``synth.camera``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.ranges import Weight, Weights

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Response:
    """How much of red, green and blue makes grey; the shares add up to 1.

    Attributes:
        name: as in ``ColourSettings``.
        shares: of red, green and blue, as the file stores them (not linear light).
    """

    name: str
    shares: Colour


RESPONSES = {
    response.name: response
    for response in (
        Response("luminance", (0.299, 0.587, 0.114)),  # ITU-R BT.601, what most software does
        Response("average", (1 / 3, 1 / 3, 1 / 3)),
        Response("red", (1.0, 0.0, 0.0)),
        Response("green", (0.0, 1.0, 0.0)),
        Response("blue", (0.0, 0.0, 1.0)),  # also blue-sensitive film: old microfilm and photostats
    )
}
LUMINANCE = RESPONSES["luminance"]


class ColourSettings(Weights):
    """How often each way from colour to grey is taken, as weights; a page has one.

    Attributes:
        luminance: as the eye weighs.
        average: the mean of the channels.
        red: the red channel alone, of a filter or of software that takes the first; red ink and brown stains
            fade, blue ink turns black.
        green: the green channel alone.
        blue: the blue channel alone or blue-sensitive film; yellowed paper darkens, blue ink fades.
    """

    luminance: Weight = 1.0
    average: Weight = 0.0
    red: Weight = 0.0
    green: Weight = 0.0
    blue: Weight = 0.0


def draw_response(settings: ColourSettings, kept: np.random.Generator) -> Response:
    """The response of a page's camera.

    Args:
        settings: the recipe's.
        kept: the page's stream of colour.
    """
    return RESPONSES[settings.pick(kept)]


def grey(colour: Colour, response: Response) -> float:
    """The grey level of a colour, both 0 to 255."""
    return sum(share * value for share, value in zip(response.shares, colour, strict=True))
