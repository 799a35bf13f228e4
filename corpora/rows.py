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
WAITING = 1 << 16  # rows, with or without text


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
    rows = iter(rows)
    first = list(islice(rows, SEEN))
    by_line = _are_lines(first)
    texts: list[str] = []
    documents: list[int] = []
    document = size = waiting = 0
    for row in chain(first, rows):
        lines = (row or "").splitlines()
        kept = [line for line in lines if line and not line.isspace()]
        texts += kept
        documents += [document] * len(kept)
        document += not (by_line and kept)
        size += len(row or "")
        waiting += 1
        if len(texts) >= BATCH or size >= BATCH_CHARACTERS or waiting >= WAITING:
            yield from _batches(texts, documents, source)
            texts, documents, size, waiting = [], [], 0, 0
    if texts:
        yield from _batches(texts, documents, source)


def _batches(texts: list[str], documents: list[int], source: str) -> Iterator[TextBatch]:
    for start in range(0, len(texts) or 1, BATCH):
        yield TextBatch(texts[start : start + BATCH], documents[start : start + BATCH], source)


def _are_lines(rows: list[str | None]) -> bool:
    """Whether each row is one line and a blank row ends a document."""
    texts = [row for row in rows if row is not None]
    return any(not text.strip() for text in texts) and all(len(text.splitlines()) <= 1 for text in texts)
