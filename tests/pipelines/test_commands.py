"""The real command line, with a small font and a small text: render, verify, upload, what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fonts.catalogue import build_catalogue
from pipelines.plan import RenderPlan
from pipelines.render import render_shard
from shards.manifest import PLAN, read_manifest
from shards.reader import read_samples
from shards.store import open_store
from tests.fonts.make_font import make_font

Run = Callable[..., subprocess.CompletedProcess[str]]

TEXT = "The quick brown fox jumps over the lazy dog while a hundred wizards sit quietly by. "


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text, a catalogue and a cache, measured once."""
    folder = tmp_path_factory.mktemp("material")
    (folder / "text.txt").write_text("\n\n".join(f"{TEXT}{TEXT[n % 9 :]}" for n in range(40)))
    (folder / "fonts").mkdir()
    make_font(folder / "fonts" / "one.ttf")
    before = os.environ.get("INKMILL_CACHE")
    os.environ["INKMILL_CACHE"] = str(folder / "cache")
    try:
        build_catalogue([folder / "fonts"], workers=1).write(folder / "catalogue.json")
    finally:
        os.environ.pop("INKMILL_CACHE") if before is None else os.environ.update(INKMILL_CACHE=before)
    return folder


@pytest.fixture
def render(inkmill: Run, material: Path) -> Run:
    """``inkmill render`` of 12 lines with what a test adds."""

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return inkmill(
            *("render", "--lines", "12", "--lines-per-shard", "5", "--workers", "1", "--out", "out"),
            *("--corpus", str(material / "text.txt"), "--catalogue", str(material / "catalogue.json")),
            *("--recipe", "plain", *options),
            INKMILL_CACHE=str(material / "cache"),
        )

    return run


def test_the_ledger_of_a_data_set_names_fonts_that_are_here_and_fonts_that_are_not(
    render: Run, inkmill: Run, material: Path, tmp_path: Path
) -> None:
    assert render().returncode == 0
    unfetched = {
        "INKMILL_CACHE": str(tmp_path / "cache"),
        "npm_config_offline": "true",
        "npm_config_cache": str(tmp_path / "npm"),
    }
    make_font(tmp_path / "own" / "other.ttf", x_height=300, family="Other")
    assert inkmill("fonts", "add", "own", **unfetched).returncode == 0
    away = inkmill("fonts", "licences", "--data-set", "out", **unfetched).stdout
    assert "| not on this machine | 12 |" in away and "Other" not in away
    assert inkmill("fonts", "add", str(material / "fonts"), **unfetched).returncode == 0
    here = inkmill("fonts", "licences", "--data-set", "out", **unfetched).stdout
    assert "| Test Hand | Regular |" in here and "| own file " in here and "| 12 |" in here
    assert (tmp_path / "out" / "FONT_LICENSES.md").read_text() == here


def test_render_verify_and_upload(render: Run, inkmill: Run, tmp_path: Path) -> None:
    made = render("--seed", "3", "--set", "output.height=48")
    assert made.returncode == 0, made.stderr
    rows = dict(line.split("\t") for line in made.stdout.splitlines())
    store = open_store(str(tmp_path / "out"))
    manifest = read_manifest(store)
    assert (rows["lines"], rows["shards"]) == ("12", "3")
    assert rows["fingerprint"] == manifest.fingerprint
    assert "Rendering lines: 12 lines" in made.stderr
    samples = [sample for entry in manifest.shards for sample in read_samples(store, entry)]
    assert {sample.image.shape[0] for sample in samples} == {48}
    assert manifest.fonts[0].samples == 12

    plan = RenderPlan.model_validate_json(store.get(PLAN))
    assert render_shard(plan, 1).tar == store.get("lines-000001.tar")

    again = render("--seed", "3", "--set", "output.height=48")
    assert "all finished before" in again.stdout and again.returncode == 0

    assert inkmill("verify", "out", "--deep").stdout.startswith("whole\t3 shards\t12 samples")
    assert inkmill("upload", "out", "copy").stdout.startswith("whole\t3 shards")
    assert inkmill("verify", "copy", "--deep").returncode == 0
    assert "| Test Hand | Regular |" in (tmp_path / "copy" / "FONT_LICENSES.md").read_text()

    for name in ("plan.json", "recipe.yaml", "lines-000001.json", "lines-000001.npy"):
        content = bytearray((tmp_path / "copy" / name).read_bytes())
        content[len(content) // 2] ^= 1
        (tmp_path / "copy" / name).write_bytes(content)
        broken = inkmill("verify", "copy")
        assert broken.returncode == 3 and broken.stdout.startswith(f"altered\t{name}"), broken.stdout
        assert inkmill("verify", "copy", "--quick").returncode == 0
        shutil.copy(tmp_path / "out" / name, tmp_path / "copy" / name)
    assert inkmill("verify", "copy", "--quick", "--deep").returncode == 2

    tar = tmp_path / "copy" / "lines-000001.tar"
    tar.write_bytes(tar.read_bytes()[:-7])
    broken = inkmill("verify", "copy")
    assert broken.returncode == 3
    assert broken.stdout.startswith("cut\tlines-000001.tar")
    assert "is not whole" in broken.stderr


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--recipe", "dmo"], 2, "did you mean 'demo'"),
        (["--set", "output.hight=3"], 2, "did you mean 'height'"),
        (["--out", "s3://bucket"], 2, "file:PATH or memory:NAME"),
        (["--executor", "dask"], 2, "local or ray"),
        (["--hands", "validation"], 3, "No font may write as a validation hand"),
        (["--hands", "test"], 2, "hands"),
        (["--corpus", "nowhere.txt"], 3, "nowhere.txt"),
        (["--target", "iamm"], 2, "did you mean 'iam'"),
    ],
)
def test_a_wrong_option_is_told_in_words(
    render: Run, tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    told = render(*options)
    assert told.returncode == code, told.stderr
    assert said in told.stderr and "Traceback" not in told.stderr
    assert not (tmp_path / "out" / "plan.json").exists()


def test_other_settings_in_the_same_place_are_refused(render: Run) -> None:
    assert render().returncode == 0
    told = render("--seed", "9")
    assert told.returncode == 3
    assert "seed (0 there, 9 now)" in told.stderr
