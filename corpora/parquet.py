"""The text column of a Parquet file, row group by row group, in bounded memory.

The footer must be whole. A row group that is damaged is used up to the damage, noted as a :class:`Loss` with
the number of its first lost row, and the next is read. Knows open files, not where they lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from common.errors import DataError
from corpora.raw_text import Loss
from corpora.rows import pick_column

ROWS = 1024
BUFFER = 1 << 20


def row_groups(file: BinaryIO, name: str, column: str | None, most: int) -> list[tuple[int, int]]:
    """Ranges of row groups that hold about ``most`` bytes each, all columns together; reads only the footer.

    Args:
        file: the open Parquet file.
        name: its name in messages.
        column: see :func:`corpora.rows.pick_column`.
        most: bytes, unpacked.

    Raises:
        DataError: not a whole Parquet file, or no column of text.
    """
    ranges, start, size = [], 0, 0
    with _opened(file, name) as table:
        _column(table, column, name)
        for group in range(table.num_row_groups):
            # Not the size of the column alone: asking a damaged footer for it ends the process.
            size += table.metadata.row_group(group).total_byte_size
            if size >= most or group + 1 == table.num_row_groups:
                ranges.append((start, group + 1))
                start, size = group + 1, 0
    return ranges


def cells(
    file: BinaryIO, name: str, column: str | None, start: int, stop: int | None, losses: list[Loss]
) -> Iterator[str | None]:
    """The texts of the row groups from ``start`` to before ``stop``; None for a row without text."""
    with _opened(file, name) as table:
        wanted = _column(table, column, name)
        sizes = [table.metadata.row_group(group).num_rows for group in range(table.num_row_groups)]
        for group in range(start, table.num_row_groups if stop is None else stop):
            row = sum(sizes[:group])
            try:
                for batch in table.iter_batches(ROWS, row_groups=[group], columns=[wanted]):
                    yield from _texts(batch.column(0), name, row, losses)
                    row += len(batch)
            except _reading_errors() as error:
                losses.append(Loss(name, row, "damaged", _first_line(error)))
                yield None


@contextmanager
def _opened(file: BinaryIO, name: str) -> Iterator[Any]:
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file, buffer_size=BUFFER, page_checksum_verification=True)
    except _reading_errors() as error:
        raise DataError(
            f"{name} is not a whole Parquet file: {_first_line(error)}", "a .parquet file", "fetch it again"
        ) from None
    with table:
        yield table


def _column(table: Any, column: str | None, name: str) -> str:
    """The column with the text."""
    import pyarrow as pa

    schema = table.schema_arrow
    wanted = pick_column(schema.names, column, name)
    kind = schema.field(wanted).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        raise DataError(f"The column '{wanted}' of {name} holds {kind}", "text", "name another: ?column=NAME")
    return wanted


def _texts(column: Any, name: str, row: int, losses: list[Loss]) -> Iterator[str | None]:
    """The cells of a column; one that is no UTF-8 becomes a loss."""
    try:
        yield from column.to_pylist()
    except UnicodeDecodeError:
        for number, cell in enumerate(column, row):
            try:
                text = cell.as_py()
            except UnicodeDecodeError as error:
                losses.append(Loss(name, number, "not-utf8", str(error)))
                text = None
            yield text


def _reading_errors() -> tuple[type[Exception], ...]:
    import pyarrow as pa

    return pa.ArrowException, OSError, UnicodeDecodeError


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
