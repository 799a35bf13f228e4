"""Paragraphs from files: plain, compressed, JSON lines, Parquet; here or on a store.

A line of a text file is a paragraph, a blank line ends the document. A file is read whole or in parts: byte
ranges of what is not compressed, row groups of Parquet. What cannot be decoded or unpacked is noted as a
:class:`Loss` with its position and the rest is used.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from common.errors import DataError
from corpora import parquet, remote
from corpora.lines import decode, number, split_lines, whole_lines
from corpora.raw_text import BATCH, EMPTY_FILE, Kind, Loss, SourcePart, TextBatch, TextFile
from corpora.rows import pick_column, row_batches
from corpora.unpacking import BLOCK, MAGIC, unpack

SUFFIXES = (".txt", ".jsonl", ".parquet", *MAGIC)
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
PART_BYTES = 1 << 24


def find_local(target: str) -> list[TextFile]:
    """The files behind a path, folder or glob, sorted by name.

    Raises:
        DataError: nothing is there, a folder without text files, or a file that may not be read.
    """
    path = Path(target).expanduser()
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        wanted = f"files ending in {', '.join(SUFFIXES)} in the folder {path}"
    else:
        names = [path] if path.exists() else map(Path, glob.glob(str(path), recursive=True))  # noqa: PTH207
        found = sorted(name for name in names if name.is_file())
        wanted = f"a file, a folder or a glob at {path}"
    if not found:
        raise DataError(f"The text source {target} does not exist or is empty", wanted, "check the path")
    return [_local(path) for path in found]


def plan(files: list[TextFile], target: str, column: str | None = None) -> list[SourcePart]:
    """The parts of files, in their order; an empty file among others is a part that is noted as a loss.

    Args:
        files: from :func:`find_local` or :func:`corpora.remote.find`.
        target: what was asked for, in messages.
        column: see :func:`corpora.rows.pick_column`.

    Raises:
        DataError: all files are empty, or a Parquet file has no readable footer.
    """
    if all(file.size == 0 for file in files):
        first = files[0].source.partition(":")[2] if len(files) == 1 else target
        raise DataError(f"The text source {first} is empty", "text", "check the file")
    return [part for file in files for part in _plan_file(file, column)]


def read(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    """The paragraphs of one part of a file.

    Args:
        part: from :func:`plan`.
        losses: receives what a damaged file has lost.

    Raises:
        DataError: the file is gone, or a store does not answer.
        UsageError: the column is not there.
    """
    if part.stop == 0:
        losses.append(Loss(_name(part), 0, EMPTY_FILE))
        return iter(())
    return _READERS[part.kind](part, losses)


def _local(path: Path) -> TextFile:
    try:
        with path.open("rb"):
            state = path.stat()
    except PermissionError:
        raise DataError(
            f"The text source {path} may not be read", "read permission", f"chmod +r {path}"
        ) from None
    shown = os.fsencode(path).decode(errors="replace")  # a name need not be UTF-8, a record must be
    return TextFile(str(path), f"file:{shown}", state.st_size, state.st_mtime_ns)


def _plan_file(file: TextFile, column: str | None) -> list[SourcePart]:
    kind, packed = _kind(file.place)
    part = partial(SourcePart, kind, file.source, file.place, column=column)
    if file.size == 0:
        return [part(stop=0)]
    if kind == "json":
        part = partial(part, column=_json_column(part()))
    if kind == "parquet":
        with _open(file.place) as opened:
            ranges = parquet.row_groups(opened, _name(part()), column, PART_BYTES)
        return [part(start, stop) for start, stop in ranges]
    if packed or file.size is None or (remote.is_url(file.place) and not remote.gives_ranges(file.place)):
        return [part()]
    return [part(start, min(start + PART_BYTES, file.size)) for start in range(0, file.size, PART_BYTES)]


def _kind(place: str) -> tuple[Kind, str]:
    """How a file is read, and the suffix of its compression."""
    name = remote.path_of(place).lower()
    packed = next((suffix for suffix in MAGIC if name.endswith(suffix)), "")
    name = name.removesuffix(packed)
    if name.endswith(".parquet"):
        return "parquet", packed
    return ("json" if name.endswith(JSON_SUFFIXES) else "text"), packed


def _open(place: str) -> BinaryIO:
    if remote.is_url(place):
        return remote.open_url(place)
    try:
        return Path(place).open("rb")
    except FileNotFoundError:
        raise DataError(f"The text source {place} is gone", "the files as they were", "start again") from None


def _name(part: SourcePart) -> str:
    """The file in losses and messages: a path, or a URL without credentials."""
    return part.source.partition(":")[2]


def _runs(part: SourcePart, losses: list[Loss]) -> Iterator[tuple[int, bytes, str]]:
    """(byte position, whole lines, the same decoded)."""
    packed = _kind(part.place)[1]
    blocks = unpack(packed, partial(_open, part.place)) if packed else _plain(part)
    for position, content in whole_lines(blocks, part.start, part.stop, _name(part), losses):
        yield position, content, decode(content, position, _name(part), losses)


def _plain(part: SourcePart) -> Iterator[bytes]:
    with _open(part.place) as file:
        if part.start:
            file.seek(part.start - 1)
        while block := file.read(BLOCK):
            yield block


def _read_text(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    document = 0
    for _, _, text in _runs(part, losses):
        lines = split_lines(text)
        for begin in range(0, len(lines), BATCH):
            kept, documents, document = number(lines[begin : begin + BATCH], document)
            if kept or len(losses) >= BATCH:
                yield TextBatch(kept, documents, part.source)


def _read_json(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    return row_batches(_records(part, losses), part.source)


def _records(part: SourcePart, losses: list[Loss]) -> Iterator[str | None]:
    """The text of every record; None where it has none, which is a loss."""
    for position, content, text in _runs(part, losses):
        for line, packed in zip(text.split("\n"), content.split(b"\n"), strict=True):
            if line and not line.isspace():
                record, reason, detail = _load(line)
                if isinstance(record, dict):
                    record = record.get(part.column)
                if isinstance(record, str):
                    yield record
                else:
                    losses.append(Loss(_name(part), position, reason, detail or type(record).__name__))
                    yield None
            position += len(packed) + 1


def _load(line: str) -> tuple[Any, str, str]:
    """(what a line of JSON holds, what it is where that is no text, why)."""
    try:
        return json.loads(line), "not-text", ""
    except (ValueError, RecursionError) as error:
        return None, "not-json", str(error)


def _json_column(part: SourcePart) -> str | None:
    """The key of the text, by the first record among the first lines."""
    for _, _, text in islice(_runs(part, []), 1):
        records = (_load(line)[0] for line in text.split("\n"))
        if first := next((record for record in records if isinstance(record, dict)), None):
            return pick_column(list(first), part.column, _name(part))
    return part.column


def _read_parquet(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    with _open(part.place) as file:
        cells = parquet.cells(file, _name(part), part.column, part.start, part.stop, losses)
        yield from row_batches(cells, part.source)


_READERS = {"text": _read_text, "json": _read_json, "parquet": _read_parquet}
