"""Paragraphs from rows: the records of JSON lines, Parquet files and data sets.

A row is a document and its lines are paragraphs. Where rows are lines and a blank row ends a document, as in
CC100, the same is seen from the first rows, and neighbours stay together. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from common.errors import DataError, UsageError, nearest
from corpora.raw_text import BATCH, TextBatch

COLUMNS = ("text", "content", "sentence", "document", "body")
SEEN = 1000  # rows, to tell what a row is
BATCH_CHARACTERS = 1 << 20


def pick_column(names: list[str], column: str | None, where: str) -> str:
    """The column that holds the text: ``column``, or the first of :data:`COLUMNS` that is there.

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


def row_batches(rows: Iterable[str | None], source: str) -> Iterator[TextBatch]:
    """The paragraphs of rows in batches, bounded in number and characters.

    Args:
        rows: the text of each row; None where it has none, which ends a document as well.
        source: the name in the batches.
    """
    texts: list[str] = []
    documents: list[int] = []
    size = 0
    for text, document in _paragraphs(iter(rows)):
        texts.append(text)
        documents.append(document)
        size += len(text)
        if len(texts) == BATCH or size >= BATCH_CHARACTERS:
            yield TextBatch(texts, documents, source)
            texts, documents, size = [], [], 0
    if texts:
        yield TextBatch(texts, documents, source)


def _paragraphs(rows: Iterator[str | None]) -> Iterator[tuple[str, int]]:
    """(line that is not blank, number of its document)."""
    first = list(islice(rows, SEEN))
    by_line = _are_lines(first)
    document = 0
    for row in chain(first, rows):
        lines = (row or "").splitlines()
        kept = [line for line in lines if line and not line.isspace()]
        yield from ((line, document) for line in kept)
        document += not (by_line and kept)


def _are_lines(rows: list[str | None]) -> bool:
    """Whether each row is one line and a blank row ends a document."""
    texts = [row for row in rows if row is not None]
    return any(not text.strip() for text in texts) and all(len(text.splitlines()) <= 1 for text in texts)
