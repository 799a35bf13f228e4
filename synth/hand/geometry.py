"""How a hand moves: from a shaped line in font units to outlines in pixels.

Everything happens to outline points: slant, stretch, letter by letter jitter, a smooth warp that leaves
joined letters joined, the wandering baseline, the turn of the line and the fit into the picture. So no pixel
is ever warped, and the boxes that are later read off the drawn glyphs follow all of it. Strokes are drawn
elsewhere (``synth.hand.raster``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from fonts.hand import Variant
from synth.hand.penmanship import form, spread
from synth.hand.shaping import ShapedLine
from synth.hand.weight import embolden
from synth.output import OutputSettings
from synth.ranges import Range, Size, draw

LEAST_BLANK = 0.6  # x-heights; some fonts' words touch
AS_IS = Variant(0)

Points = NDArray[np.float64]


class HandSettings(Settings):
    """How the hand moves.

    Attributes:
        x_height: height of the x, share of the picture's height; the upper bound also limits ``output.fit =
            tight``.
        stretch: horizontal scale.
        slant: degrees, to the right.
        rotation: degrees, of the whole line.
        weight: growth of the strokes, share of the x-height; negative thins.
        word_space: factor on blanks.
        drift: amplitude of the wandering baseline, share of the x-height.
        wobble: amplitude of the smooth warp that makes every occurrence of a letter differ, share of the
            x-height.
        jitter: standard deviation of every glyph's own height, turn (radians) and scale, share of the
            x-height.
    """

    x_height: Size = (0.45, 0.45)
    stretch: Size = (1.0, 1.0)
    slant: Range = (0.0, 0.0)
    rotation: Range = (0.0, 0.0)
    weight: Range = (0.0, 0.0)
    word_space: Size = (1.0, 1.0)
    drift: Range = (0.0, 0.0)
    wobble: Range = (0.0, 0.0)
    jitter: Range = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """Outlines in pixels, y downwards, and the picture they fit into.

    Attributes:
        points: float64, (P, 2); the points of all glyphs, in the order of ``ShapedLine.glyphs``.
        x_height: height of the x, pixels.
        baseline: height of the baseline at the line's middle, pixels from the top.
        width: of the picture, pixels.
        height: of the picture, pixels.
        drawn: the values drawn, for the provenance.
        pressure: float32, (width,); how hard the pen is pressed in every column, 1 = as usual; None where it
            is pressed evenly.
    """

    points: Points
    x_height: float
    baseline: float
    width: int
    height: int
    drawn: dict[str, Any]
    pressure: NDArray[np.float32] | None = None


def place(
    line: ShapedLine,
    x_height: float,
    settings: HandSettings,
    output: OutputSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
    variant: Variant | None = None,
) -> PlacedLine:
    """Write a shaped line into a picture of the wanted height.

    Args:
        line: the glyphs; at least one has points.
        x_height: the hand's x-height, share of the em.
        settings: how the hand moves.
        output: the picture's size and margins.
        kept: the page's stream: the writer's traits.
        rng: the line's stream.
        variant: how the hand differs from its font, besides what ``line`` shows already.
    """
    drawn = {name: draw(kept, getattr(settings, name)) for name in HandSettings.model_fields}
    unit = 1.0 / (x_height * line.units_per_em)  # from here on 1 is the x-height, until the fit
    points = _laid_out(line, unit, drawn, rng, variant or AS_IS)
    points = _warped(points, drawn["wobble"], rng)
    points[:, 1] += _drift(points[:, 0], drawn["drift"], rng)
    angle = np.deg2rad(drawn["rotation"])
    baseline = float(np.sin(angle) * (points[:, 0].min() + points[:, 0].max()) / 2)
    points = points @ _turn(angle).T
    return _fitted(points, baseline, drawn, output, rng)


def _laid_out(
    line: ShapedLine, unit: float, drawn: dict[str, float], rng: np.random.Generator, variant: Variant
) -> Points:
    """All points at their place on a straight baseline."""
    owner = np.repeat(np.arange(len(line.glyphs)), [len(glyph.outline.points) for glyph in line.glyphs])
    shapes = _shapes(line, unit, drawn["weight"] + variant.weight)
    origins = np.array([glyph.origin for glyph in line.glyphs]) * unit
    if variant.number:
        shapes = form(shapes, owner, origins, line, unit, variant)
        origins[:, 0] += spread(line, variant.spacing)
    origins[:, 0] += _word_spaces(line, unit, drawn["word_space"])
    # Marks move with their letter: jitter is drawn for clusters, not for glyphs.
    cluster = np.array([glyph.cluster for glyph in line.glyphs])
    height, turn, scale = (rng.standard_normal((3, len(line.clusters))) * drawn["jitter"])[:, cluster]
    cosine, sine, size = np.cos(turn), np.sin(turn), 1.0 + scale
    x, y = shapes.T
    x, y = (
        size[owner] * (cosine[owner] * x - sine[owner] * y),
        size[owner] * (sine[owner] * x + cosine[owner] * y),
    )
    x, y = x + origins[owner, 0], y + origins[owner, 1] + height[owner]
    shear = np.tan(np.deg2rad(drawn["slant"] + variant.slant))
    return np.stack(((x + shear * y) * drawn["stretch"] * variant.width, y), axis=1)


def _shapes(line: ShapedLine, unit: float, growth: float) -> Points:
    """All outlines, each at its own origin, with the nib's weight."""
    outlines = [glyph.outline for glyph in line.glyphs if len(glyph.outline.points)]
    sizes = [len(outline.points) for outline in outlines]
    first = np.repeat(np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    return embolden(
        np.concatenate([outline.points for outline in outlines]) * unit,
        np.concatenate([outline.before for outline in outlines]) + first,
        np.concatenate([outline.after for outline in outlines]) + first,
        np.repeat([outline.outwards for outline in outlines], sizes),
        growth,
    )


def _word_spaces(line: ShapedLine, unit: float, factor: float) -> NDArray[np.float64]:
    """How far every glyph is pushed by the blanks before it."""
    advances = np.array([glyph.advance for glyph in line.glyphs]) * unit
    blank = np.array([line.clusters[glyph.cluster].blank for glyph in line.glyphs])
    wanted = np.maximum(advances, LEAST_BLANK) * factor
    pushes = np.where(blank, wanted - advances, 0.0)
    return np.concatenate(([0.0], np.cumsum(pushes)[:-1]))


def _warped(points: Points, amplitude: float, rng: np.random.Generator) -> Points:
    """A smooth displacement of the plane: four waves of one to four x-heights a coordinate."""
    if not amplitude:
        return points
    angle = rng.uniform(0, 2 * np.pi, 8)
    number = 2 * np.pi / rng.uniform(1.2, 4.0, 8)
    phase = rng.uniform(0, 2 * np.pi, (8, 1))
    direction = number * np.stack((np.cos(angle), np.sin(angle)))  # (2, 8)
    phases = direction.T @ points.T + phase  # (8, P)
    waves = np.sin(phases.astype(np.float32))  # quicker by far than in double precision
    return points + (amplitude / 2) * np.stack((waves[:4].sum(0), waves[4:].sum(0)), axis=1)


def _drift(x: NDArray[np.float64], amplitude: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """The baseline's height: three slow waves of 8 to 40 x-heights."""
    number = 2 * np.pi / rng.uniform(8.0, 40.0, (3, 1))
    phase = rng.uniform(0, 2 * np.pi, (3, 1))
    return (amplitude / np.sqrt(1.5)) * np.sin(number * x + phase).sum(0)


def _turn(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _fitted(
    points: Points,
    baseline: float,
    drawn: dict[str, float],
    output: OutputSettings,
    rng: np.random.Generator,
) -> PlacedLine:
    low, high = points.min(0), points.max(0)  # control points enclose their curve, so the ink lies within
    extent = high - low
    room = output.height - 2 * output.margin
    scale = min(room / extent[1], drawn["x_height"] * output.height)
    spare = room - scale * extent[1]
    top = output.margin + spare * (0.5 if output.fit == "tight" else rng.uniform(0.2, 0.8))
    left, right = (output.margin + draw(rng, output.side) * output.height for _ in range(2))
    placed = np.stack(
        (left + scale * (points[:, 0] - low[0]), top + scale * (high[1] - points[:, 1])), axis=1
    )
    width = int(np.ceil(left + scale * extent[0] + right))
    return PlacedLine(placed, scale, float(top + scale * (high[1] - baseline)), width, output.height, drawn)
