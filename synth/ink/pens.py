"""Ink: how dark every covered pixel is.

Each kind of pen is a way in which darkness varies inside the stroke: ballpoint skips, fountain ink pools and
feathers, pencil shows the paper's tooth, a marker is even. Where the stroke lies is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from common.settings import Settings
from synth.colour import Response
from synth.hand.geometry import PlacedLine
from synth.noise import smooth_noise
from synth.ranges import Range, Weight, draw

Field = NDArray[np.float32]


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


def apply_ink(
    coverage: NDArray[np.uint8],
    placed: PlacedLine,
    settings: InkSettings,
    response: Response,  # noqa: ARG001 no colours yet
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[Field, float, dict[str, Any]]:
    """Turn coverage into opacity.

    Args:
        coverage: uint8, (height, width), of all strokes of the pen.
        placed: where the line runs, how high its letters are, and how hard the pen is pressed.
        settings: the recipe's.
        response: how the camera sees colours.
        kept: the page's stream: pen and ink.
        rng: the line's stream.

    Returns:
        opacity float32 in [0, 1] of the coverage's shape, the grey level of full ink, and what was drawn.
    """
    weights = settings.pens.model_dump()
    shares = np.array(list(weights.values())) / sum(weights.values())
    pen = list(weights)[int(kept.choice(len(shares), p=shares))]
    level, flow = draw(kept, settings.level), draw(kept, settings.flow)
    opacity: Field = np.asarray(coverage, np.float32) / np.float32(255)
    if flow:
        slow = smooth_noise(rng, (1, coverage.shape[1]), coverage.shape[0] * 1.5)
        opacity *= 1 - flow * (0.5 + 0.5 * np.clip(slow, -1, 1))
    if settings.texture:
        opacity = PENS[pen](opacity, settings.texture, rng)
    return opacity, level, {"pen": pen, "level": round(level, 1), "flow": round(flow, 3)}


def _ballpoint(opacity: Field, texture: float, rng: np.random.Generator) -> Field:
    skips = np.clip(smooth_noise(rng, opacity.shape, 1.5) - 0.9, 0, 1)
    return opacity * (1 - np.minimum(texture * 0.9 * skips, 0.8))


def _fountain(opacity: Field, texture: float, rng: np.random.Generator) -> Field:
    import cv2

    pools = smooth_noise(rng, opacity.shape, opacity.shape[0] / 5)
    feathered = cv2.GaussianBlur(opacity, (0, 0), 0.6)
    mixed = np.maximum(opacity, feathered * min(texture, 1.0))
    return np.clip(mixed * (0.85 + 0.15 * texture * pools), 0, 1)


def _pencil(opacity: Field, texture: float, rng: np.random.Generator) -> Field:
    tooth = rng.random(opacity.shape, np.float32)
    return opacity * (1 - min(texture, 1.5) * 0.45 * tooth)


def _marker(opacity: Field, texture: float, rng: np.random.Generator) -> Field:  # noqa: ARG001 an even pen
    return opacity


PENS: dict[str, Callable[[Field, float, np.random.Generator], Field]] = {
    "ballpoint": _ballpoint,
    "fountain": _fountain,
    "marker": _marker,
    "pencil": _pencil,
}
