"""Augraphy's effects behind a wall: deterministic, and invisible to everybody else's random numbers.

Augraphy draws from the global generators (`random`, `np.random`), ignores seed 0 and moves the generators
even when imported. Here both are seeded before every effect from the sample's stream and put back
afterwards, whatever happens. Only effects that move no stroke, compile nothing and draw from no third
generator are offered. They are made for pages: one that fails on a small picture, or returns something else
than its like, is skipped and named in the sample's record.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.ranges import Share

CLASSES = {
    "ink_bleed": "InkBleed",
    "ink_mottling": "InkMottling",
    "low_ink_lines": "LowInkRandomLines",
    "dirty_drum": "DirtyDrum",
    "subtle_noise": "SubtleNoise",
    "noise_texture": "NoiseTexturize",
    "brightness_texture": "BrightnessTexturize",
}


class AugraphySettings(Settings):
    """Chances of Augraphy's effects; each costs milliseconds a line."""

    ink_bleed: Share = 0.0
    ink_mottling: Share = 0.0
    low_ink_lines: Share = 0.0
    dirty_drum: Share = 0.0
    subtle_noise: Share = 0.0
    noise_texture: Share = 0.0
    brightness_texture: Share = 0.0


def apply_augraphy(
    image: NDArray[np.uint8], settings: AugraphySettings, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """Apply Augraphy's effects, each with its chance, in the order of the settings.

    Args:
        image: uint8 grey, (height, width); not changed.
        settings: chances by effect.
        rng: the stream of this sample's Augraphy effects; it seeds every effect.

    Returns:
        The picture and a record of every effect: its name and, where it was skipped, why.
    """
    records = []
    for name in AugraphySettings.model_fields:
        chance, seed = rng.random(), int(rng.integers(2**32))
        if chance >= getattr(settings, name):
            continue
        record = {"name": f"augraphy.{CLASSES[name]}"}
        result = _run(CLASSES[name], image, seed)
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
