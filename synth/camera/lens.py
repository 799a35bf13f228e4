"""How sharp the picture is: focus, motion, the scanner's dots and its sharpening."""

from __future__ import annotations

import numpy as np

from synth.effects import Chances, Field


def blur(image: Field, strength: float, chances: Chances) -> Field:
    """A lens out of focus, not equally in both directions."""
    import cv2

    sigma = 0.3 + strength * image.shape[0] / 45
    upright = sigma * chances.rng.uniform(0.7, 1.3)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, sigmaY=upright), np.float32)


def motion(image: Field, strength: float, chances: Chances) -> Field:
    """A page or camera that moved along or across the line."""
    import cv2

    length = 2 + round(strength * image.shape[0] / 11)
    size = (length, 1) if chances.kept.random() < 0.6 else (1, length)
    return np.asarray(cv2.blur(image, size), np.float32)


def low_resolution(image: Field, strength: float, chances: Chances) -> Field:
    """A scan with fewer dots, enlarged."""
    import cv2

    height, width = image.shape
    share = 1 - 0.6 * strength
    size = max(8, round(width * share)), max(8, round(height * share))
    enlarge = cv2.INTER_LINEAR if chances.kept.random() < 0.7 else cv2.INTER_NEAREST
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=enlarge), np.float32)


def halo(image: Field, strength: float, chances: Chances) -> Field:
    """A scanner's sharpening: strokes have a light rim."""
    import cv2

    radius = chances.kept.uniform(0.7, 1.6) * image.shape[0] / 64
    soft = cv2.GaussianBlur(image, (0, 0), max(0.5, radius))
    gain = 1.2 * strength
    return np.asarray(cv2.addWeighted(image, 1 + gain, soft, -gain, 0), np.float32)
