"""What a station says: one sentence at its end, nothing on stdout, nothing after a failure."""

from __future__ import annotations

import contextlib
import logging
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from common import progress as module
from common.progress import Count, duration, progress

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def hear(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="inkmill")


def test_one_sentence_at_the_end(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("Rendering lines", total=1500) as step:
        step(1000)
        step(500, note="two rejected")
    (message,) = caplog.messages
    assert message.startswith("Rendering lines: 1,500 lines in ")
    assert capsys.readouterr().out == ""


def test_lines_come_while_it_works(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_EVERY_S", 0.01)
    with progress("Training", total=4, unit="steps") as step:
        step(1, note="loss 0.5")
        while not caplog.messages:
            time.sleep(0.01)
    assert "Training: 1 of 4 (25%) steps" in caplog.messages[0]
    assert "loss 0.5" in caplog.messages[0]


def test_a_failure_is_not_called_done(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError), progress("Rendering lines") as step:
        step()
        raise ValueError
    assert not caplog.messages


def test_a_standstill_is_told() -> None:
    count = Count("Packing", None, "shards", done=3)
    count.moved -= 60
    assert "nothing new for" in count.line()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.84, "0.8 s"), (42, "42 s"), (200, "3 min 20 s"), (59.6, "60 s"), (7500, "2 h 05 min")],
)
def test_times_one_can_read(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_on_a_terminal_words_and_results_find_their_way_around_the_bar(tmp_path: Path) -> None:
    """The bar is drawn on a terminal of its own; stdout is a file."""
    code = (
        "import logging, sys; from common.progress import StderrHandler, progress, say\n"
        "log = logging.getLogger('inkmill'); log.setLevel('INFO'); log.addHandler(StderrHandler())\n"
        "with progress('Rendering lines', total=2) as step:\n"
        "    step(); say('A word.'); sys.stdout.write('result\\n'); step()\n"
    )
    terminal, inside = pty.openpty()
    with (tmp_path / "out").open("w") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, stderr=inside, check=True, cwd=ROOT)
    os.close(inside)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal whose other side is closed
        while piece := os.read(terminal, 65536):
            shown += piece
    os.close(terminal)
    assert (tmp_path / "out").read_text() == "result\n"
    assert re.search(rb"[\r\nK]A word\.", shown)
    assert b"Rendering lines: 2 lines in " in shown
