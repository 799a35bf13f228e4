"""Streams: pure functions of their key, opened when they are first drawn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.seeds import stream
from synth import streams
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample
from synth.streams import Streams
from tests.synth.hands import line, make_hand

Keys = list[tuple[int, int, str]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The keys of the streams that were opened."""
    keys: Keys = []
    monkeypatch.setattr(streams, "stream", lambda *key: keys.append(key) or stream(*key))
    return keys


def test_a_stream_is_opened_by_its_first_draw_and_goes_on_from_there(opened: Keys) -> None:
    kept, same = Streams(1, 20, 3).kept("ink"), stream(1, 3, "page/ink")
    assert not opened
    assert [kept.random(), kept.random(), kept.integers(9)] == [
        same.random(),
        same.random(),
        same.integers(9),
    ]
    assert opened == [(1, 3, "page/ink")]


def test_another_attempt_draws_anew(opened: Keys) -> None:
    Streams(1, 20, 3, attempt=2).line("ink").random()
    assert opened == [(1, 20, "ink/2")]


def test_a_station_that_is_off_opens_no_stream(tmp_path: Path, opened: Keys) -> None:
    assert isinstance(
        render(line("The jug"), make_hand(tmp_path / "a.ttf"), load_recipe("plain"), 1, 5), LineSample
    )
    purposes = {purpose.removeprefix("page/") for _, _, purpose in opened}
    assert purposes <= {"hand", "colour", "ink", "paper"}
