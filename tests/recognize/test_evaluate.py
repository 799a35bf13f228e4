"""Evaluation of a split: figures, readings and report, for real and for rendered lines."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from corpora.handwriting.record import HandwrittenLine
from recognize.evaluate import evaluate
from recognize.model_file import ModelFile, save_model
from recognize.recognizer import Recognizer
from tests.pretrain.conftest import ToyLines

Inkmill = Callable[..., subprocess.CompletedProcess[str]]


def handwritten(count: int = 9) -> list[HandwrittenLine]:
    toys = ToyLines(count)
    texts = ["é" + toys.texts[0], *toys.texts[1:]]
    pictures = [toys.load(i).image for i in range(count)]
    return [
        HandwrittenLine(f"l{i}", texts[i], "test", partial(np.copy, pictures[i]), f"w{i % 3}")
        for i in range(count)
    ]


def test_figures_do_not_depend_on_the_order(recognizer: Recognizer) -> None:
    lines = handwritten()
    one, two = evaluate(recognizer, lines, "toys"), evaluate(recognizer, lines[::-1], "toys")
    assert one.scores.cer == two.scores.cer
    assert {line.id: line.prediction.text for line in one.lines} == {
        line.id: line.prediction.text for line in two.lines
    }


def test_characters_outside_the_alphabet_are_reported(recognizer: Recognizer) -> None:
    assert evaluate(recognizer, handwritten(), "toys").outside == {"é": 1}


def test_intervals_are_over_writers_where_they_are_known(recognizer: Recognizer) -> None:
    assert evaluate(recognizer, handwritten(), "toys").scores.cer_interval.over == "writers"


def test_command_writes_figures_readings_and_report(
    recognizer: Recognizer, tmp_path: Path, inkmill: Inkmill
) -> None:
    content = ModelFile(recognizer.model, recognizer.alphabet, recognizer.preprocessing)
    save_model(tmp_path / "model", content)
    toys = ToyLines(5)
    rows = ["file\ttext"]
    for i in range(5):
        Image.fromarray(toys.load(i).image).save(tmp_path / f"{i}.png")
        rows.append(f"{i}.png\t{toys.texts[i]}")
    (tmp_path / "test.tsv").write_text("\n".join(rows) + "\n")
    result = inkmill(
        *("evaluate", "--model", tmp_path / "model", "--data", f"tsv:{tmp_path}"),
        *("--json", "figures.json", "--lines", "lines.tsv", "--report", "report.html"),
    )
    assert result.returncode == 0, result.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["lines"] == 5
    assert f"CER\t{figures['cer']:.2%}" in result.stdout
    assert len((tmp_path / "lines.tsv").read_text().splitlines()) == 6
    page = (tmp_path / "report.html").read_text()
    assert page.count("<img") >= 5
    assert "Confusions" in page


def test_rendered_lines_are_read_like_real_ones(recognizer: Recognizer, tmp_path: Path) -> None:
    from recognize.rendered import lines_of
    from shards.manifest import MANIFEST
    from shards.store import open_store
    from shards.writer import pack, sample_key
    from synth.sample import LineSample
    from tests.shards.samples import make_manifest, put

    toys = ToyLines(4)
    samples = []
    for i in range(4):
        line = toys.load(i)
        samples.append((sample_key(i), LineSample(line.image, line.text, line.boxes, {"font": "h1"})))
    store = open_store(str(tmp_path / "set"))
    store.put(MANIFEST, make_manifest((put(store, pack("lines-000000", samples)),)).to_bytes())
    lines = lines_of(f"shards:{tmp_path / 'set'}", "test")
    assert [line.text for line in lines] == toys.texts
    for i, line in enumerate(lines):
        np.testing.assert_array_equal(line.load(), toys.load(i).image)
    assert evaluate(recognizer, lines, "rendered").scores.lines == 4


def test_missing_split_is_told(tmp_path: Path, inkmill: Inkmill) -> None:
    result = inkmill("evaluate", "--model", tmp_path, "--data", "digit:")
    assert result.returncode == 2
    assert "digits" in result.stderr


@pytest.mark.shared
def test_real_lines_of_two_layouts_are_read(shared: Path, recognizer: Recognizer) -> None:
    from recognize.rendered import lines_of

    for spec in (f"tsv:{shared}/data/lines/copiste", f"tsv:{shared}/data/lines/archive"):
        assert len(lines_of(spec, "validation")) > 300
