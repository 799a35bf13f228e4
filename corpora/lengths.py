"""How long lines are: a target histogram of characters per line, drawn from and compared with.

A target comes from a preset (``presets/lengths``: knots of a piecewise linear density), or is counted from
texts. Cutting text to a drawn length is the work of :mod:`corpora.sampler`.
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
from common.settings import Settings, load

PRESETS = Path(__file__).parent / "presets" / "lengths"


class LengthPreset(Settings):
    """A shipped target: (length, relative density) at the knots, linear between them, nothing outside."""

    description: str
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
    """A distribution over characters per line.

    Attributes:
        name: preset, file or SPEC it comes from.
        lengths: rising line lengths, all at least 1.
        weights: a positive number for each, in any unit.
    """

    name: str
    lengths: tuple[int, ...]
    weights: tuple[float, ...]

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Probability of each of ``lengths``; sums to 1."""
        weights = np.asarray(self.weights)
        return weights / weights.sum()

    @property
    def mean(self) -> float:
        """Mean line length in characters."""
        return float(np.dot(self.probabilities, self.lengths))

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits: the same for equal lengths and weights, whatever the name."""
        return fingerprint([self.lengths, self.weights])

    @cached_property
    def _cumulative(self) -> list[float]:
        return list(accumulate(self.probabilities.tolist()))

    def draw(self, rng: np.random.Generator) -> int:
        """One length."""
        place = bisect.bisect_right(self._cumulative, rng.random())
        return self.lengths[min(place, len(self.lengths) - 1)]

    @classmethod
    def fit(cls, texts: Iterable[str], name: str = "texts") -> LengthTarget:
        """The lengths of some texts as they are; empty texts do not count.

        Raises:
            DataError: no text has a character.
        """
        counts = Counter(len(text) for text in texts if text)
        if not counts:
            raise DataError(
                f"There is no text to take lengths from in {name}", "at least one line that is not empty"
            )
        lengths = tuple(sorted(counts))
        return cls(name, lengths, tuple(float(counts[length]) for length in lengths))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well drawn lengths follow a target.

    Attributes:
        statistic: Pearson's chi-square over lengths pooled to about five expected lines a bin.
        p: probability of a statistic as large under the target; below 0.001 the lengths do not follow it.
        distance: earth mover's distance in characters.
        count: number of drawn lengths.
    """

    statistic: float
    p: float
    distance: float
    count: int


def compare(drawn: Sequence[int], target: LengthTarget) -> Fit:
    """Goodness of fit of drawn line lengths to a target.

    Raises:
        DataError: nothing was drawn.
    """
    from scipy.special import chdtrc  # loads far faster than scipy.stats

    if not len(drawn):
        raise DataError("There are no drawn lengths to compare", "at least one line")
    top = max(max(drawn), target.lengths[-1]) + 1
    observed = np.bincount(np.asarray(drawn), minlength=top).astype(np.float64)
    expected = np.zeros(top)
    expected[list(target.lengths)] = target.probabilities * len(drawn)
    distance = float(np.abs(np.cumsum(observed - expected)).sum() / len(drawn))
    inside = expected > 0
    if observed[~inside].any():
        return Fit(float("inf"), 0.0, distance, len(drawn))
    pooled_observed, pooled_expected = _pool(observed[inside], expected[inside])
    statistic = float(((pooled_observed - pooled_expected) ** 2 / pooled_expected).sum())
    p = float(chdtrc(max(len(pooled_expected) - 1, 1), statistic))
    return Fit(statistic, p, distance, len(drawn))


def load_target(name_or_path: str) -> LengthTarget:
    """A preset (``iam``, ``demo``, ``digits``), a file of texts, or a handwriting SPEC such as ``tsv:PATH``.

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
    return LengthTarget(name, tuple(lengths[kept].tolist()), tuple(weights[kept].tolist()))


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
