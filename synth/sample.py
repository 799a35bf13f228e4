"""The record that flows from the mill to the shards: a picture that shows its label, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LineSample:
    """One synthetic line.

    Attributes:
        image: uint8 grey, (height, width), 255 = paper.
        text: the label: exactly what is drawn, logical order.
        boxes: int32, (len(text), 4): left, top, right, bottom (exclusive) of every character's ink in
            ``image``, in text order; a blank has left = right = its middle and top = bottom. Inside the
            picture.
        provenance: JSON-able: seed, index, text source and document, hand id, effects applied with their
            parameters.
        clean: the picture before degradation where it was asked for, same shape as ``image``.
    """

    image: NDArray[np.uint8]
    text: str
    boxes: NDArray[np.int32]
    provenance: dict[str, Any] = field(default_factory=dict)
    clean: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sample that could not be proven, and the reason that is counted, such as ``low-contrast``."""

    reason: str
    detail: str = ""
