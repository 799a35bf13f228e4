"""``inkmill fonts``: fetch, add, list and show the hands that write."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fonts.catalogue import Catalogue
    from fonts.ledger import Entry

_TOLD = 20  # files whose verdict is told one by one

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
    if not found.unique and not found.unreadable:
        raise DataError(
            f"There is no font in {folder}",
            "files ending in .ttf, .otf, .ttc, .woff or .woff2",
            "check the path",
        )
    with added(folder, any_licence):
        catalogue = build_catalogue([folder], progress=_measuring)
        if all(hand.verdict != "ok" for hand in catalogue.hands):
            _say_why(catalogue, folder)
            raise DataError(
                f"No font of {folder} is used: {_tally(catalogue)}",
                "at least one font that may write",
                "put other fonts there and add it again, or allow every licence with --any-licence",
            )
    copies = f" {found.copies} files are copies of others." if found.copies else ""
    typer.echo(f"{folder}: {_tally(catalogue)}{copies}")


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
    if data_set:
        entries = _data_set_ledger(data_set)
    else:
        entries = ledger(hand for hand in _catalogue().hands if hand.verdict == "ok")
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
    language: Annotated[
        str, typer.Option(help="Show only hands that write this language, such as fr or French.")
    ] = "",
    languages: Annotated[
        bool, typer.Option("--languages", help="Count hands, families and designs by language instead.")
    ] = False,
) -> None:
    """Print one hand a line, with tabs: id, family, style, licence, split, kind, characters, verdict."""
    from fonts.languages import coverage
    from fonts.languages import language as known

    wanted = known(language) if language else None
    shown = [hand for hand in _catalogue().hands if (hand.verdict != "ok") == rejected]
    shown = [hand for hand in shown if wanted is None or wanted.written_by(hand)]
    if languages:
        _tabbed("code", "language", "hands", "families", "designs")
        for row in coverage(shown):
            _tabbed(row.language.code, row.language.name, row.hands, row.families, row.designs)
        return
    _tabbed("id", "family", "style", "licence", "split", "kind", "characters", "verdict")
    for hand in shown:
        named = (hand.id, hand.family, hand.style, hand.licence, hand.split, hand.kind)
        _tabbed(*named, len(hand.characters), hand.verdict)


@app.command()
def sheet(
    out: Annotated[Path, typer.Argument(help="PNG file to write.")],
    text: Annotated[str | None, typer.Option(help="What every hand writes.")] = None,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Add those that may not write, and why.")
    ] = False,
    variants: Annotated[int, typer.Option(help="Variants shown after every font.", min=0, max=99)] = 0,
    family: Annotated[str, typer.Option(help="Show only this family.")] = "",
) -> None:
    """Draw a contact sheet: every hand writes a line."""
    from common.errors import UsageError
    from fonts.sheet import PANGRAM, contact_sheet
    from synth.show.specimen import write_specimen

    if out.suffix.lower() != ".png":
        raise UsageError(f"The sheet {out} cannot be written in that format", "a name ending in .png")
    line = _line(text, PANGRAM)
    catalogue = _catalogue()
    shown = catalogue.of_family(family) if family else catalogue
    typer.echo(contact_sheet(shown, out, write_specimen, line, rejected=rejected, variants=variants))


@app.command()
def report(
    out: Annotated[Path, typer.Argument(help="HTML file to write.")],
    text: Annotated[str | None, typer.Option(help="What every hand writes.")] = None,
) -> None:
    """Write a searchable page: every font with verdict, sample, traits, languages, licence and design."""
    from fonts.report import SAMPLE, write_report
    from synth.show.specimen import write_specimen

    line = _line(text, SAMPLE)
    typer.echo(write_report(_catalogue(), out, write_specimen, line, progress=_drawing))


@app.command()
def variety(
    variants: Annotated[int, typer.Option(help="Most variants a font has besides itself.", min=0)] = 8,
    designs: Annotated[int, typer.Option(help="Designs measured, one font each; 0 takes all.", min=0)] = 40,
    recipe: Annotated[str, typer.Option(help="Whose motion of the hand, by name or file.")] = "demo",
) -> None:
    """Measure how many hands are told apart by what they write, for more and more variants of every font."""
    from fonts.catalogue import one_a_design
    from synth.recipe import load_recipe
    from synth.show.variety import curve

    fonts = one_a_design(_catalogue().hands, designs)
    _tabbed(
        *("variants", "designs", "hands", "told apart", "95 % low", "95 % high", "apart"),
        *("threshold", "same hand", "same font", "other design"),
    )
    for count, row in curve(fonts, variants, load_recipe(recipe).hand, progress=_drawing):
        shares = (f"{share:.3f}" for share in (row.identified, row.low, row.high))
        lengths = (f"{d:.3f}" for d in (row.threshold, row.within, row.sisters, row.between))
        _tabbed(count, row.designs, row.hands, *shares, row.apart, *lengths)


def _line(text: str | None, usual: str) -> str:
    """What every hand writes: the text as it is set, or the usual one where none is given."""
    from common.errors import UsageError

    if text is None:
        return usual
    if not text.strip():
        raise UsageError("The text to write is empty", "at least one character that is not a blank")
    return " ".join(text.split())


def _catalogue() -> Catalogue:
    from fonts.catalogue import default_catalogue

    return default_catalogue(progress=_measuring)


def _data_set_ledger(url: str) -> tuple[Entry, ...]:
    """The fonts that wrote a data set; of those that are not on this machine only what its manifest says."""
    from fonts.ledger import Entry, ledger
    from shards.manifest import read_manifest
    from shards.store import open_store

    uses: Counter[str] = Counter()
    stated = {}
    for font in read_manifest(open_store(url)).fonts:
        uses[font.sha256] += font.samples
        stated[font.sha256] = font
    entries = ledger(_catalogue().hands, uses)
    lost = stated.keys() - {entry.sha256 for entry in entries}
    return entries + tuple(
        Entry(font.family, font.style, "", font.licence, "", (), "not on this machine", sha256, uses[sha256])
        for sha256, font in sorted(stated.items())
        if sha256 in lost
    )


def _tally(catalogue: Catalogue) -> str:
    """How many hands may write, and the others counted by reason."""
    verdicts = Counter(hand.verdict.removeprefix("refused: ") for hand in catalogue.hands)
    counted = f"{verdicts.pop('ok', 0)} of {len(catalogue.hands)} hands may write"
    reasons = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return f"{counted}; refused: {reasons}." if reasons else f"{counted}."


def _say_why(catalogue: Catalogue, folder: Path) -> None:
    """The verdict on every file, one a line; many more are counted."""
    for hand in catalogue.hands[:_TOLD]:
        _say(f"{os.path.relpath(hand.path, folder.absolute())}: {hand.verdict}")
    if more := catalogue.hands[_TOLD:]:
        _say(f"and {len(more)} more")


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _drawing(done: int, total: int) -> None:
    if done % 100 == 0 or done == total:
        typer.echo(f"Drew {done} of {total} hands.", err=True)


def _tabbed(*cells: object) -> None:
    typer.echo("\t".join(" ".join(str(cell).split()) for cell in cells))


def _measuring(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        typer.echo(f"Measured {done} of {total} font files.", err=True)
