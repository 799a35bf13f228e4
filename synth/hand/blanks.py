"""Blanks that are seen: the clear paper between two words is held between bounds, whatever a font's blank is.

What counts is the paper between the ink of two words at the height of the small letters, slant, swashes and
all: wider than what this line leaves between letters, and no hole among the line's other blanks. Words are
moved as a whole. Lengths are x-heights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.contours import before_and_after
from synth.hand.letters import Letters, Values
from synth.hand.profile import FAR
from synth.hand.shaping import ShapedLine

LOWEST, HIGHEST = -0.1, 1.1  # between which words face each other
BANDS = 8  # of height; the closest of them may be a lone stroke that reaches over, and is passed over
ALONG = np.array([0.0, 0.25, 0.5, 0.75], np.float32)[:, None]  # where between two points is looked
USUAL = 75  # per cent of a line's gaps between letters that are no wider than the usual one
LEAST, MOST = 0.45, 2.5  # clear paper
LEAST_OF_LETTERS = 1.6  # of the usual gap between letters
LEAST_OF_WORDS, MOST_OF_WORDS = 0.5, 2.0  # of the line's middle blank


def cleared(line: ShapedLine, points: Values, letters: Letters, lift: Values, width: float) -> Values:
    """By how much every letter moves so that all blanks are seen, (L,).

    Args:
        line: the glyphs.
        points: (2, P); the written line.
        letters: of the line.
        lift: (L,); height of every letter's baseline.
        width: factor by which the line is going to be stretched.
    """
    inked = np.unique(letters.of[letters.sizes > 0])
    gaps = _gaps(line, points, letters, lift, inked) * np.float32(width)
    parted = np.diff(letters.word[inked]) > 0
    if not parted.any():
        return np.zeros(len(letters), np.float32)
    alphabetic = np.array([chr(form).isalpha() for form in letters.forms[inked].tolist()])
    between = gaps[~parted & alphabetic[1:] & alphabetic[:-1]]
    usual = float(np.percentile(between, USUAL)) if len(between) else 0.0
    found = gaps[parted]
    middle = float(np.median(found))
    least = max(LEAST, LEAST_OF_LETTERS * usual, LEAST_OF_WORDS * min(middle, MOST))
    most = max(least, min(MOST, MOST_OF_WORDS * middle))
    moved = np.zeros(len(letters), np.float32)
    moved[inked[1:][parted]] = (np.clip(found, least, most) - found) / np.float32(width)
    return np.cumsum(moved, dtype=np.float32)


def _gaps(
    line: ShapedLine, points: Values, letters: Letters, lift: Values, inked: NDArray[np.intp]
) -> Values:
    """Clear paper between neighbours, and all beyond them, among the letters that have ink."""
    x, y = points
    ends = np.concatenate([glyph.outline.ends for glyph in line.glyphs])
    contours = np.array([len(glyph.outline.ends) for glyph in line.glyphs])
    ends = ends.astype(np.intp) + np.repeat(np.cumsum(letters.sizes) - letters.sizes, contours)
    _, after = before_and_after(ends, len(x))
    height = (y - letters.points(lift) - np.float32(LOWEST)) * np.float32(BANDS / (HIGHEST - LOWEST))
    across = (x + ALONG * (x[after] - x)).ravel()
    band = np.floor(height + ALONG * (height[after] - height)).ravel()
    within = np.flatnonzero((band >= 0) & (band < BANDS))
    own = np.tile(np.repeat(np.searchsorted(inked, letters.of), letters.sizes), len(ALONG))
    place = own[within] * BANDS + band[within].astype(np.intp)
    left = np.full(len(inked) * BANDS, FAR, np.float32)
    right = -left
    np.minimum.at(left, place, across[within])
    np.maximum.at(right, place, across[within])
    reached = np.maximum.accumulate(right.reshape(-1, BANDS))[:-1]
    ahead = np.minimum.accumulate(left.reshape(-1, BANDS)[::-1])[::-1][1:]
    return np.asarray(np.partition(ahead - reached, 1, axis=1)[:, 1], np.float32)
