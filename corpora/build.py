"""Builds a corpus: sources in, cleaned documents out; whole or not at all, the same bytes for any workers.

Three stages, each a pure function per piece: parts of the sources are cleaned
(:mod:`corpora.building.clean`), duplicates are marked by ranges of keys
(:mod:`corpora.building.duplicates`), segments are joined to documents (:mod:`corpora.building.documents`).
A build that was killed goes on where it stood.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from common.errors import DataError, EnvironmentProblem
from common.files import cache_dir, fingerprint
from common.progress import progress
from corpora.alphabet import Alphabet
from corpora.building.clean import clean_task
from corpora.building.documents import join_segment
from corpora.building.duplicates import mark_bucket, plan_buckets
from corpora.building.facts import write_facts
from corpora.building.guard import make_guard
from corpora.building.language import LanguageCheck
from corpora.building.mill import CleanTask, Mill, Run, Segment, serial
from corpora.building.options import BuildOptions
from corpora.building.rejects import Reject, read_rejects
from corpora.building.workshop import Occupied, differing, workshop, workshop_of
from corpora.cleaning import Cleaner, load_repairs
from corpora.corpus import FACTS, FORMAT, Corpus, load_corpus
from corpora.raw_text import SourcePart
from corpora.sources import identify, parse_spec, plan_parts

__all__ = ["BuildOptions", "Occupied", "Run", "build_corpus", "read_rejected", "serial"]

GROUP = 1 << 24  # bytes of small files that are cleaned together


def build_corpus(
    specs: Sequence[str],
    alphabet: Alphabet,
    out: Path | str,
    options: BuildOptions | None = None,
    run: Run = serial,
) -> Corpus:
    """Read sources, clean them to an alphabet and write a corpus.

    Args:
        specs: source SPECs, see :mod:`corpora.sources`.
        alphabet: the characters that may stay, and their Unicode form.
        out: the folder to make, also as ``file:PATH``, or a URL. A corpus with the same settings there is
            opened as it is.
        options: the choices; the defaults where None.
        run: applies a function to items; an executor's ``map`` does it in parallel. The bytes are the same.

    Raises:
        UsageError: unknown source or language.
        DataError: a source is missing or unreadable; nothing is left after cleaning; ``out`` holds something
            else.
        Occupied: another process is building it.
    """
    from corpora import transport

    if not specs:
        raise DataError("No text source is named", "one or more SPECs such as builtin:en")
    if transport.is_remote(str(out)):
        return _build_remote(specs, alphabet, str(out), options or BuildOptions(), run)
    return _Build(specs, alphabet, transport.local_path(out), options or BuildOptions(), run).corpus()


def read_rejected(corpus: Corpus, reason: str | None = None) -> Iterator[Reject]:
    """The rejected lines that a corpus has kept, of one reason or of all, in the order of the sources."""
    for path in sorted(corpus.path.glob("rejected-*.arrow")):
        yield from (line for line in read_rejects(path) if reason in (None, line.reason))


def _build_remote(
    specs: Sequence[str], alphabet: Alphabet, url: str, options: BuildOptions, run: Run
) -> Corpus:
    """Build in the cache, send it, forget the copy here; what is there with the same settings is opened."""
    from corpora import transport

    local = cache_dir() / "corpora" / f"outgoing-{fingerprint(url)}"
    build = _Build(specs, alphabet, local, options, run)
    if transport.exists(url):
        build.refuse_other(transport.read_facts(url)["settings"], url)
        return load_corpus(url)
    build.corpus()
    transport.send(local, url)
    shutil.rmtree(local)
    return load_corpus(url)


class _Build:
    """One build from beginning to end."""

    def __init__(
        self, specs: Sequence[str], alphabet: Alphabet, out: Path, options: BuildOptions, run: Run
    ) -> None:
        LanguageCheck(options.languages)  # a missing library is told before anything is read
        self._specs = [parse_spec(spec) for spec in specs]
        self._names, self._out, self._run = list(specs), out, run
        table = load_repairs(options.repairs)
        cleaner = Cleaner(alphabet, table, options.policy, options.foreign_share)
        uses_table = options.policy in ("repair", "share")
        guard = make_guard(options.guard, cleaner, options.guard_words)
        self._mill = Mill(workshop_of(out), alphabet, options, table, guard)
        facts = {
            "format": FORMAT,
            "sources": [identify(spec) for spec in specs],
            "alphabet": "".join(alphabet.characters),
            "form": alphabet.form,
            "repairs": {str(options.repairs or "shipped"): fingerprint(table)} if uses_table else {},
            "guard": guard.content,
            **options.identity,
        }
        self.settings = json.loads(json.dumps(facts))

    def corpus(self) -> Corpus:
        """The corpus at ``out``, built now where it is not there."""
        if self._is_built():
            shutil.rmtree(self._mill.folder, ignore_errors=True)
            return load_corpus(self._out)
        with workshop(self._out, self.settings):
            if self._is_built():  # by the process that held the work folder before
                return load_corpus(self._out)
            tasks = self._clean()
            self._mark()
            joined = self._join()
            write_facts(self._mill, self._specs, self.settings, tasks, joined)
            if self._out.is_dir():
                self._out.rmdir()  # empty, or _is_built had refused it
            self._mill.corpus.replace(self._out)
        return load_corpus(self._out)

    def refuse_other(self, found: dict[str, Any], place: object) -> None:
        """Raise where a corpus was made with other settings."""
        if differences := differing(found, self.settings):
            raise DataError(
                f"{place} holds a corpus from other settings ({differences})",
                "the same sources and settings, or a new folder",
                "name another folder or remove this one",
            )

    def _is_built(self) -> bool:
        """Whether ``out`` holds this very corpus; False where it is free."""
        out = self._out
        if not out.exists() or (out.is_dir() and not any(out.iterdir())):
            return False
        if not (out / FACTS).is_file():
            raise DataError(
                f"{out} is not empty and holds no corpus", "a new or empty folder", "name another folder"
            )
        self.refuse_other(json.loads((out / FACTS).read_text(encoding="utf-8"))["settings"], out)
        return True

    def _clean(self) -> list[dict[str, Any]]:
        """Stage one, up to the limit; returns the facts of the tasks that count, in order."""
        tasks = list(self._tasks())
        facts: dict[int, dict[str, Any]] = {}
        ready = Prefix(self._mill.options.limit)
        wanted = itertools.takewhile(lambda _: not ready.full, (task for _, task in tasks))
        work = partial(clean_task, self._mill)
        for task, result in self._apply("Cleaning text", work, wanted, len(tasks), "parts"):
            facts[task.number] = result
            ready.add(task.number, result["passed"])
        self._check_shared(facts)
        used = [facts[number] for number in range(ready.length)]
        if ready.surplus:
            last = tasks[ready.length - 1][1]
            cut = replace(last, limit=used[-1]["passed"] - ready.surplus)
            used[-1] = clean_task(self._mill, cut)
        self._mill.write_segments(
            [
                Segment(name, rows, tuple(sources), tasks[number][0])
                for number, found in enumerate(used)
                for name, rows, sources in found["segments"]
            ]
        )
        return used

    def _check_shared(self, facts: dict[int, dict[str, Any]]) -> None:
        """Workers on other machines must write to the same folder."""
        names = [name for found in facts.values() for name, *_ in found["segments"]]
        if not all(self._mill.cleaned(name).is_file() for name in names):
            raise EnvironmentProblem(
                f"What the workers wrote is not in {self._mill.folder}",
                "a folder that all machines share",
                "name one, or build on this machine: --workers N",
            )

    def _tasks(self) -> Iterator[tuple[int, CleanTask]]:
        """(index of the SPEC, task): parts that are small are cleaned together."""
        numbers = itertools.count()
        for index, name in enumerate(self._names):
            for parts in _groups(plan_parts(name)):
                yield index, CleanTask(next(numbers), parts, self._mill.options.limit)

    def _mark(self) -> None:
        buckets = plan_buckets(self._mill.segments(), bool(self._mill.options.near_repeats))
        work = partial(mark_bucket, self._mill)
        for _ in self._apply("Looking for duplicates", work, buckets, len(buckets), "ranges"):
            pass

    def _join(self) -> list[dict[str, Any]]:
        self._mill.corpus.mkdir(exist_ok=True)
        for leftover in self._mill.corpus.glob(".*.part"):
            leftover.unlink()
        count = len(self._mill.segments())
        work = partial(join_segment, self._mill)
        joined = dict(self._apply("Joining documents", work, range(count), count, "segments"))
        return [joined[number] for number in range(count)]

    def _apply(
        self, title: str, work: Any, items: Iterable[Any], total: int, unit: str
    ) -> Iterator[tuple[Any, Any]]:
        with progress(title, total, unit) as step:
            for item, result in self._run(work, items):
                yield item, result
                step()


class Prefix:
    """Counts what passed in the parts before the first unfinished one.

    Args:
        limit: how much is wanted; None for everything.

    Attributes:
        length: parts in the prefix; with a limit, those that are needed for it.
        passed: what they have together.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit, self._waiting = limit, dict[int, int]()
        self.length = self.passed = 0

    def add(self, number: int, passed: int) -> None:
        """Part ``number`` is finished."""
        self._waiting[number] = passed
        while not self.full and self.length in self._waiting:
            self.passed += self._waiting.pop(self.length)
            self.length += 1

    @property
    def full(self) -> bool:
        """Whether the limit is reached."""
        return self._limit is not None and self.passed >= self._limit

    @property
    def surplus(self) -> int:
        """What the last part of the prefix has too much."""
        return max(self.passed - self._limit, 0) if self._limit is not None else 0


def _groups(parts: list[SourcePart]) -> Iterator[tuple[SourcePart, ...]]:
    """Neighbouring parts that are small together."""
    group: list[SourcePart] = []
    size = 0
    for part in parts:
        group.append(part)
        size += _bytes_of(part)
        if size >= GROUP:
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def _bytes_of(part: SourcePart) -> int:
    """Bytes of a piece of a local text file; other parts are large enough to stand alone."""
    path = Path(part.place)
    if part.kind not in ("text", "json") or not path.is_file():
        return GROUP
    return (path.stat().st_size if part.stop is None else part.stop) - part.start
