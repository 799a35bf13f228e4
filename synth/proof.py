"""The proof that a picture shows its label: measured on the final pixels, not assumed.

The degradations move no stroke, so the clean coverage says for every pixel of the picture whether it ought to
be ink or paper. Each check names its failure; the first one is the reason that is counted. Everything is sums
of bytes over the picture or over boxes, so the proof costs a fraction of the drawing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.hand.raster import INK, DrawnLine
from synth.output import OutputSettings
from synth.ranges import Range, Share
from synth.sample import Rejected

BODY = 0.6  # share of the strongest coverage from which a pixel is the body of a stroke, not its edge
AROUND = 3  # pixels about a letter's box in which its paper is looked for

Plane = NDArray[np.uint8]


class ProofSettings(Settings):
    """What a picture must pass (see ``synth.proof``).

    Attributes:
        ink_share: bounds of the share of inked pixels.
        contrast: least difference between paper and ink, grey levels.
        likeness: least correlation between the clean ink and the darkness of the final picture.
        letter_contrast: least darkness of every letter, share of the line's contrast.
        letter_visible: least share of every letter's ink that nothing else covers.
    """

    ink_share: Range = (0.005, 0.5)
    contrast: float = 40.0
    likeness: Share = 0.6
    letter_contrast: Share = 0.25
    letter_visible: Share = 0.5


class _Seen(NamedTuple):
    """The line without what lies aside: every plane is 0 there.

    Attributes:
        grey: the picture.
        cover: the clean ink.
        ink: 255 in the bodies of strokes.
        paper: 255 where no ink is.
        size: number of pixels that are not aside.
    """

    grey: Plane
    cover: Plane
    ink: Plane
    paper: Plane
    size: int


def prove_drawing(
    drawn: DrawnLine,
    text: str,
    order: NDArray[np.intp],
    x_height: float,
    settings: ProofSettings,
    output: OutputSettings,
) -> Rejected | None:
    """Check the clean drawing: all characters inked, in order, inside; no ink in the margin; a sane share.

    Reasons: ``no-ink``, ``clipped-ink``, ``ink-share``, ``boxes-outside``, ``boxes-disordered``.
    """
    if drawn.inkless is not None:
        return Rejected("no-ink", f"U+{ord(text[drawn.inkless]):04X}")
    coverage, margin = drawn.coverage, output.margin
    borders = coverage[:margin], coverage[-margin:], coverage[:, :margin], coverage[:, -margin:]
    if any(border.any() for border in borders):
        return Rejected("clipped-ink")
    share = np.count_nonzero(coverage >= INK) / coverage.size
    if not settings.ink_share[0] <= share <= settings.ink_share[1]:
        return Rejected("ink-share", f"{share:.4f}")
    least, most = drawn.boxes.min(0), drawn.boxes.max(0)
    left, top, right, bottom = drawn.boxes.T
    inside = least.min() >= 0 and most[2] <= coverage.shape[1] and most[3] <= coverage.shape[0]
    if not inside or (left > right).any() or (top > bottom).any():
        return Rejected("boxes-outside")
    steps = np.diff((left + right)[order]) * 0.5
    # A comma may slip under the letter before it, but nothing overtakes its neighbour by half a letter.
    if len(steps) and steps.min() < -0.5 * x_height:
        index = int(steps.argmin())
        return Rejected("boxes-disordered", "".join(text[place] for place in order[index : index + 2]))
    return None


def prove_picture(
    image: NDArray[np.uint8],
    drawn: DrawnLine,
    aside: NDArray[np.bool_] | None,
    text: str,
    settings: ProofSettings,
    struck: tuple[tuple[int, int], ...] = (),
) -> Rejected | None:
    """Check the final picture: ink darker than paper, shaped like the clean ink, every letter visible.

    Args:
        image: the final picture.
        drawn: the letters as they were drawn.
        aside: (height, width); pixels that are neither the line's ink nor its paper.
        text: what is drawn.
        settings: the recipe's.
        struck: the stretches of ``text``, (start, stop), that are crossed out: nobody has to read them.

    Reasons: ``resized``, ``hidden-letter``, ``low-contrast``, ``unreadable``, ``lost-letter``.
    """
    if image.shape != drawn.coverage.shape:
        return Rejected("resized", "{} x {} px".format(*image.shape[::-1]))
    if aside is None and _untouched(image, drawn.coverage, settings):
        return None
    seen = _seen(image, drawn.coverage, aside)
    owed = drawn.boxes[:, 0] < drawn.boxes[:, 2]  # a blank owes no ink
    for start, stop in struck:
        owed[start:stop] = False
    if aside is not None:
        visible = _visible(drawn.coverage, seen.cover, drawn.boxes)
        index = int(np.where(owed, visible, np.inf).argmin())
        if owed[index] and visible[index] < settings.letter_visible:
            return Rejected("hidden-letter", text[index])
    contrast = _median(seen.grey, seen.paper) - _median(seen.grey, seen.ink)
    if contrast < settings.contrast:
        return Rejected("low-contrast", f"{contrast}")
    likeness = -_correlation(seen)
    if likeness < settings.likeness:
        return Rejected("unreadable", f"{likeness:.2f}")
    darkness = np.where(owed, _darkness(seen, drawn.boxes), np.inf)
    if darkness.min() < settings.letter_contrast * contrast:
        return Rejected("lost-letter", text[int(darkness.argmin())])
    return None


def _untouched(image: Plane, coverage: Plane, settings: ProofSettings) -> bool:
    """Whether the picture is black ink on white: then it is as like and as dark as can be."""
    return bool(BODY * coverage.max() >= settings.contrast) and np.array_equal(image, ~coverage)


def _seen(image: Plane, coverage: Plane, aside: NDArray[np.bool_] | None) -> _Seen:
    grey, cover, size = image, coverage, coverage.size
    paper = ~_above(coverage, 0)
    if aside is not None:
        mask = ~_above(aside.view(np.uint8), 0)
        grey, cover, paper = grey & mask, cover & mask, paper & mask
        size = int(np.count_nonzero(mask))
    return _Seen(grey, cover, _above(cover, int(BODY * cover.max())), paper, size)


def _above(plane: Plane, level: int) -> Plane:
    """255 where a plane is above a level, else 0."""
    import cv2

    return np.asarray(cv2.threshold(plane, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _median(grey: Plane, where: Plane) -> int:
    """The middle grey level where a mask is 255, by counting: quicker than sorting. 0 of no pixel."""
    import cv2

    counts = cv2.calcHist([grey | ~where], [0], None, [256], [0, 256]).ravel()
    counts[255] -= where.size - np.count_nonzero(where)
    total = np.cumsum(counts)
    return int(np.searchsorted(total, total[-1] / 2))


def _correlation(seen: _Seen) -> float:
    """Pearson's, of clean ink and grey level; 0 where one of them is constant."""
    import cv2

    grey, cover = cv2.sumElems(seen.grey)[0], cv2.sumElems(seen.cover)[0]
    squares = [cv2.norm(plane, cv2.NORM_L2SQR) for plane in (seen.grey, seen.cover)]
    product = (sum(squares) - cv2.norm(seen.grey, seen.cover, cv2.NORM_L2SQR)) / 2
    spreads = (seen.size * squares[0] - grey * grey) * (seen.size * squares[1] - cover * cover)
    return float((seen.size * product - grey * cover) / np.sqrt(spreads)) if spreads > 0 else 0.0


