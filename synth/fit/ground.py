"""Paper told from ink, and what the paper is like: levels, rules, texture.

Pictures are brought to one height first. Ink is what is clearly darker than the paper around it; printed
rules are told from it by their straightness.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError

HEIGHT = 64  # pixels, of every picture that is measured
LEAST_CONTRAST = 12  # grey levels between paper and ink
LEAST_RULE = 16  # columns of a rule from which its breaks are told
BLOCK = 2 * HEIGHT  # columns that are taken to be straight and evenly lit

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Field = NDArray[np.float32]


class Rules(NamedTuple):
    """Printed rules: how much darker than the paper, grey levels, and in which rows."""

    strengths: NDArray[np.float64]
    rows: NDArray[np.intp]


def at_height(image: Picture, height: int = HEIGHT) -> Picture:
    """The picture at one height, its sides in proportion."""
    import cv2

    if image.shape[0] == height:
        return image
    width = max(8, round(image.shape[1] * height / image.shape[0]))
    method = cv2.INTER_AREA if image.shape[0] > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), np.uint8)


def separated(grey: Field) -> tuple[Field, float, Mask, Rules]:
    """The paper under the ink, the contrast, where ink is, and the printed rules."""
    rough = _paper_under(grey, _dark(grey, _brightest(grey)))
    ink = _dark(grey, rough)
    ground = _paper_under(grey, grown(ink, 2))
    darkness = ground - grey
    rules = _rules(darkness)
    ink = darkness > _threshold(darkness)
    if len(rules.rows):
        ink &= ~_thin_rows(ink, rules.rows)
    contrast = quantile(darkness[ink], 0.75) if ink.any() else 0.0
    if contrast < LEAST_CONTRAST or ink.sum() < 16:
        raise DataError(
            f"A line shows no ink: paper and ink differ by {contrast:.0f} grey levels",
            f"at least {LEAST_CONTRAST}",
            "leave the picture out, or raise its contrast",
        )
    return ground, contrast, ink, rules


def _brightest(grey: Field) -> Field:
    """The brightest level around every pixel: paper, unless a stroke is as broad as a letter."""
    import cv2

    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (7, 7))
    return np.asarray(cv2.resize(wide, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _dark(grey: Field, ground: Field) -> Mask:
    darkness = ground - grey
    return np.asarray(darkness > _threshold(darkness), np.bool_)


def _threshold(darkness: Field) -> float:
    """Otsu's level between paper and ink."""
    import cv2

    levels = np.clip(darkness, 0, 255).astype(np.uint8)
    return max(float(cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)[0]), LEAST_CONTRAST / 2)


def _paper_under(grey: Field, ink: Mask) -> Field:
    """The paper's slow changes, with the holes under the ink filled from around them; at a quarter of the
    size."""
    import cv2

    paper = (~grown(ink, 2)).astype(np.float32)
    weight, level = (
        cv2.blur(cv2.resize(plane, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (7, 7))
        for plane in (paper, paper * grey)
    )
    usual = float(level.sum() / max(weight.sum(), 1e-3))
    slow = (level + 1e-3 * usual) / (weight + 1e-3)
    return np.asarray(cv2.resize(slow, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def grown(mask: Mask, by: int) -> Mask:
    import cv2

    size = 2 * by + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)), np.bool_)


def _rules(darkness: Field) -> Rules:
    """Printed rules: rows that stay dark between the strokes, in most blocks of columns."""
    import cv2

    blocks = max(1, darkness.shape[1] // BLOCK)
    small = cv2.resize(darkness, (blocks * 32, darkness.shape[0]), interpolation=cv2.INTER_AREA)
    rows = np.sort(small.reshape(HEIGHT, blocks, 32), axis=2)[:, :, 12]  # ink covers less than that
    stand = np.pad(rows, ((4, 4), (0, 0)), mode="edge")
    around = np.minimum(stand[:-8], stand[8:])
    peaks = np.maximum(rows - np.maximum(around, 0), 0)
    # A rule that is not level stands two rows higher in one block than in another.
    near = np.pad(peaks, ((2, 2), (0, 0)))
    strength = np.max([near[shift : shift + HEIGHT] for shift in range(5)], axis=0).mean(1)
    sums = np.convolve(peaks.mean(1), np.ones(3), "same")
    highest = (sums >= np.roll(sums, 1)) & (sums > np.roll(sums, -1))
    found = np.flatnonzero(highest & (strength > 5))
    return Rules(strength[found], found)


def breaks_of(darkness: Field, paper: Mask, rules: Rules) -> float:
    """How much the strongest rule changes from column to column where nothing is written on it, share of its
    darkness; nan where none is printed."""
    if not len(rules.rows):
        return float("nan")
    row = int(rules.rows[rules.strengths.argmax()])
    near = slice(max(row - 2, 0), row + 3)  # a rule is not quite level
    along = darkness[near].max(0)[paper[near].all(0)]
    return float(along.std() / max(along.mean(), 1e-3)) if len(along) >= LEAST_RULE else float("nan")


def _thin_rows(ink: Mask, rows: NDArray[np.intp]) -> Mask:
    """Ink near printed rules that is no higher than a rule, in long straight runs."""
    import cv2

    runs = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, 24), np.uint8))
    near = np.zeros(len(ink), np.bool_)
    for row in rows:
        near[max(0, row - 3) : row + 4] = True
    return np.asarray(runs > 0, np.bool_) & near[:, None]


def texture(grey: Field, paper: Mask) -> tuple[float, float, float]:
    """Standard deviations of the paper's texture in three octaves, from its median absolute value."""
    import cv2

    smooth = [grey, *(cv2.blur(grey, (size, size)) for size in (2, 4, 8))]
    fine, middle, coarse = (
        sampled_median(np.asarray(cv2.absdiff(sharp, soft), np.float32), paper) / 0.6745
        for sharp, soft in pairwise(smooth)
    )
    return fine, middle, coarse


def sampled_median(values: Field, where: Mask) -> float:
    """The median of a sample of the values: rims of strokes and of rules do not move it."""
    chosen = values[::2, ::5][where[::2, ::5]]
    return quantile(chosen if len(chosen) else values.ravel(), 0.5)


def quantile(values: NDArray[np.floating], share: float) -> float:
    """The value below which a share of the values lies; the nearest one, at a tenth of NumPy's cost."""
    place = round(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def unevenness_of(ground: Field) -> float:
    """Half the distance between the 16th and the 84th percentile: a standard deviation without outliers."""
    levels = ground[::4, ::8].ravel()
    return (quantile(levels, 0.84) - quantile(levels, 0.16)) / 2


def without_texture(picture: Picture) -> Mask:
    """Where five by five pixels differ by at most one grey level."""
    import cv2

    around = np.ones((5, 5), np.uint8)
    return np.asarray(cv2.subtract(cv2.dilate(picture, around), cv2.erode(picture, around)) <= 1, np.bool_)
