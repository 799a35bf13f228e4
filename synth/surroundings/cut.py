"""The cut: what a segmentation leaves of the page around the line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.ranges import draw
from synth.surroundings.settings import SurroundingsSettings

KNOTS = 0.25, 1.4  # distance of an outline's corners, shares of the picture's height
LEVELS = {"white": 255, "black": 0}


def cut(
    image: NDArray[np.uint8],
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_] | None]:
    """Fill what lies beyond an outline around the ink of the line.

    Args:
        image: the picture; not changed.
        coverage: of the line's letters.
        placed: how high the letters are.
        settings: the recipe's.
        kept: the page's stream: whether, how close and with what grey.
        rng: the line's stream: where the outline has its corners.

    Returns:
        The picture, and where it was filled; None where nothing was.
    """
    if not settings.polygon:
        return image, None
    chance, fine = kept.random(2)
    fill = settings.polygon_fill.pick(kept)
    if chance >= settings.polygon:
        return image, None
    margin = max(1.0, placed.x_height * draw(rng, settings.polygon_margin))
    spacing = image.shape[0] * (KNOTS[0] + fine * (KNOTS[1] - KNOTS[0]))
    beyond = _beyond(coverage, margin, spacing, rng)
    level = int(np.median(image[::2, ::4])) if fill == "paper" else LEVELS[fill]
    return np.where(beyond, np.uint8(level), image), beyond


def _beyond(
    coverage: NDArray[np.uint8], margin: float, spacing: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """What lies outside of a polygon that keeps its distance from all ink."""
    height, width = coverage.shape
    ink = coverage > 0
    inked = np.flatnonzero(ink.any(0))
    upper, lower = ink[:, inked].argmax(0), height - 1 - ink[::-1, inked].argmax(0)
    columns, rows = np.arange(width), np.arange(height)[:, None]
    knots = _knots(width, spacing, rng)
    # Every corner keeps off all ink between the corners beside it, so no edge between two corners meets ink.
    top, bottom = (
        np.interp(columns, knots, sign * (_least(sign * np.interp(columns, inked, edge), knots) - margin))
        for sign, edge in ((1, upper), (-1, lower))
    )
    sides = (columns < inked[0] - margin) | (columns > inked[-1] + margin)
    return np.asarray((rows < top) | (rows > bottom) | sides)


def _knots(width: int, spacing: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Columns of the corners, unevenly spaced, from the first column to the last."""
    steps = spacing * rng.uniform(0.5, 1.5, 2 + int(2 * width / spacing))
    inner = np.cumsum(np.maximum(steps, 1.0)).astype(np.intp)
    return np.concatenate(([0], inner[inner < width - 1], [width - 1]))


def _least(edge: NDArray[np.float64], knots: NDArray[np.intp]) -> NDArray[np.float64]:
    """At every corner the least of an edge between the corners beside it, theirs included."""
    if len(knots) < 2 or knots[-1] == 0:
        return np.full(len(knots), edge.min())
    stretches = np.minimum(np.minimum.reduceat(edge, knots[:-1]), edge[knots[1:]])
    return np.minimum(np.concatenate(([np.inf], stretches)), np.concatenate((stretches, [np.inf])))
