"""What a line looks like, as numbers: the same measurement of real and of synthetic pictures.

Every picture is brought to one height first, so lengths are shares of that height and grey levels are those
that a recogniser sees. Ink is what is clearly darker than the paper around it; printed rules are told from it
by their straightness. Nothing here knows recipes, fonts or where a picture comes from.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError

HEIGHT = 64  # pixels, of every picture that is measured
LEAST_CONTRAST = 12  # grey levels between paper and ink
SLANTS = np.arange(-40.0, 66.0, 7.5)  # degrees that are tried
LEAST_RIDGE = 12  # pixels of strokes from which their darkness is told
BLOCK = 2 * HEIGHT  # columns that are taken to be straight and evenly lit

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Field = NDArray[np.float32]


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
        ink_share: share of the picture that is ink.
        ruling: darkness of the strongest printed rule, grey levels.
        rules: number of printed rules.
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
    ink_share: float
    ruling: float
    rules: float
    edges: float

    @property
    def letters(self) -> float:
        """How large the writing is: a mean of the small letters' height and, twice, of all the ink's."""
        return (self.x_height * max(1 - self.top - self.bottom, 0.05) ** 2) ** (1 / 3)


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
    ground, contrast, ink, rules = _separated(grey)
    paper_only = ~_grown(ink, 3)
    darkness = np.clip((ground - grey) / contrast, 0, 1.5)
    rows, columns = _extent(ink)
    top, bottom = rows
    left, right = columns
    band = _band(ink)
    widths, ridge = _widths(darkness, ink)
    gaps, inside = _gaps(ink, left, right, len(words))
    fine, middle, coarse = _octaves(np.where(paper_only, grey, ground), paper_only)
    characters = sum(map(len, words)) + len(words) - 1
    return LineLook(
        paper=_middle(grey, paper_only),
        white=_share(picture >= 254, paper_only),
        unevenness=_unevenness(ground),
        fine=fine,
        middle=middle,
        coarse=coarse,
        flat=_share(_flat(picture), paper_only),
        ink=float(np.median(grey[ridge])),
        fading=_along(darkness, ridge),
        mottling=float(darkness[ridge].std()),
        stroke=float(widths.mean()) / HEIGHT,
        swelling=_ratio(widths),
        sharpness=_sharpness(darkness, ink),
        slant=_slant(ink),
        x_height=(band[1] - band[0]) / HEIGHT,
        baseline=band[1] / HEIGHT,
        top=top / HEIGHT,
        bottom=1 - bottom / HEIGHT,
        left=left / HEIGHT,
        right=(ink.shape[1] - right) / HEIGHT,
        advance=(right - left) / HEIGHT / characters,
        word_gap=float(np.mean(gaps)) / HEIGHT if len(gaps) else float("nan"),
        letter_gap=inside,
        ink_share=_share(ink),
        ruling=float(rules.max(initial=0.0)),
        rules=float(len(rules)),
        edges=_share(ink[:2].any(0) | ink[-2:].any(0)),
    )


def as_row(look: LineLook) -> NDArray[np.float64]:
    """The measures in the order of ``NAMES``."""
    return np.array(astuple(look), np.float64)


def at_height(image: Picture, height: int = HEIGHT) -> Picture:
    """The picture at one height, its sides in proportion."""
    import cv2

    if image.shape[0] == height:
        return image
    width = max(8, round(image.shape[1] * height / image.shape[0]))
    method = cv2.INTER_AREA if image.shape[0] > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), np.uint8)


def _separated(grey: Field) -> tuple[Field, float, Mask, NDArray[np.float64]]:
    """The paper under the ink, the contrast, where ink is, and the darkness of every printed rule."""
    rough = _paper_under(grey, _dark(grey, _brightest(grey)))
    ink = _dark(grey, rough)
    ground = _paper_under(grey, _grown(ink, 2))
    darkness = ground - grey
    rules, rows = _rules(darkness)
    ink = darkness > _threshold(darkness)
    if len(rules):
        ink &= ~_thin_rows(ink, rows)
    contrast = float(np.percentile(darkness[ink], 75)) if ink.any() else 0.0
    if contrast < LEAST_CONTRAST or ink.sum() < 16:
        raise DataError(
            f"A line shows no ink: paper and ink differ by {contrast:.0f} grey levels",
            f"at least {LEAST_CONTRAST}",
            "leave the picture out, or raise its contrast",
        )
    return ground, contrast, ink, rules


def _brightest(grey: Field) -> Field:
    """The brightest level around every pixel: paper, unless a stroke is as broad as a letter."""
    import cv2

    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (7, 7))
    return np.asarray(cv2.resize(wide, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _dark(grey: Field, ground: Field) -> Mask:
    darkness = ground - grey
    return np.asarray(darkness > _threshold(darkness), np.bool_)


def _threshold(darkness: Field) -> float:
    """Otsu's level between paper and ink."""
    import cv2

    levels = np.clip(darkness, 0, 255).astype(np.uint8)
    return max(float(cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)[0]), LEAST_CONTRAST / 2)


