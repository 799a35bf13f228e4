"""A run learns, can be stopped anywhere, and goes on bit for bit."""

from __future__ import annotations

import errno
import json
import signal
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
import torch

from common.errors import DataError, EnvironmentProblem
from corpora.alphabet import Alphabet
from pretrain import checkpoint
from pretrain.augment.settings import NONE, PAPER
from pretrain.journal import read_events
from pretrain.loader import Loader
from pretrain.loop import Interrupted, Task, train, update
from pretrain.optimiser import Average, make_optimiser
from pretrain.schedule import learning_rate
from pretrain.settings import PRESETS, OptimiserSettings, load_settings
from pretrain.state import TrainState
from recognize.model_file import load_model
from recognize.preprocessing import Preprocessing
from recognize.recognizer import Recognizer
from tests.pretrain.conftest import ToyLines, toy_model, toy_settings


@pytest.fixture
def task(tmp_path: Path, alphabet: Alphabet, preprocessing: Preprocessing) -> Task:
    return Task(
        ToyLines(60),
        ToyLines(12, seed=9),
        alphabet,
        preprocessing,
        toy_settings(),
        tmp_path / "run",
        {"kind": "toy"},
        "Training",
    )


def elsewhere(task: Task, folder: Path, **settings: object) -> Task:
    changed = toy_settings(**settings) if settings else task.settings
    return Task(
        task.lines, task.validation, task.alphabet, task.preprocessing, changed, folder, task.card, task.title
    )


def final_state(folder: Path) -> dict:
    found = checkpoint.load_newest(folder / "checkpoints")
    assert found is not None
    return found


class StopAt(ToyLines):
    """Toy lines that send a signal to this process when the n-th line is read."""

    def __init__(self, count: int, line: int, number: int) -> None:
        super().__init__(count)
        self.line, self.number = line, number

    def load(self, i: int):
        if len(self.loaded) == self.line:
            signal.raise_signal(self.number)
        return super().load(i)


def test_training_learns_to_read(tmp_path: Path, alphabet: Alphabet, preprocessing: Preprocessing) -> None:
    settings = toy_settings(
        steps=200,
        validate_every=100,
        augment="none",
        batches={"lines": 16, "pixels": 1600, "window": 4},
        optimiser={"rate": 4e-3, "final_rate": 1e-4, "warmup": 10},
        losses={"label_smoothing": 0.0, "columns": 1.0, "attention": 0.3},
    )
    lines, unseen = ToyLines(400, longest=3), ToyLines(12, seed=9, longest=3)
    task = Task(
        lines, unseen, alphabet, preprocessing, settings, tmp_path / "run", {"kind": "toy"}, "Training"
    )
    model = toy_model(alphabet, dropout=0.0, embedding_scale=0.5, width=48, feed_forward=96)
    outcome = train(model, task)
    assert outcome.cer < 0.1
    pictures = [unseen.load(i).image for i in range(12)]
    texts = [prediction.text for prediction in Recognizer.load(outcome.model).read(pictures)]
    assert sum(text == truth for text, truth in zip(texts, unseen.texts, strict=True)) >= 10


def test_resumed_run_equals_unbroken_run_bit_for_bit(task: Task, tmp_path: Path) -> None:
    train(toy_model(task.alphabet), task)
    broken = elsewhere(task, tmp_path / "broken")
    train(toy_model(task.alphabet), broken)
    for kept in (broken.folder / "checkpoints").glob("step-00000006.*"):
        kept.unlink()
    train(toy_model(task.alphabet, dropout=0.1), broken, resume=True)
    one, two = final_state(task.folder), final_state(broken.folder)
    assert one["step"] == two["step"] == 6
    for part in ("model", "average"):
        for name, tensor in one[part].items():
            assert torch.equal(tensor, two[part][name]), name
    steps = [event["step"] for event in read_events(broken.folder) if event["event"] == "train"]
    assert steps == [1, 2, 3, 4, 5, 6]


def test_a_signal_saves_and_resume_goes_on(task: Task, tmp_path: Path, alphabet: Alphabet) -> None:
    stopping = Task(
        StopAt(60, 12, signal.SIGTERM),
        task.validation,
        alphabet,
        task.preprocessing,
        task.settings,
        tmp_path / "stopped",
        task.card,
        "Training",
    )
    with pytest.raises(Interrupted, match="--resume"):
        train(toy_model(alphabet), stopping)
    assert 1 <= final_state(stopping.folder)["step"] < 6
    outcome = train(toy_model(alphabet), elsewhere(task, stopping.folder), resume=True)
    assert final_state(stopping.folder)["step"] == 6
    assert outcome.model.is_file()


