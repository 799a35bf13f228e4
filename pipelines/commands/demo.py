"""`inkmill demo`: the whole line, from text to a recogniser, with a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path, typer.Option(help="Folder of the demo.")] = Path("runs/demo"),
    preset: Annotated[str, typer.Option(help="demo, or tiny to try every station in a minute.")] = "demo",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Setting, such as train_lines=5000.")
    ] = None,
) -> None:
    """Run the whole line: fonts, text, shards, pretraining, fine-tuning, reading, report.

    What is finished stays finished: after an interruption the same command goes on.
    """
    from pipelines.demo.run import run_demo
    from pipelines.demo.settings import load_settings

    demo = run_demo(load_settings(preset, settings or ()), out)
    typer.echo(f"{'test split of':<38}{'model':<32}{'lines':>6}{'CER':>9}   95 % interval")
    for (data, model), reading in demo.readings.items():
        scores = reading.evaluation.scores
        interval = f"{scores.cer_interval.low:.1%} to {scores.cer_interval.high:.1%}"
        typer.echo(f"{data:<38}{model:<32}{scores.lines:>6}{scores.cer:>9.1%}   {interval}")
    typer.echo(f"\nRead a picture of your own:  inkmill recognize --model {out / 'pretrain'} PICTURE")
    typer.echo(f"Look at everything:          {out / 'report.html'}")
