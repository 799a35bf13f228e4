"""`inkmill preview`, by the real command line on generated fonts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from fonts.catalogue import Catalogue
from tests.synth.hands import make_hand

Inkmill = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def catalogue(tmp_path: Path) -> str:
    path = tmp_path / "catalogue.json"
    Catalogue(tuple(make_hand(tmp_path / f"{n}.ttf", thickness=40 + 10 * n) for n in range(2))).write(path)
    return str(path)


def test_a_page_is_written_and_the_same_one_again(inkmill: Inkmill, catalogue: str, tmp_path: Path) -> None:
    pages = []
    for name in ("a.png", "b.png"):
        done = inkmill(
            "preview", "-n", "5", "--text", "A jug, (quickly)", "--out", name, "--catalogue", catalogue
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{name}\t5 samples\tdropped 0\n"
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    with Image.open(tmp_path / "a.png") as page:
        assert page.mode == "RGB" and page.height > 3 * 40


def test_hands_and_variants_are_those_of_render(inkmill: Inkmill, catalogue: str, tmp_path: Path) -> None:
    common = ("preview", "-n", "3", "--text", "A jug", "--catalogue", catalogue)
    assert inkmill(*common, "--out", "a.png", "--variants", "0").returncode == 0
    assert inkmill(*common, "--out", "b.png", "--variants", "50").returncode == 0
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    held_out = inkmill(*common, "--out", "c.png", "--hands", "validation")
    assert held_out.returncode == 3 and "None of 0 hands" in held_out.stderr


def test_clean_and_boxes_change_the_page(inkmill: Inkmill, catalogue: str, tmp_path: Path) -> None:
    common = ("preview", "-n", "1", "--text", "A jug", "--columns", "1", "--catalogue", catalogue)
    assert inkmill(*common, "--out", "a.png").returncode == 0
    assert inkmill(*common, "--out", "b.png", "--clean", "--boxes", "--seed", "3").returncode == 0
    with Image.open(tmp_path / "a.png") as small, Image.open(tmp_path / "b.png") as large:
        assert large.height - small.height == 40
        assert len(large.getcolors(1 << 16)) > len(small.convert("L").getcolors(1 << 16)) - 256


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--recipe", "deno"), 2, "did you mean 'demo'"),
        (("--set", "output.heigth=40"), 2, "did you mean 'height'"),
        (("--out", "page.gif"), 2, ".png"),
        (("--text", " "), 3, "empty"),
        (("--text", "日本"), 3, "no hand draws 日 本"),
        (("--hands", "tain"), 2, "did you mean 'train'"),
        (("--kinds", "evryday=1"), 2, "did you mean 'everyday'"),
        (("--text", "jug", "--set", "proof.contrast=256"), 3, "low-contrast"),
        (("--catalogue", "none.json"), 3, "none.json"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    inkmill: Inkmill, catalogue: str, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    given = ("--text", "jug") if "--text" not in arguments else ()
    done = inkmill("preview", "-n", "2", "--catalogue", catalogue, *given, *arguments)
    assert done.returncode == code, done.stderr
    assert told in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.png")) and not list(tmp_path.glob("*.gif"))
