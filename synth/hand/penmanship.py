"""How one writer forms letters: what a variant changes on the letters of a shaped line.

The same letter is formed the same way every time, with or without an accent, and otherwise than by another
writer of the same font. Where letters join, their edges stay in place, and heights change by a monotone map,
so joins hold. Lengths are x-heights; nothing here is drawn from a sample's stream.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from fonts.hand import Variant
from synth.hand.shaping import ShapedLine

LETTERS = 128  # forms a writer has: one for every letter of a script
WAVES = 2  # a coordinate
SHORTEST, LONGEST = 1.6, 4.0  # wave lengths
UPRIGHT = 0.6  # amplitude up and down, as a share of that to the sides: heights tell letters apart
HEIGHT, TURN, SIZE = 0.5, 0.35, 0.5  # habits of letters that stand alone, as shares of the deformation
SOFT = 0.3  # over which the change of ascenders and descenders sets in

Points = NDArray[np.float64]


def form(
    shapes: Points, owner: NDArray[np.intp], origins: Points, line: ShapedLine, unit: float, variant: Variant
) -> Points:
    """Form the letters of a line.

    Args:
        shapes: (P, 2); all points, each at its glyph's origin, y upwards.
        owner: (P,); index of every point's glyph.
        origins: (G, 2); where the glyphs stand.
        line: the glyphs.
        unit: x-heights in a font unit.
        variant: whose letters.
    """
    start, width = _extents(line, unit)
    cluster = np.array([glyph.cluster for glyph in line.glyphs])
    shift = (origins - np.stack((start[cluster], np.zeros(len(cluster))), axis=1))[owner]
    own = cluster[owner]
    points = shapes + shift  # in the coordinates of the letter, so that marks move with it
    form_of = np.array([ord(letter.letter) % LETTERS for letter in line.clusters])[own]
    displaced = variant.deformation * _waves(points, form_of, variant.seed)
    if variant.joined:
        across = np.clip(points[:, 0] / np.maximum(width[own], 1e-6), 0.0, 1.0)
        displaced *= np.sin(np.pi * across)[:, None] ** 2
    else:
        displaced += variant.deformation * _habits(points, form_of, variant.seed)
    points = points + displaced
    points[:, 1] = _heights(points[:, 1], variant)
    return points - shift


def spread(line: ShapedLine, spacing: float) -> NDArray[np.float64]:
    """How far every glyph is pushed by the space between letters."""
    cluster = np.array([glyph.cluster for glyph in line.glyphs])
    return spacing * (len(line.clusters) - 1 - cluster if line.rtl else cluster)


def _extents(line: ShapedLine, unit: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the pen stands before every cluster, and how far the cluster moves it."""
    advances = np.array([glyph.advance for glyph in line.glyphs]) * unit
    pens = np.concatenate(([0.0], np.cumsum(advances)[:-1]))
    cluster = np.array([glyph.cluster for glyph in line.glyphs])
    start = np.full(len(line.clusters), np.inf)
    np.minimum.at(start, cluster, pens)
    width = np.zeros(len(line.clusters))
    np.add.at(width, cluster, advances)
    return start, width


def _waves(points: Points, form_of: NDArray[np.intp], seed: int) -> Points:
    """The displacement of every point, of about unit amplitude: a few waves a coordinate."""
    x, y = points.T.astype(np.float32)  # quicker by far than in double precision
    displaced = np.zeros(points.shape)
    for wave, (across, up, phase) in enumerate(_forms(seed)[0]):
        displaced[:, wave // WAVES] += np.sin(across[form_of] * x + up[form_of] * y + phase[form_of])
    return displaced * (1 / np.sqrt(WAVES), UPRIGHT / np.sqrt(WAVES))


def _habits(points: Points, form_of: NDArray[np.intp], seed: int) -> Points:
    """The displacement by every letter's own height, turn and size."""
    height, turn, size = _forms(seed)[1][form_of].T
    x, y = points[:, 0], points[:, 1] - 0.5
    return np.stack((size * x - turn * y, height + turn * x + size * y), axis=1)


@lru_cache(maxsize=32)
def _forms(seed: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A writer's waves, (2 WAVES, 3, LETTERS): wave number across and up, phase; and habits, (LETTERS, 3)."""
    rng = stream(seed, 0, "letterforms")
    angle, length, phase = rng.random((3, 2 * WAVES, LETTERS), np.float32) * np.float32(2 * np.pi)
    number = 2 * np.pi / (SHORTEST + (LONGEST - SHORTEST) * length / (2 * np.pi))
    waves = np.stack((number * np.cos(angle), number * np.sin(angle), phase), axis=1)
    return waves, np.clip(rng.standard_normal((LETTERS, 3)), -2, 2) * (HEIGHT, TURN, SIZE)


def _heights(y: NDArray[np.float64], variant: Variant) -> NDArray[np.float64]:
    """A monotone map that scales what stands above 1 and hangs below 0, without a kink."""
    above, below = np.maximum(y - 1, 0), np.maximum(-y, 0)
    return (
        y
        + (variant.ascenders - 1) * above * above / (above + SOFT)
        - (variant.descenders - 1) * below * below / (below + SOFT)
    )
