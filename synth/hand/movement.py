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
DRIFT_WAVES = (8.0, 40.0)  # x-heights
MOST = 2.5  # standard deviations that anything may be off
LEAST_BLANK = 0.6  # x-heights; some fonts' words touch
CLOSEST_WORDS = 0.5  # x-heights; what a blank may shrink to
NARROWEST = 0.6  # share of a letter's width
SQUEEZED_FROM = (0.4, 0.85)  # where on the line a writer may notice that room runs out


@dataclass(frozen=True, slots=True)
class Movement:
    """What is each letter's own, (L,).

    Attributes:
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
        rng: the line's stream; the numbers that are drawn depend on the number of letters and words alone.
    """
    count = len(letters)
    wander = _wander(count, rng)
    own = np.clip(rng.standard_normal((7, count), np.float32), -MOST, MOST)
    words = np.clip(rng.standard_normal((2, int(letters.word[-1]) + 1), np.float32), -MOST, MOST)
    narrow = _narrow(count, letters.rtl, traits["squeeze"], rng)
    height = _baseline(letters, traits, rng) + traits["steps"] * _steps(letters, words)
    jitter, deformation = traits["jitter"], traits["deformation"]
    spacing = traits["letter_wander"] * wander[3]
    width = narrow * (1 + deformation * own[3])
    blank = np.maximum(letters.width, LEAST_BLANK) * traits["word_space"]
    return Movement(
        size=(1 + traits["size_wander"] * wander[1]) * (1 + jitter * own[0]),
        width=np.maximum(width, NARROWEST),
        shear=np.tan(np.deg2rad(traits["slant"] + traits["slant_wander"] * wander[0])).astype(np.float32),
        lift=height + jitter * own[1],
        turn=jitter * own[2],
        pressure=np.maximum(1 + traits["pressure"] * wander[2], 0.0),
        room=traits["letter_space"] + spacing,
        blank=np.maximum(blank * narrow * np.exp(traits["word_wander"] * own[4]), CLOSEST_WORDS),
        above=1 + deformation * own[5],
        below=1 + deformation * own[6],
    )


def _wander(count: int, rng: np.random.Generator) -> Values:
    """(4, L) of unit variance: three slow waves and each letter's own."""
    number = 2 * np.pi / rng.uniform(*SLOW_WAVES, (4, 3, 1)).astype(np.float32)
    phase = rng.random((4, 3, 1), np.float32) * np.float32(2 * np.pi)
    slow = np.sin(number * np.arange(count, dtype=np.float32) + phase).sum(1) * np.sqrt(2 / 3)
    quick = np.clip(rng.standard_normal((4, count), np.float32), -MOST, MOST)
    return np.asarray(SLOW * slow + QUICK * quick, np.float32)


def _baseline(letters: Letters, traits: Mapping[str, float], rng: np.random.Generator) -> Values:
    """The height of the baseline under every letter: slow waves, and a bend over the whole line."""
    number = 2 * np.pi / rng.uniform(*DRIFT_WAVES, (3, 1)).astype(np.float32)
    phase = rng.random((3, 1), np.float32) * np.float32(2 * np.pi)
    hollow = rng.choice((-1.0, 1.0)) * rng.random()
    x = letters.start + letters.width / 2
    drift = traits["drift"] / np.sqrt(1.5) * np.sin(number * x + phase).sum(0)
    along = x / max(float(letters.start[-1] + letters.width[-1]), 1e-6)
    length = float(letters.start[-1] + letters.width[-1])
    bend = hollow * np.deg2rad(traits["bend"]) * length / 2 * along * (1 - along)
    return np.asarray(drift + bend, np.float32)


def _steps(letters: Letters, words: Values) -> Values:
    """Words start off the baseline and end off it elsewhere."""
    counts = np.bincount(letters.word)
    first = np.cumsum(counts) - counts
    along = (np.arange(len(letters)) - first[letters.word]) / counts[letters.word]
    return np.asarray(words[0][letters.word] * (1 - along) + words[1][letters.word] * along, np.float32)


def _narrow(count: int, rtl: bool, most: float, rng: np.random.Generator) -> Values:
    """The share of its width that each letter keeps on a line that runs out of room."""
    lost, begin = most * max(0.0, rng.uniform(-1.0, 1.0)), rng.uniform(*SQUEEZED_FROM)
    along = (np.arange(count, dtype=np.float32) + 0.5) / count
    if rtl:
        along = along[::-1]
    return np.asarray(1 - lost * np.clip((along - begin) / (1 - begin), 0, 1), np.float32)
