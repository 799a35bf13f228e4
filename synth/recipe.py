"""A recipe: every setting that decides how a line looks, validated and frozen.

Ranges are drawn uniformly. Lengths are shares of the x-height or of the picture's height, never of the em,
because fonts of one em differ fourfold in letter size. The shipped recipes lie in ``synth/recipes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from common.settings import Settings, load

RECIPES = Path(__file__).parent / "recipes"


def _ordered(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError("the lower bound comes first")
    return bounds


def _positive(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] <= 0:
        raise ValueError("both bounds are above 0")
    return bounds


Range = Annotated[tuple[float, float], AfterValidator(_ordered)]
Size = Annotated[tuple[float, float], AfterValidator(_ordered), AfterValidator(_positive)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]


def draw(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """A value between two bounds."""
    return float(rng.uniform(*bounds))


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


class Pens(Settings):
    """How often each kind of pen writes, as weights."""

    ballpoint: Weight = 0.0
    fountain: Weight = 0.0
    pencil: Weight = 0.0
    marker: Weight = 0.0

    @model_validator(mode="after")
    def _some(self) -> Pens:
        if not sum(self.model_dump().values()):
            raise ValueError("one pen needs a weight above 0")
        return self


class InkSettings(Settings):
    """What flows from the pen.

    Attributes:
        pens: how often each kind of pen writes.
        level: grey of full ink, 0 = black.
        flow: strength of the slow change of darkness along the line, share of the contrast.
        texture: factor on the pen's own grain; 0 = even ink.
    """

    pens: Pens = Pens(marker=1.0)
    level: Range = (0.0, 0.0)
    flow: Range = (0.0, 0.0)
    texture: Weight = 0.0


class PaperSettings(Settings):
    """What is written on.

    Attributes:
        level: grey of the sheet, 255 = white.
        shading: strength of slow unevenness, grey levels.
        grain: standard deviation of the paper's fibre, grey levels.
        ruled: probability of a printed writing line.
    """

    level: Range = (255.0, 255.0)
    shading: Range = (0.0, 0.0)
    grain: Range = (0.0, 0.0)
    ruled: Share = 0.0


class Effect(Settings):
    """One degradation: its chance and its strength, 0 = invisible, 1 = as strong as it is offered."""

    probability: Share = 0.0
    strength: Range = (0.2, 0.8)


class DegradeSettings(Settings):
    """What happens to the page and in the scanner (see ``synth.degrade``), applied in this order."""

    show_through: Effect = Effect()
    stains: Effect = Effect()
    fade: Effect = Effect()
    shadow: Effect = Effect()
    blur: Effect = Effect()
    low_resolution: Effect = Effect()
    noise: Effect = Effect()
    speckle: Effect = Effect()
    tone: Effect = Effect()
    jpeg: Effect = Effect()
    binarise: Effect = Effect()


class AugraphySettings(Settings):
    """Chances of Augraphy's effects (see ``synth.augraphy_effects``); each costs milliseconds a line."""

    ink_bleed: Share = 0.0
    ink_mottling: Share = 0.0
    low_ink_lines: Share = 0.0
    dirty_drum: Share = 0.0
    subtle_noise: Share = 0.0
    noise_texture: Share = 0.0
    brightness_texture: Share = 0.0


class ProofSettings(Settings):
    """What a picture must pass (see ``synth.proof``).

    Attributes:
        ink_share: bounds of the share of inked pixels.
        contrast: least difference between paper and ink, grey levels.
        likeness: least correlation between the clean ink and the darkness of the final picture.
        letter_contrast: least darkness of every letter, share of the line's contrast.
    """

    ink_share: Range = (0.005, 0.5)
    contrast: float = 40.0
    likeness: Share = 0.6
    letter_contrast: Share = 0.25


class OutputSettings(Settings):
    """The picture.

    Attributes:
        height: pixels; the width follows the text.
        margin: least distance of ink from every border, pixels.
        side: paper left and right of the ink beyond the margin, share of the height.
        fit: ``tight``: the ink fills the height; ``x-height``: letters have the drawn size, the rest is
            paper.
        max_width: wider pictures are rejected, pixels.
    """

    height: Annotated[int, Field(ge=16, le=512)] = 64
    margin: Annotated[int, Field(ge=1)] = 2
    side: Range = (0.0, 0.0)
    fit: Literal["tight", "x-height"] = "x-height"
    max_width: Annotated[int, Field(ge=16)] = 4096

    @model_validator(mode="after")
    def _room(self) -> OutputSettings:
        if self.height < 4 * self.margin:
            raise ValueError("the margins take more than half of the height")
        return self


class Recipe(Settings):
    """Every setting of a rendered line, grouped by station."""

    hand: HandSettings = HandSettings()
    ink: InkSettings = InkSettings()
    paper: PaperSettings = PaperSettings()
    degrade: DegradeSettings = DegradeSettings()
    augraphy: AugraphySettings = AugraphySettings()
    proof: ProofSettings = ProofSettings()
    output: OutputSettings = OutputSettings()


def load_recipe(name: str, overrides: Iterable[str] = ()) -> Recipe:
    """A shipped recipe by name, or a YAML file by path, with ``output.height=64``-like overrides.

    Raises:
        UsageError: unknown recipe or setting, or a value out of range.
        DataError: a file that is missing or not YAML.
    """
    return load(Recipe, name, RECIPES, overrides)
