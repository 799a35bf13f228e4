"""Printed ruling: writing lines, dotted lines, squares, the school's Seyes ruling, and an upright margin.

The ruling is of the page: its lines keep kind, pitch and strength, and are met more or less well.
It is laid on the bare sheet, before the ink. Lines drawn by the writer are ``synth.surroundings``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.hand.geometry import PlacedLine
from synth.noise import smooth_noise
from synth.ranges import Range, Share, Shares, Size, Weight, Weights, draw

CLOSEST = 8.0  # distance of writing lines, pixels
SUBPIXELS = 4  # binary digits of a pixel's fraction that OpenCV draws with

Field = NDArray[np.float32]


class Rulings(Weights):
    """How often each kind of ruling is printed, as weights."""

    line: Weight = 3.0
    dots: Weight = 1.0
    squares: Weight = 1.0
    seyes: Weight = 1.0


class RulingSettings(Settings):
    """What is printed on the sheet.

    Attributes:
        probability: of a ruled page.
        kinds: which ruling: one line under the writing, the same dotted, squares, or Seyes, whose four fine
            lines stand between two strong ones.
        pitch: distance of writing lines, x-heights; four squares are as high.
        strength: how much darker than the sheet, grey levels.
        wear: how much the lines break up, from pixel to pixel; share of their strength.
        margin: probability of an upright line at the left or right end of the lines.
    """

    probability: Share = 0.0
    kinds: Rulings = Rulings()
    pitch: Size = (2.6, 3.8)
    strength: Range = (12.0, 90.0)
    wear: Shares = (0.0, 0.4)
    margin: Share = 0.0


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where lines run, pixels.

    Attributes:
        strong: heights of the writing lines at the picture's middle.
        fine: heights of the lines between them.
        upright: places of the upright lines.
        slope: how far a line sinks per pixel to the right.
        dotted: whether the writing lines are dotted.
    """

    strong: NDArray[np.float64]
    fine: NDArray[np.float64]
    upright: NDArray[np.float64]
    slope: float
    dotted: bool = False


def rule(
    sheet: Field,
    placed: PlacedLine,
    settings: RulingSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> str:
    """Print a page's ruling on a sheet, in place.

    Args:
        sheet: float32 grey levels, (height, width).
        placed: where the line runs and how high its letters are.
        settings: the recipe's.
        kept: the page's stream: kind, pitch, strength.
        rng: the line's stream: how far the writing stands off.

    Returns:
        What was printed, such as ``squares+margin``; empty if nothing.
    """
    if not (settings.probability or settings.margin):
        return ""
    ruled, edged, side = kept.random(3)
    kind = settings.kinds.pick(kept)
    strength, pitch, edge = (draw(kept, bounds) for bounds in (settings.strength, settings.pitch, (0.6, 1.6)))
    slope, worn = 0.0015 * kept.standard_normal(), draw(kept, settings.wear)
    offset, phase, place = rng.random(3)
    printed = []
    if ruled < settings.probability:
        pixels = max(CLOSEST, pitch * placed.x_height)
        writing = placed.baseline + (0.17 * offset - 0.03) * placed.x_height
        _print(sheet, _grid(kind, sheet.shape, writing, pixels, phase, slope), strength, worn, rng)
        printed.append(kind)
    if edged < settings.margin:
        x = (0.05 + 0.5 * place) * placed.x_height
        upright = np.array([x if side < 0.7 else sheet.shape[1] - x])
        none = np.empty(0)
        _print(sheet, _Grid(none, none, upright, slope), min(strength * edge, 140.0), worn, rng)
        printed.append("margin")
    return "+".join(printed)


def _grid(
    kind: str, shape: tuple[int, ...], writing: float, pitch: float, phase: float, slope: float
) -> _Grid:
    """The lines of a ruling one of whose writing lines is at height ``writing``."""
    height, width = shape
    reach = height + width * abs(slope)
    lines = np.arange(-np.ceil(reach / pitch), np.ceil(reach / pitch) + 1)
    strong, none = writing + lines * pitch, np.empty(0)
    if kind in ("line", "dots"):
        return _Grid(strong, none, none, slope, kind == "dots")
    upright = np.arange(phase * pitch, width, pitch if kind == "seyes" else pitch / 4)
    between = (strong[:, None] + np.array((0.25, 0.5, 0.75)) * pitch).ravel()
    if kind == "seyes":
        return _Grid(strong, between, upright, slope)
    return _Grid(none, np.concatenate((strong, between)), upright, slope)


def _print(sheet: Field, grid: _Grid, strength: float, worn: float, rng: np.random.Generator) -> None:
    """Darken the sheet along the lines, unevenly as a press does; the more worn, the more they break up."""
    height, width = sheet.shape
    cover = np.zeros((height, width), np.uint8)
    rise = grid.slope * width / 2
    for heights, level in ((grid.fine, 130), (grid.strong, 255)):
        _lines(cover, [((0.0, y - rise), (width, y + rise)) for y in heights.tolist()], level)
    if grid.dotted:
        period, filled = rng.uniform(4.0, 9.0), rng.uniform(0.35, 0.7)
        cover[:, (np.arange(width) % period) >= filled * period] = 0
    lean = grid.slope * height  # uprights are square to the lines
    _lines(cover, [((x + lean / 2, 0.0), (x - lean / 2, height)) for x in grid.upright.tolist()], 190)
    pressed = 0.85 + 0.2 * smooth_noise(rng, (1, width), 3.0 * height)
    pressed += worn * smooth_noise(rng, (1, width), 1.3)
    sheet -= cover * (np.clip(pressed, 0.1, 1.3) * np.float32(strength / 255))


def _lines(
    cover: NDArray[np.uint8], ends: list[tuple[tuple[float, float], tuple[float, float]]], level: int
) -> None:
    import cv2

    scale = 1 << SUBPIXELS
    for first, last in ends:
        start, stop = ((round(x * scale), round(y * scale)) for x, y in (first, last))
        cv2.line(cover, start, stop, level, 1, cv2.LINE_AA, SUBPIXELS)
