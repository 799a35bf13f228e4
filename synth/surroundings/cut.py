"""The cut: what a segmentation leaves of the page around the line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.surroundings.settings import SurroundingsSettings


def cut(
    image: NDArray[np.uint8],
    coverage: NDArray[np.uint8],
    settings: SurroundingsSettings,
    kept: np.random.Generator,
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_] | None]:
    """Fill what lies beyond an outline around the ink of the line.

    Args:
        image: the picture; not changed.
        coverage: of the line's letters.
        settings: the recipe's.
        kept: the page's stream.
        rng: the line's stream.

    Returns:
        The picture, and where it was filled; None where nothing was.
    """
    return image, None
