"""Where the sheet ends: browned and broken borders, holes. Letters are never taken away."""

from __future__ import annotations

import numpy as np

from synth.effects import Chances, Field
from synth.noise import smooth_noise
from synth.paper.piece import Piece


def edges(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """The end of the sheet on one side: browned, and beyond it, where no ink is near, what lies below."""
    below, side = float(chances.kept.choice([15.0, 60.0, 250.0])), int(chances.rng.integers(4))
    turned = np.rot90(sheet, side)  # a view: the end is always on the left
    inked = np.flatnonzero(np.rot90(piece.coverage, side).any(axis=0))
    free = max(0.0, float(inked[0] if len(inked) else turned.shape[1]) - 2)
    end = min(free, chances.rng.uniform(0, 0.4) * piece.x_height)
    ragged = 0.06 * piece.x_height * smooth_noise(chances.rng, (1, turned.shape[0]), piece.x_height / 4)
    turned = turned[:, : round(end + 3 * piece.x_height)]
    away = np.arange(turned.shape[1], dtype=np.float32)[None] - np.minimum(end + ragged, free).T
    turned *= 1 - 0.3 * strength * np.exp(-np.maximum(away, 0) / (0.5 * piece.x_height))
    turned += (below - turned) * np.clip(0.5 - away, 0, 1)
    return sheet


def holes(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Worms' holes in the bare paper: the leaf below, in the shade of one rim; none near a letter."""
    import cv2

    hole = np.zeros(sheet.shape, np.uint8)
    for x, y, size in chances.rng.random((1 + round(2 * strength), 3)).tolist():
        radius = (0.12 + 0.25 * size * strength) * piece.x_height
        centre = round(16 * x * sheet.shape[1]), round(16 * y * len(sheet))
        cv2.circle(hole, centre, round(16 * radius), 255, -1, cv2.LINE_AA, 4)
    near = 2 * round(0.35 * piece.x_height) + 1
    hole[cv2.dilate(piece.coverage, np.ones((near, near), np.uint8)) > 0] = 0
    deep = max(1, round(0.06 * piece.x_height))
    lit = np.roll(hole, (deep, deep), (0, 1)) // 255
    dark = chances.kept.uniform(0.1, 0.3) + np.float32(0.3) * (1 - lit)
    sheet *= 1 - dark * (hole / np.float32(255))
    return sheet
