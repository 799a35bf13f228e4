"""What came upon the paper: dirt, water that dried, foxing."""

from __future__ import annotations

import numpy as np

from synth.effects import Chances, Field
from synth.noise import smooth_noise
from synth.paper.piece import Piece


def stains(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Dark patches with soft, uneven borders."""
    size = chances.kept.uniform(2.5, 7) * piece.x_height
    field = smooth_noise(chances.rng, sheet.shape, size)
    field += 0.25 * smooth_noise(chances.rng, sheet.shape, size / 5)
    sheet *= 1 - 0.22 * strength * np.clip(field - 0.2, 0, 1.5)
    return sheet


def foxing(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Brown spots, small and many or large and few, darkest in the middle."""
    size = max(2.0, chances.kept.uniform(0.2, 0.6) * piece.x_height)
    field = smooth_noise(chances.rng, sheet.shape, size)
    field += 0.6 * smooth_noise(chances.rng, sheet.shape, 6 * size)
    sheet *= 1 - (0.1 + 0.15 * strength) * np.clip(field - (2.7 - 0.9 * strength), 0, 1)
    return sheet


def rings(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """A border where water dried: sharp outside, fading inwards."""
    rng, (height, width) = chances.rng, sheet.shape
    across, down = rng.uniform(1.5, 6, 2) * piece.x_height
    left, top = rng.uniform(0, width), rng.uniform(-0.5, 1.5) * height
    x = (np.arange(width, dtype=np.float32) - np.float32(left)) / np.float32(across)
    y = (np.arange(height, dtype=np.float32) - np.float32(top)) / np.float32(down)
    inside = 1 - np.sqrt(x * x + (y * y)[:, None])
    inside += 0.12 * smooth_noise(rng, sheet.shape, 1.2 * piece.x_height)
    inside += 0.03 * smooth_noise(rng, sheet.shape, max(1.0, 0.15 * piece.x_height))
    rim = np.clip(inside / 0.05, 0, 1) * (0.25 + 0.75 * np.clip(1 - inside / 0.22, 0, 1) ** 2)
    sheet *= 1 - 0.25 * strength * rim
    return sheet
