"""Faults of texts in the mill: a bounded number of attempts, and everything that is missing counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import DataError
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from corpora.rules.settings import load_rules
from corpora.text_line import TextLine
from fonts.catalogue import build_catalogue
from pipelines.mill import open_mill
from pipelines.plan import RenderPlan, make_plan
from pipelines.render import render_shard
from synth.recipe import Recipe
from tests.fonts.make_font import make_font
from tests.pipelines.fake_mill import FakeMill
from tests.pipelines.fake_mill import make_plan as fake_plan


class Counting(FakeMill):
    """Counts the texts that are asked for."""

    asked: list[tuple[int, int]]

    def line(self, index: int, attempt: int) -> TextLine:
        self.asked.append((index, attempt))
        return super().line(index, attempt)


def test_fault_22_a_text_without_a_hand_is_skipped_after_a_few_tries_and_counted(tmp_path: Path) -> None:
    plan = fake_plan(tmp_path, attempts=6)
    Counting.asked = []
    shard = render_shard(plan, 2, Counting)  # lines 10 to 14; no hand covers line 13
    assert [attempt for index, attempt in Counting.asked if index == 13] == list(range(6))
    assert shard.record.entry.samples == 4
    assert shard.record.entry.missing == 1
    assert sum(shard.record.entry.drops.values()) >= 6


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RenderPlan:
    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "fonts").mkdir()
    make_font(tmp_path / "fonts" / "one.ttf")
    build_catalogue([tmp_path / "fonts"], workers=1).write(tmp_path / "fonts.json")
    (tmp_path / "a.txt").write_text("some words of a text that is long enough\n" * 3)
    corpus = build_corpus([str(tmp_path / "a.txt")], load_alphabet("en"), tmp_path / "corpus")
    (tmp_path / "own.yaml").write_text("description: mine\nrules: {dates: [today]}\nwords: {}\n")
    rules = load_rules(str(tmp_path / "own.yaml"), ["none", "dates=1"])
    return make_plan(5, corpus.path, Recipe(), "demo", tmp_path / "fonts.json", rules=rules)


def test_the_rules_of_a_plan_make_its_lines(plan: RenderPlan) -> None:
    mill = open_mill(plan)
    assert all("today" in mill.line(index, 0).text for index in range(5))


def test_a_language_that_changed_under_a_plan_is_refused(plan: RenderPlan, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("description: mine\nrules: {dates: [yesterday]}\nwords: {}\n")
    with pytest.raises(DataError, match=r"The language .*own\.yaml is not the one"):
        open_mill(plan)
