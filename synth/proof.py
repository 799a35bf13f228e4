"""The proof that a picture shows its label: measured on the final pixels, not assumed.

The degradations move no stroke, so the clean coverage says for every pixel of the picture whether it ought to
be ink or paper. Each check names its failure; the first one is the reason that is counted. Ink is seen where
it is darker than the paper about it: most of every letter must be, and most of every piece that stands apart,
as accents, dots and quotation marks do. Everything is sums over the picture, over boxes or over pieces, so
the proof costs a fraction of the drawing.
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
AROUND = 25  # pixels across the square about every pixel in which its paper is looked for
SPECK = 1.0  # ink of a piece, wholly covered pixels, below which it is no mark

Plane = NDArray[np.uint8]


class ProofSettings(Settings):
    """What a picture must pass (see ``synth.proof``).

    Attributes:
        ink_share: bounds of the share of inked pixels.
        contrast: least difference between paper and ink, grey levels.
        likeness: least correlation between the clean ink and the darkness of the final picture.
        letter_contrast: darkness, against the paper about it, from which ink is seen; share of the line's
            contrast.
        letter_seen: least share of the ink of every letter and of every mark that is seen.
        letter_visible: least share of the ink of every letter and of every mark that nothing else covers.
    """

    ink_share: Range = (0.005, 0.5)
    contrast: float = 40.0
    likeness: Share = 0.6
    letter_contrast: Share = 0.25
    letter_seen: Share = 0.5
    letter_visible: Share = 0.5


class _Seen(NamedTuple):
    """The line without what lies aside: every plane is 0 there.

    Attributes:
        grey: the picture.
        cover: the clean ink.
        ink: 255 in the bodies of strokes.
        paper: 255 where no ink is.
        weight: of every pixel as ink: its coverage squared, so that bodies count and edges hardly do.
        size: number of pixels that are not aside.
    """

    grey: Plane
    cover: Plane
    ink: Plane
    paper: Plane
    weight: Plane
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

    Reasons: ``resized``, ``hidden-letter``, ``low-contrast``, ``unreadable``, ``lost-letter``,
    ``lost-mark``.
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
        visible = _share(_box_sums(seen.cover, drawn.boxes), _box_sums(drawn.coverage, drawn.boxes), owed)
        if visible.min() < settings.letter_visible:
            return Rejected("hidden-letter", text[int(visible.argmin())])
    paper = _median(seen.grey, seen.paper)
    contrast = paper - _median(seen.grey, seen.ink)
    if contrast < settings.contrast:
        return Rejected("low-contrast", f"{contrast}")
    likeness = -_correlation(seen)
    if likeness < settings.likeness:
        return Rejected("unreadable", f"{likeness:.2f}")
    dark = seen.weight & _darker(seen, paper, settings.letter_contrast * contrast)
    letters = _share(_box_sums(dark, drawn.boxes), _box_sums(seen.weight, drawn.boxes), owed)
    if letters.min() < settings.letter_seen:
        return Rejected("lost-letter", text[int(letters.argmin())])
    return _lost_mark(drawn, seen.weight, dark, text, settings, struck)


def _untouched(image: Plane, coverage: Plane, settings: ProofSettings) -> bool:
    """Whether the picture is black ink on white: then it is as like and as dark as can be."""
    return bool(BODY * coverage.max() >= settings.contrast) and np.array_equal(image, ~coverage)


def _seen(image: Plane, coverage: Plane, aside: NDArray[np.bool_] | None) -> _Seen:
    import cv2

    grey, cover, size = image, coverage, coverage.size
    paper = ~_above(coverage, 0)
    if aside is not None:
        mask = ~_above(aside.view(np.uint8), 0)
        grey, cover, paper = grey & mask, cover & mask, paper & mask
        size = int(np.count_nonzero(mask))
    weight = np.asarray(cv2.multiply(cover, cover, scale=1 / 255), np.uint8)
    return _Seen(grey, cover, _above(cover, int(BODY * cover.max())), paper, weight, size)


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


def _share(
    part: NDArray[np.number], whole: NDArray[np.number], owed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What part is of the whole; 1 where there is nothing, or nothing owed."""
    return np.where(owed & (whole > 0), part / np.maximum(whole, 1), 1.0)


def _darker(seen: _Seen, paper: int, difference: float) -> Plane:
    """255 where the picture is darker than the paper about it, by so many grey levels.

    Args:
        seen: the line.
        paper: its usual level, for pixels that have no paper about them.
        difference: grey levels.
    """
    import cv2

    square = (AROUND, AROUND)
    share = cv2.blur(seen.paper, square)
    near = cv2.divide(cv2.blur(seen.grey & seen.paper, square), share, scale=255)
    near = cv2.max(near, cv2.threshold(share, 0, paper, cv2.THRESH_BINARY_INV)[1])
    return np.asarray(
        cv2.compare(cv2.addWeighted(near, 1.0, near, 0.0, -difference), seen.grey, cv2.CMP_GT), np.uint8
    )


def _lost_mark(
    drawn: DrawnLine,
    weight: Plane,
    dark: Plane,
    text: str,
    settings: ProofSettings,
    struck: tuple[tuple[int, int], ...],
) -> Rejected | None:
    """Whether a piece of the line that touches no other is hidden or not seen.

    Args:
        drawn: the letters as they were drawn.
        weight: of the ink that is not aside.
        dark: the same where the ink is seen.
        text: what is drawn.
        settings: the recipe's.
        struck: stretches of ``text`` that nobody has to read.
    """
    import cv2

    _, pieces = cv2.connectedComponents(_above(drawn.coverage, INK - 1), ltype=cv2.CV_16U)
    for start, stop in struck:
        part = drawn.boxes[start:stop]
        pieces[slice(part[:, 1].min(), part[:, 3].max()), slice(part[:, 0].min(), part[:, 2].max())] = 0
    inked = np.flatnonzero(pieces.view(np.int16) > 0)
    of = pieces.ravel()[inked]
    clean = drawn.coverage.ravel()[inked].astype(np.float64)
    whole = np.bincount(of, clean * clean / 255)
    left, found = (np.bincount(of, plane.ravel()[inked]) for plane in (weight, dark))
    owed = whole >= 255 * SPECK
    visible, shown = _share(left, whole, owed), _share(found, left, owed)
    lost = np.flatnonzero((visible < settings.letter_visible) | (shown < settings.letter_seen))
    return Rejected("lost-mark", _letter_at(drawn.boxes, pieces == lost[0], text)) if len(lost) else None


def _letter_at(boxes: NDArray[np.int32], where: NDArray[np.bool_], text: str) -> str:
    """The character to which the pixels of a mask belong."""
    y, x = np.argwhere(where).mean(0)
    inside = (boxes[:, 0] <= x) & (x < boxes[:, 2]) & (boxes[:, 1] <= y) & (y < boxes[:, 3])
    return text[int(inside.argmax())]


def _box_sums(plane: Plane, boxes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The sum of a plane over every box."""
    import cv2

    table = cv2.integral(plane)
    left, top, right, bottom = boxes.T
    return table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
