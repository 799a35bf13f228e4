"""Building blocks of reports: one self-contained HTML page of tables, cards, charts and pictures.

A page needs nothing from outside itself, follows the reader's light or dark setting, prints well and shows
wide tables in a box that scrolls. Every block returns safe markup: text is escaped by whoever puts it in.
What a report says is decided by its author, in the room that makes the report.
"""

from common.report.blocks import Card, cards, command, gallery, meter, paragraph, table
from common.report.chart import Series, histogram, line_chart
from common.report.page import Section, page
from common.report.picture import picture
from common.report.quiz import Question, quiz
from common.report.search import search_table

__all__ = [
    "Card",
    "Question",
    "Section",
    "Series",
    "cards",
    "command",
    "gallery",
    "histogram",
    "line_chart",
    "meter",
    "page",
    "paragraph",
    "picture",
    "quiz",
    "search_table",
    "table",
]
