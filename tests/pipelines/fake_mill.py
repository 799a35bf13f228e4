"""A mill without fonts and texts, with faults on demand: what executors and ledgers are tested with.

The plan's corpus is a folder: a file ``die-N`` in it kills the worker that renders line N (once, unless the
file says ``always``), ``slow`` makes every line take 20 ms.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from fonts.writers import Writers
from pipelines.mill import Mill, Origin
from pipelines.plan import RenderPlan
from pipelines.render import render_dataset
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected

HAND = Hand(
    "f00d", "Fake", "Regular", Path("fake.ttf"), 0, "00", "OFL-1.1", frozenset("ab "), 0.5, "f00d", "train"
)


def make_plan(folder: Path, lines: int = 22, **settings: object) -> RenderPlan:
    """A plan of small shards for the fake mill."""
    values = {
        "lines": lines,
        "lines_per_shard": 5,
        "seed": 7,
        "recipe": Recipe(),
        "corpus": folder,
        "corpus_fingerprint": "c",
        "target": "t",
        "target_fingerprint": "t",
        "catalogue_fingerprint": "f",
    }
    return RenderPlan.parse(values | settings, "test")


@dataclass(frozen=True)
class FakeMill:
    """Noise for pictures; every third line needs a second attempt, and line 13 never succeeds."""

    plan: RenderPlan

    def origin(self) -> Origin:
        return Origin(("fake",), "ab", {HAND.id: HAND})

    def line(self, index: int, attempt: int) -> TextLine:
        return TextLine(f"a b {index}/{attempt}", "fake", index)

    def choose(self, rng: np.random.Generator, text: str, writers: Writers) -> Hand | None:
        return None if text.startswith("a b 13/") else HAND

    def render(self, text: TextLine, hand: Hand, index: int, attempt: int) -> LineSample | Rejected:
        self._fault(index)
        if index % 3 == 0 and text.text.endswith("/0"):
            return Rejected("clipped-ink")
        image = stream(self.plan.seed, index, "noise").integers(0, 256, (16, 40), dtype=np.uint8)
        boxes = np.zeros((len(text.text), 4), np.int32)
        return LineSample(image, text.text, boxes, {"index": index, "attempt": attempt})

    def _fault(self, index: int) -> None:
        if (self.plan.corpus / "slow").exists():
            time.sleep(0.02)
        trap = self.plan.corpus / f"die-{index}"
        if trap.exists():
            if trap.read_text() != "always":
                trap.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def open_fake(plan: RenderPlan) -> Mill:
    """Opened in a worker, by name."""
    return FakeMill(plan)


def open_barren(plan: RenderPlan) -> Mill:
    """A mill that rejects every line."""
    return BarrenMill(plan)


@dataclass(frozen=True)
class BarrenMill(FakeMill):
    """Nothing is ever readable."""

    def render(self, text: TextLine, hand: Hand, index: int, attempt: int) -> LineSample | Rejected:
        return Rejected("low-contrast")


def main() -> None:
    """A render run in a process of its own: FOLDER OUT WORKERS."""
    folder, out, workers = sys.argv[1:]
    render_dataset(make_plan(Path(folder)), out, workers=int(workers), mill=open_fake)


if __name__ == "__main__":
    from tests.pipelines.fake_mill import (
        main as importable_main,
    )  # workers find the mill by this name, not as __main__

    importable_main()
