"""`inkmill preview`: pictures of a recipe to look at, as PNG or as a page."""

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
    out: Annotated[Path, typer.Option(help="What to write: a picture, .png, or a page, .html.")] = Path(
        "preview.png"
    ),
    recipe: Annotated[
        str | None, typer.Option(help="Recipe by name or file; demo unless it is told.")
    ] = None,
    count: Annotated[int | None, typer.Option("-n", min=1, max=1000, help="How many lines.")] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="What to write; may be repeated. Without it: corpus.")
    ] = None,
    hand: Annotated[str, typer.Option(help="Who writes: id, family or font file.")] = "",
    grid: Annotated[
        str, typer.Option(help="One line under every effect, by many hands, or in all recipes.")
    ] = "",
    steps: Annotated[bool, typer.Option("--steps", help="How one picture came to be.")] = False,
    page: Annotated[bool, typer.Option("--page", help="The lines of one page.")] = False,
    real: Annotated[str, typer.Option(help="A SPEC of real lines to mix with ours: which are real?")] = "",
    tell: Annotated[
        bool, typer.Option("--solution", help="With --real: print which lines are real.")
    ] = False,
    clean: Annotated[bool, typer.Option("--clean", help="Show the clean picture under each sample.")] = False,
    boxes: Annotated[bool, typer.Option("--boxes", help="Draw the character boxes.")] = False,
    columns: Annotated[int | None, typer.Option(min=1, help="Samples beside each other.")] = None,
    scale: Annotated[int | None, typer.Option(min=1, max=8, help="Enlargement.")] = None,
    corpus: CorpusOption = "builtin:en",
    target: TargetOption = "demo",
    alphabet: AlphabetOption = "en",
    hands: HandsOption = "train",
    variants: VariantsOption = None,
    kinds: KindsOption = "",
    language: LanguageOption = "en",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the run.")] = 0,
    catalogue: CatalogueOption = None,
    settings: RecipeSettings = None,
) -> None:
    """Draw samples of a recipe to look at: what `render` with the same seed would write.

    One kind of sheet at a time: samples as they come, --grid, --steps, --page or --real.
    """
    from corpora.rules.settings import load_rules
    from pipelines.preview import Source
    from pipelines.preview_sheets import COLUMNS, COUNTS, View, choose_kind, draw_panels, quiz
    from synth.recipe import load_recipe
    from synth.show.gallery import check_ending, write_sheet
    from synth.show.real_or_ours import solution, write_quiz

    wanted = {f"--grid {grid}": bool(grid), "--page": page, "--real": bool(real), "--steps": steps}
    given = {"-n": count, "--boxes": boxes, "--clean": clean, "--columns": columns, "--recipe": recipe}
    kind = choose_kind(wanted, {**given, "--scale": scale, "--text": text})
    check_ending(out)
    source = Source(
        texts=tuple(text or ()),
        corpus=corpus,
        target=target,
        alphabet=alphabet,
        rules=load_rules(language),
        catalogue=catalogue,
        hand=hand,
        hands=hands,  # type: ignore[arg-type]  # an unknown one is refused with the nearest
        variants=variants,
    )
    look = load_recipe(recipe or "demo", settings or (), kinds)
    number = count or COUNTS.get(kind, 24)
    if real:
        specimens = quiz(look, real, number, source, seed)
        write_quiz(specimens, out, f"Real or {recipe or 'demo'}")
        told = f"\treal {solution(specimens)}" if tell else ""
        typer.echo(f"{out}\t{len(specimens)} lines{told}")
        return
    view = View(kind, number, columns or COLUMNS.get(kind, 1), clean, boxes, scale or 1)
    panels, drops = draw_panels(view, look, source, seed, settings or ())
    heading = " ".join(filter(None, ("inkmill preview", recipe, kind)))
    lede = f"Seed {seed}, recipe {recipe or 'demo'}{''.join(f', {one}' for one in settings or ())}."
    write_sheet(panels, out, heading, view.columns, lede)
    refused = ", ".join(f"{reason} {times}" for reason, times in drops.most_common()) or "0"
    shown = f"{len(panels[0].pictures)} lines" if page else f"{len(panels)} {'panels' if kind else 'samples'}"
    typer.echo(f"{out}\t{shown}\tattempts refused: {refused}")
