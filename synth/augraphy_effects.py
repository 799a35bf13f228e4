"""Augraphy's effects behind a wall (none yet)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth.recipe import AugraphySettings


def apply_augraphy(
    image: NDArray[np.uint8],
    settings: AugraphySettings,
    seed: int,
    index: int,
) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    """Nothing yet."""
    return image, []
