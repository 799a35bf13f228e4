"""`inkmill finetune`: a recogniser learns from real handwriting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    data: Annotated[str, typer.Option(help="Real handwriting as a SPEC, such as tsv:PATH or digits:.")],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    init: Annotated[Path | None, typer.Option(help="Model to start from; random weights without it.")] = None,
    preset: Annotated[str, typer.Option(help="Settings by name or YAML file.")] = "finetune",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Setting, such as steps=500.")] = None,
) -> None:
    """Train on the train split, select on the validation split; the test split is left alone."""
    from pretrain.finetune import finetune
    from pretrain.settings import load_settings

    outcome = finetune(data, out, load_settings(preset, settings or ()), init, resume)
    for name, value in outcome.rows():
        typer.echo(f"{name}\t{value}")
