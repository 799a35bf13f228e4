"""A line written by a hand to be looked at, in sheets and reports; it is drawn in the room ``synth``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fonts.hand import Hand


@dataclass(frozen=True, slots=True)
class Specimen:
    """Clean ink, cropped.

    Attributes:
        ink: uint8, (height, width); 255 = wholly covered.
        baseline: row of the baseline; it may lie above or below the picture.
        x_height: that was drawn, pixels.
    """

    ink: NDArray[np.uint8]
    baseline: int
    x_height: float


# Hand, text and x-height in pixels -> the line; None where the font cannot be drawn.
Write = Callable[[Hand, str, float], Specimen | None]


def fitting(
    write: Write, hand: Hand, text: str, x_height: float, box: tuple[int, int, int]
) -> Specimen | None:
    """A specimen of the characters that the hand has, made smaller where it would leave its place.

    Args:
        write: draws it.
        hand: who writes.
        text: what; characters that the hand does not draw are left out.
        x_height: wanted, pixels.
        box: width, height above and depth below the baseline, pixels.
    """
    own = "".join(c for c in text if c in hand.characters)
    specimen = write(hand, own, x_height) if own.strip() else None
    if specimen is None:
        return None
    height, width = specimen.ink.shape
    room, above, below = box
    shrink = min(
        1.0, room / width, above / max(specimen.baseline, 1), below / max(height - specimen.baseline, 1)
    )
    return write(hand, own, specimen.x_height * shrink * 0.98) if shrink < 1 else specimen
