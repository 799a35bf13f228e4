"""Generated lines with what web text brings to the build of a corpus; for measuring, not for reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream

BLOCK = 10_000
VOCABULARY = 50_000
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def write_lines(path: Path, lines: int) -> None:
    """Write generated lines, the same for the same number: of web length, from a Zipf vocabulary.

    Of a hundred, four are one line, two a template, two in another script, six with typographic quotes.

    Args:
        path: the file to write.
        lines: how many; one in fifty ends a document.
    """
    rng = stream(0, 0, "corpus-build")
    lengths = rng.integers(2, 10, VOCABULARY)
    words = np.array(["".join(rng.choice(list(LETTERS), size)) for size in lengths], object)
    ranks = 1 / np.arange(3, VOCABULARY + 3)
    cumulative = np.cumsum(ranks / ranks.sum())
    with path.open("w", encoding="utf-8") as file:
        for begin in range(0, lines, BLOCK):
            count = min(BLOCK, lines - begin)
            sizes = rng.lognormal(2.5, 0.6, count).astype(int) + 1
            drawn = words[np.searchsorted(cumulative, rng.random(sizes.sum()))]
            ends = np.cumsum(sizes)
            for k, (end, size) in enumerate(zip(ends, sizes, strict=True)):
                file.write(_line(begin + k, drawn[end - size : end]))


def _line(number: int, words: NDArray[np.object_]) -> str:
    text = " ".join(words)
    match number % 50:
        case 0 | 1:
            return "Subscribe to our newsletter and never miss a story again!\n"
        case 2:
            return f"Page {number % 977} of {number % 1009 + 977}\n"
        case 3:
            return "Это предложение написано кириллицей, а не латиницей.\n"
        case 4 | 5 | 6:
            return f"“{text.capitalize()},” he said — and went on…\n"
        case 7:
            return f"{text}\n\n"
    return f"{text.capitalize()}, {number}.\n"