def _visible(coverage: Plane, cover: Plane, boxes: NDArray[np.int32]) -> NDArray[np.float64]:
    """The share of the ink in every box that is not aside; 1 in a box without ink."""
    whole = _box_sums(coverage, boxes)
    return np.where(whole > 0, _box_sums(cover, boxes) / np.maximum(whole, 1), 1.0)


def _darkness(seen: _Seen, boxes: NDArray[np.int32]) -> NDArray[np.float64]:
    """How much darker every letter's ink is than the paper around it, grey levels at full coverage.

    The best fit of (paper - darkness * coverage) to the grey levels in and around the letter's box. A letter
    without paper around it is inf: the line's likeness judges it.
    """
    import cv2

    height, width = seen.grey.shape
    around = boxes + np.array([-AROUND, -AROUND, AROUND, AROUND], np.int32)
    np.clip(around, 0, [width, height, width, height], out=around)
    count, light, ink, dark, square = (
        _box_sums(plane, around)
        for plane in (
            seen.paper,
            seen.grey & seen.paper,
            seen.cover,
            np.asarray(cv2.multiply(seen.cover, seen.grey, scale=1 / 255), np.uint8),
            np.asarray(cv2.multiply(seen.cover, seen.cover, scale=1 / 255), np.uint8),
        )
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        darkness = 255 * (light / count * ink - dark) / square
    return np.where((count > 0) & (square > 0), darkness, np.inf)


def _box_sums(plane: Plane, boxes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The sum of a plane over every box."""
    import cv2

    table = cv2.integral(plane)
    left, top, right, bottom = boxes.T
    return table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
