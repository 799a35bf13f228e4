"""The letters of a shaped line as arrays: where each stands, and how close it may come to the next.

A letter is a cluster: with its marks, or a ligature. Letters are numbered from left to right. Lengths are
x-heights. Nothing moves here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.hand.profile import FAR, HEIGHTS
from synth.hand.shaping import ShapedLine

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Letters:
    """The L letters of a line, of G glyphs and P points, from left to right.

    Attributes:
        start: (L,); where the pen stands before each.
        width: (L,); how far each moves the pen.
        blank: (L,); whether it is white space.
        word: (L,); number of the word it belongs to; a blank belongs to the word before it.
        forms: (L,); code point of the letter without accents.
        of: (G,); the letter of each glyph.
        shift: (2, G); where each glyph's origin stands from the start of its letter.
        sizes: (G,); number of each glyph's points.
        joined: whether neighbours in a word are written without lifting the pen.
        rtl: whether the line begins on the right.
    """

    start: Values
    width: Values
    blank: NDArray[np.bool_]
    word: NDArray[np.intp]
    forms: NDArray[np.intp]
    of: NDArray[np.intp]
    shift: Values
    sizes: NDArray[np.intp]
    joined: bool
    rtl: bool

    def __len__(self) -> int:
        return len(self.start)

    def points(self, values: Values) -> Values:
        """(..., L) -> (..., P): what holds for a letter holds for its points."""
        return np.repeat(values[..., self.of], self.sizes, axis=-1)


def letters_of(line: ShapedLine, unit: float) -> Letters:
    """The letters of a line.

    Args:
        line: the glyphs.
        unit: x-heights in a font unit.
    """
    outlines, places, moves, clusters_of = zip(*line.glyphs, strict=True)
    cluster, advances, origins = np.array(clusters_of), np.array(moves) * unit, np.array(places).T * unit
    pens = np.cumsum(advances) - advances
    count = len(line.clusters)
    start, width = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(start, cluster, pens)
    np.add.at(width, cluster, advances)
    order = np.argsort(start, kind="stable")
    place = np.argsort(order)
    origins[0] -= start[cluster]
    clusters = [line.clusters[number] for number in order.tolist()]
    blank = np.array([letter.blank for letter in clusters])
    return Letters(
        start[order].astype(np.float32),
        width[order].astype(np.float32),
        blank,
        np.cumsum(blank) - blank,
        np.array([ord(letter.letter) for letter in clusters]),
        place[cluster],
        origins.astype(np.float32),
        np.array([len(outline.points) for outline in outlines]),
        line.joined,
        line.rtl,
    )


def sides(line: ShapedLine, letters: Letters, unit: float) -> tuple[Values, Values, Values]:
    """Where every letter's ink begins and ends in bands of height.

    Returns:
        left and right, (L, B), from the letters' starts, far off where there is none; and the bands' heights,
        (B,).
    """
    profiles = np.stack([glyph.outline.profile for glyph in line.glyphs]) * np.float32(unit)  # (G, 2, B)
    profiles += letters.shift[0, :, None, None]
    left = np.full((len(letters), profiles.shape[2]), FAR * unit * line.units_per_em, np.float32)
    right = -left
    np.minimum.at(left, letters.of, profiles[:, 0])
    np.maximum.at(right, letters.of, profiles[:, 1])
    return left, right, np.asarray(HEIGHTS * unit * line.units_per_em, np.float32)


def extents(points: Values, letters: Letters) -> tuple[Values, Values]:
    """Where every letter's points begin and end, (L,), from its start; far off where it has none."""
    inked = letters.sizes > 0
    sizes = letters.sizes[inked]
    starts = np.cumsum(sizes) - sizes
    left = np.full(len(letters), FAR, np.float32)
    right = -left
    np.minimum.at(left, letters.of[inked], np.minimum.reduceat(points[0], starts))
    np.maximum.at(right, letters.of[inked], np.maximum.reduceat(points[0], starts))
    return left, right


def gaps(left: Values, right: Values, advances: Values) -> Values:
    """(L - 1,): least distance of the ink of neighbours, at any height."""
    apart = left[1:] - right[:-1] + advances[:-1, None]
    return np.asarray(apart.min(1), np.float32)
