"""``inkmill alphabet``: the characters of presets, files, corpora and real handwriting; make and compare."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from corpora.alphabet import Form
    from corpora.alphabet_diff import Lone
    from corpora.inventory import Inventory

MODEL = ".safetensors"

app = typer.Typer(no_args_is_help=True, help="Show, make and compare alphabets.")

_PLACE = (
    "A preset such as en or en+fr, a file of characters or texts, a corpus, a model, or a SPEC like tsv:PATH."
)
Place = Annotated[str, typer.Argument(help=_PLACE)]
FormOption = Annotated[
    str | None, typer.Option("--form", help="Unicode form: NFC, NFD, NFKC or NFKD; as found, else NFC.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def show(place: Place, form: FormOption = None, as_json: AsJson = False) -> None:
    """List the characters of an alphabet by code point, with names, and counts where they are known."""
    inventory = _take(place, form)
    alphabet = inventory.alphabet
    if as_json:
        facts = {"name": place, "form": alphabet.form, "fingerprint": alphabet.fingerprint}
        counts = {c: inventory.counts.get(c) for c in alphabet.characters}
        typer.echo(json.dumps(facts | {"characters": counts}, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{_headline(inventory)}, fingerprint {alphabet.fingerprint}")
    if inventory.description:
        typer.echo(inventory.description)
    for character in alphabet.characters:
        typer.echo(_row(character, inventory.counts.get(character)))


@app.command()
def make(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help=f"{_PLACE} Several are joined.")],
    out: Annotated[Path, typer.Option(help="The JSON file to write.")],
    form: FormOption = None,
    min_count: Annotated[
        int, typer.Option(min=1, help="Leave out characters that were counted fewer times.")
    ] = 1,
) -> None:
    """Write an alphabet that --alphabet takes everywhere; what is left out is listed."""
    from functools import reduce

    from common.errors import DataError
    from common.files import write_atomic
    from corpora.inventory import Inventory

    joined = reduce(Inventory.join, (_take(place, form) for place in places))
    kept, rare = joined.at_least(min_count)
    if not kept.alphabet.characters:
        raise DataError(
            f"No character of {joined.name} occurs {min_count} times", "at least one", "lower --min-count"
        )
    write_atomic(out, kept.alphabet.to_json() + "\n")
    typer.echo(f"{_headline(kept)}, fingerprint {kept.alphabet.fingerprint}, in {out}")
    if rare:
        typer.echo(f"\nleft out, fewer than {min_count} times ({len(rare)}):")
        for character, count in rare.items():
            typer.echo(_row(character, count))


@app.command()
def diff(
    a: Place,
    b: Place,
    form: FormOption = None,
    everything: Annotated[bool, typer.Option("--all", help="List what both have, too.")] = False,
    fail: Annotated[bool, typer.Option("--fail", help="Leave with exit code 1 where they differ.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two alphabets by code point; say which characters only look alike."""
    from corpora import alphabet_diff

    found = alphabet_diff.diff(_take(a, form), _take(b, form))
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        typer.echo(
            f"A: {_headline(found.a)}\nB: {_headline(found.b)}\n{len(found.shared)} characters in both"
        )
        if found.a.alphabet.form != found.b.alphabet.form:
            typer.echo("The Unicode forms differ; --form compares both in one.")
        _list("only in A", found.only_a)
        _list("only in B", found.only_b)
        if everything:
            typer.echo("\nin both, with the counts of A and B:")
            for one in found.shared:
                typer.echo(f"{_row(one.character, one.count_a)} {_count(one.count_b)}")
    if fail and found:
        raise typer.Exit(1)


def _take(place: str, form: str | None) -> Inventory:
    from common.errors import UsageError, nearest
    from corpora.alphabet import FORMS
    from corpora.inventory import Inventory, take_inventory

    wanted: Form | None = next((known for known in FORMS if form and known == form.upper()), None)
    if form and wanted is None:
        raise UsageError(f"There is no Unicode form '{form}'", nearest(form, FORMS))
    if Path(place).suffix == MODEL or (Path(place) / f"model{MODEL}").is_file():
        from recognize.model_file import load_model

        found = Inventory(place, load_model(Path(place)).alphabet, {})
        return found.to_form(wanted) if wanted else found
    return take_inventory(place, wanted)


def _headline(inventory: Inventory) -> str:
    return f"{inventory.name}: {len(inventory.alphabet.characters)} characters in {inventory.alphabet.form}"


def _list(title: str, found: Iterable[Lone]) -> None:
    from corpora.alphabet import describe, shown

    rows = list(found)
    if rows:
        typer.echo(f"\n{title} ({len(rows)}):")
    for one in rows:
        likes = ", ".join(f"{shown(like)} ({describe(like)})" for like in one.looks_like)
        typer.echo(_row(one.character, one.count) + (f"  looks like {likes}" if likes else ""))


def _row(character: str, count: int | None) -> str:
    from corpora.alphabet import describe, shown

    code, _, name = describe(character).partition(" ")
    return f"  {code:8} {shown(character):2} {name:44} {_count(count)}"


def _count(count: int | None) -> str:
    return f"{'' if count is None else format(count, ','):>10}"
