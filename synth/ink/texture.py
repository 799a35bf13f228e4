"""How much ink lies in every inked pixel: grain, pools, crossings, ends, skips and fading.

Only inked pixels are reckoned, a tenth of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from synth.ink.pens import Pen
from synth.noise import smooth_noise

HAIRLINE = 0.35  # exponent by which little coverage counts for more
LEAST = 4  # coverage of 255 below which ink is not seen

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Inked:
    """The inked pixels of a picture.

    Attributes:
        coverage: uint8, (height, width), of the strokes.
        places: intp, (pixels,); of the inked pixels in the picture read row by row.
        columns: intp, (pixels,); their columns.
        x_height: pixels.
    """

    coverage: NDArray[np.uint8]
    places: NDArray[np.intp]
    columns: NDArray[np.intp]
    x_height: float

    @classmethod
    def of(cls, coverage: NDArray[np.uint8], x_height: float) -> Inked:
        """All pixels of a coverage that have ink."""
        places = np.flatnonzero(coverage > LEAST)
        width = coverage.shape[1]
        return cls(coverage, places, places - places // width * width, x_height)  # quicker than a remainder

    def filled(self, amount: Values) -> Values:
        """A picture of the coverage's shape, 0 to 1: an amount in every inked pixel, nothing elsewhere."""
        picture = np.zeros(self.coverage.shape, np.float32)
        opacity = amount * self.coverage.ravel()[self.places]
        opacity *= np.float32(1 / 255)
        picture.ravel()[self.places] = np.minimum(opacity, 1, out=opacity)
        return picture

    def noise(self, rng: np.random.Generator, scale: float) -> Values:
        """Smooth noise at the inked pixels; one value is drawn."""
        return smooth_noise(rng, self.coverage.shape, max(scale, 1.0)).ravel()[self.places]


def in_strokes(inked: Inked, pen: Pen, texture: float, skips: float, fading: float, seed: int) -> Values:
    """The amount of ink in every inked pixel, 1 = as usual.

    Args:
        inked: the inked pixels.
        pen: the kind of pen.
        texture: factor on its figures; 0 = even ink.
        skips: strength, 0 to 1, of places where the pen leaves next to nothing.
        fading: strength, 0 to 1, of ink that has paled all over, and more in patches.
        seed: of the line's streams.
    """
    amount = (
        _pen(inked, pen, texture, stream(seed, 0, "pen"))
        if texture
        else np.ones(len(inked.places), np.float32)
    )
    if skips:
        rng = stream(seed, 0, "skips")
        gaps = inked.noise(rng, 0.12 * inked.x_height) + 0.5 * inked.noise(rng, 0.8 * inked.x_height)
        amount *= 1 - np.clip(1.2 * (gaps - 2 + skips), 0, 0.75)
    if fading:
        patches = inked.noise(stream(seed, 0, "fading"), 2.5 * inked.x_height)
        amount *= 1 - fading * (0.45 + 0.25 * np.clip(patches, -1, 1))
    return amount


def _pen(inked: Inked, pen: Pen, texture: float, rng: np.random.Generator) -> Values:
    """What the kind of pen does; two values are drawn.

    In real strokes little is as dark as the darkest: ink pools here and there, and is paler between.
    """
    pools = inked.noise(rng, 0.35 * inked.x_height)
    pools -= 1
    pools *= texture * pen.pools
    amount = np.exp(pools, out=pools)
    amount *= _by_mass(inked, texture * pen.mass)
    amount *= _hairline(texture)[inked.coverage.ravel()[inked.places]]
    hollows = inked.noise(rng, pen.grit * inked.x_height)
    hollows += pen.tooth
    amount *= 1 - texture * pen.grain * np.clip(hollows, 0, 1.5)
    return amount


@cache
def _hairline(texture: float) -> Values:
    """How much more ink a pixel has than its coverage: the thinnest line that a pen draws is still seen."""
    coverage = np.arange(1, 257, dtype=np.float32) / 256
    return np.asarray(coverage ** (-HAIRLINE * min(texture, 1)), np.float32)


def _by_mass(inked: Inked, strength: float) -> Values:
    """Darker where much ink is near: in broad strokes, crossings and turns; paler in hairlines."""
    import cv2

    size = 2 * round(0.1 * inked.x_height) + 1
    near = np.asarray(cv2.blur(inked.coverage, (size, size))).ravel()[inked.places].astype(np.float32)
    return 1 + np.float32(strength) * np.clip(near / near.mean() - 1, -1, 1)
