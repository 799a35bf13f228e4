"""Printed ruling: every kind is seen, is told, and is not there unasked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from common.seeds import stream
from synth.hand.geometry import PlacedLine
from synth.paper.ruling import RulingSettings, rule

KINDS = dict.fromkeys(("line", "dots", "squares", "seyes"), 0.0)


def printed(number: int = 0, **settings: Any) -> tuple[np.ndarray, str]:
    """How much darker a ruled sheet is, and what was printed."""
    placed = PlacedLine(np.zeros((1, 2), np.float32), 16.0, 44.0, 400, 64, {})
    sheet = np.full((64, 400), 240, np.float32)
    done = rule(
        sheet, placed, RulingSettings(**settings), stream(1, number, "page"), stream(1, number, "line")
    )
    return 240 - sheet, done


@pytest.mark.parametrize(
    ("kind", "across", "upright"),
    [("line", True, False), ("dots", True, False), ("squares", True, True), ("seyes", True, True)],
)
def test_rulings_are_printed(kind: str, across: bool, upright: bool) -> None:
    weights = KINDS | {kind: 1.0}
    for number in range(6):
        darker, name = printed(number, probability=1, kinds=weights)
        assert name == kind and darker.max() > 3 and darker.min() >= 0
        rows, columns = darker.mean(1), darker.mean(0)
        assert (np.median(columns) > 0 or kind == "dots") == across
        assert (columns.max() > 5 * np.median(columns) + 2) == upright or kind == "dots"
        assert rows.max() > 3 * np.median(rows)


def test_dots_have_gaps_and_lines_have_none() -> None:
    for kind, gaps in (("dots", True), ("line", False)):
        weights = KINDS | {kind: 1.0}
        darker, _ = printed(probability=1, kinds=weights)
        assert (darker.max(0) == 0).any() == gaps


def test_a_margin_is_an_upright_line_at_one_end() -> None:
    darker, name = printed(margin=1)
    assert name == "margin"
    columns = np.flatnonzero(darker.max(0) > 2)
    assert np.ptp(columns) < 6 and (columns.max() < 20 or columns.min() > 380)


def test_without_a_ruling_nothing_is_printed_or_drawn() -> None:
    darker, name = printed()
    assert name == "" and not darker.any()
    kept = stream(1, 1, "page")
    placed = PlacedLine(np.zeros((1, 2), np.float32), 16.0, 44.0, 40, 64, {})
    rule(np.zeros((64, 40), np.float32), placed, RulingSettings(), kept, kept)
    assert kept.random() == stream(1, 1, "page").random()


def test_worn_rules_break_up() -> None:
    spread = []
    for wear in (0.0, 0.4, 1.0):
        darker, _ = printed(probability=1, kinds=KINDS | {"line": 1.0}, wear=(wear, wear), strength=(60, 60))
        along = darker[darker.mean(1).argmax()]
        spread.append(float(along.std() / along.mean()))
    assert spread[0] + 0.1 < spread[1] < spread[2] - 0.1
