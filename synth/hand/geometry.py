"""From a shaped line in font units to outlines in pixels: the letters formed, set along the line, and fitted.

Everything happens to outline points: a letter's form, its size, slant and height, a smooth warp, the turn of
the line and the fit into the picture. So no pixel is ever warped, and the boxes that are later read off the
drawn glyphs follow all of it. How the hand moves is drawn elsewhere (``synth.hand.movement``), and so are
strokes (``synth.hand.raster``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fonts.hand import Variant
from synth.hand.blanks import cleared
from synth.hand.letters import Letters, Values, extents, gaps, letters_of, sides
from synth.hand.movement import Movement, move
from synth.hand.pen import grown, middles
from synth.hand.penmanship import deform, form, stretch_heights, tremble
from synth.hand.settings import HandSettings
from synth.hand.shaping import ShapedLine
from synth.output import OutputSettings
from synth.ranges import draw

AS_IS = Variant(0)
TOUCH = 0.05  # x-heights by which letters that touch overlap: less than a stroke
JOINABLE = 0.5  # x-heights; what makes joined letters wider is no more than if they were as wide as this
NARROW = 0.25  # x-heights; what joins across a narrower letter is spread over this
WARP_WAVES = (1.2, 4.0)  # x-heights

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """Outlines in pixels, y downwards, and the picture they fit into.

    Attributes:
        points: float32, (P, 2); the points of all glyphs, in the order of ``ShapedLine.glyphs``.
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
    variant = variant or AS_IS
    traits = _traits(settings, kept)
    own = {**traits, "slant": traits["slant"] + variant.slant}
    own["letter_space"] += variant.spacing
    unit = 1.0 / (x_height * line.units_per_em)  # from here on 1 is the x-height, until the fit
    letters = letters_of(line, unit)
    movement = move(letters, own, rng)
    points = _formed(line, letters, movement, traits, variant, unit, rng)
    pens, widths = _pens(line, points, letters, movement, unit)
    points = _set(points, letters, movement, pens, widths)
    if movement.moving:
        moved = cleared(line, points, letters, movement.lift, traits["stretch"] * variant.width)
        points[0] += letters.points(moved)
    points[0] *= np.float32(traits["stretch"] * variant.width)
    points = _warped(points, traits["wobble"], rng)
    middle = (points[0].min() + points[0].max()) / 2
    angle = np.deg2rad(traits["rotation"])
    if angle:
        points = _turn(angle) @ points
    placed = _fitted(points, float(np.sin(angle) * middle), traits, output, rng)
    return replace(placed, pressure=_columns(placed, letters, movement)) if traits["pressure"] else placed


def _traits(settings: HandSettings, kept: np.random.Generator) -> dict[str, float]:
    """The writer's, named as in the settings."""
    bounds = [(name, low, high) for name, (low, high) in vars(settings).items() if name != "alternates"]
    drawn = kept.random(len(bounds)).tolist()
    return {name: low + (high - low) * share for (name, low, high), share in zip(bounds, drawn, strict=True)}


def _formed(
    line: ShapedLine,
    letters: Letters,
    movement: Movement,
    traits: dict[str, float],
    variant: Variant,
    unit: float,
    rng: np.random.Generator,
) -> Values:
    """(2, P): the letters as they are written, each in its own coordinates."""
    points = np.concatenate([glyph.outline.coordinates for glyph in line.glyphs], axis=1)
    points *= np.float32(unit)
    shift = np.repeat(letters.shift, letters.sizes, axis=1)
    middle = middles(line, unit) + shift if traits["tremor"] else None
    moved = grown(line, letters, traits, traits["weight"] + variant.weight, movement.pressure, unit)
    if moved is not None:
        points += moved
    points += shift
    displaced = [form(points, letters, variant)] if variant.deformation else []
    if traits["deformation"]:
        displaced.append(deform(points, letters, traits["deformation"], rng))
    if middle is not None:
        displaced.append(tremble(middle, letters, traits["tremor"], rng))
    for part in displaced:
        points += part
    above, below = variant.ascenders * traits["ascenders"], variant.descenders * traits["descenders"]
    heights = np.stack((np.float32(above) * movement.above, np.float32(below) * movement.below))
    if (heights != 1).any():
        points[1] = stretch_heights(points[1], *letters.points(heights))
    return points


def _pens(
    line: ShapedLine, points: Values, letters: Letters, movement: Movement, unit: float
) -> tuple[Values, Values]:
    """Where every letter starts, and the factor on its width."""
    widths = movement.size * movement.width
    between = ~(letters.blank[1:] | letters.blank[:-1])
    room = np.where(between, movement.room[1:], np.float32(0))
    if letters.joined:  # what would part them makes them wider
        widths = widths + np.append(room, 0) / np.maximum(letters.width, JOINABLE)
        room = np.zeros_like(room)
    elif movement.moving or room.min(initial=0) < 0:
        least = _least_room(line, points, letters, movement, widths, unit)
        room = np.where(between, np.maximum(room, least), room)
    advances = np.where(letters.blank, movement.blank, letters.width * widths)
    pens = np.concatenate(([0.0], np.cumsum(advances[:-1] + room)))
    return pens.astype(np.float32), widths.astype(np.float32)


