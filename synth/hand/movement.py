"""How the writing moves along a line: for every letter its size, slant, height, pressure and room.

One writer's letters differ as a walk does: part of what is drawn changes slowly, over words, part from one
letter to the next. Lengths are x-heights, nothing is done to outlines here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synth.hand.letters import Letters, Values

SLOW, QUICK = 0.8, 0.6  # shares of a wander that goes on over words, and that is each letter's own
SLOW_WAVES = (6.0, 45.0)  # letters
MOST = 2.5  # standard deviations that anything may be off
LEAST_BLANK = 0.6  # x-heights; some fonts' words touch
CLOSEST = 0.7  # share of the font's blank that is left between words
NARROWEST = 0.6  # share of a letter's width
SQUEEZED_FROM = (0.4, 0.85)  # where on the line a writer may notice that room runs out
MOVING = (
    "slant_wander", "size_wander", "pressure", "word_wander", "letter_wander", "squeeze", "bend", "drift",
    "steps", "jitter", "deformation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """What is each letter's own, (L,).

    Attributes:
        moving: whether any of it differs from letter to letter.
        size: factor on its height and width.
        width: further factor on its width.
        shear: tangent of its slant.
        lift: height of its baseline.
        turn: radians, counterclockwise.
        pressure: 1 as usual.
        room: pushed off from the letter before.
        blank: width of the blanks; of no meaning for letters.
        above: factor on what stands above the x-height.
        below: factor on what hangs below the baseline.
    """

    moving: bool
    size: Values
    width: Values
    shear: Values
    lift: Values
    turn: Values
    pressure: Values
    room: Values
    blank: Values
    above: Values
    below: Values


def move(letters: Letters, traits: Mapping[str, float], rng: np.random.Generator) -> Movement:
    """Draw how one line is written.

    Args:
        letters: of the line.
        traits: the writer's, named as in ``HandSettings``.
        rng: the line's stream; the numbers that are drawn depend on the number of letters and words alone,
            or are none where nothing moves.
    """
    count = len(letters)
    shear = np.full(count, np.tan(np.deg2rad(traits["slant"])), np.float32)
    usual = np.maximum(letters.width, LEAST_BLANK)
    blank = usual * np.float32(traits["word_space"])
    one, none = np.ones(count, np.float32), np.zeros(count, np.float32)
    room = none + np.float32(traits["letter_space"])
    if not any(traits[name] for name in MOVING):
        return Movement(False, one, one, shear, none, none, one, room, blank, one, one)
    slow = _slow(count, rng)
    quick = np.clip(rng.standard_normal((11, count), np.float32), -MOST, MOST)
    slant, size, pressure, spacing = SLOW * slow[:4] + QUICK * quick[:4]
    jitter, deformation = traits["jitter"], traits["deformation"]
    narrow = _narrow(count, letters.rtl, traits["squeeze"], rng)
    words = np.clip(rng.standard_normal((2, int(letters.word[-1]) + 1), np.float32), -MOST, MOST)
    lift = traits["drift"] * slow[4] + jitter * quick[5] + _bend(letters, traits["bend"], rng)
    return Movement(
        moving=True,
        size=(1 + traits["size_wander"] * size) * (1 + jitter * quick[4]),
        width=np.maximum(narrow * (1 + deformation * quick[7]), np.float32(NARROWEST)),
        shear=shear + np.float32(np.deg2rad(traits["slant_wander"])) * slant,
        lift=lift + traits["steps"] * _steps(letters, words),
        turn=jitter * quick[6],
        pressure=np.maximum(1 + traits["pressure"] * pressure, np.float32(0)),
        room=room + traits["letter_wander"] * spacing,
        blank=np.maximum(blank * narrow * np.exp(traits["word_wander"] * quick[8]), CLOSEST * usual),
        above=1 + deformation * quick[9],
        below=1 + deformation * quick[10],
    )


def _slow(count: int, rng: np.random.Generator) -> Values:
    """(5, L) of unit variance that change over words: three waves each."""
    length, phase = rng.random((2, 5, 3, 1), np.float32)
    turn = np.float32(2 * np.pi)
    number = turn / (SLOW_WAVES[0] + (SLOW_WAVES[1] - SLOW_WAVES[0]) * length)
    waves = np.sin(number * np.arange(count, dtype=np.float32) + turn * phase)
    return waves.sum(1) * np.float32(np.sqrt(2 / 3))


def _bend(letters: Letters, degrees: float, rng: np.random.Generator) -> Values:
    """The height of a baseline that is bent upwards or downwards, less on some lines than on others."""
    turned = np.deg2rad(degrees) * (2 * rng.random() - 1)
    length = max(float(letters.start[-1] + letters.width[-1]), 1e-6)
    along = (letters.start + letters.width / 2) / np.float32(length)
    return np.asarray(turned * length / 2 * along * (1 - along), np.float32)


def _steps(letters: Letters, words: Values) -> Values:
    """Words start off the baseline and end off it elsewhere."""
    counts = np.bincount(letters.word)
    first = np.cumsum(counts) - counts
    along = (np.arange(len(letters)) - first[letters.word]) / counts[letters.word]
    return np.asarray(words[0][letters.word] * (1 - along) + words[1][letters.word] * along, np.float32)


def _narrow(count: int, rtl: bool, most: float, rng: np.random.Generator) -> Values:
    """The share of its width that each letter keeps on a line that runs out of room."""
    late, lack = rng.random(2).tolist()
    begin, lost = (
        SQUEEZED_FROM[0] + late * (SQUEEZED_FROM[1] - SQUEEZED_FROM[0]),
        most * max(0.0, 2 * lack - 1),
    )
    along = (np.arange(count, dtype=np.float32) + 0.5) / count
    if rtl:
        along = along[::-1]
    return np.asarray(1 - lost * np.clip((along - begin) / (1 - begin), 0, 1), np.float32)
