"""What the paper was made of: the sieve's lines, flecks of waste paper, clouds of fibre."""

from __future__ import annotations

import numpy as np

from synth.effects import Chances, Field
from synth.noise import smooth_noise
from synth.paper.piece import Piece


def laid(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Laid paper: fine lines of the sieve a millimetre apart, chain lines across them, seldom quite even."""
    kept, (height, width) = chances.kept, sheet.shape
    pitch, chain = kept.uniform(0.22, 0.55) * piece.x_height, kept.uniform(7, 12) * piece.x_height
    upright, lean, phase = kept.random() < 0.5, kept.normal(0, 0.08), chances.rng.random(2)
    along = np.arange(width, dtype=np.float32)[None]
    down = np.arange(height, dtype=np.float32)[:, None]
    across, other = (along, down) if upright else (down, along)
    lines = across + np.float32(lean) * other + np.float32(0.3 * pitch) * _bend(chances, sheet.shape)
    wires = _wave(lines, pitch, phase[0])
    sheet += (7 * strength) * wires * (1 + 0.5 * smooth_noise(chances.rng, sheet.shape, 2 * piece.x_height))
    sheet -= (6 * strength) * np.maximum(_wave(other, chain, phase[1]) - 0.92, 0) * 12
    return sheet


def flecks(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Recycled or wood paper: dark and light shreds."""
    rng, rare = chances.rng, 3.3 - 0.9 * strength
    long = max(1.4, chances.kept.uniform(0.06, 0.16) * piece.x_height)
    field = smooth_noise(rng, sheet.shape, long)
    sheet -= (35 + 30 * strength) * np.maximum(field - rare, 0)
    sheet += 25 * np.maximum(-rare - field, 0)
    return sheet


def clouds(sheet: Field, strength: float, chances: Chances, piece: Piece) -> Field:
    """Fibre that lies thicker here and thinner there: patches of a few millimetres."""
    size = chances.kept.uniform(0.3, 0.8) * piece.x_height
    field = smooth_noise(chances.rng, sheet.shape, size)
    field += smooth_noise(chances.rng, sheet.shape, 3 * size)
    sheet += (5.5 * strength) * field
    return sheet


def _bend(chances: Chances, shape: tuple[int, ...]) -> Field:
    """How far the lines of the sieve are bent, per column."""
    return smooth_noise(chances.rng, (1, shape[1]), 3.0 * shape[0])


def _wave(place: Field, period: float, phase: float) -> Field:
    """A cosine of a period, values -1 to 1."""
    return np.cos(place * np.float32(2 * np.pi / period) + np.float32(2 * np.pi * phase))
