"""How long lines are: a target histogram of characters and words per line, drawn from and compared with.

A target is counted from texts, characters and words together, or comes from a preset (``presets/lengths``:
knots of a piecewise linear density of characters, and where the figures come from). Cutting text to a drawn
length is the work of :mod:`corpora.sampler`.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator

from common.errors import DataError, UsageError, nearest
from common.files import fingerprint
from common.seeds import Draws
from common.settings import Settings, load

PRESETS = Path(__file__).parent / "presets" / "lengths"


class LengthPreset(Settings):
    """A shipped target.

    Attributes:
        description: what lines these are.
        source: where the figures come from, and what of the shape is reconstructed.
        knots: (length, relative density), linear between them, nothing outside.
        words: mean number of words a line as published; None where nobody has said it.
    """

    description: str
    source: str
    words: float | None = None
    knots: tuple[tuple[int, float], ...]

    @field_validator("knots")
    @classmethod
    def _rising(cls, knots: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
        lengths = [length for length, _ in knots]
        if len(knots) < 2 or lengths[0] < 1 or any(b <= a for a, b in pairwise(lengths)):
            raise ValueError("two or more knots with rising lengths from 1 on are needed")
        if min(density for _, density in knots) < 0:
            raise ValueError("densities are not negative")
        return knots


@dataclass(frozen=True)
class LengthTarget:
    """A distribution over characters per line, and over words where they are known.

    Attributes:
        name: preset, file or SPEC it comes from.
        lengths: rising line lengths in characters, all at least 1.
        weights: a positive number for each, in any unit.
        words: for each length its (words, weight), in any unit; empty where words are not known.
        words_mean: mean number of words a line, None where nobody knows it.
        source: where the figures come from.
    """

    name: str
    lengths: tuple[int, ...]
    weights: tuple[float, ...]
    words: tuple[tuple[tuple[int, float], ...], ...] = ()
    words_mean: float | None = None
    source: str = ""

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Probability of each of ``lengths``; sums to 1."""
        weights = np.asarray(self.weights)
        return weights / weights.sum()

    @cached_property
    def word_probabilities(self) -> NDArray[np.float64]:
        """Probability of 0, 1, 2, ... words a line; empty where words are not known."""
        if not self.words:
            return np.zeros(0)
        return np.bincount([words for _, words in self._cells], self._cell_probabilities).astype(np.float64)

    @property
    def mean(self) -> float:
        """Mean line length in characters."""
        return float(np.dot(self.probabilities, self.lengths))

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits: the same for equal lengths, words and weights, whatever the name."""
        return fingerprint([self.lengths, self.weights, self.words])

    def draw(self, rng: Draws | np.random.Generator) -> tuple[int, int]:
        """(characters, words) of one line; 0 words where they are not known."""
        place = bisect.bisect_right(self._cumulative, rng.random())
        return self._cells[min(place, len(self._cells) - 1)]

    @cached_property
    def _cells(self) -> list[tuple[int, int]]:
        if not self.words:
            return [(length, 0) for length in self.lengths]
        return [(n, words) for n, cells in zip(self.lengths, self.words, strict=True) for words, _ in cells]

    @cached_property
    def _cell_probabilities(self) -> NDArray[np.float64]:
        if not self.words:
            return self.probabilities
        shares = [np.array([weight for _, weight in cells]) for cells in self.words]
        return np.concatenate(
            [p * share / share.sum() for p, share in zip(self.probabilities, shares, strict=True)]
        )

    @cached_property
    def _cumulative(self) -> list[float]:
        return list(accumulate(self._cell_probabilities.tolist()))

    @classmethod
    def fit(cls, texts: Iterable[str], name: str = "texts") -> LengthTarget:
        """The lengths of some texts as they are, characters and words together; empty texts do not count.

        Raises:
            DataError: no text has a character.
        """
        counts: dict[int, Counter[int]] = {}
        for text in texts:
            if text:
                counts.setdefault(len(text), Counter())[count_words(text)] += 1
        if not counts:
            raise DataError(
                f"There is no text to take lengths from in {name}", "at least one line that is not empty"
            )
        lengths = tuple(sorted(counts))
        words = tuple(tuple(sorted((k, float(n)) for k, n in counts[length].items())) for length in lengths)
        weights = tuple(float(counts[length].total()) for length in lengths)
        mean = sum(k * n for cells in words for k, n in cells) / sum(weights)
        return cls(name, lengths, weights, words, mean, f"{sum(weights):,.0f} lines of {name}, as they are")


def count_words(text: str) -> int:
    """Words of a line: what stands between single blanks."""
    return text.count(" ") + 1


@dataclass(frozen=True, slots=True)
class Fit:
    """How well drawn lines follow a target.

    Attributes:
        statistic: Pearson's chi-square over lengths pooled to about five expected lines a bin.
        p: probability of a statistic as large under the target; below 0.001 the lengths do not follow it.
        distance: earth mover's distance in characters.
        variation: total variation distance of the lengths, 0 to 1.
        chance: the variation that a perfect sampler of as many lines shows on average.
        words_variation: total variation distance of words a line; None where the target does not say.
        words_distance: earth mover's distance in words; None likewise.
        words_mean: mean number of words a line as drawn; None where words were not given.
        count: number of drawn lines.
    """

    statistic: float
    p: float
    distance: float
    variation: float
    chance: float
    words_variation: float | None
    words_distance: float | None
    words_mean: float | None
    count: int


def compare(drawn: Sequence[int], target: LengthTarget, words: Sequence[int] = ()) -> Fit:
    """Goodness of fit of drawn lines to a target.

    Args:
        drawn: characters of each line.
        target: what they should follow.
        words: words of each line, where they are to be compared too.

    Raises:
        DataError: nothing was drawn.
    """
    from scipy.special import chdtrc  # loads far faster than scipy.stats

    if not len(drawn):
        raise DataError("There are no drawn lengths to compare", "at least one line")
    count = len(drawn)
    probabilities = np.zeros(target.lengths[-1] + 1)
    probabilities[list(target.lengths)] = target.probabilities
    observed, wanted = _aligned(drawn, probabilities)
    distance, variation = _distances(observed, wanted)
    words_distance, words_variation = (
        _distances(*_aligned(words, target.word_probabilities))
        if len(words) and target.words
        else (None, None)
    )
    expected = wanted * count
    inside = expected > 0
    if observed[~inside].any():
        statistic, p = float("inf"), 0.0
    else:
        pooled_observed, pooled_expected = _pool(observed[inside] * count, expected[inside])
        statistic = float(((pooled_observed - pooled_expected) ** 2 / pooled_expected).sum())
        p = float(chdtrc(max(len(pooled_expected) - 1, 1), statistic))
    chance = float(np.sqrt(wanted * (1 - wanted) / (2 * np.pi * count)).sum())  # mean of |binomial - mean|
    mean = float(np.mean(words)) if len(words) else None
    return Fit(statistic, p, distance, variation, chance, words_variation, words_distance, mean, count)


def _aligned(
    drawn: Sequence[int], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Observed and wanted shares of 0, 1, 2, ..."""
    top = max(int(max(drawn)) + 1, len(probabilities))
    observed = np.bincount(np.asarray(drawn), minlength=top) / len(drawn)
    return observed, np.pad(probabilities, (0, top - len(probabilities)))


