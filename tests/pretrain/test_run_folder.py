"""A folder belongs to one run; what differs is named, and nothing is written before that is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from common.errors import DataError
from pretrain.run_folder import RUN, claim
from tests.pretrain.conftest import toy_settings

DATA = {"training": "a", "validation": "b"}


def test_a_second_run_needs_resume(tmp_path: Path) -> None:
    claim(tmp_path / "run", toy_settings(), DATA, resume=False)
    with pytest.raises(DataError, match=r"holds a training run already.*--resume"):
        claim(tmp_path / "run", toy_settings(), DATA, resume=False)
    claim(tmp_path / "run", toy_settings(threads=2, device="cpu"), DATA, resume=True)


def test_what_differs_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    claim(tmp_path, toy_settings(), DATA, resume=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(
        DataError, match=r"data.training \(a there, c now\), settings.seed \(0 there, 9 now\)"
    ):
        claim(tmp_path, toy_settings(seed=9), {**DATA, "training": "c"}, resume=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("resume", [True, False])
def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, resume: bool) -> None:
    (tmp_path / "settings.yaml").write_text("mine")
    with pytest.raises(DataError, match="holds no training run"):
        claim(tmp_path, toy_settings(), DATA, resume)
    assert (tmp_path / "settings.yaml").read_text() == "mine"


def test_a_run_older_than_a_setting_can_be_resumed(tmp_path: Path) -> None:
    claim(tmp_path, toy_settings(), DATA, resume=False)
    facts = json.loads((tmp_path / RUN).read_text())
    del facts["settings"]["resize"]  # as if that setting had come later
    (tmp_path / RUN).write_text(json.dumps(facts))
    claim(tmp_path, toy_settings(), DATA, resume=True)


def test_cut_facts_are_told(tmp_path: Path) -> None:
    claim(tmp_path, toy_settings(), DATA, resume=False)
    (tmp_path / RUN).write_text('{"settings": {')
    with pytest.raises(DataError, match="cut or altered"):
        claim(tmp_path, toy_settings(), DATA, resume=True)
