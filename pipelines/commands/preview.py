"""`inkmill preview`: a page of samples from a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.options import (
    AlphabetOption,
    CatalogueOption,
    CorpusOption,
    HandsOption,
    KindsOption,
    LanguageOption,
    RecipeSettings,
    TargetOption,
    VariantsOption,
)


def command(
    out: Annotated[Path, typer.Option(help="The picture to write, .png.")] = Path("preview.png"),
    recipe: Annotated[str, typer.Option(help="Recipe by name (plain, demo, worn) or file.")] = "demo",
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many samples.")] = 24,
    text: Annotated[
        list[str] | None, typer.Option(help="What to write; may be repeated. Without it: corpus.")
    ] = None,
    corpus: CorpusOption = "builtin:en",
    target: TargetOption = "demo",
    alphabet: AlphabetOption = "en",
    hands: HandsOption = "train",
    variants: VariantsOption = None,
    kinds: KindsOption = "",
    language: LanguageOption = "en",
    clean: Annotated[bool, typer.Option("--clean", help="Show the clean picture under each sample.")] = False,
    boxes: Annotated[bool, typer.Option("--boxes", help="Draw the character boxes.")] = False,
    columns: Annotated[int, typer.Option(min=1, help="Samples beside each other.")] = 2,
    scale: Annotated[int, typer.Option(min=1, max=8, help="Enlargement.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the run.")] = 0,
    catalogue: CatalogueOption = None,
    settings: RecipeSettings = None,
) -> None:
    """Draw a page of samples from a recipe: what `render` with the same seed would write."""
    from PIL import Image

    from common.errors import UsageError
    from common.files import atomic_path
    from common.settings import apply_overrides
    from corpora.rules.settings import load_rules
    from fonts.kinds import Kinds
    from pipelines.preview import draw_samples
    from synth.recipe import load_recipe
    from synth.show.gallery import sheet

    if out.suffix.lower() != ".png":
        raise UsageError(f"The page {out} cannot be written in that format", "a name ending in .png")
    samples, drops = draw_samples(
        load_recipe(recipe, settings or ()),
        count,
        seed,
        text or (),
        corpus,
        target,
        catalogue,
        alphabet,
        hands=hands,
        **({} if variants is None else {"variants": variants}),
        kinds=Kinds.parse(apply_overrides({}, filter(None, kinds.split(","))), "--kinds"),
        rules=load_rules(language),
    )
    with atomic_path(out) as temporary:
        Image.fromarray(sheet(samples, columns, clean, boxes, scale)).save(temporary, format="PNG")
    dropped = ", ".join(f"{reason} {number}" for reason, number in drops.most_common()) or "0"
    typer.echo(f"{out}\t{len(samples)} samples\tdropped {dropped}")
