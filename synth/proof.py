"""The proof that a picture shows its label: measured on the final pixels, not assumed.

The degradations move no stroke, so the clean coverage says for every pixel of the picture whether it ought to
be ink or paper. Each check names its failure; the first one is the reason that is counted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from common.settings import Settings
from synth.hand.raster import INK, DrawnLine
from synth.output import OutputSettings
from synth.ranges import Range, Share
from synth.sample import Rejected


class ProofSettings(Settings):
    """What a picture must pass (see ``synth.proof``).

    Attributes:
        ink_share: bounds of the share of inked pixels.
        contrast: least difference between paper and ink, grey levels.
        likeness: least correlation between the clean ink and the darkness of the final picture.
        letter_contrast: least darkness of every letter, share of the line's contrast.
    """

    ink_share: Range = (0.005, 0.5)
    contrast: float = 40.0
    likeness: Share = 0.6
    letter_contrast: Share = 0.25


def prove_drawing(
    drawn: DrawnLine, text: str, rtl: bool, x_height: float, settings: ProofSettings, output: OutputSettings
) -> Rejected | None:
    """Check the clean drawing: all characters inked, in order, inside; no ink in the margin; a sane share.

    Reasons: ``no-ink``, ``clipped-ink``, ``ink-share``, ``boxes-outside``, ``boxes-disordered``.
    """
    if drawn.inkless is not None:
        return Rejected("no-ink", f"U+{ord(text[drawn.inkless]):04X}")
    margin = output.margin
    inked = drawn.coverage > 0
    if inked.sum() != inked[margin:-margin, margin:-margin].sum():
        return Rejected("clipped-ink")
    share = float((drawn.coverage >= INK).mean())
    if not settings.ink_share[0] <= share <= settings.ink_share[1]:
        return Rejected("ink-share", f"{share:.4f}")
    left, top, right, bottom = drawn.boxes.T
    height, width = drawn.coverage.shape
    if (
        left.min() < 0
        or top.min() < 0
        or right.max() > width
        or bottom.max() > height
        or (left > right).any()
    ):
        return Rejected("boxes-outside")
    steps = np.diff((left + right) / 2) * (-1 if rtl else 1)
    # A comma may slip under the letter before it, but nothing overtakes its neighbour by half a letter.
    if len(steps) and steps.min() < -0.5 * x_height:
        index = int(steps.argmin())
        return Rejected("boxes-disordered", text[index : index + 2])
    return None


def prove_picture(
    image: NDArray[np.uint8],
    drawn: DrawnLine,
    aside: NDArray[np.bool_] | None,
    text: str,
    settings: ProofSettings,
) -> Rejected | None:
    """Check the final picture: ink darker than paper, shaped like the clean ink, every letter visible.

    Args:
        image: the final picture.
        drawn: the letters as they were drawn.
        aside: (height, width); pixels that are neither the line's ink nor its paper.
        text: what is drawn.
        settings: the recipe's.

    Reasons: ``low-contrast``, ``unreadable``, ``lost-letter``.
    """
    cover = np.asarray(drawn.coverage, np.float32) / np.float32(255)
    ink = cover >= 0.6 * cover.max()
    paper = drawn.coverage == 0
    if aside is not None:
        ink, paper = ink & ~aside, paper & ~aside
    contrast = _median(image[paper]) - _median(image[ink])
    if contrast < settings.contrast:
        return Rejected("low-contrast", f"{contrast}")
    grey = image.astype(np.float32)
    if aside is not None:
        grey[aside & (drawn.coverage == 0)] = _median(image[paper])
    likeness = -_correlation(cover, grey)
    if likeness < settings.likeness:
        return Rejected("unreadable", f"{likeness:.2f}")
    darkness = _darkness(grey, cover, drawn.boxes)
    darkness[drawn.boxes[:, 0] == drawn.boxes[:, 2]] = np.inf  # blanks
    if darkness.min() < settings.letter_contrast * contrast:
        return Rejected("lost-letter", text[int(darkness.argmin())])
    return None


def _median(levels: NDArray[np.uint8]) -> int:
    """The middle grey level, by counting: quicker than sorting."""
    counts = np.cumsum(np.bincount(levels, minlength=256))
    return int(np.searchsorted(counts, counts[-1] / 2))


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Pearson's, 0 where one of them is constant."""
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((first * first).sum() * (second * second).sum()))
    return float((first * second).sum()) / scale if scale else 0.0


def _darkness(
    grey: NDArray[np.float32], cover: NDArray[np.float32], boxes: NDArray[np.int32]
) -> NDArray[np.float64]:
    """How much darker every letter's ink is than the paper around it, grey levels at full coverage.

    A letter without paper around it is inf: the line's likeness judges it.
    """
    around = np.concatenate((boxes[:, :2] - 3, boxes[:, 2:] + 3), axis=1)
    around = np.clip(around, 0, [*grey.shape[::-1]] * 2)
    paper = (cover == 0).astype(np.float32)
    count, light, ink, dark, square = (
        _box_sums(plane, around) for plane in (paper, paper * grey, cover, cover * grey, cover * cover)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        darkness = (light / count * ink - dark) / square
    return np.where((count > 0) & (square > 0), darkness, np.inf)


def _box_sums(plane: NDArray[np.float32], boxes: NDArray[np.int32]) -> NDArray[np.float64]:
    """The sum of a plane over every box."""
    import cv2

    table = cv2.integral(plane, sdepth=cv2.CV_64F)
    left, top, right, bottom = boxes.T
    return table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
