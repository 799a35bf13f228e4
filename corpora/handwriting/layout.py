"""What PAGE and ALTO tell about a page, in one form: its picture, and its lines with text and shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from corpora.handwriting.crop import Points

FURTHEST = 1e6  # of coordinates from 0: no page is larger


@dataclass(frozen=True, slots=True, eq=False)
class LayoutLine:
    """One line as the file tells it.

    Attributes:
        id: as in the file, or its running number there.
        text: as in the file, not yet normalised; None where the file has no transcription of it.
        polygon: (n, 2) in the file's units, or None.
        baseline: (m, 2) in the file's units, or None.
        kind: the type of the line, such as ``Main``; empty where none is told.
    """

    id: str
    text: str | None
    polygon: Points | None
    baseline: Points | None
    kind: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A page.

    Attributes:
        picture: the name of its picture as the file tells it, or empty.
        size: (width, height) in the file's units, or None.
        lines: in reading order.
    """

    picture: str
    size: tuple[float, float] | None
    lines: tuple[LayoutLine, ...]


def points(text: str | None, least: int) -> Points | None:
    """Coordinates written as ``x,y x,y`` or ``x y x y``; None for fewer than ``least`` points.

    A number left over at the end is dropped.
    """
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text or "")]
    pairs = np.clip(np.asarray(numbers[: len(numbers) // 2 * 2]), -FURTHEST, FURTHEST).reshape(-1, 2)
    return pairs.astype(np.float32) if len(pairs) >= least else None


def box(left: float, top: float, width: float, height: float) -> Points | None:
    """The corners of an upright box; None for one without extent."""
    if not (np.isfinite([left, top]).all() and width > 0 and height > 0):
        return None
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def number(text: str | None) -> float:
    """A number in an attribute, within the bounds of coordinates; not-a-number where there is none."""
    try:
        return float(np.clip(float(text or "nan"), -FURTHEST, FURTHEST))  # not-a-number stays what it is
    except ValueError:
        return float("nan")
