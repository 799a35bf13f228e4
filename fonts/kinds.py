"""What kind of writing a hand is: everyday, formal calligraphy, or brush lettering; and how much each weighs.

The pinned families stand in ``kinds.yaml``, by eye and by their publisher's tags; a user's own fonts are
judged by what was measured on them.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from common.settings import Settings
from fonts.family import plain
from fonts.hand import Kind, Traits

_BROAD = 0.24  # x-heights: a pen is narrower, a brush is not
_LEANS, _SHADED, _JOINED = 14.0, 1.9, 0.5

Weight = Annotated[float, Field(ge=0)]


class Kinds(Settings):
    """How much a design of each kind weighs when a hand is drawn; 0 leaves the kind out."""

    everyday: Weight = 1.0
    formal: Weight = 0.5
    brush: Weight = 0.5


USUAL = Kinds()


def kind_of(family: str, traits: Traits) -> Kind:
    """The kind by the table, else by :func:`measured_kind`."""
    return _table().get(plain(family)) or measured_kind(traits)


def measured_kind(traits: Traits) -> Kind:
    """The kind by what was measured: broad strokes are a brush's; joined, leaning, shaded ones are formal."""
    if traits.stroke > _BROAD:
        return "brush"
    if traits.joined >= _JOINED and traits.slant > _LEANS and traits.contrast > _SHADED:
        return "formal"
    return "everyday"


@functools.cache
def _table() -> dict[str, Kind]:
    listed: dict[Kind, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8")
    )
    return {plain(family): kind for kind, families in listed.items() for family in families}
