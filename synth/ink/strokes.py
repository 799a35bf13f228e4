"""Where the ink lies: strokes grown and thinned by the nib's edge, the pressure and the paper.

All of it is one filter and one threshold: a blurred stroke cut at another height is wider or narrower by
parts of a pixel, and a blur along the nib's edge makes wide only what crosses it. Hairlines come out paler,
as they do on paper. How dark the ink is there is decided elsewhere.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from synth.ink.pens import Pen
from synth.noise import smooth_noise

SOFT = 0.7  # pixels; the least blur at which a threshold shifts an edge evenly
HARD = 1.5  # contrast of the edge after the cut, against the blurred one
CREEP = 0.25  # how far feathered ink gets at most, share of the x-height
HALO = 0.3  # its darkness

Coverage = NDArray[np.uint8]


def lay_strokes(
    coverage: Coverage,
    x_height: float,
    pen: Pen,
    texture: float,
    growth: float | NDArray[np.float32],
    feathering: float,
    rng: np.random.Generator,
) -> Coverage:
    """The coverage of the strokes as this pen writes them.

    Args:
        coverage: uint8, (height, width), of the hand's strokes; not changed.
        x_height: pixels.
        pen: the kind of pen.
        texture: factor on its ways.
        growth: of the strokes' width, pixels; (width,) where it differs along the line.
        feathering: strength of the ink's creeping, 0 to 1.
        rng: the line's stream; two values are drawn.
    """
    import cv2

    sigma, edge = SOFT + texture * pen.spread * x_height, texture * pen.nib * x_height
    blurred = np.asarray(cv2.GaussianBlur(coverage, (0, 0), sigma), np.float32)
    if edge >= 0.5:
        blurred = np.asarray(cv2.filter2D(blurred, -1, _edge(round(edge, 1), pen.angle)), np.float32)
    # a blurred edge falls by 1 / (sigma sqrt(2 pi)) a pixel; a stroke grows on both sides
    shift = growth / (2 * sigma * np.sqrt(2 * np.pi))
    blurred *= HARD
    blurred += np.asarray(255 * (0.5 * (1 - HARD) + HARD * shift), np.float32)
    if feathering:
        fibres = smooth_noise(rng, coverage.shape, 1.4)
        blurred += 90 * feathering * fibres
        blurred *= cv2.dilate(coverage, np.ones((3, 3), np.uint8)) > 0
        halo = cv2.GaussianBlur(coverage, (0, 0), 1 + CREEP * feathering * x_height)
        np.maximum(blurred, HALO * feathering * halo, out=blurred)
    return np.asarray(cv2.convertScaleAbs(np.maximum(blurred, 0, out=blurred)))


@cache
def _edge(length: float, angle: float) -> NDArray[np.float32]:
    """A line of some length through the middle of a small kernel that sums to 1."""
    import cv2

    reach = int(np.ceil(length / 2)) + 1
    fine = 8
    size = (2 * reach + 1) * fine
    drawn = np.zeros((size, size), np.float32)
    half = length / 2 * fine * np.array([np.cos(np.deg2rad(angle)), -np.sin(np.deg2rad(angle))])
    start, end = (tuple(np.rint(size / 2 + sign * half).astype(int).tolist()) for sign in (-1, 1))
    cv2.line(drawn, start, end, 1.0, fine)
    kernel = cv2.resize(drawn, (2 * reach + 1, 2 * reach + 1), interpolation=cv2.INTER_AREA)
    return np.asarray(kernel / kernel.sum(), np.float32)
