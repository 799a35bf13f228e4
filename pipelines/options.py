"""Options that several verbs have in common: what writes, from which text, with which rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CorpusOption = Annotated[str, typer.Option(help="A built corpus, or a source such as builtin:en.")]
AlphabetOption = Annotated[str, typer.Option(help="Alphabet of a source that is not built yet.")]
TargetOption = Annotated[str, typer.Option(help="Length target by name or file.")]
HandsOption = Annotated[str, typer.Option(help="train, or validation for hands never seen in training.")]
VariantsOption = Annotated[
    int | None,
    typer.Option(help="Variants of every font that write besides it; 8 unless it is told.", min=0),
]
KindsOption = Annotated[
    str, typer.Option(help="How much designs weigh, such as everyday=1,formal=0.5,brush=0.")
]
LanguageOption = Annotated[str, typer.Option(help="Language of dates, names and the other rules.")]
CatalogueOption = Annotated[Path | None, typer.Option(help="A font catalogue instead of the usual one.")]
RecipeSettings = Annotated[
    list[str] | None, typer.Option("--set", help="Recipe setting, such as output.height=64.")
]
