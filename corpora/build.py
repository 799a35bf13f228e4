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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import DataError, EnvironmentProblem
from common.files import cache_dir, fingerprint, write_json
from common.progress import progress
from corpora.alphabet import Alphabet
from corpora.building.clean import LOSSES_LISTED, clean_task
from corpora.building.documents import OCCURRENCES, join_segment
from corpora.building.duplicates import mark_bucket, plan_buckets
from corpora.building.guard import make_guard
from corpora.building.language import LanguageCheck
from corpora.building.mill import CleanTask, Mill, Run, Segment, serial
from corpora.building.options import BuildOptions
from corpora.building.rejects import Reject, read_rejects
from corpora.building.workshop import Occupied, differing, workshop, workshop_of
from corpora.cleaning import load_repairs
from corpora.corpus import CHARACTERS, FACTS, FORMAT, PLACES, Corpus, CorpusSource, Counts, load_corpus
from corpora.raw_text import EMPTY_FILE, SourcePart
from corpora.sources import identify, parse_spec, plan_parts

__all__ = ["BuildOptions", "Occupied", "Run", "build_corpus", "read_rejected", "serial"]

RARE = 2000  # a character that is less than one in so many has its places kept
SAMPLES = 5
FOREIGN_LISTED = 100
GROUP = 1 << 24  # bytes of small files that are cleaned together

