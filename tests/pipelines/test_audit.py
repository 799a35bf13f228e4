"""The audit notices what it is there for, and nothing else."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from common.seeds import stream
from corpora.alphabet import Alphabet
from fonts.catalogue import Catalogue
from fonts.hand import Hand
from pipelines.audit.check import Verdict, check
from recognize.model_file import ModelFile, save_model
from recognize.preprocessing import Preprocessing
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.pretrain.conftest import toy_model
from tests.synth.hands import MOVED, line, make_hand

Inkmill = Callable[..., subprocess.CompletedProcess[str]]

TEXT = "The 3 jugs, quickly gone; why? Kim BANDS a fox"


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


PLAIN = load_recipe("plain")


def sample(hand: Hand, recipe: Recipe = PLAIN, index: int = 0, text: str = TEXT) -> LineSample:
    for attempt in range(8):
        made = render(line(text), hand, recipe, 0, index, keep_clean=True, attempt=attempt)
        if isinstance(made, LineSample):
            return made
    raise AssertionError(made)


def judged(made: LineSample, hand: Hand, number: int = 0) -> Verdict:
    return check(made, hand, stream(0, number, "audit"))


def kinds(verdict: Verdict) -> set[str]:
    return {finding.kind for finding in verdict.findings}


@pytest.mark.parametrize("recipe", ["plain", "iam", "archive"])
def test_what_shows_its_label_passes(hand: Hand, recipe: str) -> None:
    for index in range(2):
        verdict = judged(sample(hand, load_recipe(recipe), index), hand, index)
        assert not verdict.findings
        assert verdict.judged >= 20


def test_letters_that_move_in_every_way_pass(hand: Hand) -> None:
    findings = [judged(sample(hand, MOVED, index), hand, index).findings for index in range(3)]
    assert sum(map(len, findings)) == 0, findings


@pytest.mark.parametrize(("right", "wrong"), [("jugs", "jxgs"), ("quickly", "quackly"), ("BANDS", "BANXS")])
def test_a_wrong_character_in_the_label_is_noticed(hand: Hand, right: str, wrong: str) -> None:
    made = sample(hand)
    verdict = judged(replace(made, text=made.text.replace(right, wrong)), hand)
    changed = zip(TEXT, TEXT.replace(right, wrong), strict=True)
    place = next(place for place, (old, new) in enumerate(changed) if old != new)
    assert [(finding.kind, finding.place) for finding in verdict.findings] == [("other-character", place)]


@pytest.mark.parametrize("recipe", [PLAIN, MOVED], ids=["plain", "moved"])
def test_a_label_that_slipped_by_one_character_is_noticed(hand: Hand, recipe: Recipe) -> None:
    made = sample(hand, recipe)
    assert len(judged(replace(made, text=made.text[1:] + "x"), hand).findings) > 5


def test_another_font_than_the_one_named_is_noticed(hand: Hand, tmp_path: Path) -> None:
    """A font whose letters stand for others."""
    rotated = str.maketrans("abdegijklmnosu", "bdegijklmnosua")
    made = sample(hand, text=TEXT.translate(rotated))
    assert "other-character" in kinds(judged(replace(made, text=TEXT), hand))


def test_ink_without_a_character_and_a_character_without_ink_are_noticed(hand: Hand) -> None:
    made = sample(hand)
    assert made.clean is not None
    left, top, right, bottom = made.boxes[0]
    blank = made.clean.copy()
    blank[top:bottom, left:right] = 255
    assert "empty-box" in kinds(judged(replace(made, clean=blank), hand))
    speck = made.clean.copy()
    speck[-2:, :2] = 0
    assert "stray-ink" in kinds(judged(replace(made, clean=speck), hand))
    fewer = replace(made, boxes=made.boxes[1:])
    assert kinds(judged(fewer, hand)) == {"box-count"}


def test_planted_errors_are_tried_and_noticed(hand: Hand) -> None:
    made = sample(hand)
    planted = [judged(made, hand, number).planted for number in range(16)]
    tried = [noticed for noticed in planted if noticed is not None]
    assert 1 <= len(tried) < 12 and sum(tried) >= 0.9 * len(tried)


@pytest.fixture
def catalogue(tmp_path: Path) -> str:
    path = tmp_path / "catalogue.json"
    Catalogue((make_hand(tmp_path / "Made.ttf"),)).write(path)
    return str(path)


def test_command_reports_and_passes(inkmill: Inkmill, catalogue: str, tmp_path: Path) -> None:
    done = inkmill(
        "audit", "--catalogue", catalogue, "-n", "3", "--text", TEXT, "--variants", "0", "--recipe", "plain",
        "--recipe", "demo", "--report", "audit.html",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [row.split("\t") for row in done.stdout.splitlines()]
    assert [row[:3] for row in rows] == [[name, "3 samples", "0 failures"] for name in ("plain", "demo")]
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert "Label is not what is drawn" in page and "http" not in page.replace("http://www.w3.org", "")


def test_command_reads_samples_back(inkmill: Inkmill, catalogue: str, tmp_path: Path) -> None:
    alphabet = Alphabet(tuple(" abc"))
    ready = Preprocessing(height=16, bucket=24, max_width=384)
    save_model(tmp_path / "run", ModelFile(toy_model(alphabet), alphabet, ready, {}))
    done = inkmill(
        "audit", "--catalogue", catalogue, "-n", "3", "--text", "a jug", "--variants", "0", "--model", "run",
        "--worst", "2", "--report", "read.html",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    head, *lines = done.stdout.splitlines()
    assert head.startswith("plain\t3 samples\tCER ")
    assert len(lines) == 2 and all("\tplain " in row and "\ta jug\t" in row for row in lines)
    assert "a jug" in (tmp_path / "read.html").read_text(encoding="utf-8")


def test_an_audit_needs_the_clean_picture(hand: Hand) -> None:
    with pytest.raises(ValueError, match="clean"):
        judged(replace(sample(hand), clean=None), hand)
