"""Broken, hanging and crashing font files cost a child process and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from fonts.probe import probe_files
from tests.fonts.make_font import ASCII_LETTERS, make_font

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and a bounded address space")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_fault_11_what_is_no_font_is_told_apart(tmp_path: Path) -> None:
    sound = make_font(tmp_path / "sound.ttf")
    content = sound.read_bytes()
    files = {
        "html": written(tmp_path / "page.ttf", b"<!DOCTYPE html><title>404</title>"),
        "empty": written(tmp_path / "empty.ttf", b""),
        "noise": written(tmp_path / "noise.ttf", b"\x89PNG" + bytes(100)),
        "cut": written(tmp_path / "cut.ttf", content[: len(content) // 2]),
        "header": written(tmp_path / "header.ttf", content[:4]),
        "woff2": written(tmp_path / "cut.woff2", b"wOF2" + bytes(60)),
        "sound": sound,
    }
    found = probe_files(files, workers=1)
    assert list(found) == list(files)
    assert found["html"].fault == "a web page (HTML), not a font"
    assert found["empty"].fault == "empty"
    assert found["noise"].fault == "not a font"
    assert all(found[name].fault and not found[name].faces for name in ("cut", "header", "woff2"))
    assert found["sound"].faces[0]["letters"] == 26


def test_fault_11_a_font_cut_at_any_byte_never_takes_the_program_with_it(tmp_path: Path) -> None:
    content = make_font(tmp_path / "whole.ttf", characters="abcxo").read_bytes()
    cuts = range(0, len(content), max(1, len(content) // 25))
    found = probe_files({str(n): written(tmp_path / f"{n}.ttf", content[:n]) for n in cuts}, workers=1)
    assert len(found) == len(cuts)


@linux
def test_fault_11_a_font_that_kills_the_child_is_named_and_the_next_one_measured(tmp_path: Path) -> None:
    trap = tmp_path / "trap.ttf"
    os.mkfifo(trap)

    def spring() -> None:
        with trap.open("wb"):  # opens once the child reads it
            for child in _workers():
                os.kill(child, signal.SIGSEGV)

    thread = threading.Thread(target=spring)
    thread.start()
    found = probe_files({"trap": trap, "sound": make_font(tmp_path / "sound.ttf")}, workers=1)
    thread.join()
    assert found["trap"].fault == "crashed the probe (SIGSEGV)"
    assert found["sound"].faces


def test_a_broken_glyph_is_an_undrawn_character_and_only_most_of_them_a_bad_file(tmp_path: Path) -> None:
    def broken(name: str, letters: str) -> Path:
        path = make_font(tmp_path / name)
        font = TTFont(path)
        places = [font["loca"][font.getGlyphID(f"uni{ord(c):04X}")] for c in letters]
        content = bytearray(path.read_bytes())
        for place in places:  # the last point of the first contour comes before that of the second
            at = font.reader.tables["glyf"].offset + place + 10
            content[at : at + 2] = b"\xff\x00"
        return written(path, bytes(content))

    files = {"few": broken("few.ttf", "&q"), "most": broken("most.ttf", ASCII_LETTERS[:40])}
    found = probe_files(files, workers=1)
    assert found["few"].faces[0]["undrawn"] == "&q"
    assert found["most"].fault == "most letters are broken"


def test_no_file_is_measured_twice(tmp_path: Path) -> None:
    files = {"good": make_font(tmp_path / "good.ttf"), "bad": written(tmp_path / "bad.ttf", b"")}
    first = probe_files(files, workers=1)
    for file in files.values():
        file.unlink()
    assert probe_files(files, workers=1) == first


def test_progress_counts_only_what_is_measured(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    files = {"a": make_font(tmp_path / "a.ttf"), "b": make_font(tmp_path / "b.ttf")}
    probe_files({"a": files["a"]}, workers=1)
    probe_files(files, workers=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def _workers() -> list[int]:
    """Ids of this process's measuring children."""
    lists = Path("/proc/self/task").glob("*/children")
    children = [int(child) for text in lists for child in text.read_text().split()]
    return [
        child for child in children if b"fonts.probe_worker" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def test_the_worker_answers_line_by_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fonts.probe_worker", str(2 << 30)],
        input='"/nowhere.ttf"\n',
        capture_output=True,
        text=True,
        check=True,
    )
    ready, told = done.stdout.splitlines()
    assert ready == "ready"
    assert json.loads(told) == {"fault": "cannot be read: No such file or directory", "worn": False}
