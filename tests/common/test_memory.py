"""Peak memory is that of the program, not of the process that started it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from common.memory import peak_bytes

ROOT = Path(__file__).resolve().parents[2]


def test_peak_memory_counts_what_was_given_back() -> None:
    before = peak_bytes()
    held = b"x" * before
    assert peak_bytes() > 1.5 * before
    del held


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="only Linux tells")
def test_peak_memory_is_not_inherited() -> None:
    held = b"x" * (200 << 20)
    command = [sys.executable, "-c", "from common.memory import peak_bytes; print(peak_bytes())"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, preexec_fn=lambda: None
    )
    assert int(done.stdout) < len(held)