def _paper_under(grey: Field, ink: Mask) -> Field:
    """The paper's slow changes, with the holes under the ink filled from around them; at a quarter of the
    size."""
    import cv2

    paper = (~_grown(ink, 2)).astype(np.float32)
    weight, level = (
        cv2.blur(cv2.resize(plane, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (7, 7))
        for plane in (paper, paper * grey)
    )
    usual = float(level.sum() / max(weight.sum(), 1e-3))
    slow = (level + 1e-3 * usual) / (weight + 1e-3)
    return np.asarray(cv2.resize(slow, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _grown(mask: Mask, by: int) -> Mask:
    import cv2

    size = 2 * by + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)), np.bool_)


def _rules(darkness: Field) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Printed rules: rows that stay dark between the strokes, in most blocks of columns; (darkness, row)."""
    import cv2

    blocks = max(1, darkness.shape[1] // BLOCK)
    small = cv2.resize(darkness, (blocks * 32, darkness.shape[0]), interpolation=cv2.INTER_AREA)
    rows = np.percentile(small.reshape(HEIGHT, blocks, 32), 40, axis=2)  # ink covers less than that
    stand = np.pad(rows, ((4, 4), (0, 0)), mode="edge")
    around = np.minimum(stand[:-8], stand[8:])
    peaks = np.maximum(rows - np.maximum(around, 0), 0)
    # A rule that is not level stands two rows higher in one block than in another.
    near = np.pad(peaks, ((2, 2), (0, 0)))
    strength = np.max([near[shift : shift + HEIGHT] for shift in range(5)], axis=0).mean(1)
    sums = np.convolve(peaks.mean(1), np.ones(3), "same")
    highest = (sums >= np.roll(sums, 1)) & (sums > np.roll(sums, -1))
    found = np.flatnonzero(highest & (strength > 5))
    return strength[found], found


def _thin_rows(ink: Mask, rows: NDArray[np.intp]) -> Mask:
    """Ink near printed rules that is no higher than a rule, in long straight runs."""
    import cv2

    runs = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, 24), np.uint8))
    near = np.zeros(len(ink), np.bool_)
    for row in rows:
        near[max(0, row - 3) : row + 4] = True
    return np.asarray(runs > 0, np.bool_) & near[:, None]


def _extent(ink: Mask) -> tuple[tuple[int, int], tuple[int, int]]:
    """First row and column with ink, and the ones after the last; a hundredth of the ink may lie beyond."""
    borders = []
    for axis in (1, 0):
        run = np.cumsum(ink.sum(axis))
        low = int(np.searchsorted(run, 0.002 * run[-1], side="right"))
        high = int(np.searchsorted(run, 0.998 * run[-1])) + 1
        borders.append((low, max(high, low + 1)))
    return borders[0], borders[1]


def _band(ink: Mask) -> tuple[float, float]:
    """Upper and lower border of the small letters: rows with half as many strokes as the fullest."""
    strokes = (ink[:, 1:] & ~ink[:, :-1]).sum(1).astype(np.float64)
    smooth = np.convolve(np.pad(strokes, 2, mode="edge"), np.full(5, 0.2), "valid")
    half = 0.5 * np.sort(smooth)[-8:].mean()
    peak = int(smooth.argmax())
    above, below = smooth[: peak + 1][::-1], smooth[peak:]
    return peak - _crossing(above, half), peak + 1 + _crossing(below, half)


def _crossing(profile: NDArray[np.float64], level: float) -> float:
    """How far from the start a profile first falls below a level."""
    under = np.flatnonzero(profile < level)
    if not len(under):
        return float(len(profile) - 1)
    at = int(under[0])
    step = profile[at - 1] - profile[at]
    return at - 1 + float((profile[at - 1] - level) / step) if at and step > 0 else float(at)


def _widths(darkness: Field, ink: Mask) -> tuple[NDArray[np.float64], Mask]:
    """Widths of the strokes in pixels, along their middle, and where that middle is."""
    import cv2

    # Twice as large: a stroke of two pixels has a middle, and its width is no whole number.
    large = cv2.resize(np.minimum(darkness, 1), None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    distance = cv2.distanceTransform((large > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8))) & (distance > 0)
    widths = distance[ridge].astype(np.float64) - 0.5
    shrunk = cv2.resize(ridge.astype(np.uint8) * 255, ink.shape[::-1], interpolation=cv2.INTER_AREA)
    middle = (shrunk > 0) & ink
    return (widths if len(widths) else np.ones(1)), (middle if middle.any() else ink)


def _ratio(widths: NDArray[np.float64]) -> float:
    thin, thick = np.percentile(widths, [30, 90])
    return float(thick / thin)


def _gaps(ink: Mask, left: int, right: int, words: int) -> tuple[NDArray[np.int64], float]:
    """Widths of the widest gaps, as many as the words have between them, and the share of the others."""
    inked = ink[:, left:right].any(0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (~inked).astype(np.int8), [0]))))
    lengths = np.sort(edges[1::2] - edges[::2])[::-1]
    wide, narrow = lengths[: words - 1], lengths[words - 1 :]
    return wide, float(narrow.sum() / max(1, right - left - wide.sum()))


def _octaves(grey: Field, paper: Mask) -> tuple[float, float, float]:
    """Standard deviations of the paper's texture in three octaves, from its median absolute value."""
    import cv2

    smooth = [grey, *(cv2.blur(grey, (size, size)) for size in (2, 4, 8))]
    fine, middle, coarse = (
        _middle(cv2.absdiff(sharp, soft), paper) / 0.6745 for sharp, soft in pairwise(smooth)
    )
    return fine, middle, coarse


