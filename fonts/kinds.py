"""What kind of writing a hand is: everyday, formal calligraphy, or brush lettering; and how much each weighs.

The pinned families stand in ``kinds.yaml``, by eye and by their publisher's tags; a user's own fonts are
judged by what was measured on them.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, model_validator

from common.errors import UsageError
from common.settings import Settings, apply_overrides
from fonts.family import plain, series
from fonts.hand import Kind, Traits

_SHADED = 2.0  # thick over thin strokes: a pointed or broad pen
_BROAD = 0.26  # x-heights: a pen is narrower, a brush is not
_BROAD_JOINED, _SWELLING, _JOINED = 0.18, 1.25, 0.5  # a joined brush hand is less broad, and swells

Weight = Annotated[float, Field(ge=0, le=1e6)]


class Kinds(Settings):
    """How much a design of each kind weighs when a hand is drawn; 0 leaves the kind out."""

    everyday: Weight = 1.0
    formal: Weight = 0.5
    brush: Weight = 0.5

    @model_validator(mode="after")
    def _some_weigh(self) -> Self:
        if not (self.everyday or self.formal or self.brush):
            raise ValueError("no kind of hand is left: all weights are 0, at least one must be above it")
        return self


USUAL = Kinds()


def parse_kinds(stated: str, usual: Kinds = USUAL) -> Kinds:
    """The usual weights but for those stated, such as ``formal=0.5,brush=0``.

    Raises:
        UsageError: a kind is unknown or stated twice, a weight is none, or all weights are 0.
    """
    weights = [weight for weight in stated.split(",") if weight.strip()]
    names = [weight.partition("=")[0].strip() for weight in weights]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--kinds states '{twice}' twice", "every kind once")
    return Kinds.parse(apply_overrides(usual.model_dump(), weights, "everyday=1"), "--kinds")


def kind_of(family: str, traits: Traits) -> Kind:
    """The kind by the table, else by :func:`measured_kind`."""
    return listed_kind(family) or measured_kind(traits)


def listed_kind(family: str) -> Kind | None:
    """The kind by the table, which names a family or a series; None where it names neither."""
    return _table().get(plain(family)) or _table().get(series(family))


def measured_kind(traits: Traits) -> Kind:
    """The kind by what was measured: shaded strokes are calligraphy, broad ones a brush's."""
    if traits.contrast > _SHADED:
        return "formal"
    joined = traits.joined >= _JOINED and traits.contrast > _SWELLING
    if traits.stroke > (_BROAD_JOINED if joined else _BROAD):
        return "brush"
    return "everyday"


@functools.cache
def _table() -> dict[str, Kind]:
    listed: dict[Kind, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8")
    )
    return {plain(family): kind for kind, families in listed.items() for family in families}
