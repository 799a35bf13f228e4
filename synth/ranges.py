"""Kinds of settings: bounds to draw from, shares, weights, and an effect with its chance and strength."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from common.settings import Settings


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


class Effect(Settings):
    """Something that may happen: its chance and its strength, from 0, invisible, to 1, the most offered."""

    probability: Share = 0.0
    strength: Range = (0.2, 0.8)


def draw(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """A value between two bounds."""
    low, high = bounds
    return low + (high - low) * rng.random()  # a third of the cost of the generator's uniform()
