"""Smooth random fields, for ink that flows and paper that is not flat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> NDArray[np.float32]:
    """A field of about unit variance whose features are ``scale`` pixels wide.

    Args:
        rng: the stream to draw from.
        shape: rows, columns.
        scale: width of a feature in pixels, at least 1.
    """
    import cv2

    rows, columns = (max(2, int(np.ceil(size / scale)) + 1) for size in shape)
    coarse = rng.standard_normal((rows, columns), np.float32)
    return np.atleast_2d(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))
