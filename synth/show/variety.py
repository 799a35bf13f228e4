"""How different hands are: a writer-identification distance on rendered lines, so that "N hands" is a number.

Every hand writes two pages with other words, each line moved as the recipe moves it. A page becomes three
distributions of Bulacu and Schomaker (PAMI 29:4, 2007): contour hinges, which tell slant, curvature and
joins, and the runs of ink and of paper along rows, which tell pen and spacing. Pages are compared by the
Hellinger distance. Ink, paper and degradations are left out: they belong to no hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.seeds import stream
from fonts.hand import Hand
from fonts.variants import vary
from synth.hand.geometry import place
from synth.hand.raster import rasterise
from synth.hand.settings import HandSettings
from synth.hand.shaping import Undrawable, shape
from synth.output import OutputSettings

PAGES = (
    ("the quick wagon jumped over a lazy brook", "before five dozen liquor jugs were packed",
     "grey clouds moved east and people waited", "Many things remain unknown to this day",
     "She wrote again about money and horses", "my next visit will have to be quite brief"),
    ("six boys played hockey by a frozen marsh", "we acquired just enough wax for the job",
     "Their father kept the village mill going", "Some letters arrived on Monday evening",
     "give him another chance to explain it all", "nobody could read what had been left out"),
)  # fmt: skip
HEIGHT, X_HEIGHT = 96, 0.3  # of the pictures, pixels and share
DIRECTIONS = 24  # of a hinge's leg
LEGS = (5, 9)  # lengths of the legs, contour pixels
RUNS = 60  # bins for the length of runs, pixels
SAME = 0.95  # share of same-hand pairs within the threshold

Features = NDArray[np.float32]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Variety:
    """How well some hands are told apart.

    Attributes:
        hands: number of hands.
        designs: number of designs among them.
        identified: share of second pages whose nearest first page is of the same hand.
        low, high: 95 % Wilson interval of that share.
        threshold: distance within which 95 % of the same-hand pairs lie.
        apart: number of hands, chosen greedily, every two of which are farther apart than that.
        within: median distance of the two pages of a hand.
        sisters: median distance of pages by other variants of the same font; nan where there is one a font.
        between: median distance of pages of other designs; nan where there is one design.
    """

    hands: int
    designs: int
    identified: float
    low: float
    high: float
    threshold: float
    apart: int
    within: float
    sisters: float
    between: float


def curve(
    fonts: Sequence[Hand],
    variants: int,
    settings: HandSettings,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[int, Variety]]:
    """Number of variants (0, then powers of two up to ``variants``) -> how well all hands are told apart.

    Args:
        fonts: as they are, at least two; those that cannot write the pages are left out.
        variants: the most that a font has besides itself.
        settings: how a hand moves from line to line.
        progress: told (hands drawn, hands to draw).

    Raises:
        DataError: fewer than two of the fonts can write the pages.
    """
    hands = [vary(font, number) for number in range(variants + 1) for font in fonts]
    able, first, second = pages_of(hands, settings, progress)
    steps = [0, *(1 << power for power in range(variants.bit_length()))]
    return [
        (step, compare([able[i] for i in chosen], first[chosen], second[chosen]))
        for step in [s for s in steps if s < variants] + [variants]
        if (chosen := [i for i, hand in enumerate(able) if _number(hand) <= step])
    ]


def page_features(
    hand: Hand, page: int, settings: HandSettings, seed: int = 0, index: int = 0
) -> Features | None:
    """The features of a page: a unit vector whose products are one minus the squared Hellinger distance.

    Args:
        hand: who writes.
        page: which of :data:`PAGES`.
        settings: how the hand moves from line to line; its size is not taken from here.
        seed, index: of the lines' motion.

    Returns:
        float32, (2 * DIRECTIONS**2 + 2 * RUNS,); None where the hand cannot write the page.
    """
    moves = settings.model_copy(update={"x_height": (X_HEIGHT, X_HEIGHT)})
    output = OutputSettings(height=HEIGHT)
    sums: list[Array] = []
    for number, text in enumerate(PAGES[page]):
        if not hand.covers(text):
            return None
        try:
            line = shape(text, hand)
            rng = stream(seed, index, f"variety/{hand.id}/{page}/{number}")
            placed = place(line, hand.x_height, moves, output, rng, rng, hand.variant)
            ink = rasterise(line, placed).coverage > 127
        except Undrawable:
            return None
        sums.append(_counts(ink))
    parts = np.split(np.sum(sums, axis=0), _PARTS)
    shares = [part / max(part.sum(), 1) / len(parts) for part in parts]
    return np.sqrt(np.concatenate(shares)).astype(np.float32)


def pages_of(
    hands: Sequence[Hand], settings: HandSettings, progress: Callable[[int, int], None] | None = None
) -> tuple[list[Hand], Features, Features]:
    """Both pages of every hand that can write them, (hands, features) each.

    Raises:
        DataError: fewer than two can.
    """
    able: list[Hand] = []
    pairs: list[tuple[Features, Features]] = []
    for done, hand in enumerate(hands, start=1):
        first, second = (page_features(hand, page, settings) for page in range(2))
        if first is not None and second is not None:
            able.append(hand)
            pairs.append((first, second))
        if progress:
            progress(done, len(hands))
    if len(able) < 2:
        raise DataError(
            f"{len(able)} of {len(hands)} hands can write the English pages that are compared",
            "at least two",
            "add fonts that draw English",
        )
    first, second = (np.stack([pair[page] for pair in pairs]) for page in range(2))
    return able, first, second


def compare(hands: Sequence[Hand], first: Features, second: Features) -> Variety:
    """How well hands are told apart by their two pages.

    Args:
        hands: at least two.
        first, second: (hands, features) from :func:`pages_of`.
    """
    distances = _distances(second, first)
    own = np.diagonal(distances)
    hits = int((distances.argmin(1) == np.arange(len(hands))).sum())
    threshold = float(np.quantile(own, SAME))
    fonts, designs = (_labels([getattr(hand, name) for hand in hands]) for name in ("font", "design"))
    sisters = (fonts[:, None] == fonts) & ~np.eye(len(hands), dtype=bool)
    low, high = _wilson(hits, len(hands))
    return Variety(
        hands=len(hands),
        designs=len(set(designs.tolist())),
        identified=hits / len(hands),
        low=low,
        high=high,
        threshold=threshold,
        apart=_apart((_distances(first, first) + _distances(second, second)) / 2, threshold),
        within=_median(own),
        sisters=_median(distances[sisters]),
        between=_median(distances[designs[:, None] != designs]),
    )


_PARTS = np.cumsum([DIRECTIONS**2, DIRECTIONS**2, RUNS])  # where the parts of the features begin


def _counts(ink: NDArray[np.bool_]) -> Array:
    """Hinges with short and with long legs, runs of ink, runs of paper."""
    import cv2

    contours, _ = cv2.findContours(ink.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    long = [contour[:, 0, :] for contour in contours if len(contour) > 2 * max(LEGS)]
    hinges = [sum((_hinges(contour, leg) for contour in long), np.zeros(DIRECTIONS**2)) for leg in LEGS]
    columns = np.flatnonzero(ink.max(0))
    rows = ink[ink.max(1), columns[0] : columns[-1] + 1]
    return np.concatenate([*hinges, _runs(rows), _runs(~rows)])


def _hinges(contour: Array, leg: int) -> Array:
    """How often the two legs at a contour point have which directions."""
    arms = [np.roll(contour, shift, axis=0) - contour for shift in (leg, -leg)]
    first, second = (
        ((np.arctan2(arm[:, 1], arm[:, 0]) / (2 * np.pi)) % 1 * DIRECTIONS).astype(int) % DIRECTIONS
        for arm in arms
    )
    return np.bincount(first * DIRECTIONS + second, minlength=DIRECTIONS**2)


def _runs(rows: NDArray[np.bool_]) -> Array:
    """How many runs along rows have which length."""
    edges = np.diff(np.pad(rows, ((0, 0), (1, 1))).astype(np.int8), axis=1).ravel()
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return np.bincount(np.minimum(lengths, RUNS) - 1, minlength=RUNS)


def _distances(some: Features, others: Features) -> Array:
    return np.sqrt(np.maximum(1 - some @ others.T, 0))


def _apart(distances: Array, threshold: float) -> int:
    """Size of a set of hands every two of which are farther apart than the threshold."""
    free = np.ones(len(distances), bool)
    count = 0
    for row in range(len(distances)):
        if free[row]:
            count += 1
            free &= distances[row] > threshold
    return count


def _median(distances: Array) -> float:
    return float(np.median(distances)) if distances.size else float("nan")


def _labels(names: Sequence[str]) -> Array:
    return np.unique(np.array(names), return_inverse=True)[1]


def _number(hand: Hand) -> int:
    return hand.variant.number if hand.variant else 0


def _wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z = 1.96
    middle = (hits + z * z / 2) / (trials + z * z)
    spread = z * np.sqrt(hits * (trials - hits) / trials + z * z / 4) / (trials + z * z)
    return float(middle - spread), float(middle + spread)
