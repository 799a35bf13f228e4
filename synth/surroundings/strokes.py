"""Strokes of the same pen that are no letters of the line: neighbouring lines, underlines, crossings-out."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.hand.raster import DrawnLine, draw_outlines
from synth.hand.shaping import ShapedLine
from synth.surroundings.corrections import Manuscript
from synth.surroundings.neighbours import trace_neighbours
from synth.surroundings.pen import Strokes, pen_width, trace
from synth.surroundings.settings import SurroundingsSettings
from synth.surroundings.strikes import strike
from synth.surroundings.underlines import underline

_WORD = re.compile(r"\S+")


def surround(
    manuscript: Manuscript,
    line: ShapedLine,
    placed: PlacedLine,
    drawn: DrawnLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> NDArray[np.uint8] | None:
    """Coverage, as ``DrawnLine.coverage``, of strokes that are no letters of the line; None without any.

    Args:
        manuscript: what is written, and what of it is crossed out.
        line: its glyphs.
        placed: where they are.
        drawn: the ink of the line, and its boxes.
        settings: the recipe's.
        kept: the page's stream: the writer's habits.
        rng: the line's stream.
    """
    traced = trace_neighbours(line, placed, settings, kept, rng) if settings.neighbours else []
    traced += trace(_strokes(manuscript, placed, drawn, settings, kept, rng))
    if not traced:
        return None
    outlines, points = zip(*traced, strict=True)
    foreign = draw_outlines(outlines, np.concatenate(points), (placed.height, placed.width))
    return foreign if foreign.any() else None


def _strokes(
    manuscript: Manuscript,
    placed: PlacedLine,
    drawn: DrawnLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> Strokes:
    """Underlines and crossings-out."""
    underlined = settings.underline > 0 and rng.random() < settings.underline
    if not (underlined or manuscript.struck):
        return []
    crossing, below = settings.strikes.pick(kept), settings.underlines.pick(kept)
    width = pen_width(drawn.coverage) * kept.uniform(0.8, 1.2)
    strokes: Strokes = []
    for start, stop in manuscript.struck:
        strokes += strike(crossing, drawn.boxes[start:stop], placed.x_height, width, rng)
    if underlined:
        words = [word.span() for word in _WORD.finditer(manuscript.written)]
        strokes += underline(below, drawn.boxes, words, placed, width, rng)
    return strokes