def test_cut_checkpoint_falls_back_to_the_one_before(task: Task, caplog: pytest.LogCaptureFixture) -> None:
    train(toy_model(task.alphabet), task)
    newest = task.folder / "checkpoints" / "step-00000006.pt"
    newest.write_bytes(newest.read_bytes()[:-100])
    assert final_state(task.folder)["step"] == 3
    assert "cut or altered" in caplog.text


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_checkpoint_cut_anywhere_is_never_loaded(task: Task, share: float) -> None:
    folder = task.folder / "checkpoints"
    path = checkpoint.save(folder, 1, {"step": 1, "weights": torch.randn(100)}, keep=2)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match="None of the 1 checkpoints"):
        checkpoint.load_newest(folder)


def test_a_loss_that_is_not_finite_changes_nothing(task: Task) -> None:
    model = toy_model(task.alphabet)
    state = TrainState(model, make_optimiser(model, task.settings.optimiser), Average(model, 0.9))
    loader = Loader(task.lines, task.alphabet, task.preprocessing, task.settings.batches, NONE, 3)
    good = next(loader.stream())
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    update(state, replace(good, pixels=torch.full_like(good.pixels, float("nan"))), task.settings)
    assert (state.step, state.bad) == (1, 1)
    for name, tensor in model.state_dict().items():
        assert torch.equal(before[name], tensor), name
    update(state, good, task.settings)
    assert (state.step, state.bad) == (2, 0)
    assert not torch.equal(before["output.weight"], model.output.weight)


def test_a_loss_that_stays_not_finite_stops_the_run(task: Task, tmp_path: Path) -> None:
    wild = elsewhere(
        task, tmp_path / "wild", steps=40, validate_every=40, optimiser={"rate": 1e30, "warmup": 0}
    )
    with pytest.raises(DataError, match="not finite 20 times"):
        train(toy_model(task.alphabet), wild)


def test_the_best_model_by_validation_is_kept(task: Task) -> None:
    outcome = train(toy_model(task.alphabet), task)
    validations = [event for event in read_events(task.folder) if event["event"] == "validation"]
    assert outcome.cer == min(event["cer"] for event in validations)
    assert load_model(outcome.model).card["validation"]["cer"] == outcome.cer


def test_loader_starts_anywhere(task: Task) -> None:
    loader = Loader(task.lines, task.alphabet, task.preprocessing, task.settings.batches, PAPER, 3)
    stream = loader.stream()
    batches = [next(stream) for _ in range(20)]
    stream.close()
    assert batches[-1].epoch >= 1
    for k in (3, 12, 19):
        again = loader.stream(batches[k].epoch, batches[k].number)
        found = next(again)
        again.close()
        assert found.keys == batches[k].keys
        assert torch.equal(found.pixels, batches[k].pixels)


@pytest.mark.parametrize("ahead", [0, 2])
def test_batches_are_the_same_in_a_thread_and_without(task: Task, ahead: int) -> None:
    loader = Loader(task.lines, task.alphabet, task.preprocessing, task.settings.batches, PAPER, 3)
    stream = loader.stream(ahead=ahead)
    found = [next(stream).keys for _ in range(12)]
    stream.close()
    plain = loader.stream()
    assert found == [next(plain).keys for _ in range(12)]


@pytest.mark.parametrize("ahead", [0, 2])
def test_a_fault_while_reading_reaches_the_loop(task: Task, ahead: int) -> None:
    class Broken(ToyLines):
        def load(self, i: int):
            raise DataError("lines-000003.tar is cut")

    loader = Loader(Broken(5), task.alphabet, task.preprocessing, task.settings.batches, NONE, 0)
    with pytest.raises(DataError, match=r"lines-000003\.tar is cut"):
        next(loader.stream(ahead=ahead))


def test_learning_rate_has_one_clock() -> None:
    settings = OptimiserSettings(rate=1.0, final_rate=0.1, warmup=4)
    rates = [learning_rate(step, 12, settings) for step in range(13)]
    assert rates[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert rates[8] == pytest.approx(0.55)
    assert rates[12] == pytest.approx(0.1)
    assert rates[3:] == sorted(rates[3:], reverse=True)


@pytest.mark.parametrize("preset", sorted(path.stem for path in PRESETS.glob("*.yaml")))
def test_every_preset_is_valid(preset: str) -> None:
    assert load_settings(preset).steps > 0


def test_metrics_are_json_lines(task: Task) -> None:
    train(toy_model(task.alphabet), task)
    lines = (task.folder / "metrics.jsonl").read_text().splitlines()
    assert {json.loads(line)["event"] for line in lines} == {"train", "validation"}


def test_a_full_disk_leaves_the_old_checkpoint_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(tmp_path, 1, {"step": 1}, keep=2)

    def full(_state: object, file: BinaryIO) -> None:
        try:
            file.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            raise RuntimeError("unexpected pos 832 vs 726")  # noqa: B904

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        checkpoint.save(tmp_path, 2, {"step": 2}, keep=2)
    assert (checkpoint.load_newest(tmp_path) or {})["step"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000001.pt", "step-00000001.sha256"]
