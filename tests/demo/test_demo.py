"""The whole line through the real command: small, in fonts made here, resumable, with a report that stands
alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.seeds import stream
from tests.conftest import ROOT
from tests.fonts.make_font import EVERYDAY, make_font

Inkmill = Callable[..., subprocess.CompletedProcess[str]]
SMALL = [
    word
    for setting in (
        "train_lines=60",
        "validation_lines=8",
        "test_lines=8",
        "shown=4",
        "pretrain_set=[steps=20, validate_every=10, checkpoint_every=4, log_every=1, validation_lines=4]",
    )
    for word in ("--set", setting)
]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A cache with fonts of our own, and a PATH without npm."""
    folder = tmp_path_factory.mktemp("cache")
    for k in range(8):
        shape = {
            "x_height": 400 + 10 * k,
            "thickness": 40 + 8 * k,
            "family": f"Writer{k} Hand",
            "slant": 0.08 * k - 0.3,
        }
        make_font(folder / f"hand-{k}.ttf", characters=EVERYDAY, **shape)
    environment = {"INKMILL_CACHE": str(folder / "cache"), "PATH": "", "OMP_NUM_THREADS": "1"}
    done = _run(folder, environment, "fonts", "add", str(folder))
    assert done.returncode == 0, done.stderr
    return environment


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Real lines stand-in: a TSV with pictures of bars."""
    folder = tmp_path_factory.mktemp("real")
    for split, count in (("train", 6), ("val", 3), ("test", 3)):
        rows = ["file\ttext"]
        for i in range(count):
            picture = stream(1, i, split).integers(200, 256, (48, 120)).astype(np.uint8)
            picture[10:40, 20:30] = 20
            Image.fromarray(picture).save(folder / f"{split}-{i}.png")
            rows.append(f"{split}-{i}.png\tl{i}")
        (folder / f"{split}.tsv").write_text("\n".join(rows) + "\n")
    return f"tsv:{folder}"


def _hear_sigint() -> None:
    """A test run in the background hands down a SIGINT that is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_training(demo: Path) -> bool:
    journal = demo / "pretrain" / "metrics.jsonl"
    return journal.is_file() and '"event": "train"' in journal.read_text()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]


def _environment(extra: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


def _run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments),
        cwd=folder,
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=500,
    )


def _arguments(out: Path, benchmark: str) -> list[str]:
    return ["demo", "--preset", "tiny", "--out", str(out), *SMALL, "--set", f"benchmark={benchmark}"]


@pytest.mark.slow
def test_demo_runs_is_interrupted_and_goes_on(
    surroundings: dict[str, str], benchmark: str, tmp_path: Path
) -> None:
    arguments = _arguments(tmp_path / "demo", benchmark)
    environment = _environment(surroundings)
    running = subprocess.Popen(
        _command(*arguments),
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_sigint,
    )
    deadline = time.monotonic() + 200
    while not _is_training(tmp_path / "demo") and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=100)
    assert running.returncode == 130, said
    assert "Traceback" not in said

    done = _run(tmp_path, surroundings, *arguments)
    assert done.returncode == 0, done.stderr
    assert "recognize --model" in done.stdout
    results = json.loads((tmp_path / "demo" / "results.json").read_text())
    models = [(figure["data"], figure["model"]) for figure in results["figures"]]
    assert len(models) == 5
    assert all(figure["lines"] > 0 for figure in results["figures"])
    assert results["rendered"]["train"]["lines"] == 60
    assert results["commands"][0] == "inkmill fonts sync"

    page = (tmp_path / "demo" / "report.html").read_text()
    for heading in (
        "Figures",
        "Hands",
        "Text",
        "Samples",
        "Learning",
        "What was dropped",
        "How to repeat it",
    ):
        assert f">{heading}</h2>" in page
    assert not re.findall(r"""(?:src|href)=["']https?:""", page), "the page must stand alone"

    again = _run(tmp_path, surroundings, *arguments)
    assert again.returncode == 0
    assert again.stdout == done.stdout, "a finished demo gives the same figures again"

    other = _run(tmp_path, surroundings, *arguments, "--set", "train_lines=61")
    assert other.returncode == 3
    assert "other settings" in other.stderr


def test_a_folder_with_other_things_is_left_alone(surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.tex").write_text("mine")
    result = _run(tmp_path, surroundings, "demo", "--out", "demo")
    assert result.returncode == 3
    assert "is not empty and holds no demo" in result.stderr
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["thesis.tex"]


def test_an_unknown_setting_is_refused_with_the_nearest(surroundings: dict[str, str], tmp_path: Path) -> None:
    result = _run(tmp_path, surroundings, "demo", "--set", "train_line=5")
    assert result.returncode == 2
    assert "did you mean 'train_lines'" in result.stderr
