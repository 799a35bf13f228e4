"""Scans in black and white: where the threshold lies and what it leaves of thin strokes."""

from __future__ import annotations

import numpy as np

from synth.camera.light import paper_level, to_uint8
from synth.effects import Chances, Field
from synth.noise import smooth_noise, white_noise

SOFTNESS = 0.02, 0.3, 0.6  # of the edges, share of the contrast


def binarise(image: Field, strength: float, chances: Chances) -> Field:
    """One threshold between ink and paper."""
    paper, ink = _levels(image)
    share = 0.6 + 0.25 * strength * chances.kept.uniform(-1, 1)
    return _cut(image, ink + (paper - ink) * share, paper - ink, chances)


def adaptive(image: Field, strength: float, chances: Chances) -> Field:
    """A threshold that follows local mean and spread (Sauvola); the stronger, the more specks are left."""
    import cv2

    paper, ink = _levels(image)
    size = 2 * (image.shape[0] // 4) + 1
    mean = cv2.boxFilter(image, -1, (size, size))
    square = cv2.sqrBoxFilter(image, cv2.CV_32F, (size, size))
    spread = np.sqrt(np.maximum(square / size**2 - mean * mean, 0))
    share = np.float32(0.28 - 0.2 * strength)
    threshold = mean * (1 + share * (spread / np.float32(max(1, (paper - ink) / 2)) - 1))
    return _cut(image, threshold.astype(np.float32), 0.3 * (paper - ink), chances)


def ragged(image: Field, strength: float, chances: Chances) -> Field:
    """A threshold on a noisy picture: rough edges."""
    paper, ink = _levels(image)
    rough = (paper - ink) * 0.2 * strength
    image += rough * smooth_noise(chances.rng, image.shape, 1.4)
    return _cut(image, ink + (paper - ink) * 0.5, paper - ink, chances)


def broken(image: Field, strength: float, chances: Chances) -> Field:
    """A copy that was too light here and there: thin strokes break."""
    paper, ink = _levels(image)
    weak = np.clip(smooth_noise(chances.rng, image.shape, image.shape[0] / 4), -1, 1)
    weak += 0.5 * white_noise(chances.rng, image.shape)
    share = 0.55 - 0.28 * strength * np.maximum(weak, np.float32(-0.6))
    threshold = np.asarray(ink + (paper - ink) * share, np.float32)
    return _cut(image, threshold, paper - ink, chances)


def _levels(image: Field) -> tuple[float, float]:
    """The grey of the paper and of the darkest ink."""
    import cv2

    counts = cv2.calcHist([to_uint8(image)], [0], None, [256], [0, 256]).ravel().cumsum()
    return paper_level(image), float(np.searchsorted(counts, 0.005 * counts[-1]))


def _cut(image: Field, threshold: Field | float, contrast: float, chances: Chances) -> Field:
    """Black below the threshold and white above; soft edges where a larger scan was made smaller."""
    softness = max(1.0, contrast * float(chances.kept.choice(SOFTNESS)))
    return np.clip((image - threshold) * np.float32(255 / softness) + np.float32(127.5), 0, 255)
