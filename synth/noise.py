"""Random fields for ink that flows, paper that is not flat and sensors that are noisy.

Drawing a whole picture of normal values costs more than everything else that is done to a line. So the fields
are cut at random places from banks of noise that are constants of the program: made once in a process, from a
fixed seed, without a seam where a long picture wraps around.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream

BANK = 256, 4096  # rows, columns
SCALES = 1.0, 1.4, 2.0, 2.8, 4.0, 5.7, 8.0  # of the banks, pixels

Field = NDArray[np.float32]


def white_noise(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Independent values of mean 0 and variance 1; a hundredth of the cost of drawing them.

    Args:
        rng: the stream to draw from; one value is drawn.
        shape: rows, columns.
    """
    return _piece(_bank(1.0), shape, rng)


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> Field:
    """A field of mean 0 and about unit variance whose features are ``scale`` pixels wide.

    Args:
        rng: the stream to draw from; one value is drawn.
        shape: rows, columns.
        scale: width of a feature in pixels, at least 1.
    """
    import cv2

    widest = SCALES[-1]
    if scale <= widest:
        return _piece(_bank(min(SCALES, key=lambda known: abs(known - scale))), shape, rng)
    rows, columns = (int(np.ceil(size * widest / scale)) + 1 for size in shape)
    coarse = _piece(_bank(widest), (rows, columns), rng)
    return np.atleast_2d(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR))


@cache
def _bank(scale: float) -> Field:
    """Noise of one scale that goes on over its borders."""
    import cv2

    white = stream(0, 0, "noise bank").standard_normal(BANK, np.float32)
    if scale == 1.0:
        return white
    edge = int(4 * scale)
    smooth = cv2.GaussianBlur(np.pad(white, edge, mode="wrap"), (0, 0), 0.4 * scale)[edge:-edge, edge:-edge]
    return np.asarray((smooth - smooth.mean()) / smooth.std(), np.float32)


def _piece(bank: Field, shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """A copy of a random piece of a bank, perhaps turned over."""
    import cv2

    tops, lefts = (
        there - wanted + 1 if wanted <= there else there
        for there, wanted in zip(bank.shape, shape, strict=True)
    )
    place, turned = divmod(int(rng.integers(4 * tops * lefts)), 4)
    top, left = divmod(place, lefts)
    piece = bank[top : top + shape[0], left : left + shape[1]]
    if piece.shape != shape:
        piece = bank.take(np.arange(top, top + shape[0]), 0, mode="wrap")
        piece = piece.take(np.arange(left, left + shape[1]), 1, mode="wrap")
    return np.atleast_2d(cv2.flip(piece, turned - 2)) if turned else piece.copy()
