"""The table one can search: all rows are there without its script, text is escaped, facets list values."""

import re

import pytest
from markupsafe import Markup

from common.errors import DataError
from common.report import search_table

ROWS = [
    ["Anna <b>", 1200, ("en", "fr"), Markup("<i>A</i>")],
    ["Béla", 3, ["hu"], Markup("<i>B</i>")],
    ["Zoë", None, [], ""],
]
HEADINGS = ["hand", "letters", "languages", "sample"]


def test_all_rows_are_there_to_be_read_without_a_script():
    html = search_table(HEADINGS, ROWS, facets=["languages"])
    body = re.search(r"<tbody>(.*)</tbody>", html, re.DOTALL).group(1)
    assert body.count("<tr>") == 3 and "hidden" not in body
    assert "<form hidden>" in html  # the script shows it: without one there is nothing to search with
    assert "Anna &lt;b&gt;" in body and "<i>A</i>" in body and "1,200" in body


def test_a_drop_down_has_every_value_once():
    html = search_table(HEADINGS, [*ROWS, ["Eva", 1, ("fr",), ""]], "Search hands", ["languages", "hand"])
    first, second = re.findall(r"<select.*?</select>", html, re.DOTALL)
    assert re.findall(r'<option value="([^"]*)"', first) == ["", "en", "fr", "hu"]
    assert "<span>en</span>, <span>fr</span>" in html
    assert "Anna &lt;b&gt;" in second
    assert 'placeholder="Search hands"' in html


def test_nothing_comes_from_outside_and_nothing_breaks_out():
    html = search_table(["</script>"], [["</script><script>alert(1)</script>"]], facets=["</script>"])
    assert html.count("<script>") == html.count("</script>") == 1
    assert not re.search(r"https?:|src=|import ", html)


def test_an_empty_table_is_one():
    assert "<tbody>" in search_table(["a"], [], facets=["a"])


def test_faulty_rows_and_facets_are_refused():
    with pytest.raises(DataError, match="2 cells"):
        search_table(["a"], [[1, 2]])
    with pytest.raises(DataError, match="no column"):
        search_table(["a"], [[1]], facets=["b"])
