"""``inkmill data``: look at real handwriting before anything is trained on it, or write it as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from corpora.handwriting.description import Description, Range
    from corpora.handwriting.record import HandwrittenLine

SHOWN_VALUES = 3
SHEET_LINES = 24


def command(
    spec: Annotated[
        str,
        typer.Argument(
            metavar="SPEC",
            help="iam:PATH, rimes:, read2016:, bentham:, lam:, vnondb:, page:, alto:, hf:, ln:, tsv:, pairs: "
            "or digits:, with options such as ?split=aachen.",
        ),
    ],
    sheet: Annotated[
        Path | None, typer.Option(help="Draw a contact sheet: a PNG or HTML file to write.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Write pictures and train, val, test tables into this new folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    count: Annotated[
        int, typer.Option("-n", min=0, help="How many lines to print; the sheet shows at least 24.")
    ] = 8,
    pictures: Annotated[
        int, typer.Option(min=0, help="How many pictures to open for their sizes; 0 for all.")
    ] = 500,
) -> None:
    """Say what a data set of handwriting holds: splits, lengths, characters, pictures, leaks between splits.

    Exit code 3 tells that pictures could not be read; they are named.
    """
    import json

    from common.errors import DataError
    from common.progress import progress
    from corpora.handwriting.contact_sheet import write_sheet
    from corpora.handwriting.description import describe, spread
    from corpora.handwriting.export import export_lines
    from corpora.handwriting.policy import Policy
    from corpora.handwriting.spec import read_lines

    policy = Policy()
    lines = read_lines(spec, policy=policy)
    wanted = pictures or len(lines)
    with progress("Opening pictures", min(wanted, len(lines)), "pictures") as step:
        found = describe(spec, lines, policy, wanted, step)
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1) if as_json else _text(found))
    if not as_json:
        typer.echo("\n".join(["", *map(_line, spread(lines, count))]))
    if sheet:
        typer.echo(f"{write_sheet(spread(lines, max(count, SHEET_LINES)), sheet, spec)}", err=as_json)
    if export:
        with progress("Writing lines", len(lines)) as step:
            export_lines(spec, lines, export, step)
        typer.echo(f"{export}: {len(lines):,} lines, to be read as tsv:{export}", err=as_json)
    if found.damaged:
        raise typer.Exit(DataError.exit_code)


def _text(found: Description) -> str:
    rows: list[tuple[str, ...]] = [("split", "lines", "writers", "pages", "characters", "sha256 of the ids")]
    for each in found.splits:
        counts = (each.lines, each.writers, each.pages, each.characters)
        named = f"{each.list_hash[:16]} {each.list_name}".strip()
        rows.append((each.split, *(f"{count:,}" if count else "-" for count in counts), named))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(map(_aligned, row, widths, range(len(row)))).rstrip() for row in rows]
    return "\n".join([*table, *_lengths(found), *_pictures(found), *_alphabet(found), *_leaks(found)])


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column in (0, 5) else cell.rjust(width)


def _lengths(found: Description) -> list[str]:
    return [
        f"{each.split}: characters a line {_range(each.length)}; words {_range(each.words)}"
        for each in found.splits
    ]


def _pictures(found: Description) -> list[str]:
    shown = []
    if found.heights and found.widths:
        sizes = f"height {_range(found.heights)}; width {_range(found.widths)}"
        shown.append(f"{found.pictures:,} pictures opened: {sizes}")
    damaged = [f"cannot be read: {message}" for message in found.damaged[:SHOWN_VALUES]]
    more = len(found.damaged) - SHOWN_VALUES
    return shown + damaged + ([f"and {more:,} more"] if more > 0 else [])


def _alphabet(found: Description) -> list[str]:
    unseen = [
        f"only in {each.split}, not in train: "
        + ", ".join(f"{character!r} {times}" for character, times in each.unseen.items())
        for each in found.splits
        if each.unseen
    ]
    return [f"{len(found.alphabet)} characters: {''.join(found.alphabet)!r}", *unseen]


def _leaks(found: Description) -> list[str]:
    told = [
        f"{'LEAK: ' if leak.serious else ''}{' and '.join(leak.splits)} share {len(leak.values):,} "
        f"{leak.kind}{'s' if len(leak.values) > 1 else ''}, such as "
        + ", ".join(repr(value) for value in leak.values[:SHOWN_VALUES])
        for leak in found.leaks
    ]
    skipped = [f"skipped: {count:,} {reason}" for reason, count in found.skipped.items()]
    return told + skipped


def _range(values: Range) -> str:
    return f"{values.least:g} to {values.most:g}, median {values.median:g}, 95 % up to {values.p95:g}"


def _line(line: HandwrittenLine) -> str:
    return f"{line.split}  {line.id}  {line.text}"
