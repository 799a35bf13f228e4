"""Augraphy's effects behind a wall: deterministic, and invisible to everybody else's random numbers.

Augraphy draws from the global generators (`random`, `np.random`), ignores seed 0 and moves the generators
even when imported. Here both are seeded before every effect from the sample's stream and put back
afterwards, whatever happens. Only effects that move no stroke, compile nothing and draw from no third
generator are offered (``benchmarks/augraphy_effects.py`` tries all of them); what has a version of our own in
``synth.paper`` or ``synth.camera`` is not. They are made for pages: one that fails on a small picture, or
returns something else than its like, is skipped and named in the sample's record.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.ranges import Share, Weight


class Foreign(NamedTuple):
    """A class of Augraphy and what it costs, milliseconds for a line of 64 x 900 pixels on one core."""

    kind: str
    cost: float


EFFECTS = {
    "ink_bleed": Foreign("InkBleed", 1.3),
    "ink_mottling": Foreign("InkMottling", 1.0),
    "low_ink_lines": Foreign("LowInkRandomLines", 0.3),
    "subtle_noise": Foreign("SubtleNoise", 1.0),
    "noise_texture": Foreign("NoiseTexturize", 13.0),
    "brightness_texture": Foreign("BrightnessTexturize", 2.1),
}


class AugraphySettings(Settings):
    """Chances of Augraphy's effects, and what they may cost.

    The expected cost of a line is the sum of chance times measured cost. Where it is more than the budget,
    all chances are lowered by one factor; no clock is read, so pictures are the same on every machine.

    Attributes:
        budget_ms: what the effects may cost a line on average, milliseconds.
        ink_bleed: ink that runs at the strokes' borders.
        ink_mottling: uneven ink.
        low_ink_lines: rows without ink.
        subtle_noise: faint noise.
        noise_texture: streaky paper.
        brightness_texture: noise in the light.
    """

    budget_ms: Weight = 1.0
    ink_bleed: Share = 0.0
    ink_mottling: Share = 0.0
    low_ink_lines: Share = 0.0
    subtle_noise: Share = 0.0
    noise_texture: Share = 0.0
    brightness_texture: Share = 0.0

    @cached_property
    def chances(self) -> dict[str, float]:
        """The chance of every effect that may happen, within the budget."""
        wanted = {name: chance for name in EFFECTS if (chance := getattr(self, name))}
        cost = sum(chance * EFFECTS[name].cost for name, chance in wanted.items())
        share = min(1.0, self.budget_ms / cost) if cost else 1.0
        return {name: chance * share for name, chance in wanted.items()}


def apply_augraphy(
    image: NDArray[np.uint8], settings: AugraphySettings, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """Apply Augraphy's effects, each with its chance within the budget, in the order of the settings.

    Args:
        image: uint8 grey, (height, width); not changed.
        settings: chances by effect, and the budget.
        rng: the stream of this sample's Augraphy effects; it seeds every effect.

    Returns:
        The picture and a record of every effect: its name, the chance that the budget left it and, where it
        was skipped, why.
    """
    records: list[dict[str, Any]] = []
    if not settings.chances:
        return image, records
    for name, (kind, _) in EFFECTS.items():
        drawn, seed, chance = rng.random(), int(rng.integers(2**32)), settings.chances.get(name, 0.0)
        if drawn >= chance:
            continue
        record = {"name": f"augraphy.{kind}", "chance": round(chance, 4)}
        result = _run(kind, image, seed)
        if isinstance(result, str):
            record["skipped"] = result
        else:
            image = result
        records.append(record)
    return image, records


def _run(name: str, image: NDArray[np.uint8], seed: int) -> NDArray[np.uint8] | str:
    """The effect's picture, or why there is none."""
    with lent_generators():
        import augraphy  # moves the generators when it is first imported, so they are seeded after it

        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002 what Augraphy reads
        try:
            result = getattr(augraphy, name)(p=1)(image.copy())
        except Exception as error:  # foreign code; whatever it raises is written into the sample's record
            return f"{type(error).__name__}: {error}"[:200]
    if not isinstance(result, np.ndarray) or result.shape != image.shape or result.dtype != np.uint8:
        return "the result is not a picture of the same size"
    return result


@contextmanager
def lent_generators() -> Iterator[None]:
    """Put the global generators back as they were."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 saved, not used
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
