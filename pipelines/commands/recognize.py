"""`inkmill recognize`: read pictures of handwritten lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    images: Annotated[list[Path], typer.Argument(help="Pictures, one line of handwriting each.")],
    model: Annotated[Path, typer.Option(help="Model file, or the folder of a run.")],
    beams: Annotated[int, typer.Option(help="Hypotheses kept while reading; 1 is greedy.", min=1)] = 1,
    invert: Annotated[bool, typer.Option("--invert", help="The writing is lighter than its ground.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a picture, with every character.")
    ] = False,
) -> None:
    """Read pictures: one row each with file, confidence and text.

    A picture that cannot be read is named on stderr, the others are read, and the exit code is 3.
    """
    import json as json_
    from dataclasses import asdict

    from common.errors import DataError
    from recognize.pictures import read_files
    from recognize.recognizer import Recognizer

    recognizer = Recognizer.load(model)
    faults = 0
    for path, found in read_files(recognizer, images, beams, invert):
        if isinstance(found, DataError):
            typer.echo(str(found), err=True)
            faults += 1
        elif json:
            typer.echo(json_.dumps({"file": str(path), **asdict(found)}, ensure_ascii=False))
        else:
            flags = f"\t{' '.join(found.flags)}" if found.flags else ""
            typer.echo(f"{path}\t{found.confidence:.3f}\t{found.text}{flags}")
    if faults:
        raise typer.Exit(DataError.exit_code)