def _middle(values: Field, where: Mask) -> float:
    """The median of a sample of the values: rims of strokes and of rules do not move it."""
    chosen = values[::2, ::5][where[::2, ::5]]
    return float(np.median(chosen if len(chosen) else values))


def _unevenness(ground: Field) -> float:
    """Half the distance between the 16th and the 84th percentile: a standard deviation without outliers."""
    low, high = np.percentile(ground[::4, ::8], [16, 84])
    return float(high - low) / 2


def _flat(picture: Picture) -> Mask:
    """Where five by five pixels differ by at most one grey level."""
    import cv2

    around = np.ones((5, 5), np.uint8)
    return np.asarray(cv2.subtract(cv2.dilate(picture, around), cv2.erode(picture, around)) <= 1, np.bool_)


def _along(darkness: Field, ridge: Mask) -> float:
    """How much the darkness of the strokes changes from one piece of the line to the next."""
    starts = np.arange(0, darkness.shape[1], HEIGHT)
    dark, count = (np.add.reduceat(plane.sum(0), starts) for plane in (darkness * ridge, ridge))
    inked = count >= LEAST_RIDGE
    return float((dark[inked] / count[inked]).std()) if inked.any() else 0.0


def _sharpness(darkness: Field, ink: Mask) -> float:
    import cv2

    border = ink & ~np.asarray(cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)), np.bool_)
    if not border.any():
        return 0.0
    slopes = (cv2.Scharr(darkness, cv2.CV_32F, *axis)[border] for axis in ((1, 0), (0, 1)))
    return float(np.hypot(*slopes).mean()) / 32


def _slant(ink: Mask) -> float:
    """The shear at which strokes stand upright: where the columns differ most from their neighbours."""
    import cv2

    small = cv2.resize(ink.astype(np.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    room = height
    scores = []
    for shear in np.tan(np.deg2rad(SLANTS)):
        # A point y above the middle moves left by shear * y.
        matrix = np.array([[1.0, shear, room - shear * height / 2], [0.0, 1.0, 0.0]])
        upright = cv2.warpAffine(small, matrix, (width + 2 * room, height), flags=cv2.INTER_LINEAR)
        columns = upright.sum(0)
        scores.append(float((columns * columns).sum()))
    best = int(np.clip(np.argmax(scores), 1, len(scores) - 2))
    before, here, after = scores[best - 1 : best + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(SLANTS[best] + np.clip(shift, -1, 1) * (SLANTS[1] - SLANTS[0]))


def _share(mask: Mask, within: Mask | None = None) -> float:
    """Share of the pixels that are in a mask; of those within another where that is given."""
    if within is None:
        return float(np.count_nonzero(mask) / max(mask.size, 1))
    return float(np.count_nonzero(mask & within) / max(np.count_nonzero(within), 1))
