"""Paragraphs from files: plain, compressed, JSON lines, Parquet; a file, a folder or a glob.

A line of a text file is a paragraph, an empty line ends the document. What cannot be decoded or unpacked is
noted as a :class:`Loss` with its byte position and the rest is used.
"""

from __future__ import annotations

import glob
import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from common.errors import DataError, UsageError, nearest
from corpora.raw_text import EMPTY_FILE, Loss, RawText

COLUMNS = ("text", "content", "sentence", "document", "body")
SUFFIXES = (".txt", ".jsonl", ".parquet", ".gz", ".xz", ".zst")
BLOCK = 1 << 16


def resolve(target: str) -> list[Path]:
    """The files behind a path, folder or glob, sorted by name.

    Raises:
        DataError: nothing is there, or a folder without text files.
    """
    path = Path(target).expanduser()
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        wanted = f"files ending in {', '.join(SUFFIXES)} in the folder {path}"
    elif path.exists():
        return [path]
    else:
        names = glob.glob(str(path), recursive=True)  # noqa: PTH207  (Path.glob takes no absolute pattern)
        found = sorted(Path(name) for name in names if Path(name).is_file())
        wanted = f"a file, a folder or a glob at {path}"
    if not found:
        raise DataError(f"The text source {target} does not exist or is empty", wanted, "check the path")
    return found


def read(target: str, losses: list[Loss], column: str | None = None) -> Iterator[RawText]:
    """The paragraphs of all files behind ``target``, which are opened once before the first paragraph.

    Empty files among others are noted and left out.

    Args:
        target: path, folder or glob.
        losses: receives what damaged files have lost.
        column: the key or column with the text of ``.jsonl`` and ``.parquet``; the first of :data:`COLUMNS`
            where None.

    Raises:
        DataError: nothing is there, a file may not be read, or all are empty.
    """
    found = resolve(target)
    paths = [path for path in found if not _is_empty(path)]
    if not paths:
        first = found[0] if len(found) == 1 else target
        raise DataError(f"The text source {first} is empty", "text", "check the file")
    losses.extend(Loss(str(path), 0, EMPTY_FILE) for path in found if path not in paths)
    return _read_all(target, paths, losses, column)


def paragraphs(text: str) -> Iterator[str]:
    """The lines of a longer text that are not blank."""
    return (line for line in text.splitlines() if line.strip())


def pick_column(names: list[str], column: str | None, where: str) -> str:
    """The column that holds the text.

    Raises:
        UsageError: ``column`` is not among ``names``.
        DataError: no usual name is among them.
    """
    if column is not None:
        if column not in names:
            raise UsageError(f"{where} has no column '{column}'", nearest(column, names))
        return column
    if found := next((name for name in COLUMNS if name in names), None):
        return found
    raise DataError(
        f"{where} has the columns {', '.join(names)}", f"one of {', '.join(COLUMNS)}", "add ?column=NAME"
    )


def _is_empty(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return not file.read(1)
    except PermissionError:
        raise DataError(
            f"The text source {path} may not be read", "read permission", f"chmod +r {path}"
        ) from None


def _read_all(target: str, paths: list[Path], losses: list[Loss], column: str | None) -> Iterator[RawText]:
    document, found = 0, False
    for path in paths:
        for text, ends in _read_file(path, losses, column):
            if text and not text.isspace():
                found = True
                yield RawText(text, f"file:{path}", document)
            document += ends
        document += 1
    if not found and all(loss.reason == EMPTY_FILE for loss in losses):
        raise DataError(
            f"The text source {target} holds no text", "at least one line that is not blank", "check the file"
        )


def _read_file(path: Path, losses: list[Loss], column: str | None) -> Iterator[tuple[str, bool]]:
    """(paragraph, whether a document ends after it); the paragraph may be empty."""
    name = path.name
    if name.endswith(".parquet"):
        yield from _ends(_parquet_texts(path, column))
    elif any(name.endswith(f".jsonl{packed}") for packed in ("", ".gz", ".xz", ".zst")):
        yield from _ends(_json_texts(path, losses, column))
    else:
        for _, line in _decoded_lines(path, losses):
            yield " ".join(line.splitlines()), not line.strip()


def _ends(texts: Iterator[str]) -> Iterator[tuple[str, bool]]:
    for text in texts:
        yield from ((paragraph, False) for paragraph in paragraphs(text))
        yield "", True


def _json_texts(path: Path, losses: list[Loss], column: str | None) -> Iterator[str]:
    name = None
    for position, line in _decoded_lines(path, losses):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            losses.append(Loss(str(path), position, "not-json", str(error)))
            continue
        if isinstance(record, dict):
            name = name or pick_column(list(record), column, str(path))
            record = record.get(name)
        if isinstance(record, str):
            yield record
        else:
            losses.append(Loss(str(path), position, "not-text", type(record).__name__))


def _parquet_texts(path: Path, column: str | None) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            name = pick_column(file.schema_arrow.names, column, str(path))
            for batch in file.iter_batches(columns=[name]):
                yield from (text for text in batch.column(0).to_pylist() if isinstance(text, str))
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"{path} is not a whole Parquet file: {error}", "a .parquet file", "fetch it again"
        ) from None


def _decoded_lines(path: Path, losses: list[Loss]) -> Iterator[tuple[int, str]]:
    """(byte position, line) of a UTF-8 file; lines in another encoding become losses."""
    for position, line in _byte_lines(path, losses):
        if b"\0" in line:  # UTF-8 all the same, but no text: UTF-16 or UTF-32, or not text at all
            losses.append(Loss(str(path), position + line.index(b"\0"), "not-utf8", "a zero byte"))
            continue
        try:
            yield position, line.decode("utf-8-sig" if position == 0 else "utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            losses.append(
                Loss(str(path), position + error.start, "not-utf8", repr(line[error.start : error.start + 8]))
            )


def _byte_lines(path: Path, losses: list[Loss]) -> Iterator[tuple[int, bytes]]:
    """(byte position, line without its end); the unfinished line before a break in the stream is left out."""
    position, rest = 0, b""
    try:
        for block in _blocks(path):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                yield position, line
                position += len(line) + 1
    except _unpacking_errors() as error:
        reason = "truncated" if isinstance(error, EOFError) else "damaged"
        losses.append(Loss(str(path), position, reason, str(error)))
        return
    if rest:
        yield position, rest


def _blocks(path: Path) -> Iterator[bytes]:
    if path.suffix == ".zst":
        yield from _unpack_zstd(path)
        return
    opener = _OPENERS.get(path.suffix)
    with opener(path) if opener else path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _unpack_zstd(path: Path) -> Iterator[bytes]:
    """Blocks of all frames; the library's own reader takes a cut frame for the end of the file."""
    import zstandard

    frame = zstandard.ZstdDecompressor().decompressobj()
    begun = False
    with path.open("rb") as file:
        while packed := file.read(BLOCK):
            while packed:
                begun = True
                yield frame.decompress(packed)
                packed = frame.unused_data if frame.eof else b""
                if frame.eof:
                    frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    if begun:
        raise EOFError("the compressed file ended before its end mark")


def _unpacking_errors() -> tuple[type[Exception], ...]:
    import zstandard

    return EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zstandard.ZstdError


_OPENERS: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".xz": lzma.open}
