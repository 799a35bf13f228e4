"""`inkmill bench`: rows one can read, and a record with what one needs to judge it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from pipelines.bench.figure import Figure
from pipelines.bench.run import rows
from pipelines.cli import app

FIGURES = [
    Figure("lines per second, one core", 162.5, "lines/s", target=150, compared="500 lines, 5 repeats, +-3"),
    Figure("time to first line", 2.0, "s", target=1.0, higher_is_better=False),
    Figure("memory", 12345678.0, "bytes"),
]


def test_rows_tell_value_target_and_whether_it_is_met() -> None:
    heading, *table = rows(FIGURES)
    assert heading.split() == ["name", "value", "unit", "target", "met", "compared"]
    assert table[0].split("  ")[-1] == "500 lines, 5 repeats, +-3"
    assert ">= 150" in table[0] and " yes " in table[0]
    assert "<= 1" in table[1] and table[1].endswith("no")
    assert "1.235e+07" in table[2] and "yes" not in table[2]


def test_the_record_names_machine_date_and_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    area = ModuleType("pipelines.bench.render")
    area.measure = lambda: FIGURES  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, area.__name__, area)
    done = CliRunner().invoke(app, ["bench", "render", "--json", str(tmp_path / "render.json")])
    assert done.exit_code == 0
    record = json.loads((tmp_path / "render.json").read_text())
    assert record["command"] == "inkmill bench render"
    assert record["machine"]["cores"] >= 1 and record["date"]
    assert [figure["met"] for figure in record["figures"]] == [True, False, None]


def test_an_area_nobody_measures_here_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.bench.run.AREAS", ("nothing",))
    done = CliRunner().invoke(app, ["bench", "nothing"])
    assert done.exit_code == 4
    assert "Nothing measures 'nothing'" in done.stderr
