"""How well lines were read: pooled CER and WER of a corpus, their counts and their intervals.

CER is (substitutions + deletions + insertions) / reference characters over the whole corpus, so it depends
neither on batches nor on order, and may exceed 1. A character is a code point together with its combining
marks, after the stated normalisation; a word is what stands between blanks. Nothing here reads pictures,
models or files.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from common.errors import DataError
from recognize.bootstrap import Interval, resample

Rule = Literal["raw", "nfc", "loose"]

RULES: dict[Rule, str] = {
    "raw": "as it stands",
    "nfc": "NFC, single blanks, trimmed",
    "loose": "NFC, single blanks, trimmed; quotes and dashes straightened, long s as s; case kept",
}
LOOSE = str.maketrans("‘’‚‛′“”„‟″«»‐‑‒–—―ſ", "'" * 5 + '"' * 7 + "-" * 6 + "s")


@dataclass(frozen=True, slots=True)
class Errors:
    """Edit operations that turn a reference into a prediction, and the reference's length, in one unit."""

    substitutions: int
    deletions: int
    insertions: int
    length: int

    @property
    def total(self) -> int:
        """All edits."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Edits per unit of reference; an empty reference is read right (0) or wrong (1)."""
        return self.total / self.length if self.length else float(self.total > 0)


@dataclass(frozen=True, slots=True)
class LineScore:
    """One line: its edits in characters and in words."""

    characters: Errors
    words: Errors

    @property
    def exact(self) -> bool:
        """Whether the line was read without an error."""
        return not self.characters.total


@dataclass(frozen=True, slots=True)
class Scores:
    """A corpus of lines, measured.

    Attributes:
        lines: number of lines.
        empty_references: lines whose reference is empty; their insertions count in ``cer``.
        characters: edits in characters, pooled; ``characters.rate`` is ``cer``.
        words: edits in words, pooled.
        cer: pooled character error rate, 1.0 = 100 %.
        cer_interval: where ``cer`` would lie for other lines or writers of the kind.
        cer_line_mean: mean of the lines' own rates; not comparable with ``cer``.
        wer: pooled word error rate.
        wer_interval: the same for ``wer``.
        exact_lines: lines read without an error.
        exact_rate: their share.
        normalisation: what was done to both sides before they were compared.
    """

    lines: int
    empty_references: int
    characters: Errors
    words: Errors
    cer: float
    cer_interval: Interval
    cer_line_mean: float
    wer: float
    wer_interval: Interval
    exact_lines: int
    exact_rate: float
    normalisation: str

    def to_json(self) -> dict[str, Any]:
        """A JSON-able tree with the attributes' names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """CER of A minus CER of B on the same lines; negative where A is better.

    ``a_better`` is the share of bootstrap draws in which A has the lower CER (ties count half).
    """

    cer: float
    interval: Interval
    a_better: float

    def to_json(self) -> dict[str, Any]:
        """A JSON-able tree with the attributes' names."""
        return asdict(self)


def normalise(text: str, rule: Rule = "nfc") -> str:
    """Bring a text to the form in which it is compared; see `RULES`."""
    if rule == "raw":
        return text
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text.translate(LOOSE) if rule == "loose" else text


def characters(text: str) -> list[str]:
    """Split into characters as a reader counts them: each code point with the combining marks after it."""
    units: list[str] = []
    for point in text:
        if units and unicodedata.combining(point):
            units[-1] += point
        else:
            units.append(point)
    return units


def score_line(reference: str, prediction: str, rule: Rule = "nfc") -> LineScore:
    """Compare one prediction with its reference."""
    reference, prediction = normalise(reference, rule), normalise(prediction, rule)
    return LineScore(
        count_edits(characters(reference), characters(prediction)),
        count_edits(reference.split(), prediction.split()),
    )


def score(
    references: Sequence[str],
    predictions: Sequence[str],
    writers: Sequence[str | None] | None = None,
    rule: Rule = "nfc",
    draws: int = 1000,
    seed: int = 0,
) -> Scores:
    """Measure a corpus.

    Args:
        references: what is written, one text a line.
        predictions: what was read, in the same order.
        writers: the writer of each line; where all are known the intervals are drawn over writers, else
            over lines.
        rule: normalisation of both sides.
        draws: bootstrap draws.
        seed: seed of the draws.

    Raises:
        DataError: there are no lines, or the sequences differ in length.
    """
    lines = _score_lines(references, predictions, rule)
    in_characters, in_words = _pool(line.characters for line in lines), _pool(line.words for line in lines)
    counts = [
        (line.characters.total, line.characters.length, line.words.total, line.words.length) for line in lines
    ]
    drawn = resample(np.array(counts), writers, draws, seed)
    exact = sum(line.exact for line in lines)
    return Scores(
        lines=len(lines),
        empty_references=sum(not line.characters.length for line in lines),
        characters=in_characters,
        words=in_words,
        cer=in_characters.rate,
        cer_interval=drawn.interval(_rates(drawn.sums[:, 0], drawn.sums[:, 1])),
        cer_line_mean=fmean(line.characters.rate for line in lines),
        wer=in_words.rate,
        wer_interval=drawn.interval(_rates(drawn.sums[:, 2], drawn.sums[:, 3])),
        exact_lines=exact,
        exact_rate=exact / len(lines),
        normalisation=RULES[rule],
    )


def compare(
    references: Sequence[str],
    predictions_a: Sequence[str],
    predictions_b: Sequence[str],
    writers: Sequence[str | None] | None = None,
    rule: Rule = "nfc",
    draws: int = 1000,
    seed: int = 0,
) -> Difference:
    """Paired bootstrap of the CER of two readings of the same lines; arguments as those of `score`.

    Raises:
        DataError: there are no lines, or the sequences differ in length.
    """
    a = [line.characters for line in _score_lines(references, predictions_a, rule)]
    b = [line.characters for line in _score_lines(references, predictions_b, rule)]
    counts = np.array([(in_a.total, in_b.total, in_a.length) for in_a, in_b in zip(a, b, strict=True)])
    drawn = resample(counts, writers, draws, seed)
    differences = _rates(drawn.sums[:, 0], drawn.sums[:, 2]) - _rates(drawn.sums[:, 1], drawn.sums[:, 2])
    return Difference(
        cer=_pool(a).rate - _pool(b).rate,
        interval=drawn.interval(differences),
        a_better=float(np.mean(differences < 0) + np.mean(differences == 0) / 2),
    )


def count_edits(reference: Sequence[str], prediction: Sequence[str]) -> Errors:
    """The fewest edits between two sequences of characters or words."""
    kinds = Counter(edit.tag for edit in Levenshtein.editops(reference, prediction))
    return Errors(kinds["replace"], kinds["delete"], kinds["insert"], len(reference))


def _score_lines(references: Sequence[str], predictions: Sequence[str], rule: Rule) -> list[LineScore]:
    if len(references) != len(predictions):
        raise DataError(
            f"{len(predictions)} predictions stand against {len(references)} references",
            "one prediction a line",
        )
    if not references:
        raise DataError(
            "There are no lines to measure", "at least one line", "check the split and the data set"
        )
    return [score_line(*pair, rule) for pair in zip(references, predictions, strict=True)]


def _pool(errors: Iterable[Errors]) -> Errors:
    counts = [(one.substitutions, one.deletions, one.insertions, one.length) for one in errors]
    return Errors(*(sum(column) for column in zip(*counts, strict=True)))


def _rates(edits: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """`Errors.rate` for whole columns."""
    return np.where(lengths > 0, edits / np.maximum(lengths, 1), edits > 0).astype(np.float64)
