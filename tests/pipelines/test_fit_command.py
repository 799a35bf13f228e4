"""`inkmill fit`, by the real command line on generated fonts and drawn lines."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fonts.catalogue import Catalogue
from synth.recipe import load_recipe
from tests.synth.hands import make_hand
from tests.synth.real_lines import Drawn

Inkmill = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def catalogue(tmp_path: Path) -> str:
    path = tmp_path / "catalogue.json"
    hands = [make_hand(tmp_path / f"Made {n}.ttf", thickness=40 + 10 * n) for n in range(2)]
    Catalogue((hands[0], replace(hands[1], split="validation"))).write(path)
    return str(path)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    folder = tmp_path / "lines"
    folder.mkdir()
    for split, count in (("train", 5), ("val", 3)):
        rows = ["file\ttext\twriter"]
        for n in range(count):
            drawn = Drawn(paper=190.0 + 5 * n, ink=50.0, noise=1.0)
            Image.fromarray(drawn.picture(n)).save(folder / f"{split}{n}.png")
            rows.append(f"{split}{n}.png\t{drawn.text}\t{split}{n}")
        (folder / f"{split}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_a_recipe_and_a_report_are_written_and_the_same_again(
    inkmill: Inkmill, lines: Path, catalogue: str, tmp_path: Path
) -> None:
    told = []
    for name in ("a", "b"):
        done = inkmill(
            *("fit", f"tsv:{lines}", "--catalogue", catalogue, "--out", f"{name}.yaml"),
            *("--report", f"{name}.html", "--lines", "8", "--looks", "4", "--rounds", "2", "--steps", "0"),
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.replace(f"{name}.", "x."))
    assert told[0] == told[1] and (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
    recipe = load_recipe(str(tmp_path / "a.yaml"))
    assert len(recipe.looks) == 4
    levels = [recipe.page(np.random.default_rng(n)).paper.level[0] for n in range(8)]
    assert 180 < min(levels) <= max(levels) < 220
    table = dict(row.split("\t", 1) for row in told[0].splitlines())
    assert table["measure"] == "start\tfitted"
    assert "mean Wasserstein / spread" in table
    assert table["judge's error by measures"] == "-\t-", "eight lines teach a judge nothing"
    start, fitted = map(float, table["paper"].split("\t"))
    assert fitted < start
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Real or ours" in page and "The answers" in page and "http" not in page.split("<body", 1)[1]


def test_bad_input_is_told_in_words(inkmill: Inkmill, lines: Path, catalogue: str) -> None:
    for arguments, code, told in (
        ((), 2, "Nothing is asked for"),
        (("--out", "recipe.txt"), 2, "a name ending in .yaml"),
        (("--judge", "plain", "--report", "page.pdf"), 2, "a name ending in .html"),
        (("--out", "r.yaml", "--held", "validate"), 2, "did you mean 'validation'"),
        (("--judge", "plane"), 2, "did you mean 'plain'"),
    ):
        done = inkmill("fit", f"tsv:{lines}", "--catalogue", catalogue, *arguments)
        assert done.returncode == code and told in done.stderr, done.stderr


def test_lines_without_ink_are_refused(inkmill: Inkmill, lines: Path, catalogue: str) -> None:
    for picture in lines.glob("*.png"):
        Image.new("L", (200, 64), 230).save(picture)
    done = inkmill("fit", f"tsv:{lines}", "--catalogue", catalogue, "--out", "r.yaml")
    assert done.returncode == 3 and "None of 5 lines can be measured" in done.stderr
