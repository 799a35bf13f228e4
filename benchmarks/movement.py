"""How writing moves along a line, in real lines and in those of recipes: do ours wander as much as theirs?

    python benchmarks/movement.py iam archive --real tsv:LINES --count 300

prints, for the real lines and every recipe that writes their texts, the 10th, 50th and 90th percentile of
what differs from word to word in a line: the baseline's distance from a straight one (x-heights), the height
of the small letters (share), their slant (degrees), the gaps between words (natural logarithm; and their
median, x-heights). A SPEC is what `inkmill data` takes. Lines with a printed rule are left out. One
instrument measures both sides, so its own error, which pictures of still hands show too, is on both.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from strokes import written

from common.seeds import stream
from corpora.handwriting.spec import read_lines

FIGURES = "baseline", "size", "slant", "gap-log", "gap"
ANGLES = np.arange(-20, 46, 3.0)
BETWEEN = 0.55  # x-heights of empty columns from which they part words
WIDE = 2.2  # x-heights; narrower words are not measured
SPECK = 8  # pixels

Mask = NDArray[np.bool_]


def middle_zone(ink: Mask) -> tuple[int, int] | None:
    """The first row of the small letters, and the first below them."""
    rows = np.convolve(ink.sum(1), [0.25, 0.5, 0.25], "same")
    busy = np.flatnonzero(rows > 0.45 * np.sort(rows)[-3:].mean())
    if len(busy) < 3:
        return None
    runs = np.split(busy, np.flatnonzero(np.diff(busy) > 1) + 1)
    best = max(runs, key=lambda run: float(rows[run].sum()))
    return int(best[0]), int(best[-1]) + 1


def slant(ink: Mask) -> float:
    """The angle at which the word's columns are fullest, degrees; nan at the ends of what is tried."""
    height, width = ink.shape
    sharpness = []
    for angle in ANGLES:
        lean = np.tan(np.deg2rad(angle))
        turn = np.array([[1, lean, height - lean * height / 2], [0, 1, 0]], np.float32)
        columns = cv2.warpAffine(ink.astype(np.float32), turn, (width + 2 * height, height)).sum(0)
        sharpness.append(float((columns * columns).sum()))
    best = int(np.argmax(sharpness))
    if not 0 < best < len(ANGLES) - 1:
        return np.nan
    before, at, after = sharpness[best - 1 : best + 2]
    return float(ANGLES[best] + 1.5 * (before - after) / (before - 2 * at + after))


def measure(picture: NDArray[np.uint8]) -> list[float] | None:
    """The figures of a line; None where it has fewer than four words that can be measured."""
    level, _ = cv2.threshold(picture, 0, 255, cv2.THRESH_OTSU)
    ink = picture < level
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    ink &= (sizes[:, 4] >= SPECK)[labels]
    zone = middle_zone(ink)
    if zone is None or (ink.mean(1) > 0.5).any():
        return None
    unit = zone[1] - zone[0]
    filled = np.flatnonzero(ink[max(0, zone[0] - unit) : zone[1] + unit // 2].any(0))
    cuts = np.flatnonzero(np.diff(filled) > BETWEEN * unit)
    gaps = np.diff(filled)[cuts] / unit
    starts, stops = np.append(filled[:1], filled[cuts + 1]), np.append(filled[cuts] + 1, filled[-1:] + 1)
    words = []
    for start, stop in zip(starts, stops, strict=True):
        own = middle_zone(ink[:, start:stop]) if stop - start > WIDE * unit else None
        if own and 0.5 < (own[1] - own[0]) / unit < 1.6:
            words.append(((start + stop) / 2, own[1], own[1] - own[0], slant(ink[:, start:stop])))
    if len(words) < 4:
        return None
    x, feet, heights, slants = np.array(words).T
    off = feet - np.polyval(np.polyfit(x, feet, 1), x)
    return [
        float(off.std(ddof=2)) / unit,
        float(heights.std(ddof=1) / heights.mean()),
        float(np.nanstd(slants)) if np.isfinite(slants).sum() > 2 else np.nan,
        float(np.log(gaps).std()),
        float(np.median(gaps)),
    ]


def report(name: str, pictures: Sequence[NDArray[np.uint8]]) -> None:
    """Print a line."""
    found = [figures for figures in map(measure, pictures) if figures]
    shares = np.nanpercentile(found, [10, 50, 90], axis=0).T
    cells = [
        f"{figure} {b:.2f} ({a:.2f} to {c:.2f})" for figure, (a, b, c) in zip(FIGURES, shares, strict=True)
    ]
    sys.stdout.write(f"{name:12s} {len(found):4d} lines  " + "  ".join(cells) + "\n")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--real", required=True, help="SPEC of real lines")
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    lines = read_lines(given.real)
    lines = [lines[place] for place in stream(0, 0, "lines").permutation(len(lines))[: given.count]]
    report("real", [line.load() for line in lines])
    for recipe in given.recipes:
        report(recipe, written(recipe, [line.text for line in lines]))


if __name__ == "__main__":
    main()
