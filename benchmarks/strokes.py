"""How dark ink is inside strokes, in real lines and in those of recipes: is ours as uneven as theirs?

    python benchmarks/strokes.py archive iam --real tsv:LINES --count 60

prints, for the real lines and every recipe that writes their texts: the mean darkness along the middle of the
strokes, against its 95th percentile; its deviation within 2 pixels, over a few letters and along the line,
shares of the contrast; how steep edges are; and the distance of the distribution from the real one's. A
SPEC is what `inkmill data` takes. All lines are measured at 64 pixels of height.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from corpora.handwriting.spec import read_lines
from corpora.text_line import TextLine
from fonts.catalogue import default_catalogue
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample

HEIGHT = 64
BINS = np.linspace(0, 1.2, 25)
SEEN = 0.22  # share of the contrast from which a pixel counts as ink
STRETCH = 48  # pixels
FIGURES = "mean", "near", "letters", "along", "edges"

Picture = NDArray[np.uint8]


def measure(picture: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """A line's figures and the distribution of darkness along its strokes; None where too little shows."""
    wide = max(8, round(picture.shape[1] * HEIGHT / picture.shape[0]))
    grey = cv2.resize(picture, (wide, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
    paper, ink = np.median(grey[grey >= np.median(grey)]), np.percentile(grey, 0.7)
    if paper - ink < 30:
        return None
    dark = (paper - grey) / (paper - ink)
    inner = dark[1:-1, 1:-1]
    across = (inner >= dark[1:-1, :-2]) & (inner >= dark[1:-1, 2:])
    upright = (inner >= dark[:-2, 1:-1]) & (inner >= dark[2:, 1:-1])
    middle = (across | upright) & (inner > SEEN)
    if middle.sum() < 80:
        return None
    values = inner[middle]
    weight = cv2.GaussianBlur(middle.astype(np.float32), (0, 0), 2)
    around = cv2.GaussianBlur(inner * middle, (0, 0), 2)[middle] / weight[middle]
    stretch = np.nonzero(middle)[1] // STRETCH
    counts = np.bincount(stretch)
    stretches = np.bincount(stretch, values)[counts > 12] / counts[counts > 12]
    slopes = np.abs(dark[1:-1, 2:] - dark[1:-1, :-2]) / 2
    edge = np.percentile(slopes[cv2.dilate(middle.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0], 95)
    shares = values / np.percentile(values, 95)
    figures = [shares.mean(), (values - around).std(), around.std(), stretches.std(), edge]
    return np.array(figures, float), np.histogram(np.minimum(shares, 1.19), BINS)[0] / len(shares)


def report(name: str, pictures: Sequence[Picture], real: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Print a line; the mean distribution."""
    measured = [found for found in map(measure, pictures) if found is not None]
    low, mid, high = np.percentile([figures for figures, _ in measured], [15, 50, 85], axis=0)
    distribution = np.mean([shares for _, shares in measured], axis=0)
    cells = [
        f"{figure} {b:.2f} ({a:.2f} to {c:.2f})"
        for figure, a, b, c in zip(FIGURES, low, mid, high, strict=True)
    ]
    if real is not None:
        cells.append(f"distance {np.abs(np.cumsum(distribution - real)).sum() * (BINS[1] - BINS[0]):.3f}")
    sys.stdout.write(f"{name:12s} {len(measured):4d} lines  " + "  ".join(cells) + "\n")
    return distribution


def written(recipe: str, texts: Sequence[str]) -> list[Picture]:
    """The texts by many hands; those that no hand covers or the proof refuses are left out."""
    settings, catalogue = load_recipe(recipe), default_catalogue()
    made = []
    for index, text in enumerate(texts):
        hand = catalogue.choose(stream(0, index, "hand"), text, "train")
        sample = render(TextLine(text, "benchmark", 0, ()), hand, settings, 0, index) if hand else None
        if isinstance(sample, LineSample):
            made.append(sample.image)
    return made


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--real", required=True, help="SPEC of real lines")
    parser.add_argument("--count", type=int, default=60)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    lines = read_lines(given.real)
    lines = [lines[place] for place in stream(0, 0, "lines").permutation(len(lines))[: given.count]]
    real = report("real", [line.load() for line in lines], None)
    for recipe in given.recipes:
        report(recipe, written(recipe, [line.text for line in lines]), real)


if __name__ == "__main__":
    main()
