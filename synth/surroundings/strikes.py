"""Crossing out: what the writer's pen does to a word that is not to be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import Points
from synth.surroundings.pen import Strokes, eased

CLOSEST = 1.5  # distance of strokes beside each other, pixels
TALL = 1.7  # x-heights above the baseline that the pen goes over, at most

Body = tuple[float, float, float, float]


def strike(
    kind: str, boxes: NDArray[np.int32], x_height: float, width: float, rng: np.random.Generator
) -> Strokes:
    """Strokes over a word.

    Args:
        kind: a name in ``STRIKES``.
        boxes: int32, (characters, 4), of the word's characters.
        x_height: pixels.
        width: of the pen, pixels.
        rng: the line's stream.
    """
    if len(boxes) < 4 and kind in ("line", "zigzag"):
        kind = "lines"
    if len(boxes) == 1 or (len(boxes) == 2 and kind == "hatching"):
        kind = "blob"  # a few strokes through a letter make another letter
    bottom = float(np.median(boxes[:, 3]))  # the baseline: most letters stand on it
    top = max(float(boxes[:, 1].min()), bottom - TALL * x_height)
    over = rng.uniform(0.0, 0.18, 2) * x_height
    body = boxes[:, 0].min() - over[0], min(top, bottom - 0.5 * x_height), boxes[:, 2].max() + over[1], bottom
    return STRIKES[kind](body, x_height, width, rng)


def _line(body: Body, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """One stroke through the small letters."""
    left, _, right, bottom = body
    middle, lean = bottom - rng.uniform(0.4, 0.75) * x_height, rng.normal(0, 0.1) * x_height
    x, y = np.array((left, right)), np.array((middle + lean, middle - lean))
    return [(_bowed(x, y, x_height, rng), width)]


def _lines(body: Body, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Three or four such strokes."""
    return [stroke for _ in range(int(rng.integers(3, 5))) for stroke in _line(body, x_height, width, rng)]


def _zigzag(body: Body, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """One stroke that goes up and down, from left to right."""
    return [(_scribble(body, rng.uniform(0.18, 0.4) * x_height, rng), width)]


def _hatching(body: Body, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Short strokes beside each other, more slanted than letters are, and one along the word.

    Upright ones, farther apart, would read as stems of letters.
    """
    left, top, right, bottom = body
    count = max(3, int((right - left) / max(rng.uniform(0.14, 0.26) * x_height, CLOSEST)))
    low, high = (edge + rng.normal(0, 0.12 * x_height, count) for edge in (bottom, top))
    reach = min(rng.uniform(0.3, 0.55) * (bottom - top), 0.4 * (right - left))
    x = np.linspace(left + reach, right - reach, count) + rng.normal(0, 0.06 * x_height, count)
    x = np.clip(np.stack((x - reach, x + reach), axis=1), left, right)
    ends = zip(x, np.stack((low, high), axis=1), strict=True)
    strokes = [(_bowed(*end, x_height, rng), width) for end in ends]
    return strokes + _line(body, x_height, width, rng)


def _blob(body: Body, x_height: float, width: float, rng: np.random.Generator) -> Strokes:
    """Scribbled over until nothing can be read."""
    steps = (0.45 * width + 0.05 * x_height) * np.array((1.0, 1.3, 2.0))
    return [(_scribble(body, step, rng), 1.2 * width) for step in steps.tolist()]


STRIKES: dict[str, Callable[[Body, float, float, np.random.Generator], Strokes]] = {
    "line": _line,
    "lines": _lines,
    "zigzag": _zigzag,
    "hatching": _hatching,
    "blob": _blob,
}


def _bowed(
    x: NDArray[np.float64], y: NDArray[np.float64], x_height: float, rng: np.random.Generator
) -> Points:
    """A stroke between two points, with the wrist's bow."""
    share = np.linspace(0, 1, 7)
    bow = rng.normal(0, 0.08) * x_height * 4 * share * (1 - share)
    return np.stack((x[0] + share * (x[1] - x[0]), y[0] + share * (y[1] - y[0]) + bow), axis=1)


def _scribble(body: Body, step: float, rng: np.random.Generator) -> Points:
    """Up and down over a word, never twice alike."""
    left, top, right, bottom = body
    count = max(4, int((right - left) / max(step, CLOSEST)))
    high = bottom - top
    y = np.where(np.arange(count) % 2, top, bottom) + rng.normal(0.0, 0.14, count) * high
    lean = rng.uniform(0.0, 0.45) * high
    x = np.linspace(left, right, count) + lean * (0.5 - (y - top) / high) + rng.normal(0, 0.25 * step, count)
    return eased(np.clip(x, left, right), y)
