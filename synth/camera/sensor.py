"""What the sensor, the film and the glass add: noise, grain, bands, dust and scratches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.effects import Chances, Field
from synth.noise import smooth_noise, white_noise


def noise(image: Field, strength: float, chances: Chances) -> Field:
    """A sensor's noise: every pixel for itself."""
    image += 25 * strength * white_noise(chances.rng, image.shape)
    return image


def grain(image: Field, strength: float, chances: Chances) -> Field:
    """A film's grain, or noise that was smoothed: neighbouring pixels are alike."""
    size = chances.kept.uniform(1.4, 4) * max(1, image.shape[0] / 64)
    image += 16 * strength * smooth_noise(chances.rng, image.shape, size)
    return image


def banding(image: Field, strength: float, chances: Chances) -> Field:
    """Rows or columns of a scanner that see more or less than their neighbours."""
    height, width = image.shape
    size, lying = chances.kept.uniform(1.2, 5), chances.kept.random() < 0.5
    image += 9 * strength * smooth_noise(chances.rng, (height, 1) if lying else (1, width), size)
    return image


def dust(image: Field, strength: float, chances: Chances) -> Field:
    """Dark and light specks."""
    size = float(chances.kept.choice([1.4, 2.0, 2.8])) * max(1, image.shape[0] / 64)
    rare = 4.2 - 1.5 * strength
    field = smooth_noise(chances.rng, image.shape, size)
    image -= 90 * np.clip(2 * (field - rare), 0, 1)
    image += 80 * np.clip(-2 * (field + rare), 0, 1)
    return image


def scratches(image: Field, strength: float, chances: Chances) -> Field:
    """Thin lines along the film's way, light or dark."""
    rng, (height, width) = chances.rng, image.shape
    mask = np.zeros(image.shape, np.uint8)
    upright = chances.kept.random() < 0.5
    for start, lean, length in rng.random((1 + round(4 * strength * width / 900), 3)):
        if upright:
            begin, end = (start * width, 0), (start * width + 8 * (lean - 0.5), height)
        else:
            row = lean * height
            begin, end = (start * width, row), ((start + 0.1 + 0.6 * length) * width, row + 3 * (lean - 0.5))
        _line(mask, begin, end)
    bright = 255 - float(image.mean()) if chances.kept.random() < 0.5 else -60.0
    image += np.float32(bright * (0.3 + 0.7 * strength) / 255) * mask
    return image


def _line(mask: NDArray[np.uint8], begin: tuple[float, float], end: tuple[float, float]) -> None:
    """A line of one pixel, placed to a sixteenth of a pixel."""
    import cv2

    first, last = ((round(16 * x), round(16 * y)) for x, y in (begin, end))
    cv2.line(mask, first, last, 255, 1, cv2.LINE_AA, 4)
