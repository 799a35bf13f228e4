"""Underlines that the writer draws: one stroke, two, or a wave, under some words or the whole line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine, Points
from synth.surroundings.pen import Strokes


def underline(
    kind: str,
    boxes: NDArray[np.int32],
    words: list[tuple[int, int]],
    placed: PlacedLine,
    width: float,
    rng: np.random.Generator,
) -> Strokes:
    """Strokes under a stretch of words.

    Args:
        kind: ``single``, ``double`` or ``wavy``.
        boxes: int32, (characters, 4), of the line's characters.
        words: the line's words, (start, stop) in characters; at least one.
        placed: how high the letters are.
        width: of the pen, pixels.
        rng: the line's stream.
    """
    whole, where, length, near, far, slip = rng.random(6)
    count = len(words) if whole < 0.2 else 1 + int(length**2 * min(4, len(words)))
    first = int(where * (len(words) - count + 1))
    left, right, rise = _stretch(boxes, words[first][0], words[first + count - 1][1], slip)
    left, right = left - (near - 0.4) * placed.x_height, right + (far - 0.5) * placed.x_height
    depth = rng.uniform(0.2, 0.55) * placed.x_height
    path = _path(kind, left, right, rise, placed.x_height, rng)
    strokes = [(path + np.array((0.0, depth)), width)]
    if kind == "double":
        gap = max(rng.uniform(0.15, 0.3) * placed.x_height, 2 * width)
        second = _path(kind, left, right, rise, placed.x_height, rng)
        strokes.append((second + np.array((0.0, depth + gap)), width))
    return strokes


def _stretch(
    boxes: NDArray[np.int32], start: int, stop: int, slip: float
) -> tuple[float, float, tuple[float, float]]:
    """Left and right end of some characters, and the height of their baseline at both."""
    inked = boxes[start:stop]
    inked = inked[inked[:, 0] < inked[:, 2]]
    inked = inked[np.argsort(inked[:, 0])]
    ends = max(1, min(4, len(inked) // 2))
    left, right = np.median(inked[:ends, 3]), np.median(inked[-ends:, 3])
    middle, lean = (left + right) / 2, (right - left) / 2
    tilt = (slip - 0.5) * 0.02 * (inked[-1, 2] - inked[0, 0])
    return float(inked[0, 0]), float(inked[:, 2].max()), (middle - lean - tilt, middle + lean + tilt)


def _path(
    kind: str,
    left: float,
    right: float,
    heights: tuple[float, float],
    x_height: float,
    rng: np.random.Generator,
) -> Points:
    """A path from left to right that is not quite straight."""
    count = max(8, int((right - left) / (x_height * (0.12 if kind == "wavy" else 0.6))))
    share = np.linspace(0, 1, count)
    bow, phase, turns = rng.normal(0, 0.07), rng.uniform(0, 2 * np.pi), rng.uniform(1.0, 2.5)
    y = heights[0] + share * (heights[1] - heights[0])
    y += x_height * (bow * 4 * share * (1 - share) + 0.03 * np.sin(2 * np.pi * turns * share + phase))
    if kind == "wavy":
        waves = (right - left) / (x_height * rng.uniform(0.7, 1.1))
        y += 0.13 * x_height * np.sin(2 * np.pi * waves * share + 0.5 * np.sin(5 * share + phase))
    return np.stack((left + share * (right - left), y), axis=1)
