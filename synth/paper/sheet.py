"""Paper: a sheet's colour, unevenness, fibre, wear and printed ruling; and ink laid upon it.

A sheet is grey levels from the beginning: its colour is seen through the page's response first
(``synth.colour``). What is written is not decided here, what the camera does neither.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.colour import Response, grey
from synth.effects import Field, Levels, apply_effects
from synth.hand.geometry import PlacedLine
from synth.noise import smooth_noise
from synth.paper import damage, fibre, folds, stains, verso
from synth.paper.piece import Piece
from synth.paper.ruling import RulingSettings, rule
from synth.ranges import Amount, Effect, Grey, Share, Shares, draw

EVEN = 0, 0  # strides of a sheet of one level, which takes no memory
YELLOW = 1.09, 0.995, 0.79  # of a sheet of tint 1, against a white one of the same luminance


class PaperSettings(Settings):
    """What is written on; effects happen in this order.

    Attributes:
        level: luminance of the sheet, 255 = white.
        tint: how yellow the sheet is, 0 = white, 1 = brown paper.
        shading: strength of slow unevenness, grey levels.
        grain: standard deviation of the paper's fibre, grey levels.
        coarseness: share of the grain's variance that is wider than single fibres.
        ruling: what is printed on it.
        laid: lines of the sieve.
        flecks: shreds of recycled paper.
        clouds: fibre that lies thicker here and thinner there.
        stains: soft dark patches.
        foxing: brown spots.
        rings: borders where water dried.
        folds: creases.
        crumples: facets of crumpled paper.
        show_through: writing of the other side.
        offset: ink of the facing page that came off.
        edges: the end of the sheet.
        holes: of worms, in the bare paper.
    """

    level: Grey = (255.0, 255.0)
    tint: Shares = (0.0, 0.0)
    shading: Amount = (0.0, 0.0)
    grain: Amount = (0.0, 0.0)
    coarseness: Share = 0.0
    ruling: RulingSettings = RulingSettings()
    laid: Effect = Effect()
    flecks: Effect = Effect()
    clouds: Effect = Effect()
    stains: Effect = Effect()
    foxing: Effect = Effect()
    rings: Effect = Effect()
    folds: Effect = Effect()
    crumples: Effect = Effect()
    show_through: Effect = Effect()
    offset: Effect = Effect()
    edges: Effect = Effect()
    holes: Effect = Effect()


EFFECTS: dict[str, Callable[..., Field]] = {
    "laid": fibre.laid,
    "flecks": fibre.flecks,
    "clouds": fibre.clouds,
    "stains": stains.stains,
    "foxing": stains.foxing,
    "rings": stains.rings,
    "folds": folds.folds,
    "crumples": folds.crumples,
    "show_through": verso.show_through,
    "offset": verso.offset,
    "edges": damage.edges,
    "holes": damage.holes,
}


def make_paper(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: PaperSettings,
    response: Response,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[Field, dict[str, Any]]:
    """A sheet, float32 grey levels; to be read only where nothing is on it.

    Args:
        coverage: uint8, (height, width), of all strokes of the pen; the other side of the sheet looks alike.
        placed: where the line runs and how high its letters are.
        settings: the recipe's.
        response: how the page's camera sees colours.
        kept: the page's stream: the kind of paper.
        rng: the line's stream: this piece of it.

    Returns:
        The sheet, and what was drawn, with the name and strength of every effect.
    """
    luminance, tint, shading, grain = (
        draw(kept, bounds) for bounds in (settings.level, settings.tint, settings.shading, settings.grain)
    )
    level = grey(_colour(luminance, tint), response)
    height, width = coverage.shape
    sheet: Field = np.broadcast_to(np.float32(level), (height, width))
    if shading or grain or settings.ruling.probability or settings.ruling.margin:
        sheet = sheet.copy()
    if shading:
        _add(sheet, shading, smooth_noise(rng, (height, width), 2.5 * height))
    if grain:
        _roughen(sheet, grain, settings.coarseness, rng)
    ruling = rule(sheet, placed, settings.ruling, kept, rng)
    worn, applied = apply_effects(sheet, settings, EFFECTS, kept, rng, Piece(coverage, placed.x_height))
    drawn = {"level": round(level, 1), "tint": round(tint, 2), "shading": round(shading, 2)}
    return np.asarray(worn, np.float32), drawn | {
        "grain": round(grain, 2),
        "ruling": ruling,
        "effects": applied,
    }


def lay_ink(sheet: Field, opacity: Levels, level: float) -> Levels:
    """Ink of one grey level on a sheet; neither is changed.

    Args:
        sheet: float32 grey levels, (height, width).
        opacity: of the ink, 0 to 1, or uint8, 0 to 255.
        level: grey of full ink.

    Returns:
        Grey levels, float32; uint8 where ink and sheet are even.
    """
    import cv2

    whole = opacity.dtype == np.uint8  # 255 and not 1 is full ink
    if whole and sheet.strides == EVEN:
        light = float(sheet[0, 0])
        return np.asarray(cv2.convertScaleAbs(opacity, alpha=(level - light) / 255, beta=light), np.uint8)
    page = np.float32(level) - sheet
    page *= opacity * np.float32(1 / 255) if whole else opacity
    page += sheet
    return page


def _colour(luminance: float, tint: float) -> tuple[float, float, float]:
    """The colour of a sheet of a luminance that is tinted more or less."""
    red, green, blue = (luminance * (1 + tint * (share - 1)) for share in YELLOW)
    return red, green, blue


def _add(sheet: Field, amount: float, field: Field) -> None:
    """Add a multiple of a field to a sheet, in place."""
    import cv2

    cv2.scaleAdd(field, amount, sheet, dst=sheet)


def _roughen(sheet: Field, grain: float, coarseness: float, rng: np.random.Generator) -> None:
    """Fibre of one pixel and, where asked for, of a few."""
    height, width = sheet.shape
    _add(sheet, grain * math.sqrt(1 - coarseness), smooth_noise(rng, (height, width), 1.4))
    if coarseness:
        _add(sheet, grain * math.sqrt(coarseness), smooth_noise(rng, (height, width), 4.0))
