"""Ink: how dark every covered pixel is.

Each kind of pen is a way in which darkness varies inside the stroke: ballpoint skips, fountain ink pools and
feathers, pencil shows the paper's tooth, a marker is even. Where the stroke lies is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.noise import smooth_noise
from synth.recipe import InkSettings, draw

Field = NDArray[np.float32]


def apply_ink(
    coverage: NDArray[np.uint8], settings: InkSettings, rng: np.random.Generator
) -> tuple[Field, float, dict[str, Any]]:
    """Turn coverage into opacity.

    Returns:
        opacity float32 in [0, 1] of the coverage's shape, the grey level of full ink, and what was drawn.
    """
    weights = settings.pens.model_dump()
    shares = np.array(list(weights.values())) / sum(weights.values())
    pen = list(weights)[int(rng.choice(len(shares), p=shares))]
    level, flow = draw(rng, settings.level), draw(rng, settings.flow)
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
