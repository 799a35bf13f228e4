"""The stations of the demo, each a call of what its own command calls, each going on where it was
interrupted."""

from __future__ import annotations

import json
import os
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from common.files import write_json
from common.progress import Step, progress, say
from corpora.corpus import Corpus
from corpora.handwriting.record import HandwrittenLine
from fonts.catalogue import Catalogue
from pipelines.demo.settings import DemoSettings
from recognize.evaluate import Evaluation
from recognize.recognizer import Recognizer
from shards.manifest import Manifest

T = TypeVar("T")
SECONDS = "seconds.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """An evaluation together with the lines it read, for their pictures."""

    evaluation: Evaluation
    lines: Sequence[HandwrittenLine]


@dataclass
class Record:
    """What the stations leave for the report.

    Attributes:
        commands: each station by its own command.
        seconds: how long each took, over all runs of this demo.
    """

    commands: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def open(cls, out: Path) -> Record:
        """A record with the seconds of earlier, interrupted runs."""
        path = out / SECONDS
        return cls(seconds=json.loads(path.read_text()) if path.is_file() else {})


@dataclass(frozen=True)
class Stations:
    """The demo's stations over one folder."""

    settings: DemoSettings
    out: Path
    record: Record

    def fonts(self) -> Catalogue:
        """Fetch the pinned fonts, probe them, catalogue them."""
        from fonts.catalogue import default_catalogue

        def work() -> Catalogue:
            with ExitStack() as open_bar:
                bar: list[Step] = []

                def measured(_done: int, total: int) -> None:
                    if not bar:  # nothing is measured, and no bar shown, the second time
                        bar.append(open_bar.enter_context(progress("Measuring fonts", total, "fonts")))
                    bar[0](1)

                return default_catalogue(measured)

        self._command("fonts", "sync")
        catalogue = self._timed("fonts", work)
        train, held_out = (len(catalogue.usable(split)) for split in ("train", "validation"))
        all_hands = len(catalogue.hands)
        say(f"{train + held_out} of {all_hands} fonts may write, {held_out} of them only for validation.")
        return catalogue

    def corpus(self) -> Corpus:
        """Clean the text that this machine has."""
        from corpora.alphabet import load_alphabet
        from corpora.build import build_corpus

        place = self.out / "corpus"
        settings = self.settings
        self._command("corpus", "build", settings.source, "--out", place, "--alphabet", settings.alphabet)
        alphabet = load_alphabet(settings.alphabet)
        corpus = self._timed("corpus", lambda: build_corpus([settings.source], alphabet, place))
        say(f"{corpus.counts.characters:,} characters of text are ready in {len(corpus):,} documents.")
        return corpus

    def render(self, part: str, lines: int, hands: str, seed: int) -> Manifest:
        """Write one data set of the demo into shards."""
        from pipelines.executors import make_executor
        from pipelines.plan import make_plan
        from pipelines.render import render_dataset
        from synth.recipe import load_recipe

        settings = self.settings
        corpus, out = self.out / "corpus", self.shards(part)
        recipe = load_recipe(settings.recipe)
        plan = make_plan(
            lines,
            corpus,
            recipe,
            settings.target,
            hands=hands,
            variants=0,
            seed=seed,
            lines_per_shard=settings.lines_per_shard,
        )
        self._command(
            *("render", "--lines", lines, "--out", out, "--corpus", corpus, "--hands", hands, "--seed", seed),
            *("--variants", 0),
            *("--recipe", settings.recipe, "--target", settings.target),
            *("--lines-per-shard", settings.lines_per_shard, "--workers", self.workers),
        )

        def work() -> Manifest:
            with progress(f"Rendering {part} lines", lines) as step:
                executor = make_executor("local", self.workers, None)
                return render_dataset(
                    plan,
                    str(out),
                    executor,
                    on_progress=lambda done, made: step(done, "" if made else "kept"),
                )

        return self._timed(f"render {part}", work)

    def untrained(self) -> Recognizer:
        """The model as it is before its first step."""
        from corpora.alphabet import load_alphabet
        from pretrain.build import fresh_model, preprocessing_of
        from pretrain.settings import load_settings

        settings = load_settings(self.settings.pretrain, self.settings.pretrain_set)
        alphabet = load_alphabet(settings.alphabet)
        model = fresh_model(settings, alphabet)
        return Recognizer(model, alphabet, preprocessing_of(model, settings))

    def pretrain(self) -> Recognizer:
        """Learn from the rendered lines."""
        from pretrain.pretrain import pretrain
        from pretrain.settings import load_settings

        settings = self.settings
        data, validation, out = self.shards("train"), self.shards("validation"), self.out / "pretrain"
        self._command(
            *("pretrain", "--data", data, "--validation", validation, "--out", out),
            *("--preset", settings.pretrain, *_sets(settings.pretrain_set)),
        )
        chosen = load_settings(settings.pretrain, settings.pretrain_set)
        outcome = self._timed(
            "pretrain", lambda: pretrain(str(data), str(validation), out, chosen, resume=True)
        )
        return Recognizer.load(outcome.model)

    def finetune(self, name: str, pretrained: bool) -> Recognizer:
        """Learn from real handwriting, from the pretrained model or from random weights."""
        from pretrain.finetune import finetune
        from pretrain.settings import load_settings

        settings = self.settings
        out = self.out / name
        init = self.out / "pretrain" if pretrained else None
        self._command(
            *("finetune", "--data", settings.benchmark, "--out", out, *(("--init", init) if init else ())),
            *("--preset", settings.finetune, *_sets(settings.finetune_set)),
        )
        chosen = load_settings(settings.finetune, settings.finetune_set)
        title = "Fine-tuning" if pretrained else "Training from random weights, for comparison"
        outcome = self._timed(
            name, lambda: finetune(settings.benchmark, out, chosen, init, resume=True, title=title)
        )
        return Recognizer.load(outcome.model)

    def read(self, recognizer: Recognizer, data: str, name: str, model: Path | None = None) -> Reading:
        """Read the test split of ``data`` once."""
        from recognize.evaluate import evaluate
        from recognize.rendered import lines_of

        if model:
            self._command("evaluate", "--model", model, "--data", data)
        lines = lines_of(data, "test")

        def work() -> Evaluation:
            with progress(f"Reading {name}", len(lines)) as step:
                return evaluate(recognizer, lines, name, on_progress=step)

        return Reading(self._timed(f"read {name}", work), lines)

    def shards(self, part: str) -> Path:
        """Where a rendered part lies."""
        return self.out / "shards" / part

    @property
    def workers(self) -> int:
        """Rendering processes."""
        return self.settings.workers or available_cores()

    def _command(self, *words: Any) -> None:
        self.record.commands.append(shlex.join(["inkmill", *map(str, words)]))

    def _timed(self, name: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        try:
            return work()
        finally:
            seconds = self.record.seconds
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
            write_json(self.out / SECONDS, seconds)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sets(overrides: Sequence[str]) -> list[str]:
    return [word for override in overrides for word in ("--set", override)]
