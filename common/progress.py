"""What a station says while it works: one plain sentence at its end, and a bar where there is a terminal.

Everything goes to the logger `inkmill`, or to stderr as a bar; stdout stays free for results. Without a
terminal a plain line comes every ten seconds, so a log shows that work goes on, or that nothing has moved.
A program that sets up no logging sees nothing at all.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

LINE_EVERY_S = 10.0

log = logging.getLogger("inkmill")


class Step(Protocol):
    """What `progress` hands out: call it with the number of items done since the last call."""

    def __call__(self, done: int = 1, note: str = "") -> None: ...


def say(sentence: str) -> None:
    """One plain sentence about a station, on the log."""
    log.info("%s", sentence)


@contextmanager
def progress(title: str, total: int | None = None, unit: str = "lines") -> Iterator[Step]:
    """Show how a station gets on; say in one sentence what was done when it ends well.

    Args:
        title: the station in the present participle, such as ``Rendering lines``.
        total: how many items there are, None where nobody knows.
        unit: what is counted, plural.

    Yields:
        A function ``step(done=1, note="")``; ``note`` is shown behind the bar, such as ``loss 0.42``.
    """
    count = Count(title, total, unit)
    bar = log.isEnabledFor(logging.INFO) and sys.stderr.isatty()
    with _bar(count) if bar else _lines(count) as step:
        yield step
    say(count.summary())


@dataclass
class Count:
    """Items done against the clock."""

    title: str
    total: int | None
    unit: str
    done: int = 0
    note: str = ""
    started: float = field(default_factory=time.monotonic)
    moved: float = field(default_factory=time.monotonic)

    def add(self, done: int, note: str) -> None:
        """Count ``done`` more items."""
        self.done, self.note, self.moved = self.done + done, note, time.monotonic()

    @property
    def rate(self) -> float:
        """Items per second since the start."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    def line(self) -> str:
        """The state in one line: count, share, rate, time to go; says so when nothing moves."""
        share = f" of {self.total:,} ({self.done / self.total:.0%})" if self.total else ""
        parts = [f"{self.title}: {self.done:,}{share} {self.unit}", f"{self.rate:,.1f}/s"]
        if self.total and self.done:
            parts.append(f"{duration(max(self.total - self.done, 0) / self.rate)} to go")
        if (still := time.monotonic() - self.moved) > LINE_EVERY_S:
            parts.append(f"nothing new for {duration(still)}")
        return ", ".join([*parts, self.note] if self.note else parts)

    def summary(self) -> str:
        """The sentence at the end."""
        took = duration(time.monotonic() - self.started)
        return f"{self.title}: {self.done:,} {self.unit} in {took} ({self.rate:,.1f}/s)."


class StderrHandler(logging.Handler):
    """Writes to what stderr is at the moment: a bar, while it is shown, leads it around itself."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as a line."""
        sys.stderr.write(self.format(record) + "\n")


def duration(seconds: float) -> str:
    """A time one can read: ``0.8 s``, ``42 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


@contextmanager
def _bar(count: Count) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.completed:,.0f} {task.fields[unit]}  {task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    # A result printed meanwhile belongs to stdout, so only stderr is led around the bar.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task(count.title, total=count.total, unit=count.unit, rate="", note="")

        def step(done: int = 1, note: str = "") -> None:
            count.add(done, note)
            shown.update(task, advance=done, note=note, rate=f"{count.rate:,.1f}/s")

        yield step


@contextmanager
def _lines(count: Count) -> Iterator[Step]:
    finished = threading.Event()

    def report() -> None:
        while not finished.wait(LINE_EVERY_S):
            log.info("%s", count.line())

    def step(done: int = 1, note: str = "") -> None:
        count.add(done, note)

    reporter = threading.Thread(target=report, name="progress", daemon=True)
    reporter.start()
    try:
        yield step
    finally:
        finished.set()
        reporter.join()
