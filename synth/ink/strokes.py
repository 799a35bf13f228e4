"""Where the ink lies: strokes grown and thinned by the pen and the paper.

A blurred stroke cut at another height is wider or narrower by parts of a pixel; drawn out along the nib's
edge before, it is wide only where it crosses that edge. Hairlines come out paler, as they do on paper. How
dark the ink is there is decided elsewhere.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from synth.ink.pens import Pen
from synth.noise import smooth_noise

SOFT = 0.55  # pixels; the least blur at which a cut moves an edge evenly
REACH = 1.4  # growth of a stroke that a blur bears, standard deviations
SLOPE = 0.9  # of an edge after the cut, share of full ink a pixel
CREEP = 0.12  # how far feathered ink gets at most, share of the x-height
HALO = 0.2  # its darkness
FRAY = 0.2  # how much ink the fibres take or bring at an edge

Coverage = NDArray[np.uint8]


def lay_strokes(
    coverage: Coverage,
    x_height: float,
    pen: Pen,
    texture: float,
    growth: float,
    feathering: float,
    seed: int,
) -> Coverage:
    """The coverage of the strokes as this pen writes them.

    Args:
        coverage: uint8, (height, width), of the hand's strokes; not changed.
        x_height: pixels.
        pen: the kind of pen.
        texture: factor on its ways.
        growth: of the strokes' width, pixels; negative thins.
        feathering: strength of the ink's creeping, 0 to 1.
        seed: of the line's streams.
    """
    edge = texture * pen.nib * x_height
    drawn_out = _drawn_out(coverage, edge, pen.angle) if edge > 0.2 else coverage
    growth -= edge / 4  # a thinner stroke, so that the whole is hardly heavier
    sigma = max(SOFT + texture * pen.spread * x_height, abs(growth) / REACH)
    cut = _whole(_cut(_blurred(drawn_out, sigma), growth, sigma), coverage)
    return _feathered(cut, x_height, feathering, seed) if feathering else cut


def _blurred(coverage: Coverage, sigma: float) -> Coverage:
    import cv2

    size = 2 * int(np.ceil(1.6 * sigma)) + 1
    return np.asarray(cv2.GaussianBlur(coverage, (size, size), sigma), np.uint8)


def _cut(blurred: Coverage, growth: float, sigma: float) -> Coverage:
    """Edges as steep as before the blur, moved outwards on both sides by half of the growth."""
    import cv2

    height = 0.5 * (1 - math.erf(growth / (2 * math.sqrt(2) * sigma)))  # of a blurred edge, where it shall be
    gain = max(SLOPE * sigma * math.sqrt(2 * math.pi), 0.5 / min(height, 1 - height), 1.0)
    return np.asarray(cv2.addWeighted(blurred, gain, blurred, 0, 255 * (0.5 - gain * height)), np.uint8)


def _whole(cut: Coverage, coverage: Coverage) -> Coverage:
    """Hairlines that broke are there again, where nothing of their stroke is left near."""
    import cv2

    near = cv2.dilate(cut, np.ones((3, 3), np.uint8))
    return np.maximum(cut, np.asarray(cv2.subtract(coverage, near), np.uint8))


def _drawn_out(coverage: Coverage, length: float, angle: float) -> Coverage:
    """Strokes drawn out along the nib's edge, between two whole numbers of pixels."""
    import cv2

    whole = int(length)
    longer = cv2.dilate(coverage, _edge(whole + 1, angle))
    shorter = cv2.dilate(coverage, _edge(whole, angle)) if whole else coverage
    return np.asarray(cv2.addWeighted(longer, length - whole, shorter, whole + 1 - length, 0), np.uint8)


@cache
def _edge(length: int, angle: float) -> Coverage:
    """The pixels of a line through the middle of a small square, for a dilation."""
    import cv2

    size = length + 1 + length % 2
    element = np.zeros((size, size), np.uint8)
    half = length / 2 * np.array([np.cos(np.deg2rad(angle)), -np.sin(np.deg2rad(angle))])
    start, end = (np.trunc(size // 2 + sign * half + 0.5).astype(int).tolist() for sign in (-1, 1))
    return np.asarray(cv2.line(element, start, end, 1), np.uint8)


def _feathered(strokes: Coverage, x_height: float, strength: float, seed: int) -> Coverage:
    """Edges frayed by the fibres, and a halo."""
    import cv2

    edges = np.asarray(cv2.LUT(_blurred(strokes, 1.0), _bump()), np.float32)
    edges *= smooth_noise(stream(seed, 0, "feathering"), strokes.shape, 2.0)
    edges *= np.float32(strength)
    edges += strokes
    edges += np.float32(HALO * strength) * _blurred(strokes, 1 + strength * CREEP * x_height)
    return np.asarray(cv2.convertScaleAbs(np.maximum(edges, 0, out=edges)), np.uint8)


@cache
def _bump() -> NDArray[np.float32]:
    """How much a fibre may add or take at every blurred coverage: nothing on paper, nothing in a stroke."""
    level = np.arange(256, dtype=np.float32)
    return level * (255 - level) * np.float32(4 * FRAY / 255)
