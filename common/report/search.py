"""A long table one can search: a field, drop-downs for some columns, and headings that sort.

The script is part of the table and needs nothing else; without it, as in print, all rows are there to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup, escape

from common.errors import DataError
from common.report.blocks import numeric_columns, printed
from common.report.templates import environment


def search_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    placeholder: str = "Search",
    facets: Sequence[str] = (),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Markup:
    """A table under a search field; every word typed has to occur in a row, whatever its case.

    Args:
        headings: one a column, unique.
        rows: cells as in :func:`common.report.table`; markup such as a picture stays markup, and a list or
            tuple is several values of one cell.
        placeholder: what stands in the empty field.
        facets: headings of columns that get a drop-down of the values that occur.
        labels: longer names of some of these values: they stand in the drop-down and are found too.

    Raises:
        DataError: a row has not as many cells as there are headings, or a facet is no heading.
    """
    if wrong := next((row for row in rows if len(row) != len(headings)), None):
        raise DataError(f"A row of the table has {len(wrong)} cells: {wrong}", f"{len(headings)} cells")
    if unknown := set(facets).difference(headings):
        raise DataError(f"There is no column {sorted(unknown)} to choose from", f"some of {list(headings)}")
    columns = [headings.index(facet) for facet in facets]
    return Markup(
        environment()
        .get_template("search.html")
        .render(
            headings=headings,
            rows=[[_values(cell) for cell in row] for row in rows],
            numeric=numeric_columns(rows) or [False] * len(headings),
            placeholder=placeholder,
            choices=[(at, headings[at], _choices([row[at] for row in rows])) for at in columns],
            facets=columns,
            labels=labels,
        )
    )


def _values(cell: object) -> list[object]:
    return [printed(value) for value in (cell if isinstance(cell, list | tuple) else [cell])]


def _choices(cells: Sequence[object]) -> list[str]:
    """The values of a column as they are read, in order."""
    return sorted({escape(value).striptags() for cell in cells for value in _values(cell)} - {""})
