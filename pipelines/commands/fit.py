"""`inkmill fit`: a recipe that matches real lines, and the judge who tells real from synthetic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.options import CatalogueOption, KindsOption


def command(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help="Real lines, as in `inkmill data`.")],
    out: Annotated[
        Path | None, typer.Option(help="The recipe to write, .yaml; without it only --judge is done.")
    ] = None,
    judged: Annotated[
        list[str] | None, typer.Option("--judge", help="A recipe to compare and judge as well; repeatable.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="The report to write, .html.")] = None,
    recipe: Annotated[
        str | None, typer.Option(help="Recipe to start from, by name or file, for what is not fitted.")
    ] = None,
    lines: Annotated[int, typer.Option(min=8, help="Real lines to measure, over all writers.")] = 300,
    looks: Annotated[int, typer.Option(min=1, max=200, help="Most looks of the mixture.")] = 96,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of writing and measuring.")] = 5,
    held: Annotated[str, typer.Option(help="Split that the judge is examined on.")] = "validation",
    steps: Annotated[int, typer.Option(min=0, help="Steps of the judge's training; 0 spares him.")] = 300,
    variants: Annotated[int, typer.Option(min=0, help="Variants of every font besides it.")] = 8,
    kinds: KindsOption = "",
    seed: Annotated[int, typer.Option(min=0, help="Seed of every draw.")] = 0,
    catalogue: CatalogueOption = None,
) -> None:
    """Measure real lines, write the recipe whose samples match, and let a judge tell them apart."""
    from pipelines.fit import FitPlan, run_fit

    plan = FitPlan(
        spec,
        out,
        tuple(judged or ()),
        report,
        recipe,
        lines,
        looks,
        rounds,
        held,
        steps,
        variants,
        kinds,
        seed,
        catalogue,
    )
    for row in run_fit(plan):
        typer.echo("\t".join(row))
