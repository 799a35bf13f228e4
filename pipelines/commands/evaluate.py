"""`inkmill evaluate`: measure a model on a split."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class SplitName(StrEnum):
    """The splits of a data set."""

    train = "train"
    validation = "validation"
    test = "test"


def command(
    model: Annotated[Path, typer.Option(help="Model file, or the folder of a run.")],
    data: Annotated[str, typer.Option(help="SPEC of real handwriting, or shards:URL.")],
    split: Annotated[SplitName, typer.Option(help="Split to read.")] = SplitName.test,
    beams: Annotated[int, typer.Option(help="Hypotheses kept while reading; 1 is greedy.", min=1)] = 1,
    limit: Annotated[int | None, typer.Option(help="Read only the first lines.", min=1)] = None,
    json: Annotated[Path | None, typer.Option(help="Write the figures here.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report here.")] = None,
    lines: Annotated[Path | None, typer.Option(help="Write every reading here, as TSV.")] = None,
) -> None:
    """Measure a model on a split: CER, WER, intervals, a report with pictures."""
    import sys

    from common.files import write_json
    from recognize.evaluate import evaluate
    from recognize.evaluation_report import write_report
    from recognize.recognizer import Recognizer
    from recognize.rendered import lines_of

    found = lines_of(data, split.value)[:limit]
    evaluation = evaluate(Recognizer.load(model), found, f"{data} {split.value}", beams)
    scores = evaluation.scores
    if json:
        write_json(json, evaluation.to_json())
    if report:
        write_report(report, evaluation, found, [" ".join(["inkmill", *sys.argv[1:]])])
    if lines:
        evaluation.write_tsv(lines)
    interval = f"{scores.cer_interval.low:.2%} to {scores.cer_interval.high:.2%}"
    over = f"{scores.cer_interval.groups} {scores.cer_interval.over}"
    rows = {
        "lines": scores.lines,
        "CER": f"{scores.cer:.2%} ({interval}, 95 %, over {over})",
        "WER": f"{scores.wer:.2%}",
        "lines without error": f"{scores.exact_rate:.2%}",
        "compared after": scores.normalisation,
    }
    if evaluation.outside:
        rows["not in the alphabet"] = " ".join(f"{c}:{n}" for c, n in evaluation.outside.items())
    for name, value in rows.items():
        typer.echo(f"{name}\t{value}")
