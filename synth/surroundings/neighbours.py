"""The lines above and below: what of them reaches into the picture.

They are the line's own words in another order, at the page's pitch, so they are by the same hand and pen.
Only the letters that reach into the picture are drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.hand.shaping import ShapedLine
from synth.ranges import draw
from synth.surroundings.pen import Traced
from synth.surroundings.settings import SurroundingsSettings

PRESENT = 0.9  # of a page's lines have another above, and another below
GAP = 0.8  # between words, x-heights
START = -1.5, 0.5  # of a line, x-heights from the picture's left border


def trace_neighbours(
    line: ShapedLine,
    placed: PlacedLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> Traced:
    """Letters of the lines above and below that reach into the picture.

    Args:
        line: the line itself.
        placed: where its points are.
        settings: the recipe's.
        kept: the page's stream: the pitch.
        rng: the line's stream: order and place of words, and how much the pitch varies.
    """
    close, pitch, depth = kept.random(), draw(kept, settings.pitch), draw(kept, settings.depth)
    if close >= settings.neighbours:
        return []
    glyphs = [glyph for glyph in line.glyphs if len(glyph.outline.points)]
    starts = np.cumsum([0] + [len(glyph.outline.points) for glyph in glyphs])[:-1]
    low, high = (edge.reduceat(placed.points, starts) for edge in (np.minimum, np.maximum))
    points = np.split(placed.points, starts[1:])
    words = _words(line)
    traced: Traced = []
    for side in (-1, 1):
        present, (vary, sink) = rng.random(), rng.standard_normal(2)
        room = placed.baseline if side < 0 else placed.height - placed.baseline + placed.x_height
        away = max((pitch + 0.1 * vary) * placed.x_height, room - (depth + 0.1 * vary) * placed.x_height)
        shift = np.empty_like(low)
        shift[:, 0] = _rearranged(words, low[:, 0], high[:, 0], placed.x_height, rng)
        tilt = 0.1 * sink * (2 * (low[:, 0] + shift[:, 0]) / placed.width - 1)
        shift[:, 1] = side * away + tilt * placed.x_height
        inside = ((high + shift > 0) & (low + shift < (placed.width, placed.height))).all(1)
        if present < PRESENT:
            traced += [
                (glyphs[number].outline, points[number] + shift[number])
                for number in np.flatnonzero(inside).tolist()
            ]
    return traced


def _words(line: ShapedLine) -> NDArray[np.intp]:
    """The first glyph of every word, among the glyphs that have points."""
    blanks = np.cumsum([cluster.blank for cluster in line.clusters])
    own = np.array([blanks[glyph.cluster] for glyph in line.glyphs if len(glyph.outline.points)])
    return np.flatnonzero(np.diff(own, prepend=-1))


def _rearranged(
    words: NDArray[np.intp],
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    x_height: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """How far every glyph is moved to the right when the words are written in another order."""
    first, last = np.minimum.reduceat(left, words), np.maximum.reduceat(right, words)
    order = rng.permutation(len(words))
    ends = np.cumsum((last - first)[order] + GAP * x_height)
    wanted = np.empty(len(words))
    wanted[order] = rng.uniform(*START) * x_height + np.concatenate(([0.0], ends[:-1]))
    return np.repeat(wanted - first, np.diff(words, append=len(left)))
