"""Reading pictures: order, company and beams change nothing that they should not; files are whole or
refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError
from common.seeds import stream
from recognize.model_file import ModelFile, load_model, save_model
from recognize.preprocessing import Preprocessing, prepare, stack, stretch
from recognize.recognizer import Recognizer

Inkmill = Callable[..., subprocess.CompletedProcess[str]]


def pictures(count: int = 7) -> list[np.ndarray]:
    found = []
    for i in range(count):
        rng = stream(4, i, "picture")
        picture = np.full((20 + i, 20 + 11 * i), 230, np.uint8)
        left = int(rng.integers(2, 12))
        picture[5:12, left : left + 6] = 40
        found.append(picture)
    return found


@pytest.fixture
def saved(recognizer: Recognizer, tmp_path: Path) -> Path:
    content = ModelFile(recognizer.model, recognizer.alphabet, recognizer.preprocessing, {"kind": "toy"})
    return save_model(tmp_path / "run", content)


@pytest.mark.parametrize("beams", [1, 3])
def test_a_line_reads_the_same_alone_and_in_company(recognizer: Recognizer, beams: int) -> None:
    lines = pictures()
    together = recognizer.read(lines, beams)
    for line, expected in zip(lines, together, strict=True):
        [alone] = recognizer.read([line], beams)
        assert alone.text == expected.text
        assert alone.confidence == pytest.approx(expected.confidence, abs=1e-5)


def test_results_come_in_the_order_of_the_pictures(recognizer: Recognizer) -> None:
    lines = pictures()
    backwards = recognizer.read(lines[::-1])[::-1]
    assert [p.text for p in backwards] == [p.text for p in recognizer.read(lines)]


def test_confidences_and_positions_are_shares(recognizer: Recognizer) -> None:
    for found in recognizer.read(pictures(), beams=3):
        assert 0 <= found.confidence <= 1
        assert "".join(c.text for c in found.characters) == found.text
        assert all(0 <= c.probability <= 1 and 0 <= c.position <= 1 for c in found.characters)
        assert len(found.alternatives) <= 2


def test_a_blank_picture_is_flagged(recognizer: Recognizer) -> None:
    [blank] = recognizer.read([np.full((30, 60), 200, np.uint8)])
    assert "blank" in blank.flags


@pytest.mark.parametrize("shape", [(1, 1), (9, 40), (200, 400)])
def test_odd_sizes_are_read(recognizer: Recognizer, shape: tuple[int, int]) -> None:
    assert len(recognizer.read([np.full(shape, 255, np.uint8)])) == 1


def test_a_picture_too_wide_is_refused_by_name(recognizer: Recognizer) -> None:
    with pytest.raises(DataError, match=r"long\.png is 500 x 16 pixels.*at most 96"):
        recognizer.read([np.zeros((16, 500), np.uint8)], names=["long.png"])


def test_model_file_reads_back_what_was_saved(saved: Path, recognizer: Recognizer) -> None:
    again = Recognizer.load(saved.parent)
    assert again.alphabet == recognizer.alphabet
    assert again.preprocessing == recognizer.preprocessing
    assert [p.text for p in again.read(pictures())] == [p.text for p in recognizer.read(pictures())]
    assert load_model(saved).card == {"kind": "toy"}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.9, 0.9999])
def test_a_model_file_cut_anywhere_is_refused(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match="cannot be read"):
        load_model(saved)


def test_weights_of_another_shape_are_refused_with_a_list(saved: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(saved, framework="pt") as file:
        header = json.loads(file.metadata()["inkmill"])
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    header["architecture"]["feed_forward"] += 1
    save_file(weights, saved, metadata={"inkmill": json.dumps(header)})
    with pytest.raises(DataError, match=r"do not fit.*feed.*instead of"):
        load_model(saved)


def test_foreign_safetensors_are_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"x": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(DataError, match="no inkmill header"):
        load_model(tmp_path)


def test_stretch_makes_paper_white_and_ink_black() -> None:
    picture = np.full((20, 50), 180, np.uint8)
    picture[5:15, 10:14] = 90
    found = stretch(picture)
    assert found[0, 0] == 255
    assert found[10, 12] == 0


def test_stretch_of_an_even_picture_is_white() -> None:
    assert set(stretch(np.full((9, 9), 30, np.uint8)).ravel()) == {255}


def test_padding_is_paper_and_depends_on_the_line_alone() -> None:
    settings = Preprocessing(height=16, bucket=24, max_width=96)
    narrow = prepare(np.zeros((32, 20), np.uint8), settings)
    assert narrow.shape == (16, 10)
    assert settings.bucket_width(10) == settings.bucket_width(24) == 24
    pixels, widths = stack([narrow], 24)
    assert widths.tolist() == [10]
    assert set(pixels[0, 0, :, 10:].ravel()) == {-1.0}


def test_command_reads_good_pictures_and_names_the_bad(saved: Path, tmp_path: Path, inkmill: Inkmill) -> None:
    good, text, wide = tmp_path / "good one.png", tmp_path / "notes.png", tmp_path / "wide.png"
    Image.fromarray(pictures(3)[2]).save(good)
    text.write_text("not a picture")
    Image.fromarray(np.full((16, 600), 255, np.uint8)).save(wide)
    result = inkmill("recognize", "--model", saved, good, text, wide)
    assert result.returncode == 3
    assert result.stdout.startswith(f"{good}\t")
    assert len(result.stdout.splitlines()) == 1
    assert "notes.png" in result.stderr
    assert "wide.png is 600 x 16 pixels" in result.stderr
    assert "Traceback" not in result.stderr


def test_command_writes_json_with_every_character(saved: Path, tmp_path: Path, inkmill: Inkmill) -> None:
    Image.fromarray(pictures(2)[1]).save(tmp_path / "line.png")
    result = inkmill("recognize", "--model", saved, "--json", "--beams", "2", tmp_path / "line.png")
    found = json.loads(result.stdout)
    assert result.returncode == 0
    assert {"file", "text", "confidence", "characters", "alternatives", "flags"} <= found.keys()


def test_command_says_what_is_missing(tmp_path: Path, inkmill: Inkmill) -> None:
    result = inkmill("recognize", "--model", tmp_path / "none", tmp_path / "line.png")
    assert result.returncode == 3
    assert "There is no model at" in result.stderr
