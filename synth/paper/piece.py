"""What the paper's effects are told of the piece of paper that they are to change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of paper that will be written on.

    Attributes:
        coverage: uint8, (height, width), of all strokes of the pen; the other side of the sheet looks alike.
        x_height: height of the x, pixels; about 2.5 mm on paper, so it gives the scale of fibres and stains.
    """

    coverage: NDArray[np.uint8]
    x_height: float
