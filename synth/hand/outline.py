"""The outline of one glyph: read once from its font, and what follows from its points.

Unhinted and in font units, so that every later step is plain geometry. Nothing here knows text or lines.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.hand.fine import STEP, stepped, thickness
from synth.hand.profile import profile
from synth.hand.undrawable import Undrawable
from synth.hand.weight import growth_directions


@dataclass(frozen=True)
class Outline:
    """One glyph in font units, y upwards. What follows from its points is kept once it was asked for.

    Attributes:
        points: float64, (P, 2); on-curve and control points.
        tags: uint8, (P,); FreeType's point kinds.
        ends: int16, (C,); index of the last point of every contour.
        em: font units in one em.
        thickness: float32, (P,); width of the stroke at every point; None where it was not asked for.
    """

    points: NDArray[np.float64]
    tags: NDArray[np.uint8]
    ends: NDArray[np.int16]
    em: int = 1000
    thickness: NDArray[np.float32] | None = None

    @cached_property
    def coordinates(self) -> NDArray[np.float32]:
        """(2, P); the points as ``synth.hand.geometry`` moves them."""
        return np.ascontiguousarray(self.points.T, np.float32)

    @cached_property
    def growth(self) -> NDArray[np.float32]:
        """(2, P); how the points move when the strokes grow by one unit; see ``synth.hand.weight``."""
        return growth_directions(self.points, self.ends)

    @cached_property
    def middles(self) -> NDArray[np.float32] | None:
        """(2, P); the points moved to the middle of their strokes; None without their thickness."""
        return None if self.thickness is None else self.coordinates - self.growth * self.thickness

    @cached_property
    def profile(self) -> NDArray[np.float32]:
        """(2, B); where it begins and ends in bands of height; see ``synth.hand.profile``."""
        return profile(self.points, self.ends, self.em)


def read_outline(face: Any, glyph_id: int) -> Outline:
    """A glyph of a FreeType face.

    Raises:
        Undrawable: ``no-outline`` or ``bad-outline``.
    """
    import freetype

    try:
        face.load_glyph(glyph_id, freetype.FT_LOAD_NO_SCALE | freetype.FT_LOAD_NO_BITMAP)
    except freetype.FT_Exception:
        raise Undrawable("bad-outline") from None
    if face.glyph.format != freetype.FT_GLYPH_FORMAT_OUTLINE:
        raise Undrawable("no-outline")
    outline = (
        face.glyph.outline._FT_Outline
    )  # as memory: the public lists of tuples cost more than the drawing
    size, contours = outline.n_points, outline.n_contours
    points = _copied(outline.points, np.dtype(ctypes.c_long), 2 * size).reshape(-1, 2).astype(np.float64)
    ends = _copied(outline.contours, np.dtype(np.int16), contours)
    return Outline(points, _copied(outline.tags, np.dtype(np.uint8), size), ends, face.units_per_EM)


def refined(outlines: Sequence[Outline], x_height: float) -> list[Outline]:
    """The same glyphs in short steps, with the widths of their strokes.

    Args:
        outlines: of one font; all at once costs little more than one.
        x_height: font units.
    """
    inked = [outline for outline in outlines if len(outline.points)]
    if not inked:
        return [replace(outline, thickness=np.empty(0, np.float32)) for outline in outlines]
    sizes = np.array([len(outline.points) for outline in inked])
    contours = [len(outline.ends) for outline in inked]
    ends = np.concatenate([outline.ends for outline in inked]) + np.repeat(np.cumsum(sizes) - sizes, contours)
    points, ends = stepped(
        np.concatenate([outline.points for outline in inked]),
        np.concatenate([outline.tags for outline in inked]),
        ends,
        STEP * x_height,
    )
    last = np.cumsum(contours)
    stops = ends[last - 1] + 1
    firsts = np.concatenate(([0], stops[:-1]))
    widths = thickness(points, ends, firsts, x_height)
    finer = {
        id(outline): Outline(
            points[first:stop],
            np.ones(stop - first, np.uint8),
            (own - first).astype(np.int16),
            outline.em,
            widths[first:stop],
        )
        for outline, first, stop, own in zip(inked, firsts, stops, np.split(ends, last[:-1]), strict=True)
    }
    bare = np.empty(0, np.float32)
    return [finer.get(id(outline)) or replace(outline, thickness=bare) for outline in outlines]


def _copied(pointer: Any, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    return (
        np.frombuffer(ctypes.string_at(pointer, count * kind.itemsize), kind) if count else np.empty(0, kind)
    )
