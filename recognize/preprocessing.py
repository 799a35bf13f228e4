"""From an ordinary line picture to what a model sees: the one preprocessing of training, evaluation and
reading.

It is saved with the model, so a picture is never made ready in another way than the model has learnt. Steps:
light writing on dark ground is inverted, the grey levels are stretched (the middle tone is paper, the darkest
share is ink), the picture is scaled to the model's height, set upright, padded on the right with paper to a
width that depends on the line alone, and mapped to ink = +1, paper = -1. Character boxes go along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from common.errors import DataError
from common.settings import Settings
from recognize.deslant import Boxes, Picture, deslant

Invert = Literal["never", "auto", "always"]


class Preprocessing(Settings):
    """How pictures are made ready. The defaults are what models did whose file does not say.

    Attributes:
        height: rows after scaling.
        bucket: pictures are padded to the next multiple of this many pixels, so a line never depends on its
            batch mates.
        max_width: the widest picture after scaling.
        stretch: map the paper's tone to white and the ink's darkest share to black.
        invert: turn the grey levels round: never, always, or where the writing is lighter than its ground.
        deslant: set slanted writing upright.
    """

    height: int = Field(64, ge=8, le=512)
    bucket: int = Field(256, ge=1)
    max_width: int = Field(2240, ge=8)
    stretch: bool = True
    invert: Invert = "never"
    deslant: bool = False

    def bucket_width(self, width: int) -> int:
        """The padded width of a picture ``width`` pixels wide after scaling."""
        return min(-(-width // self.bucket) * self.bucket, self.max_width)

    def scaled_width(self, height: int, width: int) -> int:
        """The width of a picture after scaling to the model's height; at least one pixel."""
        return max(1, round(width * self.height / height))


def check(picture: Picture, settings: Preprocessing, name: str = "the picture") -> None:
    """Refuse what no model can take.

    Raises:
        DataError: the picture is empty, or wider than the model takes.
    """
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


def prepare(picture: Picture, settings: Preprocessing, name: str = "the picture") -> Picture:
    """Make one grey picture ready: (h, w) uint8 -> (height, W) uint8, dark ink on light paper.

    ``W`` depends on the picture's size alone.

    Raises:
        DataError: the picture is empty, or wider than the model takes.
    """
    return prepare_with_boxes(picture, None, settings, name)[0]


def prepare_with_boxes(
    picture: Picture, boxes: Boxes | None, settings: Preprocessing, name: str = "the picture"
) -> tuple[Picture, Boxes | None]:
    """What :func:`prepare` does, with the character boxes (n, 4) where they are known."""
    import cv2

    check(picture, settings, name)
    height, width = picture.shape
    scaled = settings.scaled_width(height, width)
    if settings.invert == "always" or (settings.invert == "auto" and is_light_on_dark(picture)):
        picture = 255 - picture
    if settings.stretch:
        picture = stretch(picture)
    if picture.shape != (settings.height, scaled):
        method = cv2.INTER_AREA if height > settings.height else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, (scaled, settings.height), interpolation=method), np.uint8)
        if boxes is not None:
            boxes = np.rint(boxes * ([scaled / width, settings.height / height] * 2)).astype(np.int32)
    return deslant(picture, boxes) if settings.deslant else (picture, boxes)


def is_light_on_dark(picture: Picture) -> bool:
    """Whether the writing is lighter than its ground: the grey levels reach farther up from the middle tone,
    which is the ground's, than down."""
    dark, ground, light = _levels(picture, 0.01, 0.5, 0.99)
    return light - ground > ground - dark


def stretch(picture: Picture) -> Picture:
    """Spread the grey levels between ink (the darkest 1 %) and paper (the median); an even picture becomes
    white."""
    ink, paper = _levels(picture, 0.01, 0.5)
    if paper - ink < 8:
        return np.full_like(picture, 255)
    levels = (np.arange(256) - ink) * (255.0 / (paper - ink))
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    stretched: NDArray[np.uint8] = table[picture]
    return stretched


def stack(pictures: Sequence[Picture], width: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Pad prepared pictures to ``width``: (B, 1, height, width) with ink = +1 and paper = -1, and their
    real widths (B,)."""
    pixels = np.full((len(pictures), 1, pictures[0].shape[0], width), 255, np.uint8)
    for row, picture in zip(pixels, pictures, strict=True):
        row[0, :, : picture.shape[1]] = picture
    return 1 - pixels.astype(np.float32) * (2 / 255), np.array([p.shape[1] for p in pictures], np.int64)


def _levels(picture: Picture, *shares: float) -> list[int]:
    """The grey levels below which these shares of the pixels lie, by counting: quicker than sorting."""
    counts = np.bincount(picture.ravel(), minlength=256).cumsum()
    return [int(np.searchsorted(counts, share * counts[-1])) for share in shares]
