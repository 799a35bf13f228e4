"""Measures font files in child processes, so that no font can take the program with it.

A file that crashes, hangs or bloats FreeType costs one child: a fault is the answer, the child is replaced.
Answers are remembered by content hash in the user's cache, so no file is measured, or may crash, twice.
"""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import EnvironmentProblem
from fonts.remembered import remembered

VERSION = 12  # of the measures; raise it when :mod:`fonts.measure` changes what it says

_TABLE = "probes (sha256 TEXT PRIMARY KEY, probe TEXT NOT NULL)"
_START_LIMIT_S = 60.0
_REMEMBERED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """What one font file may cost: seconds on the clock, bytes of address space (half is usual)."""

    seconds: float = 20.0
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found out about one font file.

    Attributes:
        faces: the fields of :class:`fonts.measure.Measures`, one mapping a face; empty for a bad file.
        fault: why the file is bad, in a few words; empty for a good one.
    """

    faces: tuple[Mapping[str, Any], ...]
    fault: str = ""


def probe_files(
    files: Mapping[str, Path],
    workers: int,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Probe]:
    """Measure every file that was not measured before.

    Args:
        files: SHA-256 of the content -> path.
        workers: number of child processes.
        limits: for one file.
        progress: told (files done, files to do).

    Returns:
        SHA-256 -> probe, for every file, in the given order.
    """
    with remembered(
        f"probes-{VERSION}.sqlite", "probes (sha256 TEXT PRIMARY KEY, probe TEXT NOT NULL)"
    ) as memory:
        known = {sha: _probe(json.loads(told)) for sha, told in _recall(memory, files)}
        fresh = {sha: path for sha, path in files.items() if sha not in known}
        batch: list[tuple[str, Probe]] = []
        for done, (sha, probe) in enumerate(_measured(fresh, workers, limits), start=1):
            known[sha] = probe
            batch.append((sha, probe))
            if len(batch) >= _REMEMBERED_AT_ONCE or done == len(fresh):
                _remember(memory, batch)
                batch = []
            if progress:
                progress(done, len(fresh))
    return {sha: known[sha] for sha in files}


def _recall(memory: sqlite3.Connection, files: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    wanted = list(files)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        yield from memory.execute(f"SELECT sha256, probe FROM probes WHERE sha256 IN ({marks})", part)


def _remember(memory: sqlite3.Connection, batch: list[tuple[str, Probe]]) -> None:
    rows = [(sha, json.dumps({"faces": p.faces, "fault": p.fault}, ensure_ascii=False)) for sha, p in batch]
    with memory:
        memory.executemany("INSERT OR REPLACE INTO probes VALUES (?, ?)", rows)


def _measured(files: Mapping[str, Path], workers: int, limits: Limits) -> Iterator[tuple[str, Probe]]:
    if not files:
        return
    children = [_Child(limits) for _ in range(max(1, min(workers, len(files))))]
    idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def measure(path: Path) -> Probe:
        child = idle.get()
        try:
            return child.ask(path)
        finally:
            idle.put(child)

    threads = ThreadPoolExecutor(len(children))
    try:
        yield from zip(files, threads.map(measure, files.values()), strict=True)
    finally:
        threads.shutdown(cancel_futures=True)
        for child in children:
            child.stop()


class _Child:
    """One child process, started when first needed and again after it died or grew too large."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path) -> Probe:
        process = self._process or self._start()
        assert process.stdin
        process.stdin.write(json.dumps(str(path.absolute())) + "\n")
        process.stdin.flush()
        line = _next_line(process, self._limits.seconds)
        if line is None:
            self.stop()
            return Probe((), f"took more than {self._limits.seconds:g} s")
        if not line:
            code = process.wait()
            self.stop()
            death = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return Probe((), f"crashed the probe ({death})")
        told = json.loads(line)
        if told["worn"]:
            self.stop()
        return _probe(told)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.communicate()  # reaps it and closes its pipes

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fonts.probe_worker", str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            # one thread a child: BLAS would reserve memory for many
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        if not _next_line(self._process, _START_LIMIT_S):
            self.stop()
            raise EnvironmentProblem(
                "The process that measures fonts does not start",
                "a Python that can import inkmill's `fonts` package",
                f"see what `{sys.executable} -m fonts.probe_worker {self._limits.memory}` says",
            )
        return self._process


def _probe(told: Mapping[str, Any]) -> Probe:
    return Probe(tuple(told.get("faces", ())), told.get("fault", ""))


def _next_line(process: subprocess.Popen[str], seconds: float) -> str | None:
    """The next line of its stdout; empty when the process has ended, None when nothing came in time."""
    assert process.stdout
    if not select.select([process.stdout], [], [], seconds)[0]:
        return None
    return process.stdout.readline()
