"""Other writing that is seen: through the sheet, or printed off from the page that lay against it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.effects import Chances, Field
from synth.noise import smooth_noise
from synth.paper.piece import Piece


def show_through(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """The verso: other writing, mirrored, blurred by the sheet, more in some places than in others."""
    import cv2

    height, width = sheet.shape
    size = max(1, width // 2), max(1, height // 2)  # half of the size is enough for what is blurred
    half = np.asarray(cv2.resize(piece.coverage, size, interpolation=cv2.INTER_AREA), np.uint8)
    softness = chances.kept.uniform(0.015, 0.05) * piece.x_height
    back = cv2.GaussianBlur(_other_writing(half, chances), (0, 0), max(0.4, softness))
    back = cv2.resize(back, (width, height), interpolation=cv2.INTER_LINEAR)
    along = smooth_noise(chances.rng, (1, width), 3 * piece.x_height)
    sheet -= back * (80 / 255 * strength * np.clip(0.8 + 0.35 * along, 0, 1.3))
    return sheet


def offset(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Ink of the facing page that came off: mirrored and patchy, but sharp."""
    patches = np.clip(0.5 + 0.35 * smooth_noise(chances.rng, sheet.shape, 2.0), 0, 1)
    patches *= np.clip(0.4 + smooth_noise(chances.rng, sheet.shape, 2 * piece.x_height), 0, 1)
    sheet -= np.float32(60 / 255 * strength) * patches * _other_writing(piece.coverage, chances)
    return sheet


def _other_writing(coverage: NDArray[np.uint8], chances: Chances) -> NDArray[np.uint8]:
    """The line's own strokes moved out of recognition: mirrored, shifted, stretched, turned a little."""
    import cv2

    rng, (height, width) = chances.rng, coverage.shape
    stretch, lean, turn = rng.uniform(0.85, 1.2), rng.normal(0, 0.12), rng.normal(0, 0.01)
    right, down = rng.uniform(1.3, 1.8) * width, rng.uniform(0.25, 0.75) * height
    back = np.array([[-stretch, lean, right], [turn, stretch, down]], np.float32)
    on_and_on = np.tile(coverage, (2, 2))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(on_and_on, back, (width, height), flags=flags), np.uint8)
