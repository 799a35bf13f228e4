"""From an ordinary line picture to what a model sees: the one preprocessing of training, evaluation and
reading.

It is saved with the model. Steps: stretch the grey levels (the commonest tone is paper, the darkest share is
ink), scale to the model's height, pad on the right with paper to a width that depends on the line alone, map
to ink = +1, paper = -1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from common.errors import DataError
from common.settings import Settings


class Preprocessing(Settings):
    """How pictures are made ready.

    Attributes:
        height: rows after scaling.
        bucket: pictures are padded to the next multiple of this many pixels, so a line never depends on its
            batch mates.
        max_width: the widest picture after scaling.
        stretch: map the paper's tone to white and the ink's darkest share to black.
    """

    height: int = Field(64, ge=8, le=512)
    bucket: int = Field(256, ge=1)
    max_width: int = Field(2240, ge=8)
    stretch: bool = True

    def bucket_width(self, width: int) -> int:
        """The padded width of a picture ``width`` pixels wide after scaling."""
        return min(-(-width // self.bucket) * self.bucket, self.max_width)

    def scaled_width(self, height: int, width: int) -> int:
        """The width of a picture after scaling to the model's height; at least one pixel."""
        return max(1, round(width * self.height / height))


def prepare(
    picture: NDArray[np.uint8], settings: Preprocessing, name: str = "the picture"
) -> NDArray[np.uint8]:
    """Stretch and scale one grey picture: (h, w) uint8, dark ink on light paper -> (height, W) uint8.

    Raises:
        DataError: the picture is empty, or wider than the model takes.
    """
    import cv2

    if picture.ndim != 2 or 0 in picture.shape:
        raise DataError(f"{name} has shape {picture.shape}", "a grey picture with at least one pixel")
    width = settings.scaled_width(*picture.shape)
    if width > settings.max_width:
        raise DataError(
            f"{name} is {picture.shape[1]} x {picture.shape[0]} pixels, {width} wide at a height of "
            f"{settings.height}",
            f"at most {settings.max_width} pixels at that height",
            "cut the line into shorter ones, or check that it is one line and not turned",
        )
    if settings.stretch:
        picture = stretch(picture)
    if picture.shape != (settings.height, width):
        method = cv2.INTER_AREA if picture.shape[0] > settings.height else cv2.INTER_CUBIC
        picture = cv2.resize(picture, (width, settings.height), interpolation=method).astype(np.uint8)
    return picture


def stretch(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Spread the grey levels between ink (the darkest 1 %) and paper (the median); an even picture becomes
    white."""
    counts = np.bincount(picture.ravel(), minlength=256).cumsum()
    ink, paper = (int(np.searchsorted(counts, share * counts[-1])) for share in (0.01, 0.5))
    if paper - ink < 8:
        return np.full_like(picture, 255)
    levels = (np.arange(256) - ink) * (255.0 / (paper - ink))
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    stretched: NDArray[np.uint8] = table[picture]
    return stretched


def stack(pictures: Sequence[NDArray[np.uint8]], width: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Pad prepared pictures to ``width``: (B, 1, height, width) with ink = +1 and paper = -1, and their
    real widths (B,)."""
    pixels = np.full((len(pictures), 1, pictures[0].shape[0], width), 255, np.uint8)
    for row, picture in zip(pixels, pictures, strict=True):
        row[0, :, : picture.shape[1]] = picture
    return 1 - pixels.astype(np.float32) * (2 / 255), np.array([p.shape[1] for p in pictures], np.int64)
