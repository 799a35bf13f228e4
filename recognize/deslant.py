"""Deslanting: the shear under which most columns of ink are one upright stroke.

Nine shears are tried and scored after Vinciarelli and Luettin (Pattern Recognition Letters 22, 2001): the sum
of squared ink heights over the columns whose ink is one unbroken run. The sheared picture is brought back to
its old width, so that widths stay known without reading a picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHEARS = np.linspace(1.0, -1.0, 9)  # pixels to the left per pixel upwards; 0 is in the middle

Picture = NDArray[np.uint8]
Boxes = NDArray[np.int32]


def deslant(picture: Picture, boxes: Boxes | None = None) -> tuple[Picture, Boxes | None]:
    """Set slanted writing upright.

    Args:
        picture: (height, width), uint8, dark ink on light paper; not changed.
        boxes: (n, 4), int32; each keeps its share of the width and goes where its middle goes.
    """
    import cv2

    shear = find_shear(picture)
    if not shear:
        return picture, boxes
    height, width = picture.shape
    matrix = _matrix(shear, height)
    whole = width + round(abs(shear) * (height - 1))
    paper = int(np.bincount(picture.ravel(), minlength=256).argmax())
    upright = cv2.warpAffine(picture, matrix, (whole, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    upright = cv2.resize(upright, (width, height), interpolation=cv2.INTER_AREA)
    if boxes is not None:
        boxes = _followed(boxes, matrix, width / whole)
    return np.asarray(upright, np.uint8), boxes


def find_shear(picture: Picture) -> float:
    """The shear, pixels to the left per pixel upwards, that makes the writing upright; 0 without ink."""
    import cv2

    ink = np.asarray(cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], np.uint8)
    rows = np.flatnonzero(ink.any(1))
    if not len(rows):
        return 0.0
    ink = ink[rows[0] : rows[-1] + 1]
    scores = [_score(ink, float(shear)) for shear in SHEARS]
    # Of equal scores the one nearest to no change.
    return float(max(zip(scores, -np.abs(SHEARS), SHEARS, strict=True))[2])


def _score(ink: Picture, shear: float) -> float:
    """How much of the ink stands in columns that hold one unbroken run, after shearing."""
    import cv2

    height, width = ink.shape
    size = width + round(abs(shear) * (height - 1)), height
    sheared = cv2.warpAffine(ink, _matrix(shear, height), size, flags=cv2.INTER_NEAREST)
    begins = cv2.subtract(sheared[1:], sheared[:-1])  # saturates: 1 where a run begins
    runs = sheared[0] + cv2.reduce(begins, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[0]
    heights = cv2.reduce(sheared, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[0]
    return float((heights[runs == 1] ** 2).sum())


def _matrix(shear: float, height: int) -> NDArray[np.float64]:
    """Rows move left by ``shear`` per pixel above the lowest; then all move right until none is cut."""
    return np.array([[1.0, shear, max(0.0, -shear * (height - 1))], [0.0, 1.0, 0.0]])


def _followed(boxes: Boxes, matrix: NDArray[np.float64], squeeze: float) -> Boxes:
    middle = (boxes[:, 1] + boxes[:, 3] - 1) / 2
    shift = matrix[0, 1] * middle + matrix[0, 2]
    followed = boxes.copy()
    for side in (0, 2):
        followed[:, side] = np.rint((boxes[:, side] + shift) * squeeze)
    return followed
