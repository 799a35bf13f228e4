"""What a line looks like, as numbers: the same measurement of real and of synthetic pictures.

Every picture is brought to one height first, so lengths are shares of that height and grey levels are those
that a recogniser sees. Nothing here knows recipes, fonts or where a picture comes from.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from synth.fit.ground import (
    HEIGHT,
    Mask,
    Picture,
    at_height,
    breaks_of,
    grown,
    quantile,
    sampled_median,
    separated,
    texture,
    unevenness_of,
    without_texture,
)
from synth.fit.strokes import (
    extents,
    fading,
    gaps_of,
    joined_of,
    letter_band,
    sharpness_of,
    slant_of,
    stroke_widths,
    swelling,
)

STRETCH = 8 * HEIGHT  # columns, from the first ink, whose strokes are looked at
GHOST = 0.15  # of the ink's darkness


@dataclass(frozen=True, slots=True)
class LineLook:
    """What was measured on one line; lengths are shares of the height unless said otherwise.

    Attributes:
        paper: grey of the paper, its median.
        white: share of the paper that is pure white, as scanners burn it.
        unevenness: standard deviation of the paper's slow changes, grey levels.
        fine, middle, coarse: the paper's texture in three octaves (1-2, 2-4, 4-8 pixels), grey levels.
        flat: share of the paper without any texture, as a filled outline leaves it.
        ink: grey of the ink, in the middle of its strokes.
        fading: standard deviation of the ink's darkness along the line, share of the contrast.
        mottling: standard deviation of the ink's darkness from pixel to pixel of the strokes' middle, share
            of the contrast.
        stroke: mean width of the strokes.
        swelling: thick strokes over thin ones (90th and 30th percentile of the width).
        sharpness: slope of the strokes' borders, share of the contrast a pixel.
        slant: degrees to the right.
        x_height: height of the band of small letters.
        baseline: its lower border, from the top.
        top, bottom: paper above and below the ink.
        left, right: paper before and after the ink.
        advance: width of the ink over the number of characters.
        word_gap: mean width of the gaps between words; nan for one word.
        letter_gap: share of the columns inside words that hold no ink.
        joined: share of the neighbouring letters that hang together; nan where there are none.
        ink_share: share of the picture that is ink.
        ghosts: share of the paper that shows something fainter than ink, such as the verso.
        ruling: darkness of the strongest printed rule, grey levels.
        rules: number of printed rules.
        breaks: how much the strongest one changes along its way, share of its darkness; nan without any.
        edges: ink within two pixels of the upper or lower border, share of the width.
    """

    paper: float
    white: float
    unevenness: float
    fine: float
    middle: float
    coarse: float
    flat: float
    ink: float
    fading: float
    mottling: float
    stroke: float
    swelling: float
    sharpness: float
    slant: float
    x_height: float
    baseline: float
    top: float
    bottom: float
    left: float
    right: float
    advance: float
    word_gap: float
    letter_gap: float
    joined: float
    ink_share: float
    ghosts: float
    ruling: float
    rules: float
    breaks: float
    edges: float

    @property
    def letters(self) -> float:
        """How large the writing is: a mean of the small letters' height and, twice, of all the ink's."""
        return (self.x_height * max(1 - self.top - self.bottom, 0.05) ** 2) ** (1 / 3)

    @property
    def ascenders(self) -> float:
        """How far the ink rises above the baseline, in heights of small letters."""
        return (self.baseline - self.top) / self.x_height

    @property
    def descenders(self) -> float:
        """How far the ink hangs below the baseline, in heights of small letters."""
        return max(1 - self.bottom - self.baseline, 0.0) / self.x_height


NAMES = tuple(field.name for field in fields(LineLook))


def measure(image: Picture, text: str) -> LineLook:
    """Measure a line.

    Args:
        image: uint8 grey, (height, width), dark ink on light paper; any size of at least 8 pixels.
        text: what it says: its characters and words are counted.

    Raises:
        DataError: a picture that is too small, a text without characters, or no ink on the paper.
    """
    words = text.split()
    if image.ndim != 2 or min(image.shape) < 8 or not words:
        raise DataError(
            f"A line of the shape {image.shape} with {len(words)} words cannot be measured",
            "a grey picture of at least 8 x 8 pixels and a text",
        )
    picture = at_height(image)
    grey = picture.astype(np.float32)
    ground, contrast, ink, rules = separated(grey)
    paper_only = ~grown(ink, 3)
    darkness = np.clip((ground - grey) / contrast, 0, 1.5)
    rows, columns = extents(ink)
    top, bottom = rows
    left, right = columns
    band = letter_band(ink)
    stretch = slice(left, left + STRETCH)
    grey_there, dark_there, ink_there = grey[:, stretch], darkness[:, stretch], ink[:, stretch]
    widths, ridge = stroke_widths(dark_there, ink_there)
    gaps, inside = gaps_of(ink, left, right, len(words))
    fine, middle, coarse = texture(np.where(paper_only, grey, ground), paper_only)
    characters = sum(map(len, words)) + len(words) - 1
    return LineLook(
        paper=sampled_median(grey, paper_only),
        white=_share(picture >= 254, paper_only),
        unevenness=unevenness_of(ground),
        fine=fine,
        middle=middle,
        coarse=coarse,
        flat=_share(without_texture(picture), paper_only),
        ink=quantile(grey_there[ridge], 0.5),
        fading=fading(dark_there, ridge),
        mottling=float(dark_there[ridge].std()),
        stroke=float(widths.mean()) / HEIGHT,
        swelling=swelling(widths),
        sharpness=sharpness_of(dark_there, ink_there),
        slant=slant_of(ink_there),
        x_height=(band[1] - band[0]) / HEIGHT,
        baseline=band[1] / HEIGHT,
        top=top / HEIGHT,
        bottom=1 - bottom / HEIGHT,
        left=left / HEIGHT,
        right=(ink.shape[1] - right) / HEIGHT,
        advance=(right - left) / HEIGHT / characters,
        word_gap=float(np.mean(gaps)) / HEIGHT if len(gaps) else float("nan"),
        letter_gap=inside,
        joined=joined_of(ink, band, sum(map(str.isalnum, text)), len(words)),
        ink_share=_share(ink),
        ghosts=_share(darkness > GHOST, paper_only),
        ruling=float(rules.strengths.max(initial=0.0)),
        rules=float(len(rules.rows)),
        breaks=breaks_of(darkness, paper_only, rules),
        edges=_share(np.any(np.concatenate((ink[:2], ink[-2:])), axis=0)),
    )


def as_row(look: LineLook) -> NDArray[np.float64]:
    """The measures in the order of ``NAMES``."""
    return np.array(astuple(look), np.float64)


def _share(mask: NDArray[np.bool_], within: Mask | None = None) -> float:
    """Share of the pixels that are in a mask; of those within another where that is given."""
    inside, of = (mask, mask.size) if within is None else (mask & within, np.count_nonzero(within))
    return np.count_nonzero(inside) / of if of else 0.0
