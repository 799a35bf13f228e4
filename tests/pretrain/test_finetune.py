"""Fine-tuning through the real command: what the model brings along, and what it learns anew."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from corpora.alphabet import Alphabet
from recognize.model_file import ModelFile, load_model, save_model
from recognize.preprocessing import Preprocessing
from tests.pretrain.conftest import LETTERS, ToyLines, toy_model

Inkmill = Callable[..., subprocess.CompletedProcess[str]]
FEW = ("--set", "steps=2", "--set", "validate_every=2", "--set", "validation_lines=3", "--set", "threads=1")


def test_a_model_keeps_its_preprocessing_and_learns_new_characters(tmp_path: Path, inkmill: Inkmill) -> None:
    alphabet = Alphabet(tuple(LETTERS))
    own = Preprocessing(height=16, bucket=24, max_width=96, stretch=False)
    save_model(tmp_path / "init", ModelFile(toy_model(alphabet), alphabet, own, {"kind": "toy"}))
    toys = ToyLines(9)
    for split, part in (("train", range(6)), ("val", range(6, 9))):
        rows = ["file\ttext", *(f"{i}.png\t{toys.texts[i]}é" for i in part)]
        (tmp_path / f"{split}.tsv").write_text("\n".join(rows) + "\n")
        for i in part:
            Image.fromarray(toys.load(i).image).save(tmp_path / f"{i}.png")
    result = inkmill(
        "finetune", "--data", f"tsv:{tmp_path}", "--init", tmp_path / "init", "--out", "run", *FEW
    )
    assert result.returncode == 0, result.stderr
    assert "1 new: 'é'" in result.stderr
    found = load_model(tmp_path / "run")
    assert found.preprocessing == own
    assert found.alphabet.characters == (*LETTERS, "é")
    assert found.card["init"] == {"kind": "toy"}
