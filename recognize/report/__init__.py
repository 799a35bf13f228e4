"""Building blocks of reports: one self-contained HTML page of tables, cards, charts and pictures.

A page needs nothing from outside itself, follows the reader's light or dark setting, prints well and shows
wide tables in a box that scrolls. Every block returns safe markup: text is escaped by whoever puts it in.
What a report says is decided by its author, in `pipelines/` or `recognize/`.
"""

from recognize.report.blocks import Card, cards, command, paragraph, table
from recognize.report.chart import Series, histogram, line_chart
from recognize.report.page import Section, page
from recognize.report.picture import picture
from recognize.report.readings import Reading, gallery, readings

__all__ = [
    "Card",
    "Reading",
    "Section",
    "Series",
    "cards",
    "command",
    "gallery",
    "histogram",
    "line_chart",
    "page",
    "paragraph",
    "picture",
    "readings",
    "table",
]
