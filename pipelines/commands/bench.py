"""`inkmill bench AREA`: one row a figure, beside its target; an area is `pipelines/bench/<area>.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.bench import AREAS


def command(
    area: Annotated[str, typer.Argument(help=f"What to measure: {', '.join(AREAS)}.")],
    json: Annotated[
        Path | None, typer.Option(help="Write the figures to this file, with machine and date.")
    ] = None,
) -> None:
    """Measure one area and print its figures beside their targets."""
    from common.files import write_json
    from pipelines.bench.run import measure, record, rows

    figures = measure(area)
    for row in rows(figures):
        typer.echo(row)
    if json:
        write_json(json, record(area, figures))
