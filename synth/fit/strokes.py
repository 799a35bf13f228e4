"""What the strokes are like: where they stand, how wide, how slanted, how dark, how sharp.

Everything is measured at one height, on the mask of the ink and on its darkness: 0 for paper, 1 for full ink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.fit.ground import HEIGHT, Field, Mask, quantile

SLANTS = np.arange(-40.0, 66.0, 7.5)  # degrees that are tried
LEAST_RIDGE = 12  # pixels of strokes from which their darkness is told


def extents(ink: Mask) -> tuple[tuple[int, int], tuple[int, int]]:
    """First row and column with ink, and the ones after the last; a hundredth of the ink may lie beyond."""
    borders = []
    for axis in (1, 0):
        run = np.cumsum(ink.sum(axis))
        low = int(np.searchsorted(run, 0.002 * run[-1], side="right"))
        high = int(np.searchsorted(run, 0.998 * run[-1])) + 1
        borders.append((low, max(high, low + 1)))
    return borders[0], borders[1]


def letter_band(ink: Mask) -> tuple[float, float]:
    """Upper and lower border of the small letters: rows with half as many strokes as the fullest."""
    strokes = (ink[:, 1:] & ~ink[:, :-1]).sum(1).astype(np.float64)
    smooth = np.convolve(np.pad(strokes, 2, mode="edge"), np.full(5, 0.2), "valid")
    half = 0.5 * np.sort(smooth)[-8:].mean()
    peak = int(smooth.argmax())
    above, below = smooth[: peak + 1][::-1], smooth[peak:]
    return peak - _crossing(above, half), peak + 1 + _crossing(below, half)


def _crossing(profile: NDArray[np.float64], level: float) -> float:
    """How far from the start a profile first falls below a level."""
    under = np.flatnonzero(profile < level)
    if not len(under):
        return float(len(profile) - 1)
    at = int(under[0])
    step = profile[at - 1] - profile[at]
    return at - 1 + float((profile[at - 1] - level) / step) if at and step > 0 else float(at)


def stroke_widths(darkness: Field, ink: Mask) -> tuple[NDArray[np.float32], Mask]:
    """Widths of the strokes in pixels, along their middle, and where that middle is."""
    import cv2

    # Twice as large: a stroke of two pixels has a middle, and its width is no whole number.
    large = cv2.resize(np.minimum(darkness, 1), None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    distance = cv2.distanceTransform((large > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8))) & (distance > 0)
    widths = distance[ridge] - np.float32(0.5)
    shrunk = cv2.resize(ridge.astype(np.uint8) * 255, ink.shape[::-1], interpolation=cv2.INTER_AREA)
    middle = (shrunk > 0) & ink
    return (widths if len(widths) else np.ones(1, np.float32)), (middle if middle.any() else ink)


def swelling(widths: NDArray[np.float32]) -> float:
    return quantile(widths, 0.9) / quantile(widths, 0.3)


def gaps_of(ink: Mask, left: int, right: int, words: int) -> tuple[NDArray[np.int64], float]:
    """Widths of the widest gaps, as many as the words have between them, and the share of the others."""
    inked = ink[:, left:right].any(0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (~inked).astype(np.int8), [0]))))
    lengths = np.sort(edges[1::2] - edges[::2])[::-1]
    wide, narrow = lengths[: words - 1], lengths[words - 1 :]
    return wide, float(narrow.sum() / max(1, right - left - wide.sum()))


def joined_of(ink: Mask, band: tuple[float, float], letters: int, words: int) -> float:
    """Share of the pairs of neighbouring letters that hang together: the more, the fewer pieces the ink has.

    Args:
        ink: where ink is.
        band: upper and lower border of the small letters; dots, accents and commas do not reach into it far.
        letters: that are written.
        words: that they make.

    Returns:
        0 to 1; nan where no two letters are neighbours.
    """
    import cv2

    if letters <= words:
        return float("nan")
    _, _, places, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink.view(np.uint8), 8, cv2.CV_16U, cv2.CCL_SPAGHETTI
    )
    top, height = places[1:, cv2.CC_STAT_TOP], places[1:, cv2.CC_STAT_HEIGHT]
    within = np.minimum(top + height, band[1]) - np.maximum(top, band[0])
    pieces = np.count_nonzero(within > 0.5 * (band[1] - band[0]))
    return float(np.clip((letters - pieces) / (letters - words), 0, 1))


def fading(darkness: Field, ridge: Mask) -> float:
    """How much the darkness of the strokes changes from one piece of the line to the next."""
    starts = np.arange(0, darkness.shape[1], HEIGHT)
    dark, count = (np.add.reduceat(plane.sum(0), starts) for plane in (darkness * ridge, ridge))
    inked = count >= LEAST_RIDGE
    return float((dark[inked] / count[inked]).std()) if inked.any() else 0.0


def sharpness_of(darkness: Field, ink: Mask) -> float:
    import cv2

    border = ink & ~np.asarray(cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)), np.bool_)
    if not border.any():
        return 0.0
    slopes = (cv2.Scharr(darkness, cv2.CV_32F, *axis)[border] for axis in ((1, 0), (0, 1)))
    return float(np.hypot(*slopes).mean()) / 32


def slant_of(ink: Mask) -> float:
    """The shear at which strokes stand upright: where the columns differ most from their neighbours."""
    import cv2

    small = cv2.resize(ink.view(np.uint8) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    room = height
    scores = []
    for shear in np.tan(np.deg2rad(SLANTS)):
        # A point y above the middle moves left by shear * y.
        matrix = np.array([[1.0, shear, room - shear * height / 2], [0.0, 1.0, 0.0]])
        upright = cv2.warpAffine(small, matrix, (width + 2 * room, height), flags=cv2.INTER_NEAREST)
        columns = cv2.reduce(upright, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
        scores.append(float(np.vdot(columns, columns)))
    best = int(np.clip(np.argmax(scores), 1, len(scores) - 2))
    before, here, after = scores[best - 1 : best + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(SLANTS[best] + np.clip(shift, -1, 1) * (SLANTS[1] - SLANTS[0]))
