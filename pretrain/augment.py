"""Augmentation of training pictures, each with a chance of its own, seeded by (run seed, line, epoch).

All keep the picture's size, so that planned batches stay as they are; character boxes follow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Boxes = NDArray[np.int32]


def augment(
    image: Picture, boxes: Boxes | None, chance: float, rng: np.random.Generator
) -> tuple[Picture, Boxes | None]:
    """Squeeze, shear and shift; thicken or thin the ink; add noise: each with probability ``chance``."""
    if rng.random() < chance:
        image, boxes = move(image, boxes, rng)
    if rng.random() < chance:
        image = reweigh(image, rng)
    if rng.random() < chance:
        image = speckle(image, rng)
    return image, boxes


def move(image: Picture, boxes: Boxes | None, rng: np.random.Generator) -> tuple[Picture, Boxes | None]:
    """A small squeeze in width and height (0.88 to 1), slant (up to 0.25) and shift, inside the picture's
    own frame."""
    import cv2

    height, width = image.shape
    scale_x, scale_y = rng.uniform(0.88, 1.0, 2)
    slant = rng.uniform(-0.25, 0.25)
    room_x, room_y = width * (1 - scale_x), height * (1 - scale_y)
    left, top = rng.uniform(0, room_x), rng.uniform(0, room_y)
    # x' = scale_x*x + slant*(middle - y) + left
    matrix = np.array([[scale_x, -slant, left + slant * height / 2], [0, scale_y, top]], np.float32)
    paper = int(np.median(image))
    moved = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    if boxes is not None:
        middle = (boxes[:, 1] + boxes[:, 3]) / 2
        shift = -slant * middle + matrix[0, 2]
        boxes = boxes.copy()
        for side in (0, 2):
            boxes[:, side] = np.clip(np.rint(boxes[:, side] * scale_x + shift), 0, width)
        for side in (1, 3):
            boxes[:, side] = np.clip(np.rint(boxes[:, side] * scale_y + top), 0, height)
    return moved.astype(np.uint8), boxes


def reweigh(image: Picture, rng: np.random.Generator) -> Picture:
    """Thicken or thin the strokes: a partial erosion or dilation, blended with the original."""
    import cv2

    kernel = np.ones((2, 2), np.uint8)
    change = cv2.erode(image, kernel) if rng.random() < 0.5 else cv2.dilate(image, kernel)
    share = rng.uniform(0.3, 1.0)
    return cv2.addWeighted(change, share, image, 1 - share, 0).astype(np.uint8)


def speckle(image: Picture, rng: np.random.Generator) -> Picture:
    """Gaussian noise, sigma 2 to 12 grey levels."""
    noise = rng.normal(0, rng.uniform(2, 12), image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)
