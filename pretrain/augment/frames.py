"""Random padding, squeeze and stretch: another frame for every line of an epoch.

They change widths, and batches hold lines of one padded width. So they are drawn for the whole epoch before
its batches are planned, as a pure function of (seed, epoch, line), from sizes alone; no picture is read. What
keeps the width stands in ``pretrain.augment.strokes``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from pretrain.augment.settings import AugmentSettings
from recognize.preprocessing import Boxes, Picture, Preprocessing

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a prepared picture stands in its new frame of the same height, pixels.

    Attributes:
        left, top: of the picture in the frame.
        across, up: the picture's size in the frame.
        width: of the frame.
    """

    left: int
    top: int
    across: int
    up: int
    width: int


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of all lines of an epoch: (n,) each, as in :class:`Frame`."""

    left: Numbers
    top: Numbers
    across: Numbers
    up: Numbers
    widths: Numbers

    def __getitem__(self, i: int) -> Frame:
        """The frame of line ``i``."""
        return Frame(*(int(part[i]) for part in (self.left, self.top, self.across, self.up, self.widths)))


def draw_frames(
    widths: Numbers, preprocessing: Preprocessing, settings: AugmentSettings, seed: int, epoch: int
) -> Frames:
    """Draw the frames of an epoch; line ``i`` gets the same one whatever other lines there are after it.

    Args:
        widths: (n,) widths of the prepared pictures; 0 stays 0.
        preprocessing: the height of all pictures, and the greatest width, which no frame exceeds.
        settings: chances and bounds.
        seed, epoch: what the frames are drawn from.
    """
    height = preprocessing.height
    padded, stretched, factor, *sides = stream(seed, epoch, "frames").random((len(widths), 7), np.float32).T
    sides_of_paper = (padded < settings.pad) * np.stack(sides)
    above, below = sides_of_paper[:2] * settings.pad_height * height
    before, after = sides_of_paper[2:] * settings.pad_width * height
    narrow, wide = settings.width
    share = np.where(stretched < settings.stretch, narrow + (wide - narrow) * factor, 1.0)
    scale = height / (height + above + below)
    across = np.clip(_whole(widths * share * scale), 1, preprocessing.max_width)
    left, right = _whole(before * scale), _whole(after * scale)
    left = np.minimum(left, preprocessing.max_width - across)
    right = np.minimum(right, preprocessing.max_width - across - left)
    up = np.maximum(_whole(height * scale), 1)
    top = np.minimum(_whole(above * scale), height - up)
    return Frames(left, top, across, up, np.where(widths > 0, left + across + right, 0))


def set_into(image: Picture, boxes: Boxes | None, frame: Frame) -> tuple[Picture, Boxes | None]:
    """Put a prepared picture into its frame, on paper of its own commonest tone; boxes move alike.

    Args:
        image: (height, width), uint8.
        boxes: (n, 4), int32, in the picture; None where they are not known.
        frame: drawn for a picture of this size.
    """
    import cv2

    height, width = image.shape
    if frame == Frame(0, 0, width, height, width):
        return image, boxes
    paper = int(np.bincount(image.ravel(), minlength=256).argmax())
    framed = np.full((height, frame.width), paper, np.uint8)
    method = cv2.INTER_AREA if frame.across < width or frame.up < height else cv2.INTER_LINEAR
    window = framed[frame.top : frame.top + frame.up, frame.left : frame.left + frame.across]
    window[:] = cv2.resize(image, (frame.across, frame.up), interpolation=method)
    if boxes is not None:
        scale = np.array([frame.across / width, frame.up / height] * 2)
        boxes = np.rint(boxes * scale + [frame.left, frame.top] * 2).astype(np.int32)
    return framed, boxes


def _whole(values: NDArray[np.floating]) -> Numbers:
    return np.rint(values).astype(np.int64)
