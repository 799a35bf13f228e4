"""`inkmill pretrain`: a recogniser learns from rendered shards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    data: Annotated[str, typer.Option(help="Rendered data set to learn from.")],
    validation: Annotated[str, typer.Option(help="Rendered data set to select by, best in held-out hands.")],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    preset: Annotated[str, typer.Option(help="Settings by name or YAML file.")] = "demo",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Setting, such as steps=500.")] = None,
) -> None:
    """Train a recogniser on rendered shards; the best model by validation is kept."""
    from pretrain.pretrain import pretrain
    from pretrain.settings import load_settings

    outcome = pretrain(data, validation, out, load_settings(preset, settings or ()), resume)
    for name, value in outcome.rows():
        typer.echo(f"{name}\t{value}")
