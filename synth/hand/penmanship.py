"""How one writer forms letters: what a variant changes on the letters of a line, and what differs every time.

A writer forms the same letter the same way, with or without an accent, and otherwise than another writer of
the same font; every occurrence is then a little off. Where letters join, their edges stay in place, and
heights change by a monotone map, so joins hold. Lengths are x-heights.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from fonts.hand import Variant
from synth.hand.letters import Letters, Values

LETTERS = 128  # forms a writer has: one for every letter of a script
WAVES = 2  # a coordinate
SHORTEST, LONGEST = 1.6, 4.0  # wave lengths of a writer's forms
OWN_WAVES = 1
OWN_SHORTEST, OWN_LONGEST = 1.2, 3.0  # of an occurrence's
TREMOR_WAVES = 2
TREMOR_SHORTEST, TREMOR_LONGEST = 0.13, 0.25
UPRIGHT = 0.6  # amplitude up and down, as a share of that to the sides: heights tell letters apart
HEIGHT, TURN, SIZE = 0.5, 0.35, 0.5  # habits of letters that stand alone, as shares of the deformation
SOFT = 0.3  # over which the change of ascenders and descenders sets in
LONG = 2.0  # those of twice this length change little: no pen goes on for ever


def form(points: Values, letters: Letters, variant: Variant) -> Values:
    """How a writer's habits displace every point, (2, P).

    Args:
        points: (2, P); in the coordinates of their letters, so that marks move with them; y upwards.
        letters: of the line.
        variant: whose letters.
    """
    waves, habits = _forms(variant.seed)
    of = letters.forms % LETTERS
    displaced = _displaced(points, letters.points(waves[..., of]), variant.deformation)
    if variant.joined:
        return hold_edges(displaced, points, letters)
    height, turn, size = letters.points(variant.deformation * habits[:, of])
    x, y = points[0], points[1] - np.float32(0.5)
    displaced[0] += size * x - turn * y
    displaced[1] += height + turn * x + size * y
    return displaced


def deform(points: Values, letters: Letters, deviation: float, rng: np.random.Generator) -> Values:
    """How every occurrence of a letter is displaced for itself, (2, P).

    Args:
        points: as in :func:`form`.
        letters: of the line.
        deviation: standard deviation, x-heights.
        rng: the line's stream.
    """
    waves = _waves(rng, OWN_WAVES, (OWN_SHORTEST, OWN_LONGEST), len(letters))
    displaced = _displaced(points, letters.points(waves), deviation * np.sqrt(2))
    return hold_edges(displaced, points, letters) if letters.joined else displaced


def tremble(middles: Values, letters: Letters, amplitude: float, rng: np.random.Generator) -> Values:
    """How a pen that trembles displaces every point, (2, P).

    Args:
        middles: (2, P); where in the middle of their strokes the points belong, so that both edges of a
            stroke move together; in the coordinates of their letters.
        letters: of the line.
        amplitude: x-heights.
        rng: the line's stream.
    """
    places = middles + letters.points(np.stack((letters.start, np.zeros_like(letters.start))))
    return _displaced(places, _waves(rng, TREMOR_WAVES, (TREMOR_SHORTEST, TREMOR_LONGEST), 1), amplitude)


def hold_edges(displaced: Values, points: Values, letters: Letters) -> Values:
    """Displacements that vanish where a letter meets its neighbours."""
    across = points[0] / letters.points(np.maximum(letters.width, np.float32(1e-6)))
    np.clip(across, 0, 1, out=across)
    window = 4 * across * (1 - across)
    displaced *= window * window
    return displaced


def stretch_heights(y: Values, above: Values, below: Values) -> Values:
    """A map that scales what stands above 1 and hangs below 0, without a kink; monotone for factors below 9.

    Args:
        y: (P,).
        above: factor on the one, one or (P,).
        below: factor on the other.
    """
    return np.asarray(y + _lengthened(y - 1, above) - _lengthened(-y, below), np.float32)


def _lengthened(length: Values, factor: Values) -> Values:
    """By how much what reaches out as far as that grows."""
    length = np.maximum(length, 0)
    square = length * length
    return np.asarray(
        (factor - 1) * square / ((length + np.float32(SOFT)) * (1 + square / np.float32(LONG**2)))
    )


def _displaced(points: Values, waves: Values, amplitude: float) -> Values:
    """The sum of the waves, (2W, 3, P), half of which go to each coordinate."""
    x, y = points
    heights = waves[:, 0] * x
    heights += waves[:, 1] * y
    heights += waves[:, 2]
    np.sin(heights, out=heights)
    half = len(waves) // 2
    heights *= np.float32(amplitude / np.sqrt(half))
    if half == 1:
        heights[1] *= UPRIGHT
        return heights
    return np.stack((heights[:half].sum(0), UPRIGHT * heights[half:].sum(0)))


def _waves(
    rng: np.random.Generator, each: int, lengths: tuple[float, float], count: int
) -> NDArray[np.float32]:
    """(2 each, 3, count): wave number across and up, and phase, of the waves of some letters."""
    angle, length, phase = rng.random((3, 2 * each, count), np.float32)
    turn = np.float32(2 * np.pi)
    number = turn / (lengths[0] + (lengths[1] - lengths[0]) * length)
    return np.stack((number * np.cos(turn * angle), number * np.sin(turn * angle), turn * phase), axis=1)


@lru_cache(maxsize=32)
def _forms(seed: int) -> tuple[Values, Values]:
    """A writer's waves, (2 WAVES, 3, LETTERS), and habits of height, turn and size, (3, LETTERS)."""
    rng = stream(seed, 0, "letterforms")
    waves = _waves(rng, WAVES, (SHORTEST, LONGEST), LETTERS)
    habits = np.clip(rng.standard_normal((LETTERS, 3)), -2, 2) * (HEIGHT, TURN, SIZE)
    return waves, habits.T.astype(np.float32)
