"""How much ink lies in every inked pixel: grain, pools, crossings, ends, skips and fading.

Only inked pixels are reckoned, a tenth of the picture. Every function returns a factor for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.ink.pens import Pen
from synth.noise import smooth_noise

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
        """A picture of the coverage's shape, 0 to 1: an amount at every inked pixel, nothing elsewhere."""
        picture = np.zeros(self.coverage.shape, np.float32)
        picture.ravel()[self.places] = amount * self.coverage.ravel()[self.places] * np.float32(1 / 255)
        return picture

    def noise(self, rng: np.random.Generator, scale: float) -> Values:
        """Smooth noise at the inked pixels; one value is drawn."""
        return smooth_noise(rng, self.coverage.shape, max(scale, 1.0)).ravel()[self.places]


def pen_texture(
    inked: Inked, pen: Pen, amount: float, press: float | Values, rng: np.random.Generator
) -> Values:
    """What the kind of pen does.

    Args:
        inked: the inked pixels.
        pen: the kind of pen.
        amount: factor on its figures.
        press: pressure at the pixels, 1 = as usual; more fills the paper's dips.
        rng: the line's stream.
    """
    factor = _by_mass(inked, amount * pen.mass, amount * pen.ends)
    if pen.pools:
        factor *= 1 + amount * pen.pools * inked.noise(rng, 0.4 * inked.x_height)
    if pen.grain:
        dips = inked.noise(rng, pen.grit * inked.x_height) + (pen.tooth + 1 - press)
        factor *= 1 - amount * pen.grain * np.clip(dips, 0, 1.5)
    return factor


def _by_mass(inked: Inked, mass: float, ends: float) -> Values:
    """Darker where much ink is near: in broad strokes, crossings and turns, and at the foot of a stroke."""
    import cv2

    size = 2 * round(0.1 * inked.x_height) + 1
    near = cv2.blur(inked.coverage, (size, size)).ravel()
    here = near[inked.places].astype(np.float32)
    factor = 1 + mass * np.clip(here / here.mean() - 1, -1, 1)
    if ends:
        step = round(0.25 * inked.x_height) * inked.coverage.shape[1]
        above, below = (near.take(inked.places + way, mode="clip") for way in (-step, step))
        factor += (ends / 255) * (above.astype(np.float32) - below)
    return np.asarray(factor, np.float32)


def skips(inked: Inked, strength: float, rng: np.random.Generator) -> Values:
    """Places where the pen leaves nothing, or next to nothing."""
    gaps = inked.noise(rng, 0.12 * inked.x_height) + 0.5 * inked.noise(rng, 0.8 * inked.x_height)
    return np.asarray(1 - np.clip((gaps - 2.0 + strength) * 1.2, 0, 0.75), np.float32)


def fading(inked: Inked, strength: float, rng: np.random.Generator) -> Values:
    """Ink that has paled all over, and more in patches."""
    patches = np.clip(inked.noise(rng, 2.5 * inked.x_height), -1, 1)
    return np.asarray(1 - strength * (0.35 + 0.25 * patches), np.float32)
