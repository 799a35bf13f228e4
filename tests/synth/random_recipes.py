"""Random valid recipes, drawn from the settings classes' own fields and bounds, whatever fields there are."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from common.settings import Settings
from synth.hand.aim import OVERRULES
from synth.hand.settings import HandSettings
from synth.ink.settings import InkSettings
from synth.ranges import Effect, Weights
from synth.recipe import Look, Recipe

T = TypeVar("T", bound=Settings)

CHANGED = 0.2  # share of the fields that leave their default
TRIES = 10


def random_recipe(rng: np.random.Generator) -> Recipe:
    """A recipe that its classes accept: some settings mild, some odd, one recipe in five with looks."""
    groups = {name: random_settings(own, rng) for name, own in Recipe() if isinstance(own, Settings)}
    aimed = [own for aim, own in OVERRULES.items() if getattr(groups["aim"], aim)]
    usual = {own: HandSettings.model_fields[own].default for own in aimed}  # a recipe states one or the other
    groups["hand"] = groups["hand"].model_copy(update=usual)
    looks = tuple(
        Look(weight=number, settings={"ink": random_settings(InkSettings(), rng).model_dump()})
        for number in (1, 2)
    )
    pages = int(rng.integers(1, 20))
    return Recipe(lines_per_page=pages, looks=looks if rng.random() < 0.2 else (), **groups)


def random_settings(settings: T, rng: np.random.Generator) -> T:
    """Settings of which some have other values; what their class refuses is drawn again, or left."""
    cls = type(settings)
    for name, field in cls.model_fields.items():
        own = getattr(settings, name)
        nested = isinstance(own, Settings) and not isinstance(own, Effect)
        for _ in range(TRIES if nested or rng.random() < CHANGED else 0):
            value = random_settings(own, rng) if nested else _value(field.annotation, field, rng)
            try:
                settings = cls.model_validate({**dict(settings), name: value})
                break
            except ValidationError:
                continue
    return settings


def _value(kind: Any, field: FieldInfo, rng: np.random.Generator) -> Any:
    """A value of a kind of field; what no rule knows keeps its default."""
    origin, arguments = get_origin(kind), get_args(kind)
    least, most = _bounds(field.metadata)
    if kind is bool:
        return bool(rng.random() < 0.5)
    if kind is int:
        low, high = int(least if least is not None else 0), int(most if most is not None else 5000)
        return int(np.clip(np.rint(np.exp(rng.uniform(np.log(max(low, 1)), np.log(high)))), low, high))
    if kind is float:
        return _number(least, most, rng)
    if kind is Effect:
        return {"probability": float(rng.random()), "strength": sorted(rng.random(2).tolist())}
    if origin is Literal:
        return arguments[int(rng.integers(len(arguments)))]
    if origin in (Union, UnionType):
        inner = next(argument for argument in arguments if argument is not NoneType)
        return _value(inner, FieldInfo.from_annotation(inner), rng)
    if origin is Annotated:
        return _value(arguments[0], FieldInfo(metadata=list(arguments[1:])), rng)
    if origin is tuple and len(arguments) == 2:
        low, high = _bounds(getattr(arguments[0], "__metadata__", [Field()])[0].metadata)
        near = [_near(field.default, rng) for _ in range(2)]
        wide = low is not None and high is not None and rng.random() < 0.3  # all that the class lets pass
        return sorted(rng.uniform(low, high, 2).tolist() if wide else near)
    if isinstance(kind, type) and issubclass(kind, Weights):
        return {name: float(rng.uniform(0.1, 3)) for name in kind.model_fields}
    return field.default


def _near(default: Any, rng: np.random.Generator) -> float:
    """A bound of a range, of the size of its default or beyond; the class may refuse it."""
    size = max(map(abs, default)) if isinstance(default, tuple) and any(default) else 1.0
    spread = float(rng.choice([0.05, 0.3, 0.3, 1.0, 3.0]))
    return float((default[0] if isinstance(default, tuple) else 0.0) + size * spread * rng.normal())


def _number(least: float | None, most: float | None, rng: np.random.Generator) -> float:
    low = 0.0 if least is None else least
    return float(rng.uniform(low, most)) if most is not None else float(low + rng.exponential(2.0))


def _bounds(rules: list[Any]) -> tuple[float | None, float | None]:
    found: dict[str, float] = {}
    for rule in rules:
        for name in ("ge", "gt", "le", "lt"):
            if (bound := getattr(rule, name, None)) is not None:
                found[name[0]] = bound
    return found.get("g"), found.get("l")
