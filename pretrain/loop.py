"""The training loop: one state, one clock, and nothing that a kill can lose.

Pretraining and fine-tuning differ in where model and lines come from; what happens here is the same. An
update is a function of (settings, lines, step): dropout is seeded per step, batches per epoch, so an
interrupted run goes on bit for bit on a CPU.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from common.errors import DataError
from common.progress import progress
from common.seeds import derive
from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR
from pretrain import checkpoint
from pretrain.journal import Journal
from pretrain.lines import LineSet
from pretrain.loader import Batch, Loader
from pretrain.losses import Losses, losses
from pretrain.machine import choose_device, use_bf16
from pretrain.optimiser import Average, make_optimiser
from pretrain.schedule import learning_rate
from pretrain.settings import TrainSettings
from pretrain.state import TrainState
from recognize.metrics import score
from recognize.model_file import FILE_NAME, ModelFile, save_model
from recognize.preprocessing import Preprocessing
from recognize.recognizer import Recognizer

log = logging.getLogger("inkmill")
AHEAD = 4  # batches prepared in a thread: a fifth faster than in the loop, on two cores too
BAD_STEPS = 20
SHOWN = 5


class Interrupted(KeyboardInterrupt):
    """The run was asked to stop and has saved where it was."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished run has reached.

    Attributes:
        model: path of the best model by validation.
        cer: its CER on the validation lines; ``step`` is when it was reached.
        lines, seconds: trained on in this call, and how long it took.
    """

    model: Path
    cer: float
    step: int
    lines: int
    seconds: float

    def rows(self) -> list[tuple[str, str]]:
        """Name and value of every fact, for a terminal."""
        return [
            ("model", str(self.model)),
            ("validation CER", f"{self.cer:.2%}"),
            ("reached at step", str(self.step)),
            ("lines", str(self.lines)),
            ("seconds", f"{self.seconds:.0f}"),
        ]


@dataclass(frozen=True)
class Task:
    """What to learn and where to put it.

    Attributes:
        lines, validation: to learn from, to select by.
        folder: of the run: checkpoints, journal, model.
        card: facts that go into the model file.
        title: what the progress bar says.
    """

    lines: LineSet
    validation: LineSet
    alphabet: Alphabet
    preprocessing: Preprocessing
    settings: TrainSettings
    folder: Path
    card: dict[str, Any]
    title: str


def train(model: DRetHTR, task: Task, resume: bool = False) -> Outcome:
    """Train to ``settings.steps`` and return the best model by validation.

    Args:
        resume: go on from the newest whole checkpoint in the run's folder, if there is one.

    Raises:
        DataError: no checkpoint is whole, or the loss stays not finite.
        Interrupted: SIGINT or SIGTERM came; a checkpoint has been written.
    """
    settings = task.settings
    if settings.threads:
        torch.set_num_threads(settings.threads)
    # Channels last: a fifth faster on a CPU, more on a GPU.
    model.to(choose_device(settings.device)).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = Average(model, settings.ema) if settings.ema else None
    state = TrainState(model, make_optimiser(model, settings.optimiser), average)
    if resume:
        _resume(state, task)
    loader = Loader(
        task.lines, task.alphabet, task.preprocessing, settings.batches, settings.augment, settings.seed
    )
    if loader.too_wide:
        log.warning(
            "%d lines are wider than %d pixels and are left out",
            loader.too_wide,
            task.preprocessing.max_width,
        )
    started, lines = time.perf_counter(), 0
    with (
        Journal(task.folder, state.step) as journal,
        _stop_signal() as stopped,
        progress(task.title, total=settings.steps, unit="steps") as bar,
    ):
        bar(state.step)
        if state.step == 0:
            _validate(state, task, journal)
        for batch in _until(loader, state, settings.steps):
            parts = update(state, batch, settings)
            lines += len(batch.keys)
            bar(1)
            last = state.step == settings.steps
            if state.step % settings.log_every == 0 or last:
                rate = lines / (time.perf_counter() - started)
                _log_update(journal, state, settings, parts, rate)
            if state.step % settings.validate_every == 0 or last:
                _validate(state, task, journal)
            if state.step % settings.checkpoint_every == 0 or last or stopped.is_set():
                _save(state, task)
            if stopped.is_set() and not last:
                raise Interrupted(
                    f"Training stopped at step {state.step} of {settings.steps}; --resume goes on from there"
                )
    return Outcome(
        task.folder / FILE_NAME, state.best_cer, state.best_step, lines, time.perf_counter() - started
    )


def _until(loader: Loader, state: TrainState, steps: int) -> Iterator[Batch]:
    """Batches from where the state stands until it has done ``steps`` updates."""
    batches = loader.stream(state.epoch, state.batch, AHEAD)
    try:
        while state.step < steps:
            yield next(batches)
    finally:
        batches.close()


def update(state: TrainState, batch: Batch, settings: TrainSettings) -> Losses:
    """One update; a loss that is not finite changes nothing but the count of bad steps."""
    model, optimiser = state.model, state.optimiser
    device = next(model.parameters()).device
    batch = batch.to(device)
    rate = learning_rate(state.step, settings.steps, settings.optimiser)
    for group in optimiser.param_groups:
        group["lr"] = rate
    torch.manual_seed(derive(settings.seed, state.step, "dropout") % 2**63)
    model.train()
    buffers = [buffer.clone() for buffer in model.buffers()]
    with torch.autocast(device.type, torch.bfloat16, enabled=use_bf16(settings.precision, device)):
        output = model(batch.pixels, batch.widths, batch.tokens)
    parts = losses(output, batch, model.embedder.stride, settings.losses)
    total = parts.total(settings.losses)
    if bool(torch.isfinite(total)):
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if state.average:
            state.average.update(model, state.step)
        state.bad = 0
    else:
        _refuse(state, batch, buffers)
    state.step += 1
    state.epoch, state.batch = batch.epoch, batch.number + 1
    return parts


def _refuse(state: TrainState, batch: Batch, buffers: list[Tensor]) -> None:
    """Skip an update whose loss is not finite, running statistics included; stop when that does not end."""
    for buffer, before in zip(state.model.buffers(), buffers, strict=True):
        buffer.copy_(before)
    state.bad += 1
    log.warning(
        "The loss is not finite at step %d; the update is skipped. Lines: %s",
        state.step,
        ", ".join(batch.keys),
    )
    if state.bad >= BAD_STEPS:
        raise DataError(
            f"The loss was not finite {BAD_STEPS} times in a row, up to step {state.step}",
            "a finite loss",
            "lower optimiser.rate and resume from the last checkpoint",
        )


def _log_update(
    journal: Journal, state: TrainState, settings: TrainSettings, parts: Losses, rate: float
) -> None:
    journal.event(
        "train",
        state.step,
        epoch=state.epoch,
        loss=parts.total(settings.losses).item(),
        **parts.to_json(),
        learning_rate=learning_rate(state.step - 1, settings.steps, settings.optimiser),
        lines_per_second=round(rate, 1),
    )


def _validate(state: TrainState, task: Task, journal: Journal) -> None:
    """Read validation lines with the averaged weights; keep the model if it is the best so far."""
    own = {name: tensor.clone() for name, tensor in state.model.state_dict().items()}
    if state.average:
        state.model.load_state_dict(state.average.state)
    count = min(task.settings.validation_lines, len(task.validation.lengths))
    lines = [task.validation.load(i) for i in range(count)]
    recognizer = Recognizer(state.model, task.alphabet, task.preprocessing)
    predictions = recognizer.read([line.image for line in lines], names=[line.key for line in lines])
    scores = score([line.text for line in lines], [prediction.text for prediction in predictions])
    shown = [
        [line.text, prediction.text]
        for line, prediction in zip(lines[:SHOWN], predictions[:SHOWN], strict=True)
    ]
    journal.event("validation", state.step, cer=scores.cer, wer=scores.wer, lines=count, samples=shown)
    log.info("Step %d: CER %.1f %% on %d validation lines", state.step, 100 * scores.cer, count)
    if scores.cer < state.best_cer:
        state.best_cer, state.best_step = scores.cer, state.step
        card = {**task.card, "step": state.step, "validation": {"cer": scores.cer, "lines": count}}
        save_model(task.folder, ModelFile(state.model, task.alphabet, task.preprocessing, card))
    state.model.load_state_dict(own)


def _save(state: TrainState, task: Task) -> None:
    checkpoint.save(task.folder / "checkpoints", state.step, state.to_checkpoint(), task.settings.keep)


def _resume(state: TrainState, task: Task) -> None:
    saved = checkpoint.load_newest(task.folder / "checkpoints")
    if saved is None:
        return
    state.restore(saved)
    log.info("Going on from step %d", state.step)


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets; a second SIGINT stops at once. Only in the main thread."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(number: int, _frame: object) -> None:
        if stopped.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