def _distances(observed: NDArray[np.float64], wanted: NDArray[np.float64]) -> tuple[float, float]:
    """(earth mover's distance, total variation distance)."""
    off = observed - wanted
    return float(np.abs(np.cumsum(off)).sum()), float(np.abs(off).sum() / 2)


def load_target(name_or_path: str) -> LengthTarget:
    """A preset (``iam``, ``rimes`` and others), a file of texts, or a handwriting SPEC such as ``tsv:PATH``.

    Raises:
        UsageError: none of these.
        DataError: the file is missing, not UTF-8 or empty.
    """
    if ":" in name_or_path:
        from corpora.handwriting.spec import read_lines

        return LengthTarget.fit((line.text for line in read_lines(name_or_path, "train")), name_or_path)
    path = Path(name_or_path)
    if path.is_file():
        return LengthTarget.fit(_file_texts(path), name_or_path)
    if path.suffix or len(path.parts) > 1:
        raise DataError(f"The file of texts {path} does not exist", "a UTF-8 file, one line of text a line")
    known = sorted(preset.stem for preset in PRESETS.glob("*.yaml"))
    if name_or_path not in known:
        raise UsageError(f"There is no length target '{name_or_path}'", nearest(name_or_path, known))
    return _interpolate(name_or_path, load(LengthPreset, name_or_path, PRESETS))


def _interpolate(name: str, preset: LengthPreset) -> LengthTarget:
    knots, densities = zip(*preset.knots, strict=True)
    lengths = np.arange(knots[0], knots[-1] + 1)
    weights = np.interp(lengths, knots, densities)
    kept = weights > 0
    return LengthTarget(
        name,
        tuple(lengths[kept].tolist()),
        tuple(weights[kept].tolist()),
        words_mean=preset.words,
        source=preset.source,
    )


def _file_texts(path: Path) -> list[str]:
    if path.suffix == ".tsv":
        from corpora.handwriting.spec import read_lines

        return [line.text for line in read_lines(f"tsv:{path}")]
    try:
        return [" ".join(line.split()) for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}", "a UTF-8 file of texts") from None


def _pool(
    observed: NDArray[np.float64], expected: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Neighbouring lengths joined to bins that expect about five lines each."""
    bins = np.minimum((np.cumsum(expected) - expected / 2) // 5, max(expected.sum() // 5 - 1, 0)).astype(int)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    return np.add.reduceat(observed, starts), np.add.reduceat(expected, starts)
