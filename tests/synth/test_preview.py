"""`inkmill preview`, by the real command line on generated fonts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import UsageError
from fonts.catalogue import Catalogue, load_catalogue
from pipelines.preview_sheets import choose_kind
from synth.recipe import RECIPES
from tests.synth.hands import make_hand

Inkmill = Callable[..., subprocess.CompletedProcess[str]]

TEXT = ("--text", "A jug, (quickly)")


@pytest.fixture
def catalogue(tmp_path: Path) -> str:
    path = tmp_path / "catalogue.json"
    Catalogue(tuple(make_hand(tmp_path / f"Made {n}.ttf", thickness=40 + 10 * n) for n in range(2))).write(
        path
    )
    return str(path)


@pytest.fixture
def preview(inkmill: Inkmill, catalogue: str) -> Inkmill:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return inkmill("preview", "--catalogue", catalogue, *arguments)

    return run


def test_a_sheet_is_written_and_the_same_one_again(preview: Inkmill, tmp_path: Path) -> None:
    pages = []
    for name in ("a.png", "b.png"):
        done = preview("-n", "5", *TEXT, "--out", name)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{name}\t5 samples\tattempts refused: 0\n"
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    with Image.open(tmp_path / "a.png") as page:
        assert page.mode == "RGB" and page.height > 3 * 40


def test_hands_and_variants_are_those_of_render(preview: Inkmill, tmp_path: Path) -> None:
    common = ("-n", "3", "--text", "A jug")
    assert preview(*common, "--out", "a.png", "--variants", "0").returncode == 0
    assert preview(*common, "--out", "b.png", "--variants", "50").returncode == 0
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    held_out = preview(*common, "--out", "c.png", "--hands", "validation")
    assert held_out.returncode == 3 and "None of 0 hands" in held_out.stderr


def test_clean_and_boxes_change_the_page(preview: Inkmill, tmp_path: Path) -> None:
    common = ("-n", "1", "--text", "A jug", "--columns", "1")
    assert preview(*common, "--out", "a.png").returncode == 0
    assert preview(*common, "--out", "b.png", "--clean", "--boxes", "--seed", "3").returncode == 0
    with Image.open(tmp_path / "a.png") as small, Image.open(tmp_path / "b.png") as large:
        assert large.height - small.height == 40
        assert len(large.getcolors(1 << 16)) > len(small.convert("L").getcolors(1 << 16)) - 256


def test_one_hand_writes_where_it_is_named(preview: Inkmill, catalogue: str, tmp_path: Path) -> None:
    done = preview("-n", "3", *TEXT, "--hand", "made 0", "--out", "a.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    first, second = (hand.id for hand in load_catalogue(Path(catalogue)).hands)
    assert page.count("data:image/png") == 3 and first in page and second not in page


@pytest.mark.parametrize(
    ("kind", "told", "figures"),
    [
        (("--steps", "--scale", "2"), 8, 8),
        (("--page", "-n", "4", "--recipe", "iam"), 4, 1),
        (("--grid", "hands", "--hand", "Made 1", "-n", "4"), 4, 4),
        (("--grid", "recipes", "--set", "output.height=32"), *[3 * len(list(RECIPES.glob("*.yaml")))] * 2),
    ],
)
def test_every_kind_of_sheet_is_drawn(
    preview: Inkmill, tmp_path: Path, kind: tuple[str, ...], told: int, figures: int
) -> None:
    done = preview(*kind, "--text", "A jug", "--out", "a.html")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split("\t")[1].split()[0]) == told
    assert (tmp_path / "a.html").read_text(encoding="utf-8").count("<figure>") == figures


def test_every_effect_has_its_pictures(preview: Inkmill, tmp_path: Path) -> None:
    done = preview("--grid", "effects", "--recipe", "plain", "--text", "A jug", "--out", "a.html")
    assert done.returncode == 0, done.stderr
    told = int(done.stdout.split("\t")[1].split()[0])
    assert told > 30
    assert (tmp_path / "a.html").read_text(encoding="utf-8").count("<figure>") == told


def test_a_page_shows_one_writer_and_samples_show_many_pages(
    preview: Inkmill, catalogue: str, tmp_path: Path
) -> None:
    for kind, hands in ((("--page",), 1), ((), 2)):
        done = preview(*TEXT, "-n", "8", "--recipe", "iam", *kind, "--variants", "0", "--out", "a.html")
        assert done.returncode == 0, done.stderr
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert sum(hand.id in page for hand in load_catalogue(Path(catalogue)).hands) == hands


def test_real_lines_are_mixed_with_ours(preview: Inkmill, tmp_path: Path) -> None:
    folder = tmp_path / "lines"
    folder.mkdir()
    for number in range(12):
        Image.fromarray(np.full((50, 200), 240, np.uint8)).save(folder / f"{number}.png")
    rows = "".join(f"lines/{number}.png\tA jug {number}\n" for number in range(12))
    (tmp_path / "all.tsv").write_text("file\ttext\n" + rows, encoding="utf-8")
    asked = "--real", "tsv:all.tsv", "-n", "8", "--out", "q.html"
    assert preview(*asked).stdout == "q.html\t8 lines\n"
    done = preview(*asked, "--solution")
    assert done.returncode == 0, done.stderr
    real = done.stdout.split("\t")[2].split()[1:]
    assert len(real) == 4 and set(real) < {f"{number}" for number in range(1, 9)}
    assert (tmp_path / "q.html").read_text(encoding="utf-8").count('data-answer="ours"') == 4
    few = preview("--real", "tsv:all.tsv", "-n", "14", "--out", "r.html")
    assert few.returncode == 3 and "holds 12 lines" in few.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--recipe", "deno"), 2, "did you mean 'demo'"),
        (("--set", "output.heigth=40"), 2, "did you mean 'height'"),
        (("--out", "page.gif"), 2, ".png or .html"),
        (("--text", " "), 3, "empty"),
        (("--text", "日本"), 3, "no hand draws 日 本"),
        (("--hands", "tain"), 2, "did you mean 'train'"),
        (("--kinds", "evryday=1"), 2, "did you mean 'everyday'"),
        (("--hand", "Maid 1"), 2, "did you mean 'Made 1'"),
        (("--steps", "--boxes"), 2, "--steps takes no --boxes"),
        (("--set", "proof.contrast=256"), 3, "low-contrast"),
        (("--catalogue", "none.json"), 3, "none.json"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    preview: Inkmill, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    given = ("--text", "jug") if "--text" not in arguments else ()
    done = preview(*given, *arguments)
    assert done.returncode == code, done.stderr
    assert told in done.stderr and "Traceback" not in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".png", ".gif", ".html")]


@pytest.mark.parametrize(
    ("kinds", "given", "told"),
    [
        (["--grid effect"], {}, "did you mean '--grid effects'"),
        (["--grid hands", "--steps"], {}, "--grid hands and --steps are two sheets"),
        (["--grid recipes"], {"--recipe": "iam"}, "--grid recipes takes no --recipe"),
        (["--grid effects"], {"-n": 4}, "takes no -n"),
        (["--real"], {"--text": ["jug"]}, "--real takes no --text"),
        (["--page"], {"--columns": 2}, "--page takes no --columns"),
    ],
)
def test_what_does_not_go_together_is_told(kinds: list[str], given: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        choose_kind(dict.fromkeys(kinds, True), given)


def test_a_look_that_is_never_written_is_named(preview: Inkmill, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("looks: [{}, {settings: {proof: {contrast: 256}}}]")
    done = preview("--text", "A jug", "-n", "8", "--recipe", "two.yaml", "--out", "a.png")
    assert done.returncode == 0, done.stderr
    assert "Look 2 of 2 is never written" in done.stderr and "most as low-contrast" in done.stderr
    assert "Look 1" not in done.stderr


def test_what_is_not_given_is_not_refused() -> None:
    assert choose_kind({"--steps": True, "--page": False}, {"--boxes": False, "-n": None}) == "--steps"
    assert choose_kind({"--steps": False}, {"--boxes": True, "-n": 3}) == ""
