"""The plain blocks of a report: paragraphs, commands, tables and cards with one figure each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from common.errors import DataError
from common.report.templates import environment


@dataclass(frozen=True, slots=True)
class Card:
    """One figure to be seen first.

    Attributes:
        label: what it is.
        value: the figure with its unit, ready to print.
        note: what it rests on, such as ``500 lines, 3.1 to 4.0 %``.
        best: whether it is the figure the page is about.
    """

    label: str
    value: str
    note: str = ""
    best: bool = False


def paragraph(text: str | Markup) -> Markup:
    """A paragraph of text."""
    return Markup("<p>{}</p>").format(text)


def command(text: str) -> Markup:
    """Commands as they are typed, one a line."""
    return Markup("<pre><code>{}</code></pre>").format(text)


def meter(share: float, full: float = 1.0) -> Markup:
    """A share, 0 to 1, in per cent with a small bar, for a cell of a table; at ``full`` the bar is full."""
    digits = 0 if share >= 0.1 or not share else 1 if share >= 0.001 else 3
    return Markup('<span class="meter"><i><b style="width:{:.1f}%"></b></i>{:.{}%}</span>').format(
        100 * min(share / full, 1), share, digits
    )


def cards(items: Sequence[Card]) -> Markup:
    """A row of cards that wraps."""
    return Markup(environment().get_template("cards.html").render(cards=items))


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> Markup:
    """A table; columns of numbers (or of strings that begin as one) stand to the right.

    Args:
        headings: one a column.
        rows: cells are printed as they are, numbers with thousands separators, None as an empty cell.
        caption: a line above the table.

    Raises:
        DataError: a row has not as many cells as there are headings.
    """
    if wrong := next((row for row in rows if len(row) != len(headings)), None):
        raise DataError(f"A row of the table has {len(wrong)} cells: {wrong}", f"{len(headings)} cells")
    return Markup(
        environment()
        .get_template("table.html")
        .render(
            headings=headings,
            rows=[[printed(cell) for cell in row] for row in rows],
            numeric=numeric_columns(rows) or [False] * len(headings),
            caption=caption,
        )
    )


def numeric_columns(rows: Sequence[Sequence[object]]) -> list[bool]:
    """For every column whether it holds numbers or strings that begin as one; empty without rows."""
    return [all(map(_is_number, column)) for column in zip(*rows, strict=True)]


def _is_number(cell: object) -> bool:
    return cell is None or isinstance(cell, int | float) or (isinstance(cell, str) and cell[:1].isdigit())


def printed(cell: object) -> object:
    """A cell as it is read: numbers with thousands separators or four digits, None as an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return f"{cell:,.4g}" if isinstance(cell, float) else cell


def gallery(items: Sequence[tuple[Sequence[Markup], str]], wide: bool = False) -> Markup:
    """A grid of figures: each a caption under pictures that belong together, such as clean and degraded.

    Args:
        items: pictures and caption of every figure.
        wide: one figure a row, in its full width.
    """
    return Markup(environment().get_template("gallery.html").render(items=items, wide=wide))
