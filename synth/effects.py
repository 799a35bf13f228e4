"""Effects that may happen to a picture: each with its own chance, strength and streams.

Which effects happen on a page and how strong is drawn for the page. Every effect draws from streams of its
own, so one that is turned off or draws more values than before changes no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from common.settings import Settings

Field = NDArray[np.float32]
Levels = Field | NDArray[np.uint8]


@dataclass(frozen=True)
class Chances:
    """Where one effect draws from.

    Attributes:
        name: of the effect.
        page: seed of its streams that the lines of a page share.
        line: seed of its streams that the line has for itself.
    """

    name: str
    page: int
    line: int

    @cached_property
    def kept(self) -> np.random.Generator:
        """What all lines of a page share."""
        return stream(self.page, 0, self.name)

    @cached_property
    def rng(self) -> np.random.Generator:
        """What this line has for itself."""
        return stream(self.line, 0, self.name)


class Filter(Protocol):
    """An effect: grey levels float32, (height, width); it may change the ones given."""

    def __call__(self, image: Field, strength: float, chances: Chances, /) -> Field:
        """The picture after the effect; strength from 0, invisible, to 1, the most offered."""


def apply_effects(
    image: Levels,
    settings: Settings,
    effects: Mapping[str, Callable[..., Field]],
    kept: np.random.Generator,
    rng: np.random.Generator,
    *given: object,
) -> tuple[Levels, list[dict[str, Any]]]:
    """Apply effects in the order of their table.

    Args:
        image: grey levels, float32 or uint8; not changed.
        settings: has an ``Effect`` by the name of every effect.
        effects: a ``Filter`` for every name; it is handed ``given`` besides.
        kept: the page's stream: which effects, and how strong.
        rng: the line's stream: where and in which form.
        given: what else the filters need.

    Returns:
        The picture, float32 after an effect, and the name and strength of what was applied.
    """
    applied: list[dict[str, Any]] = []
    offered = vars(settings)
    wanted = [offered[name] for name in effects]
    if not any(effect.probability for effect in wanted):
        return image, applied
    page, line = int(kept.integers(2**63)), int(rng.integers(2**63))
    chances, shares = kept.random((2, len(wanted))).tolist()
    for name, effect, chance, share in zip(effects, wanted, chances, shares, strict=True):
        if chance >= effect.probability:
            continue
        low, high = effect.strength
        strength = low + share * (high - low)
        own = image if applied else image.astype(np.float32)
        image = effects[name](own, strength, Chances(name, page, line), *given)
        applied.append({"name": name, "strength": round(strength, 3)})
    return image, applied
