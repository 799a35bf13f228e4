"""Kinds of settings: bounds to draw from, shares, weighted kinds, an effect with chance and strength."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from common.settings import Settings, ordered


def _positive(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] <= 0:
        raise ValueError("both bounds are above 0")
    return bounds


def _not_negative(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] < 0:
        raise ValueError("no bound is below 0")
    return bounds


def _grey(bounds: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= bounds[0] <= bounds[1] <= 255:
        raise ValueError("grey levels lie between 0 and 255")
    return bounds


Value = TypeVar("Value")
Between = Annotated[tuple[Value, Value], AfterValidator(ordered)]  # of values that have bounds of their own
Range = Annotated[tuple[float, float], AfterValidator(ordered)]
Size = Annotated[tuple[float, float], AfterValidator(ordered), AfterValidator(_positive)]
Amount = Annotated[tuple[float, float], AfterValidator(ordered), AfterValidator(_not_negative)]
Grey = Annotated[tuple[float, float], AfterValidator(ordered), AfterValidator(_grey)]
Share = Annotated[float, Field(ge=0, le=1)]
Shares = Between[Share]
Weight = Annotated[float, Field(ge=0)]


class Effect(Settings):
    """Something that may happen: its chance and its strength, from 0, invisible, to 1, the most offered."""

    probability: Share = 0.0
    strength: Shares = (0.2, 0.8)


class Weights(Settings):
    """Kinds by name; each is taken as often as its weight says against the others.

    What is named is all there is: the usual weights hold only where none is named.
    """

    @model_validator(mode="before")
    @classmethod
    def _named_alone(cls, named: Any) -> Any:
        return dict.fromkeys(cls.model_fields, 0.0) | named if isinstance(named, dict) and named else named

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not sum(self.model_dump().values()):
            raise ValueError(f"one of {', '.join(type(self).model_fields)} needs a weight above 0")
        return self

    def pick(self, rng: np.random.Generator) -> str:
        """One of the kinds; one value is drawn."""
        return pick(rng, vars(self))


def pick(rng: np.random.Generator, weights: dict[str, float]) -> str:
    """A name, as often as its weight says; one value is drawn."""
    target = rng.random() * sum(weights.values())
    for name in [name for name, weight in weights.items() if weight]:
        target -= weights[name]
        if target < 0:
            break
    return name


def draw(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """A value between two bounds."""
    low, high = bounds
    return low + (high - low) * rng.random()  # a third of the cost of the generator's uniform()
