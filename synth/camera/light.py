"""The light on the page and the tone curve of what records it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.effects import Chances, Field, Levels
from synth.noise import smooth_noise


def paper_level(image: Field) -> float:
    """The middle grey level, which is the paper's; from every sixteenth pixel."""
    return float(np.median(image[::4, ::4]))


def to_uint8(image: Levels) -> NDArray[np.uint8]:
    """Rounded and clipped grey levels."""
    import cv2

    if image.dtype == np.uint8:
        return np.asarray(image, np.uint8)

    return np.asarray(cv2.addWeighted(image, 1, image, 0, 0, dtype=cv2.CV_8U), np.uint8)


def curved(image: Field, curve: NDArray[np.float64]) -> Field:
    """The picture through a tone curve: a grey level for each of 0..255."""
    import cv2

    return np.asarray(cv2.LUT(to_uint8(image), curve.astype(np.float32)), np.float32)


def light(image: Field, strength: float, chances: Chances) -> Field:
    """Lamps that do not light every place alike."""
    image *= 1 + 0.07 * strength * smooth_noise(chances.rng, image.shape, 5 * image.shape[0])
    return image


def shadow(image: Field, strength: float, chances: Chances) -> Field:
    """Light that falls off towards one side, or a soft edge of shadow across the line."""
    rng, (height, width) = chances.rng, image.shape
    ramp, side, place, lean = rng.uniform(0.7, 2.5), rng.random(), rng.uniform(0.2, 0.8), rng.uniform(-1, 1)
    across = np.arange(width, dtype=np.float32)
    if chances.kept.random() < 0.6:
        dark = ((across[::-1] if side < 0.5 else across)[None] / width) ** np.float32(ramp)
    else:
        rows = np.arange(height, dtype=np.float32)[:, None]
        reach = (across + np.float32(lean) * rows - np.float32(place * width)) / np.float32(ramp * height / 4)
        dark = 0.5 + 0.5 * np.tanh(reach if side < 0.5 else -reach)
    image *= 1 - 0.4 * strength * dark
    return image


def vignette(image: Field, strength: float, chances: Chances) -> Field:
    """Darker borders, as a lens or a thick book leaves them."""
    height, width = image.shape
    centre = chances.rng.uniform(-0.3, 0.3)
    image *= 1 - 0.4 * strength * np.abs(np.linspace(-1, 1, width, dtype=np.float32) - centre) ** 3
    image *= 1 - 0.12 * strength * np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    return image


def low_contrast(image: Field, strength: float, chances: Chances) -> Field:
    """Haze: ink and paper come nearer to one grey, which lies nearer to the paper."""
    paper = paper_level(image)
    haze = paper - chances.kept.uniform(0, 60) * strength
    image -= paper
    image *= 1 - 0.65 * strength
    image += haze
    return image


def tone(image: Field, strength: float, chances: Chances) -> Field:
    """The scanner's curve: gamma."""
    gamma = np.exp(chances.kept.choice([-1, 1]) * chances.kept.uniform(0.3, 0.8) * strength)
    return curved(image, 255 * (np.arange(256) / 255) ** gamma)


def underexposure(image: Field, strength: float, chances: Chances) -> Field:  # noqa: ARG001
    """Too little light: all levels go down."""
    image *= 1 - 0.45 * strength
    return image


def overexposure(image: Field, strength: float, chances: Chances) -> Field:  # noqa: ARG001
    """Too much light: paper goes up to white and beyond, where its grain is lost."""
    image *= 1 + (310 / max(1.0, paper_level(image)) - 1) * strength
    return image
