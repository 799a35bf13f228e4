"""Numbers read off the pictures of letters: slant, pen width, contrast, pieces and holes, hollow strokes.

Everything here is a pure function of pictures of ink, bool (H, W), and answers in pixels, degrees or shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fonts.glyphs import framed

Ink = NDArray[np.bool_]

_SPECK = 8  # pixels round a contour that is too small to count
_SLANTS = np.arange(-35, 61, 3)  # degrees tried


def slant(pictures: Iterable[Ink]) -> float:
    """Degrees to the right that the upright strokes lean.

    The shear that gathers the ink in the fewest columns is the one that sets them upright. The answer is a
    parabola's peak between the angles tried (3 degrees apart, -35 to 60); 0 without ink.
    """
    small = [ink[::2, ::2] for ink in pictures if ink.any()]
    if not small:
        return 0.0
    starts = np.cumsum([0, *(4 * ink.shape[0] + ink.shape[1] for ink in small[:-1])])  # room to lean in
    spots = [np.nonzero(ink) for ink in small]
    pairs = list(zip(spots, small, starts, strict=True))
    up = np.concatenate([ink.shape[0] - rows for (rows, _), ink, _ in pairs])
    across = np.concatenate([columns + start + 2 * ink.shape[0] for (_, columns), ink, start in pairs])
    gathered = []
    for lean in np.tan(np.radians(_SLANTS)):
        ink_of_columns = np.bincount((across - up * lean).astype(np.int32))
        gathered.append(float(np.square(ink_of_columns).sum()))
    best = int(np.clip(np.argmax(gathered), 1, len(gathered) - 2))
    before, peak, after = gathered[best - 1 : best + 2]
    bend = before - 2 * peak + after
    shift = 0.5 * (before - after) / bend if bend else 0.0
    return float(_SLANTS[best] + np.clip(shift, -1, 1) * 3)


def stroke(pictures: Iterable[Ink]) -> float:
    """Usual length of the horizontal runs of ink, pixels: the mean of their middle half; 0 without ink."""
    runs: list[NDArray[np.int64]] = []
    for ink in pictures:
        edges = np.diff(framed(ink).astype(np.int8), axis=1).ravel()
        runs.append(np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1))
    lengths = np.sort(np.concatenate(runs)) if runs else np.zeros(0)
    quarter = len(lengths) // 4
    return float(lengths[quarter : len(lengths) - quarter].mean()) if lengths.size else 0.0


def contrast(pictures: Iterable[Ink]) -> float:
    """How much thicker the thick strokes are than the thin ones: 1 for a round pen; 0 without ink.

    The width of a stroke is read off the ridge of the distances to its border, in a picture of twice the
    size, where it is a whole number; thick and thin are the 85th and the 20th percentile over all ridges.
    """
    import cv2

    widths: list[NDArray[Any]] = []
    for ink in pictures:
        doubled = framed(ink.repeat(2, axis=0).repeat(2, axis=1).astype(np.uint8), 2)
        distance = cv2.distanceTransform(doubled, cv2.DIST_L2, 5)
        ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)) - 1e-3) & (distance > 0)
        widths.append(distance[ridge])
    ridges = np.concatenate(widths) if widths else np.zeros(0)
    if not ridges.size:
        return 0.0
    thin, thick = np.percentile(ridges, (20, 85))
    return float(thick / thin)


def pieces(pictures: Iterable[Ink]) -> float:
    """Mean number of separate pieces a picture; specks are not counted."""
    return _mean_count(pictures, holes=False)


def holes(pictures: Iterable[Ink]) -> float:
    """Mean number of holes a picture; those between the contours of an outline mislead where they overlap."""
    return _mean_count(pictures, holes=True)


def _mean_count(pictures: Iterable[Ink], holes: bool) -> float:
    import cv2

    counts = []
    for ink in pictures:
        padded = framed(ink.astype(np.uint8))
        found, tree = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        large = [len(contour) >= _SPECK for contour in found]
        counts.append(sum((tree[0][n][3] >= 0) == holes for n, counted in enumerate(large) if counted))
    return float(np.mean(counts)) if counts else 0.0
