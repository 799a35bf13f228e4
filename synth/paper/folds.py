"""How the paper was folded, crumpled and rubbed."""

from __future__ import annotations

import numpy as np

from synth.effects import Chances, Field
from synth.noise import smooth_noise
from synth.paper.piece import Piece


def folds(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """One or two creases: a worn light line beside a dark one, and one side that lies in less light."""
    kept, rng = chances.kept, chances.rng
    for _ in range(1 + int(kept.random() < 0.3)):
        lying, lean, rough = kept.random() < 0.35, kept.normal(0, 0.04), kept.uniform(0.4, 1)
        height, width = sheet.shape
        x, y = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
        across, along, length = (y, x, height) if lying else (x, y, width)
        away = (
            across - np.float32(rng.uniform(0.05, 0.95) * length) + np.float32(lean) * (along - along.mean())
        )
        away = away + np.float32(0.03 * piece.x_height * rough) * smooth_noise(rng, along.shape, 4)
        away /= np.float32(0.07 * piece.x_height)
        worn = 0.6 + 0.4 * smooth_noise(rng, along.shape, piece.x_height / 3)
        sheet += (30 * strength) * worn * np.maximum(1 - np.abs(away) / 1.6, 0)
        sheet -= (28 * strength) * np.maximum(1 - np.abs(away - 2.5) / 4, 0)
        sheet -= (4 * strength) * np.clip(away / 9, -1, 1)
    return sheet


def crumples(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Paper that was crumpled and smoothed again: facets in more and less light, with ridges between."""
    size = chances.kept.uniform(1.2, 3) * piece.x_height
    facets = np.abs(smooth_noise(chances.rng, sheet.shape, size))
    facets -= np.abs(smooth_noise(chances.rng, sheet.shape, 1.4 * size))
    sheet += 14 * strength * facets
    return sheet
