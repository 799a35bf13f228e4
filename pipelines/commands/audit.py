"""`inkmill audit`: check samples once more, by other means than the mill's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.options import (
    AlphabetOption,
    CatalogueOption,
    CorpusOption,
    HandsOption,
    RecipeSettings,
    TargetOption,
    VariantsOption,
)

if TYPE_CHECKING:
    from pipelines.preview import Source
    from synth.recipe import Recipe


def command(
    recipe: Annotated[list[str] | None, typer.Option(help="Recipe by name or file; may be repeated.")] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="Samples of every recipe.")] = 2000,
    model: Annotated[
        Path | None, typer.Option(help="Read the samples with this model instead, and list the worst.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report here.")] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="What to write; may be repeated. Without it: corpus.")
    ] = None,
    corpus: CorpusOption = "builtin:en",
    target: TargetOption = "demo",
    alphabet: AlphabetOption = "en",
    hands: HandsOption = "train",
    variants: VariantsOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the run.")] = 0,
    worst: Annotated[int, typer.Option(min=0, help="Lines to list with --model.")] = 20,
    catalogue: CatalogueOption = None,
    settings: RecipeSettings = None,
) -> None:
    """Check that samples show their labels, by other means than those that made them.

    Each character of the clean picture is compared with all characters of its font, drawn alone; all ink
    must belong to a character. The exit code is 3 if one label is not what is drawn. With --model a
    recogniser reads the final pictures, and those that it reads worst are listed.
    """
    import sys
    from typing import cast

    from fonts.hand import HandSplit
    from pipelines.preview import Source
    from synth.recipe import load_recipe

    writers = cast(HandSplit, hands)
    source = Source(
        text or (), corpus, target, alphabet, catalogue=catalogue, hands=writers, variants=variants
    )
    recipes = {name: load_recipe(name, settings or ()) for name in recipe or ["plain"]}
    commands = [" ".join(["inkmill", *sys.argv[1:]])]
    if model:
        _read(recipes, count, source, seed, model, worst, report, commands)
    else:
        _check(recipes, count, source, seed, report, commands)


def _check(
    recipes: dict[str, Recipe],
    count: int,
    source: Source,
    seed: int,
    report: Path | None,
    commands: list[str],
) -> None:
    from common.errors import DataError
    from common.progress import progress
    from pipelines.audit.report import write_audit
    from pipelines.audit.run import audit

    audits = []
    for name, recipe in recipes.items():
        with progress(f"Auditing {name}", total=count, unit="samples") as bar:
            audits.append(audit(name, recipe, count, source, seed, bar))
        found = audits[-1]
        typer.echo(
            f"{name}\t{found.samples} samples\t{len(found.failures)} failures\t"
            f"{found.judged} characters compared\t{found.skipped.total()} not judged\t"
            f"planted errors noticed {found.noticed} of {found.planted}"
        )
        for failure in found.failures:
            sample, family = failure.sample, failure.hand.family
            for finding in failure.findings:
                where = f"{name} {sample.provenance['index']}\t{family}\t{sample.text}"
                typer.echo(f"{where}\t{finding.kind}\t{finding.detail}")
    if report:
        write_audit(report, audits, commands)
    if any(found.failures for found in audits):
        raise typer.Exit(DataError.exit_code)


def _read(
    recipes: dict[str, Recipe],
    count: int,
    source: Source,
    seed: int,
    model: Path,
    worst: int,
    report: Path | None,
    commands: list[str],
) -> None:
    from common.progress import progress
    from pipelines.audit.reading import read_back
    from pipelines.audit.report import write_readings
    from recognize.recognizer import Recognizer

    recognizer = Recognizer.load(model)
    readings = []
    for name, recipe in recipes.items():
        with progress(f"Reading {name}", total=count, unit="samples") as bar:
            readings.append(read_back(name, recipe, count, source, recognizer, seed, bar))
        found = readings[-1]
        typer.echo(f"{name}\t{len(found.lines)} samples\tCER {found.scores.cer:.2%}")
        for line in found.lines[:worst]:
            where = f"{name} {line.sample.provenance['index']}"
            typer.echo(f"{line.cer:.0%}\t{where}\t{line.sample.text}\t{line.text}")
    if report:
        write_readings(report, readings, commands)
