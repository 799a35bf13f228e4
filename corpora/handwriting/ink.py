"""Pen traces drawn as a picture: strokes of one width with round ends, dark on white, with soft edges.

No pressure, no paper: what on-line handwriting looks like on a tablet. The width of the pen is a fixed share
of the height of the writing, as it is with a real pen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Trace = NDArray[np.float32]  # (n, 2) of (x, y) in the units of the tablet, y downwards

HEIGHT = 96.0  # pixels from the highest to the lowest point of an ordinary line
PEN = 4.0  # pixels: width of a stroke at that height, about a sixth of the height of an x
MARGIN = 12  # pixels of paper around the ink
LARGEST = (8000, 2000)  # pixels of ink, across and down: what is larger is drawn smaller
FINER = 4  # times as large it is drawn first, then averaged: short strokes of one trace join without a seam


def draw(traces: Sequence[Trace], unit: float) -> NDArray[np.uint8]:
    """The picture of a line.

    Args:
        traces: one a stroke, at least one with a point.
        unit: height of an ordinary line in the units of the traces, which is drawn 96 pixels high, with a pen
            of 4 pixels.

    Returns:
        uint8 grey, (height, width): ink 0 on paper 255.
    """
    import cv2

    points = np.concatenate(traces)
    low = points.min(axis=0)
    extent = points.max(axis=0) - low
    scale = float(np.min([HEIGHT / max(unit, 1e-6), *(LARGEST / np.maximum(extent, 1e-6))]))
    width, height = (np.ceil(extent * scale).astype(int) + 2 * MARGIN + 1).tolist()
    fine = np.full((height * FINER, width * FINER), 255, np.uint8)
    for trace in traces:
        placed = np.rint(((trace - low) * scale + MARGIN + 0.5) * FINER).astype(np.int32)
        if np.ptp(placed, axis=0).any():
            cv2.polylines(fine, [placed.reshape(-1, 1, 2)], False, 0, round(PEN * FINER))
        else:
            cv2.circle(fine, placed[0].tolist(), round(PEN * FINER / 2), 0, -1)
    return np.asarray(cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
