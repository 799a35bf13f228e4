"""Which characters are taken for which: the pairs of an optimal alignment, counted over a corpus.

Characters and normalisation are those of `recognize.metrics`. Rates and intervals are there, not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from recognize.metrics import Rule, characters, normalise


@dataclass(frozen=True, slots=True)
class Confusion:
    """One kind of mistake.

    Attributes:
        reference: the character that is written, empty where one was invented.
        prediction: the character that was read, empty where one was left out.
        count: how often.
        share: of all occurrences of ``reference`` in the references; 0 for an invented character.
    """

    reference: str
    prediction: str
    count: int
    share: float


def confusions(references: Sequence[str], predictions: Sequence[str], rule: Rule = "nfc") -> list[Confusion]:
    """Every kind of mistake in the corpus, most frequent first, ties in code-point order."""
    pairs: Counter[tuple[str, str]] = Counter()
    written: Counter[str] = Counter()
    for reference, prediction in zip(references, predictions, strict=True):
        source, target = characters(normalise(reference, rule)), characters(normalise(prediction, rule))
        written.update(source)
        for edit in Levenshtein.editops(source, target):
            written_one = source[edit.src_pos] if edit.tag != "insert" else ""
            read_one = target[edit.dest_pos] if edit.tag != "delete" else ""
            pairs[written_one, read_one] += 1
    return [
        Confusion(*pair, count, count / written[pair[0]] if pair[0] else 0.0)
        for pair, count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    ]