_CUT = ("whole files", "fetch them again")
_NOT_JSON = ("one JSON text or object with a text a line", "check the file and its column")
_FOREIGN = ("text in the characters of the alphabet", "use another alphabet")
_REMEDIES = {  # what dropped most -> (what would have been right, what to do)
    "truncated": _CUT,
    "damaged": ("whole files of the kind their names say", "fetch them again, or correct their suffix"),
    "not-utf8": ("UTF-8", "convert the files, for example with iconv"),
    "not-json": _NOT_JSON,
    "not-text": _NOT_JSON,
    "language": ("text in the languages asked for", "name the language of the text"),
    "benchmark": ("text that is not the benchmark's own", "use another source"),
    "too-long": ("lines of less than 16 MB", "divide them"),
    "short": ("longer lines", "lower the bound"),
    "long": ("shorter lines", "raise the bound"),
}


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
        out: the folder to make, or a URL. A corpus with the same settings there is opened as it is.
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
    return _Build(specs, alphabet, Path(out), options or BuildOptions(), run).corpus()


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
        self._mill = Mill(
            workshop_of(out),
            alphabet,
            options,
            load_repairs(options.repairs),
            make_guard(options.guard, options.guard_words),
        )
        self.settings = json.loads(
            json.dumps(
                {
                    "format": FORMAT,
                    "sources": [identify(spec) for spec in specs],
                    "cleaner": self._mill.cleaner.fingerprint,
                    "guard": self._mill.guard.fingerprint,
                    **options.identity,
                }
            )
        )

    def corpus(self) -> Corpus:
        """The corpus at ``out``, built now where it is not there."""
        if self._is_built():
            shutil.rmtree(self._mill.folder, ignore_errors=True)
            return load_corpus(self._out)
        with workshop(self._out, self.settings):
            tasks = self._clean()
            self._mark()
            joined = self._join()
            self._finish(tasks, joined)
            if self._out.is_dir():
                self._out.rmdir()  # empty, or _is_built had refused it
            self._mill.corpus.replace(self._out)
        return load_corpus(self._out)

    def refuse_other(self, found: dict[str, Any], place: object) -> None:
        """Raise where a corpus was made with other settings."""
        if names := differing(found, self.settings):
            raise DataError(
                f"{place} holds a corpus from other settings ({names} differ)",
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
        limit = self._mill.options.limit
        facts: dict[int, dict[str, Any]] = {}
        ready = Prefix(limit)

        def wanted() -> Iterator[CleanTask]:
            yield from itertools.takewhile(lambda _: not ready.full, (task for _, task in tasks))

        work = partial(clean_task, self._mill)
        for task, result in self._apply("Cleaning text", work, wanted(), len(tasks), "parts"):
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

    def _finish(self, tasks: list[dict[str, Any]], joined: list[dict[str, Any]]) -> None:
        """Write what describes the whole, the facts last."""
        mill, segments = self._mill, self._mill.segments()
        counts = self._counts(tasks, joined)
        if not counts.documents:
            shutil.rmtree(mill.folder / "cleaned")
            raise _nothing_left([spec.shown for spec in self._specs], counts)
        characters = Counter[str]()
        for facts in joined:
            characters.update(dict(zip(mill.alphabet.characters, facts["character_counts"], strict=True)))
        files = [
            {"name": f"documents-{number:05d}.arrow", "documents": facts["documents"]}
            for number, facts in enumerate(joined)
            if facts["documents"]
        ]
        lengths = [np.load(mill.side(number, "characters")) for number in range(len(joined))]
        np.save(mill.corpus / CHARACTERS, np.concatenate(lengths))
        np.save(mill.corpus / PLACES, self._places(characters, [len(array) for array in lengths]))
        sources = self._sources(segments, joined)
        digest = [[facts["sha256"] for facts in joined], mill.cleaner.fingerprint]
        write_json(
            mill.corpus / FACTS,
            {
                "fingerprint": fingerprint([*digest, [source.weight for source in sources]]),
                "settings": self.settings,
                "alphabet": json.loads(mill.alphabet.to_json()),
                "counts": asdict(counts),
                "sources": [asdict(source) for source in sources],
                "character_counts": dict(characters),
                "files": files,
                "sizes": {path.name: path.stat().st_size for path in sorted(mill.corpus.iterdir())},
            },
        )

    def _counts(self, tasks: list[dict[str, Any]], joined: list[dict[str, Any]]) -> Counts:
        losses = [loss for facts in tasks for loss in facts["losses"]]
        costs = _sum(facts["costs"] for facts in tasks) + Counter(
            {"join": sum(facts["cost"] for facts in joined)}
        )
        foreign = Counter(_sum(facts["foreign"] for facts in tasks))
        guard = self._mill.guard
        return Counts(
            paragraphs=sum(facts["paragraphs"] for facts in tasks),
            kept=sum(facts["kept"] for facts in joined),
            documents=sum(facts["documents"] for facts in joined),
            characters=sum(facts["characters"] for facts in joined),
            dropped=dict(sorted(_sum(facts["dropped"] for facts in [*tasks, *joined]).items())),
            edited=dict(sorted(_sum(facts["edited"] for facts in tasks).items())),
            foreign=dict(sorted(foreign.items(), key=lambda item: (-item[1], item[0]))[:FOREIGN_LISTED]),
            samples=self._samples(),
            losses=sorted(losses, key=lambda loss: loss["reason"] == EMPTY_FILE)[:LOSSES_LISTED],
            guarded=guard.lines - guard.short,
            unguarded=guard.short,
            costs={name: round(seconds, 2) for name, seconds in costs.items()},
        )

    def _samples(self) -> dict[str, list[str]]:
        """The first few rejected lines of each reason, each with its detail."""
        samples: dict[str, list[str]] = {}
        for path in sorted(self._mill.corpus.glob("rejected-*.arrow")):
            for line in read_rejects(path):
                if len(found := samples.setdefault(line.reason, [])) < SAMPLES:
                    text = line.text[:100]
                    found.append(f"{text}  [{line.detail}]" if line.detail else text)
        return samples

    def _sources(self, segments: list[Segment], joined: list[dict[str, Any]]) -> list[CorpusSource]:
        documents = Counter[int]()
        for segment, facts in zip(segments, joined, strict=True):
            documents[segment.spec] += facts["documents"]
        ends = list(itertools.accumulate(documents[number] for number in range(len(self._specs))))
        return [
            CorpusSource(spec.shown, spec.weight, start, stop)
            for spec, start, stop in zip(self._specs, [0, *ends], ends, strict=False)
        ]

    def _places(self, characters: Counter[str], documents: list[int]) -> np.ndarray[Any, Any]:
        """(n, 3): character, document, offset of rare characters, evenly from all segments."""
        total = characters.total()
        firsts = np.cumsum([0, *documents])
        arrays = [np.load(self._mill.side(k, "occurrences"), mmap_mode="r") for k in range(len(documents))]
        found = [np.zeros((0, 3), np.int64)]
        for number, character in enumerate(self._mill.alphabet.characters):
            if not 0 < characters[character] * RARE < total:
                continue
            rows = []
            for array, first in zip(arrays, firsts, strict=False):
                begin, end = np.searchsorted(array[:, 0], [number, number + 1])
                rows.append(array[begin:end] + np.array([0, first, 0]))
            everywhere = np.concatenate(rows)
            keep = min(len(everywhere), OCCURRENCES)
            found.append(everywhere[np.arange(keep) * len(everywhere) // keep])
        return np.concatenate(found)


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


def _sum(counted: Iterable[dict[str, Any]]) -> Counter[str]:
    total = Counter[str]()
    for counts in counted:
        total.update(counts)
    return total


def _nothing_left(names: list[str], counts: Counts) -> DataError:
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.dropped.items()) or "no text found"
    loss = next((f"; the first at byte {loss['position']} of {loss['source']}" for loss in counts.losses), "")
    example = next((f"; for example {samples[0]!r}" for samples in counts.samples.values() if samples), loss)
    expected, remedy = _REMEDIES.get(
        max(counts.dropped, key=counts.dropped.__getitem__, default=""), _FOREIGN
    )
    found = f"No line of {', '.join(names)} is left after cleaning: {reasons}{example}"
    return DataError(found, expected, remedy)
