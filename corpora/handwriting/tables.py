"""``tsv:PATH``: tab-separated tables with a header, pictures relative to the table.

Columns: file (or path, image), text (or transcription), optionally writer, page, split, id. Quotation marks
are text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from common.errors import DataError
from corpora.handwriting.labels import normalise, read_text, split_files, split_of
from corpora.handwriting.paths import inside
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.splits import draw_splits

PICTURE_COLUMNS = ("file", "path", "image")
TEXT_COLUMNS = ("text", "transcription")
NAME_SPLITS = "add a split column, or name the file train.tsv, val.tsv or test.tsv"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Position of each column; None where there is none."""

    count: int
    picture: int
    text: int
    writer: int | None
    page: int | None
    split: int | None
    id: int | None


def read_table(
    path: Path, policy: Policy, pictures: str | None = None, encoding: str | None = None
) -> list[HandwrittenLine]:
    """The lines of a table, or of the train, val and test tables of a folder, in file order.

    Where neither a split column nor the file's name tells the split, it is drawn.

    Args:
        path: a table, or a folder with train.tsv, val.tsv, test.tsv.
        policy: what to do with lines that cannot be used.
        pictures: the folder that names of pictures start from; that of the table where None.
        encoding: of the tables; UTF-8 where None.

    Raises:
        DataError: no header, a row with too few or many fields, or a line that ``policy`` refuses; names file
            and line.
    """
    return [
        line
        for table, split in split_files(path, ".tsv")
        for line in _read_file(
            table, Path(pictures).expanduser() if pictures else table.parent, split, policy, encoding
        )
    ]


def _read_file(
    table: Path, folder: Path, split: Split | None, policy: Policy, encoding: str | None
) -> list[HandwrittenLine]:
    rows = read_text(table, encoding).replace("\r\n", "\n").split("\n")
    columns = _header(table, rows[0])
    numbered = ((number, row) for number, row in enumerate(rows[1:], start=2) if row.strip())
    found = (
        _read_row(folder, f"{table} line {number}", row.split("\t"), columns, split or "train", policy)
        for number, row in numbered
    )
    lines = [line for line in found if line is not None]
    told = split is not None or columns.split is not None
    return lines if told else draw_splits(lines, str(table), NAME_SPLITS, policy)


def _header(table: Path, row: str) -> _Columns:
    names = [name.strip().lower() for name in row.split("\t")]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    picture = next((places[name] for name in PICTURE_COLUMNS if name in places), None)
    text = next((places[name] for name in TEXT_COLUMNS if name in places), None)
    if picture is None or text is None:
        raise DataError(
            f"{table} has no header: its first line is {row[:60]!r}",
            "the names of the columns, such as file<TAB>text, optionally writer, page, split",
            "add such a first line",
        )
    return _Columns(
        len(names),
        picture,
        text,
        places.get("writer"),
        places.get("page"),
        places.get("split"),
        places.get("id"),
    )


def _read_row(
    folder: Path, where: str, fields: list[str], columns: _Columns, split: Split, policy: Policy
) -> HandwrittenLine | None:
    if len(fields) != columns.count:
        raise DataError(
            f"{where} has {len(fields)} fields", f"{columns.count}, separated by tabs", "correct the line"
        )
    name = fields[columns.picture].strip()
    picture = inside(folder, name, where)
    text = normalise(fields[columns.text], where)
    if not text:
        policy.refuse(
            "empty-label", where, f"the text of {name} is empty", "write its transcription or remove the line"
        )
        return None
    if not picture.is_file():
        policy.refuse(
            "missing-picture",
            where,
            f"the picture {picture} does not exist",
            "mend its name, which is relative to the table, or remove the line",
        )
        return None
    return HandwrittenLine(
        id=_value(fields, columns.id) or Path(name).with_suffix("").as_posix(),
        text=text,
        split=split if columns.split is None else split_of(fields[columns.split], where),
        load=partial(load_grey, picture),
        writer=_value(fields, columns.writer),
        page=_value(fields, columns.page),
        origin={"file": str(picture)},
    )


def _value(fields: list[str], place: int | None) -> str | None:
    return None if place is None else fields[place].strip() or None
