"""The lines above and below: what of them reaches into the picture.

They are the line's own words in another order, at the page's pitch, so they are by the same hand and pen.
Only the letters that reach into the picture are drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine, Points
from synth.hand.raster import draw_outlines
from synth.hand.shaping import ShapedLine
from synth.ranges import draw
from synth.surroundings.pen import Coverage
from synth.surroundings.settings import SurroundingsSettings

PRESENT = 0.9  # of a page's lines have another above, and another below


def draw_neighbours(
    line: ShapedLine,
    placed: PlacedLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> Coverage | None:
    """Strokes of the lines above and below; None where nothing reaches into the picture.

    Args:
        line: the line itself.
        placed: where its points are.
        settings: the recipe's.
        kept: the page's stream: the pitch.
        rng: the line's stream: order and place of words, and how much the pitch varies.
    """
    close, pitch, depth = kept.random(), draw(kept, settings.pitch), draw(kept, settings.depth)
    if close >= settings.neighbours:
        return None
    glyphs = [glyph for glyph in line.glyphs if len(glyph.outline.points)]
    sizes = np.array([len(glyph.outline.points) for glyph in glyphs])
    words = _words(line)
    moved, outlines = [], []
    for side in (-1, 1):
        present, vary, sink = rng.random(), rng.standard_normal(), rng.standard_normal()
        places = _rearranged(words, sizes, placed, rng)
        if present >= PRESENT:
            continue
        room = placed.baseline if side < 0 else placed.height - placed.baseline + placed.x_height
        away = max((pitch + 0.1 * vary) * placed.x_height, room - (depth + 0.1 * vary) * placed.x_height)
        points = placed.points + np.repeat(places, sizes)[:, None] * (1.0, 0.0)
        points[:, 1] += side * away + 0.1 * placed.x_height * sink * (2 * points[:, 0] / placed.width - 1)
        inside = _inside(points, sizes, placed)
        moved.append(points[np.repeat(inside, sizes)])
        outlines += [glyph.outline for glyph, reaches in zip(glyphs, inside.tolist(), strict=True) if reaches]
    if not outlines:
        return None
    return draw_outlines(outlines, np.concatenate(moved), (placed.height, placed.width))


def _words(line: ShapedLine) -> NDArray[np.intp]:
    """The number of the word of every glyph that has points, in text order."""
    blanks = np.cumsum([cluster.blank for cluster in line.clusters])
    return np.array([blanks[glyph.cluster] for glyph in line.glyphs if len(glyph.outline.points)])


def _rearranged(
    words: NDArray[np.intp], sizes: NDArray[np.intp], placed: PlacedLine, rng: np.random.Generator
) -> NDArray[np.float64]:
    """How far every glyph is moved to the right when the words are written in another order."""
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    left = np.minimum.reduceat(placed.points[:, 0], starts)
    right = np.maximum.reduceat(placed.points[:, 0], starts)
    names, number = np.unique(words, return_inverse=True)
    first, last = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(first, number, left)
    np.maximum.at(last, number, right)
    order = rng.permutation(len(names))
    gap = 0.8 * placed.x_height
    widths = (last - first + gap)[order]
    start = rng.uniform(-1.5, 0.5) * placed.x_height
    wanted = np.empty(len(names))
    wanted[order] = start + np.concatenate(([0.0], np.cumsum(widths)[:-1]))
    return np.asarray((wanted - first)[number], np.float64)


def _inside(points: Points, sizes: NDArray[np.intp], placed: PlacedLine) -> NDArray[np.bool_]:
    """Which glyphs reach into the picture."""
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    return np.asarray(
        (low[:, 0] < placed.width) & (high[:, 0] > 0) & (low[:, 1] < placed.height) & (high[:, 1] > 0)
    )
