"""Elastic bending, thicker and thinner strokes, noise on the paper: augmentations that keep a picture's
size.

Each has a chance of its own; all bounds are drawn from before any chance is looked at. Boxes follow what is
bent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pretrain.augment.settings import PEN_HEIGHT, AugmentSettings
from recognize.preprocessing import Boxes, Picture
from synth.noise import smooth_noise, white_noise

SIGMAS = 2.0, 5.0  # pixels over which the two displacements change
FEATURE = 2.5  # scale of ``smooth_noise`` for a sigma of 1
POINTS = 7  # on every side of a box, where its displacement is looked up


def redraw(
    image: Picture, boxes: Boxes | None, settings: AugmentSettings, rng: np.random.Generator
) -> tuple[Picture, Boxes | None]:
    """Apply what the chances allow, in the order of the settings.

    Args:
        image: (height, width), uint8, dark ink on light paper; not changed.
        boxes: (n, 4), int32; None where they are not known.
        settings: chances and bounds.
        rng: of this line in this epoch.
    """
    pixel = image.shape[0] / PEN_HEIGHT
    chances = rng.random(4)
    thicker, thinner, grain = (
        rng.uniform(*bounds) for bounds in (settings.thicker, settings.thinner, settings.grain)
    )
    if chances[0] < settings.elastic:
        image, boxes = bend(image, boxes, settings.bend, rng)
    if chances[1] < settings.thicken:
        image = thicken(image, thicker * pixel)
    if chances[2] < settings.thin:
        image = thin(image, thinner * pixel)
    if chances[3] < settings.noise:
        image = grow_grain(image, grain, rng)
    return image, boxes


def bend(
    image: Picture, boxes: Boxes | None, reach: tuple[float, float], rng: np.random.Generator
) -> tuple[Picture, Boxes | None]:
    """Move every pixel by the sum of two smooth random displacements.

    Args:
        image: (height, width), uint8.
        boxes: their sides move as far as the ink on them.
        reach: standard deviations of the two displacements, pixels in a picture :data:`PEN_HEIGHT` high.
        rng: of this line.
    """
    import cv2

    across, up = (_displacement(rng, image.shape, reach) for _ in range(2))
    height, width = image.shape
    x = across + np.arange(width, dtype=np.float32)
    y = up + np.arange(height, dtype=np.float32)[:, None]
    bent = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if boxes is not None:
        boxes = _moved(boxes, across, up)
    return np.asarray(bent, np.uint8), boxes


def thicken(image: Picture, size: float) -> Picture:
    """Dilate the ink by a square of ``size`` pixels; between whole sizes the two are mixed."""
    import cv2

    return _by_squares(image, size, cv2.MORPH_ERODE)  # the lightest pixel gives way: ink is dark


def thin(image: Picture, size: float) -> Picture:
    """Erode the ink by a square of ``size`` pixels; between whole sizes the two are mixed."""
    import cv2

    return _by_squares(image, size, cv2.MORPH_DILATE)


def grow_grain(image: Picture, strength: float, rng: np.random.Generator) -> Picture:
    """Fine grain and slow shading of the paper, together of ``strength`` grey levels."""
    import cv2

    fine = white_noise(rng, image.shape)
    slow = smooth_noise(rng, image.shape, 0.5 * image.shape[0])
    noise = cv2.addWeighted(fine, 0.8 * strength, slow, 0.6 * strength, 0.0)
    return np.asarray(cv2.add(image, noise, dtype=cv2.CV_8U), np.uint8)


def _by_squares(image: Picture, size: float, operation: int) -> Picture:
    import cv2

    lower = max(1, int(size))
    share = max(0.0, size - lower)
    changed = _by_square(image, lower, operation)
    if share:
        wider = _by_square(image, lower + 1, operation)
        return np.asarray(cv2.addWeighted(wider, share, changed, 1 - share, 0), np.uint8)
    return changed


def _by_square(image: Picture, size: int, operation: int) -> Picture:
    import cv2

    if size == 1:
        return image
    square = np.ones((size, size), np.uint8)
    return np.asarray(cv2.morphologyEx(image, operation, square, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _displacement(
    rng: np.random.Generator, shape: tuple[int, ...], reach: tuple[float, float]
) -> NDArray[np.float32]:
    """How far every pixel is moved along one axis; drawn on every other pixel, which is fine enough."""
    import cv2

    pixel = shape[0] / PEN_HEIGHT
    half = (shape[0] + 1) // 2, (shape[1] + 1) // 2
    fields = [smooth_noise(rng, half, max(1.0, sigma * FEATURE * pixel / 2)) for sigma in SIGMAS]
    coarse = cv2.addWeighted(fields[0], reach[0] * pixel, fields[1], reach[1] * pixel, 0.0)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _moved(boxes: Boxes, across: NDArray[np.float32], up: NDArray[np.float32]) -> Boxes:
    """Boxes of the ink that ``across`` and ``up`` fetch from where the boxes were: their sides' extremes."""
    height, width = across.shape
    left, top, right, bottom = boxes.T[:, :, None]  # (n, 1) each, against points along a side
    along = np.linspace(0, 1, POINTS)
    x = np.clip(left + along * (right - 1 - left), 0, width - 1).astype(np.intp)
    y = np.clip(top + along * (bottom - 1 - top), 0, height - 1).astype(np.intp)
    first, last = np.clip(left, 0, width - 1), np.clip(right - 1, 0, width - 1)
    highest, lowest = np.clip(top, 0, height - 1), np.clip(bottom - 1, 0, height - 1)
    moved = np.stack(
        (
            left[:, 0] - across[y, first].max(1),
            top[:, 0] - up[highest, x].max(1),
            right[:, 0] - across[y, last].min(1),
            bottom[:, 0] - up[lowest, x].min(1),
        ),
        axis=1,
    )
    moved = np.where((right > left), moved, boxes)  # a blank stays where it is
    return np.clip(np.rint(moved), 0, [width, height] * 2).astype(np.int32)