def _least_room(
    line: ShapedLine, points: Values, letters: Letters, movement: Movement, widths: Values, unit: float
) -> Values:
    """(L - 1,): the room, negative perhaps, at which neighbours just touch, or are as close as the font's."""
    left, right, heights = sides(line, letters, unit)
    usual = gaps(left, right, letters.width)
    begin, end = extents(points, letters)  # with what weight and form added to the font's letters
    left += (begin - left.min(1))[:, None]
    right += (end - right.max(1))[:, None]
    lean = (movement.size * (movement.shear - movement.turn))[:, None] * heights
    left, right = (side * widths[:, None] + lean for side in (left, right))
    return np.minimum(usual, np.float32(-TOUCH)) - gaps(left, right, letters.width * widths)


def _set(points: Values, letters: Letters, movement: Movement, pens: Values, widths: Values) -> Values:
    """(2, P): every letter in its size and slant at its place on the baseline."""
    if not movement.moving:  # all letters have one size, slant and height
        pen, width = letters.points(np.stack((pens, widths)))
        points[0] = pen + width * points[0] + movement.shear[0] * points[1]
        return points
    turn = np.zeros_like(movement.turn) if letters.joined else movement.turn
    values = np.stack((movement.size, movement.shear - turn, movement.lift))
    if letters.joined:
        values, slopes = _continuous(values, letters)
    else:
        values[2] -= turn * letters.width / 2
        slopes = np.stack((np.zeros_like(turn), np.zeros_like(turn), turn))
    size, shear, lift, pen, width = letters.points(np.concatenate((values, [pens, widths])))
    x, y = points
    if slopes.any():
        for value, slope in zip((size, shear, lift), letters.points(slopes), strict=True):
            value += slope * x
    y = y * size
    return np.stack((pen + width * x + shear * y, y + lift))


def _continuous(values: Values, letters: Letters) -> tuple[Values, Values]:
    """(values at the letters' left edges, slopes): neighbours in a word agree where they meet."""
    left, right = values.copy(), values.copy()
    meet = ~(letters.blank[1:] | letters.blank[:-1])
    half = np.where(meet, np.diff(values, axis=1) / 2, np.float32(0))
    left[:, 1:] -= half
    right[:, :-1] += half
    slopes = (right - left) / np.maximum(letters.width, NARROW)
    return left, np.asarray(slopes, np.float32)


def _warped(points: Values, amplitude: float, rng: np.random.Generator) -> Values:
    """A smooth displacement of the plane: two waves a coordinate."""
    angle, length, phase = rng.random((3, 4, 1), np.float32)
    if not amplitude:
        return points
    turn = np.float32(2 * np.pi)
    number = turn / (WARP_WAVES[0] + (WARP_WAVES[1] - WARP_WAVES[0]) * length)
    direction = np.concatenate((number * np.cos(turn * angle), number * np.sin(turn * angle)), axis=1)
    waves = np.sin(direction @ points + turn * phase).reshape(2, 2, -1)
    return np.asarray(points + np.float32(amplitude / np.sqrt(2)) * waves.sum(1), np.float32)


def _turn(angle: float) -> Values:
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return np.array(turn, np.float32)


def _fitted(
    points: Values,
    baseline: float,
    drawn: dict[str, float],
    output: OutputSettings,
    rng: np.random.Generator,
) -> PlacedLine:
    low, high = points.min(1), points.max(1)  # control points enclose their curve, so the ink lies within
    extent = (high - low).astype(float)
    room = output.height - 2 * output.margin
    scale = float(min(room / extent[1], drawn["x_height"] * output.height))
    spare = room - scale * extent[1]
    top = output.margin + spare * (0.5 if output.fit == "tight" else draw(rng, output.above))
    left, right = (output.margin + draw(rng, output.side) * output.height for _ in range(2))
    points[0] -= low[0]
    np.subtract(high[1], points[1], out=points[1])
    points *= np.float32(scale)
    points += np.array([[left], [top]], np.float32)
    width = int(np.ceil(left + scale * extent[0] + right))
    return PlacedLine(points.T, scale, float(top + scale * (high[1] - baseline)), width, output.height, drawn)


def _columns(placed: PlacedLine, letters: Letters, movement: Movement) -> Values:
    """The pressure in every column of the picture."""
    inked = letters.sizes > 0
    sizes = letters.sizes[inked]
    middles = np.add.reduceat(placed.points[:, 0], np.cumsum(sizes) - sizes) / sizes
    order = np.argsort(middles)
    pressure = movement.pressure[letters.of[inked]][order]
    return np.interp(np.arange(placed.width), middles[order], pressure).astype(np.float32)
