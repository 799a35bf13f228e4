"""`inkmill render`: text lines in many hands, packed into shards."""

from __future__ import annotations

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
    lines: Annotated[int, typer.Option(help="Number of lines.", min=1)],
    out: Annotated[str, typer.Option(help="Where to: a folder, file:PATH or memory:NAME.")],
    corpus: CorpusOption = "builtin:en",
    alphabet: AlphabetOption = "en",
    recipe: Annotated[str, typer.Option(help="Recipe by name or file.")] = "demo",
    target: TargetOption = "demo",
    hands: HandsOption = "train",
    variants: VariantsOption = None,
    kinds: KindsOption = "",
    executor: Annotated[str, typer.Option(help="local or ray.")] = "local",
    workers: Annotated[int, typer.Option(help="Workers at a time.", min=1)] = 2,
    address: Annotated[str | None, typer.Option(help="Address of a running Ray cluster.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the run.", min=0)] = 0,
    lines_per_shard: Annotated[int, typer.Option(help="Lines in a shard.", min=1)] = 1000,
    image_format: Annotated[str, typer.Option(help="png (exact) or jpg (small).")] = "png",
    language: LanguageOption = "en",
    rule: Annotated[
        list[str] | None, typer.Option(help="Share of lines that a rule makes, such as dates=0.05; or none.")
    ] = None,
    catalogue: CatalogueOption = None,
    settings: RecipeSettings = None,
) -> None:
    """Write text lines in many hands and pack them into shards.

    What is finished stays finished: the same command makes only what is missing.
    """
    import time

    from common.progress import progress
    from corpora.rules.settings import load_rules
    from pipelines.executors import make_executor
    from pipelines.plan import corpus_at, make_plan
    from pipelines.render import render_dataset
    from shards.store import open_store
    from synth.recipe import load_recipe

    store = open_store(out)  # what costs nothing is checked first
    chosen = make_executor(executor, workers, address)
    plan = make_plan(
        lines,
        corpus_at(corpus, alphabet),
        load_recipe(recipe, settings or (), kinds),
        target,
        catalogue,
        hands=hands,
        **({} if variants is None else {"variants": variants}),
        seed=seed,
        lines_per_shard=lines_per_shard,
        image_format=image_format,
        rules=load_rules(language, rule or ()),
    )
    fresh = 0
    started = time.monotonic()
    with progress("Rendering lines", lines) as step:

        def count(done: int, made: bool) -> None:
            nonlocal fresh
            fresh += done if made else 0
            step(done, "" if made else "finished before")

        manifest = render_dataset(plan, store.url, chosen, on_progress=count)
    seconds = time.monotonic() - started
    rows = {
        "lines": f"{manifest.samples}",
        "shards": f"{len(manifest.shards)}",
        "bytes": f"{manifest.bytes}",
        "lines/s": f"{fresh / seconds:.1f}" if fresh else "all finished before",
        "missing": f"{manifest.missing}",
        "dropped": ", ".join(f"{reason} {number}" for reason, number in manifest.drops.items()) or "0",
        "fingerprint": manifest.fingerprint,
    }
    for name, value in rows.items():
        typer.echo(f"{name}\t{value}")
