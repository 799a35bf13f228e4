"""The report of an evaluation: figures first, then what is confused, then the worst and the best lines as
pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from common.files import write_atomic
from common.report import Card, Section, cards, command, page, paragraph, picture, table
from corpora.handwriting.record import HandwrittenLine
from recognize.confusions import confusions
from recognize.evaluate import Evaluation, ReadLine
from recognize.readings import Reading, readings

SHOWN = 12
CONFUSIONS = 20


def write_report(
    path: Path, evaluation: Evaluation, lines: Sequence[HandwrittenLine], commands: Sequence[str]
) -> None:
    """Write one self-contained page.

    Args:
        lines: what was evaluated, in the same order, for the pictures.
        commands: how to come by the same figures.
    """
    sections = [
        Section("Figures", [figure_cards(evaluation), rules(evaluation)]),
        Section("Worst and best lines", worst_and_best(evaluation, lines)),
        Section("Confusions", [confusion_table(evaluation)]),
        Section("How to repeat it", [command("\n".join(commands))]),
    ]
    write_atomic(path, page(f"Reading {evaluation.name}", sections))


def figure_cards(evaluation: Evaluation) -> Markup:
    """CER, WER and exact lines, with their intervals."""
    scores = evaluation.scores
    low, high = scores.cer_interval.low, scores.cer_interval.high
    over = f"{scores.cer_interval.groups} {scores.cer_interval.over}"
    return cards(
        [
            Card("CER", f"{scores.cer:.2%}", f"{low:.2%} to {high:.2%} over {over}", best=True),
            Card(
                "WER", f"{scores.wer:.1%}", f"{scores.wer_interval.low:.1%} to {scores.wer_interval.high:.1%}"
            ),
            Card(
                "Lines without error", f"{scores.exact_rate:.1%}", f"{scores.exact_lines} of {scores.lines}"
            ),
            Card("Characters", f"{scores.characters.length:,}", f"{scores.characters.total:,} edits"),
        ]
    )


def rules(evaluation: Evaluation) -> Markup:
    """How it was counted."""
    scores = evaluation.scores
    text = (
        f"CER and WER are pooled over {scores.lines} lines; mean of the lines' own CER "
        f"{scores.cer_line_mean:.2%}. Both sides were compared after: {scores.normalisation}. "
        "Intervals: 95 %, bootstrap."
    )
    if evaluation.outside:
        shown = " ".join(
            f"{character} ({count})" for character, count in list(evaluation.outside.items())[:20]
        )
        text += f" Characters of the references that the model does not know: {shown}."
    return paragraph(text)


def worst_and_best(
    evaluation: Evaluation, lines: Sequence[HandwrittenLine], shown: int = SHOWN
) -> tuple[Markup, Markup]:
    """The lines with most and with fewest errors; among equals the longer ones, then the more confident."""

    def badness(i: int) -> tuple[float, int, float]:
        line = evaluation.lines[i]
        edits = line.score.characters
        return edits.rate, edits.length if edits.total else -edits.length, -line.prediction.confidence

    order = sorted(range(len(evaluation.lines)), key=badness)
    worst, best = order[::-1][:shown], order[:shown]
    return tuple(  # type: ignore[return-value]
        readings([_reading(evaluation.lines[i], lines[i]) for i in chosen]) for chosen in (worst, best)
    )


def confusion_table(evaluation: Evaluation) -> Markup:
    """What was read instead of what, most frequent first."""
    found = confusions(
        [line.reference for line in evaluation.lines], [line.prediction.text for line in evaluation.lines]
    )
    rows = [
        (
            _shown(pair.reference),
            _shown(pair.prediction),
            pair.count,
            f"{pair.share:.1%}" if pair.reference else "",
        )
        for pair in found[:CONFUSIONS]
    ]
    return table(("written", "read", "times", "of its occurrences"), rows)


def _reading(read: ReadLine, line: HandwrittenLine) -> Reading:
    edits = read.score.characters
    facts = (
        f"{read.id}: {edits.total} edits, CER {edits.rate:.0%}, confidence {read.prediction.confidence:.2f}"
    )
    flags = f" ({', '.join(read.prediction.flags)})" if read.prediction.flags else ""
    return Reading(picture(line.load(), read.reference), read.reference, read.prediction.text, facts + flags)


def _shown(character: str) -> str:
    return {"": "(nothing)", " ": "(blank)"}.get(character, character)
