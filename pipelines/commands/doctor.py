"""`inkmill doctor`: what this machine has, lacks, and what to do. The checks are in `pipelines/doctor.py`."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Say what this machine has and lacks, and what to do; exit code 4 when something required is missing."""
    from dataclasses import asdict
    from json import dumps

    from common.errors import EnvironmentProblem
    from pipelines.doctor import examine, lacking

    rows = examine()
    if json:
        typer.echo(dumps([asdict(row) for row in rows], indent=1))
    else:
        width = max(len(row.name) for row in rows)
        for row in rows:
            typer.echo(f"{row.state:<4}  {row.name:<{width}}  {row.found}")
            if row.remedy:
                typer.echo(f"{'':<4}  {'':<{width}}  to do: {row.remedy}")
    if lacking(rows):
        failed = ", ".join(row.name for row in rows if row.state == "fail")
        raise EnvironmentProblem(f"Something required is missing: {failed}", remedy="see the rows above")
