"""Crossing out: what the writer's pen does to a word that is not to be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synth.hand.geometry import Points

Strokes = list[tuple[Points, float]]
Box = tuple[float, float, float, float]


def strike(kind: str, box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Strokes over a word.

    Args:
        kind: a name in ``STRIKES``.
        box: left, top, right, bottom of the word's ink, pixels.
        x_height: pixels.
        width: of the pen, pixels.
        rng: the line's stream.
    """
    left, top, right, bottom = box
    over = 0.25 * x_height
    return STRIKES[kind]((left - over, top, right + over, bottom), x_height, width, rng)


def _line(box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """One stroke through the letters' bodies."""
    left, _, right, bottom = box
    middle = bottom - rng.uniform(0.35, 0.65) * min(x_height, bottom - box[1])
    lean = rng.normal(0, 0.12) * x_height
    return [(_drawn(left, middle + lean, right, middle - lean, x_height, rng), width)]


def _lines(box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Two to four such strokes."""
    return [stroke for _ in range(int(rng.integers(2, 5))) for stroke in _line(box, x_height, width, rng)]


def _zigzag(box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """One stroke that goes up and down, from left to right."""
    turns = (box[2] - box[0]) / (x_height * rng.uniform(0.25, 0.5))
    return [(_wave(box, x_height, turns, rng), width)]


def _hatching(box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Short slanted strokes beside each other."""
    left, top, right, bottom = box
    step, lean = rng.uniform(0.22, 0.4) * x_height, rng.uniform(0.3, 0.9)
    count = max(3, int((right - left) / step))
    x = np.linspace(left, right, count) + rng.normal(0, 0.05 * x_height, count)
    high = np.maximum(top, bottom - 1.6 * x_height) + rng.normal(0, 0.1 * x_height, count)
    low = bottom + rng.normal(0, 0.1 * x_height, count)
    reach = lean * (low - high) / 2
    ends = zip(x - reach, low, x + reach, high, strict=True)
    return [(_drawn(*(float(value) for value in end), x_height, rng), width) for end in ends]


def _blob(box: Box, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Scribbled over until nothing can be read."""
    turns = (box[2] - box[0]) / (1.3 * width)
    return [(_wave(box, x_height, turns * share, rng), 1.4 * width) for share in (1.0, 0.7)]


STRIKES: dict[str, Callable[[Box, float, float, np.random.Generator], Strokes]] = {
    "line": _line,
    "lines": _lines,
    "zigzag": _zigzag,
    "hatching": _hatching,
    "blob": _blob,
}


def _drawn(
    left: float, first: float, right: float, last: float, x_height: float, rng: np.random.Generator
) -> Points:
    """A stroke between two points, with the wrist's bow."""
    share = np.linspace(0, 1, max(5, int(np.hypot(right - left, last - first) / (0.5 * x_height))))
    bow = rng.normal(0, 0.08) * x_height
    y = first + share * (last - first) + bow * 4 * share * (1 - share)
    return np.stack((left + share * (right - left), y), axis=1)


def _wave(box: Box, x_height: float, turns: float, rng: np.random.Generator) -> Points:
    """Up and down over a box, with rounded turns of uneven height."""
    left, top, right, bottom = box
    share = np.linspace(0, 1, max(12, int(8 * turns)))
    phase = 2 * np.pi * turns * share + 0.8 * np.sin(3 * share + rng.uniform(0, 6))
    high = max(top, bottom - 1.5 * x_height)
    middle, reach = (high + bottom) / 2, (bottom - high) / 2 + 0.1 * x_height
    uneven = 0.8 + 0.2 * np.sin(rng.uniform(7, 17) * share + rng.uniform(0, 6))
    x = left + share * (right - left) + 0.12 * x_height * np.cos(phase)
    return np.stack((x, middle + reach * uneven * np.sin(phase)), axis=1)
