"""``inkmill fonts``: fetch, add, list and show the hands that write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fonts.catalogue import Catalogue
    from fonts.files import FontFiles

app = typer.Typer(no_args_is_help=True, help="Fetch, add, list and show the hands that write.")


@app.command()
def sync(
    offline: Annotated[
        bool, typer.Option("--offline", help="Use only what npm has in its own cache.")
    ] = False,
) -> None:
    """Fetch the pinned open-licensed handwriting fonts into the cache, and measure them."""
    from fonts.supply import sync as fetch

    folder = fetch(offline=offline, progress=_say)
    typer.echo(f"{folder}: {_tally(_catalogue())}")


@app.command()
def add(
    folder: Annotated[
        Path, typer.Argument(help="A folder with .ttf, .otf, .ttc, .woff or .woff2 files, at any depth.")
    ],
    any_licence: Annotated[
        bool,
        typer.Option(
            "--any-licence", help="Use fonts under other than open licences too, or under none known."
        ),
    ] = False,
) -> None:
    """Use the fonts of a folder of your own too; it stays where it is."""
    from common.errors import DataError
    from fonts.catalogue import build_catalogue
    from fonts.files import font_files
    from fonts.folders import added, check_folder

    check_folder(folder)
    found = font_files([folder])
    if not found.unique:
        raise DataError(
            f"There is no font in {folder}{_left_out(found)}",
            "files ending in .ttf, .otf, .ttc, .woff or .woff2",
            "check the path",
        )
    with added(folder, any_licence):
        catalogue = build_catalogue([folder], progress=_measuring)
        if all(hand.verdict != "ok" for hand in catalogue.hands):
            raise DataError(
                f"No font of {folder} is used: {_tally(catalogue)}",
                "at least one font that may write",
                "put other fonts there and add it again, or allow every licence with --any-licence",
            )
    typer.echo(f"{folder}: {_tally(catalogue)}{_left_out(found)}")


@app.command()
def remove(folder: Annotated[Path, typer.Argument(help="A folder that was added.")]) -> None:
    """Use the fonts of an added folder no longer; its files are left alone."""
    from fonts.folders import remove_folder

    remove_folder(folder)
    typer.echo(f"{folder} is used no longer.")


@app.command()
def licences(
    out: Annotated[
        Path | None, typer.Option(help="File to write, .md or .json; otherwise Markdown is printed.")
    ] = None,
    data_set: Annotated[
        str | None, typer.Option(help="A rendered data set: only the fonts that wrote it, with their lines.")
    ] = None,
) -> None:
    """Write the ledger of font licences: authors, terms, reserved names, sources and hashes."""
    from common.errors import UsageError
    from common.files import write_atomic
    from fonts.ledger import ledger, to_json, to_markdown

    if out and out.suffix not in (".md", ".json"):
        raise UsageError(
            f"The ledger {out} cannot be written in that format", "a name ending in .md or .json"
        )
    uses = _uses(data_set) if data_set else None
    hands = [hand for hand in _catalogue().hands if hand.verdict == "ok" or uses]
    entries = ledger(hands, uses)
    if uses and (lost := uses.keys() - {entry.sha256 for entry in entries}):
        _say(f"{len(lost)} fonts of the data set are not on this machine; the ledger lacks them.")
    content = (to_json if out and out.suffix == ".json" else to_markdown)(entries)
    if out:
        write_atomic(out, content)
        _say(f"{len(entries)} fonts are in {out}.")
    else:
        typer.echo(content, nl=False)


@app.command(name="list")
def list_hands(
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Show those that may not write, and why.")
    ] = False,
) -> None:
    """Print one hand a line, with tabs: id, family, style, licence, split, number of characters, verdict."""
    shown = [hand for hand in _catalogue().hands if (hand.verdict != "ok") == rejected]
    typer.echo("id\tfamily\tstyle\tlicence\tsplit\tcharacters\tverdict")
    for hand in shown:
        cells = (
            hand.id,
            hand.family,
            hand.style,
            hand.licence,
            hand.split,
            len(hand.characters),
            hand.verdict,
        )
        typer.echo("\t".join(map(str, cells)))


@app.command()
def sheet(
    out: Annotated[Path, typer.Argument(help="PNG file to write.")],
    text: Annotated[str, typer.Option(help="What every hand writes.")] = "",
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Add those that may not write, and why.")
    ] = False,
) -> None:
    """Draw a contact sheet: every hand writes a line."""
    from common.errors import UsageError
    from fonts.sheet import PANGRAM, contact_sheet

    if out.suffix.lower() != ".png":
        raise UsageError(f"The sheet {out} cannot be written in that format", "a name ending in .png")
    typer.echo(contact_sheet(_catalogue(), out, text=text or PANGRAM, rejected=rejected))


def _catalogue() -> Catalogue:
    from fonts.catalogue import default_catalogue

    return default_catalogue(progress=_measuring)


def _uses(url: str) -> dict[str, int]:
    """SHA-256 of a font file -> number of lines it wrote."""
    from shards.manifest import read_manifest
    from shards.store import open_store

    uses: Counter[str] = Counter()
    for font in read_manifest(open_store(url)).fonts:
        uses[font.sha256] += font.samples
    return dict(uses)


def _left_out(found: FontFiles) -> str:
    """Files that are not used for what they are as files, counted by reason."""
    reasons = Counter(found.unreadable.values())
    told = [f"{found.copies} copies"] if found.copies else []
    told += [f"{count} not readable ({reason})" for reason, count in reasons.most_common()]
    return f" Left out: {', '.join(told)}." if told else ""


def _tally(catalogue: Catalogue) -> str:
    """How many hands may write, and the others counted by reason."""
    verdicts = Counter(hand.verdict.removeprefix("refused: ") for hand in catalogue.hands)
    counted = f"{verdicts.pop('ok', 0)} of {len(catalogue.hands)} hands may write"
    reasons = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return f"{counted}; refused: {reasons}." if reasons else f"{counted}."


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _measuring(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        typer.echo(f"Measured {done} of {total} font files.", err=True)
