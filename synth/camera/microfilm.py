"""A reproduction from microfilm: hard contrast, grain, scratches and the light rim of copied copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.camera.lens import blur, halo
from synth.camera.light import curved, light, paper_level
from synth.camera.sensor import dust, grain, scratches
from synth.effects import Chances, Field


def microfilm(image: Field, strength: float, chances: Chances) -> Field:
    """The whole way over film; the stronger, the harder and dirtier."""
    image = blur(image, 0.25, chances)
    image = grain(image, 0.3 + 0.3 * strength, chances)
    image = curved(image, _film(paper_level(image), 1 + 1.6 * strength))
    image = light(image, 0.6 * strength, chances)
    image = halo(image, 0.4 * strength, chances)
    if chances.kept.random() < 0.4:
        image = scratches(image, 0.6 * strength, chances)
    return dust(image, 0.5 * strength, chances)


def _film(paper: float, hardness: float) -> NDArray[np.float64]:
    """An S-shaped curve around a grey that lies between ink and paper."""
    middle = 0.62 * paper
    curve = 1 / (1 + np.exp(-(np.arange(256) - middle) * hardness / 32))
    low, high = curve[0], curve[min(max(round(paper), 1), 255)]
    return (curve - low) / (high - low) * paper * 0.95 + 12
