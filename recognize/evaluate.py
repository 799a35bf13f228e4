"""Evaluation: read every line of a split once, measure it the same way always, and keep every reading.

Nothing here chooses a model; that is done on validation lines while training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.files import write_atomic
from corpora.handwriting.record import HandwrittenLine
from recognize.metrics import LineScore, Scores, score, score_line
from recognize.prediction import Prediction
from recognize.recognizer import Recognizer

CHUNK = 128


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of an evaluation.

    Attributes:
        id: of the line.
        reference: what is written.
        prediction: what was read, with its confidence.
        score: the edits between them.
        writer: where known.
    """

    id: str
    reference: str
    prediction: Prediction
    score: LineScore
    writer: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A split, read and measured.

    Attributes:
        name: what was read, such as ``digits: test``.
        scores: the figures; ``lines`` are the single readings in the order of the split.
        outside: characters of the references that the model's alphabet lacks, with their counts.
    """

    name: str
    scores: Scores
    lines: tuple[ReadLine, ...]
    outside: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The figures, without the readings."""
        return {"name": self.name, **self.scores.to_json(), "outside_alphabet": self.outside}

    def write_tsv(self, path: Path) -> None:
        """One line a reading: id, reference, prediction, S, D, I, confidence, flags."""
        head = "id\treference\tprediction\tsubstitutions\tdeletions\tinsertions\tconfidence\tflags\n"
        write_atomic(path, head + "".join(map(_tsv_row, self.lines)))


def evaluate(
    recognizer: Recognizer,
    lines: Sequence[HandwrittenLine],
    name: str,
    beams: int = 1,
    on_progress: Callable[[int], None] = lambda _lines: None,
) -> Evaluation:
    """Read ``lines`` and measure; memory stays flat in the number of lines but for the texts.

    Args:
        on_progress: told the number of lines read since the last call.

    Raises:
        DataError: a picture cannot be read or is wider than the model takes.
    """
    predictions: list[Prediction] = []
    for start in range(0, len(lines), CHUNK):
        part = lines[start : start + CHUNK]
        predictions += recognizer.read(
            [line.load() for line in part], beams, names=[line.id for line in part]
        )
        on_progress(len(part))
    references = [line.text for line in lines]
    texts = [prediction.text for prediction in predictions]
    read = tuple(
        ReadLine(line.id, line.text, prediction, score_line(line.text, prediction.text), line.writer)
        for line, prediction in zip(lines, predictions, strict=True)
    )
    scores = score(references, texts, [line.writer for line in lines])
    return Evaluation(name, scores, read, _outside(recognizer, references))


def _outside(recognizer: Recognizer, references: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for reference in references:
        for character in recognizer.alphabet.normalize(reference):
            if character not in recognizer.alphabet.ids:
                counts[character] = counts.get(character, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _tsv_row(line: ReadLine) -> str:
    edits = line.score.characters
    cells = (
        line.id,
        line.reference,
        line.prediction.text,
        edits.substitutions,
        edits.deletions,
        edits.insertions,
        f"{line.prediction.confidence:.4f}",
        " ".join(line.prediction.flags),
    )
    return "\t".join(map(str, cells)) + "\n"
