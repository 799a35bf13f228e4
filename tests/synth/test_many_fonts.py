"""One worker that writes in very many fonts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from common.files import sha256_bytes
from synth.hand.shaping import shape
from tests.fonts.make_font import ASCII_LETTERS
from tests.synth.hands import make_hand

FONTS = 1_200
WARM = 400  # more than are kept open


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_fault_18_open_files_and_memory_stay_bounded_over_many_fonts(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "font.ttf", ASCII_LETTERS)
    content = hand.path.read_bytes() + bytes(200_000)  # as large as real fonts are
    warm_files = warm_bytes = 0
    for number in range(FONTS):
        path = tmp_path / "other.ttf"
        path.write_bytes(content + number.to_bytes(4, "big"))
        sha256 = sha256_bytes(path.read_bytes())
        own = path.rename(tmp_path / f"{number}.ttf")
        assert shape("abc", replace(hand, path=own, sha256=sha256, id=sha256[:16])).glyphs
        own.unlink()
        if number == WARM:
            warm_files, warm_bytes = _files(), _resident()
    assert _files() <= warm_files + 5
    assert _resident() < warm_bytes + (60 << 20)  # 800 more fonts of 200 kB, three times over, are 480 MB


def _files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
