"""The record of real handwriting: what every reader of a benchmark yields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Split = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class HandwrittenLine:
    """One line of real handwriting with its transcription.

    The picture is read when asked for, so a list of a hundred thousand lines stays small.

    Attributes:
        id: unique within its data set, stable between runs (file stem, line id).
        text: the transcription, NFC with single blanks; may be empty only where the reader's policy says so.
        split: the split the data set puts it in.
        load: returns the picture, uint8 grey, (height, width), dark ink on light paper.
        writer: writer id where the data tell, for writer-disjoint splits and intervals by writer.
        page: page or document id where the data tell.
        origin: free facts worth keeping (file, source, ...), JSON-able.
    """

    id: str
    text: str
    split: Split
    load: Callable[[], NDArray[np.uint8]]
    writer: str | None = None
    page: str | None = None
    origin: dict[str, Any] = field(default_factory=dict)
