"""The cut: what a segmentation leaves of the page around the line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.hand.geometry import PlacedLine
from synth.ranges import draw
from synth.surroundings.settings import SurroundingsSettings

CORNERS = 0.25, 1.4  # distance of an outline's corners, shares of the picture's height
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
    spacing = image.shape[0] * (CORNERS[0] + fine * (CORNERS[1] - CORNERS[0]))
    beyond = _beyond(coverage, margin, spacing, rng)
    level = int(np.median(image[::2, ::4])) if fill == "paper" else LEVELS[fill]
    return np.where(beyond, np.uint8(level), image), beyond


def _beyond(
    coverage: NDArray[np.uint8], margin: float, spacing: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """What lies outside of a polygon that keeps its distance from all ink."""
    import cv2

    left, _, width, _ = cv2.boundingRect(coverage)
    ends = max(0, left - round(margin)), min(coverage.shape[1], left + width + round(margin))
    corners = _corners(*ends, spacing, rng)
    ink = np.maximum.reduceat(coverage, corners[:-1], axis=1) > 0  # of every stretch between two corners
    inked = np.asarray(ink.any(0))
    top = _least(ink.argmax(0), inked) - margin
    bottom = len(ink) - 1 - _least(ink[::-1].argmax(0), inked) + margin
    outline = np.concatenate((np.stack((corners, top), axis=1), np.stack((corners, bottom), axis=1)[::-1]))
    inside = np.zeros(coverage.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(outline).astype(np.int32)], 255)
    return inside == 0


def _corners(first: int, last: int, spacing: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Columns of the corners, unevenly spaced, from the first column to the one after the last."""
    steps = np.maximum(spacing * rng.uniform(0.5, 1.5, 2 + int(2 * (last - first) / spacing)), 1.0)
    inner = first + np.cumsum(steps).astype(np.intp)
    return np.concatenate(([first], inner[inner < last], [last]))


def _least(edge: NDArray[np.intp], inked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """At every corner the least of an edge in the stretches beside it, so that no side between two meets ink.

    A stretch without ink has an edge between those of the inked ones around it.
    """
    stretches = np.interp(np.arange(len(edge)), np.flatnonzero(inked), edge[inked])
    return np.minimum(np.concatenate(([np.inf], stretches)), np.concatenate((stretches, [np.inf])))
