"""What every worker of a build is told, and where the stages put their files in the work folder.

cleaned/TASK/       what stage one made of some parts: segments with keys; facts.json last
segments.json       all segments in order: the input of the later stages
marks/              which paragraphs are duplicates, by range of keys
corpus/             the corpus itself, moved to its place when it is whole
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from common.files import write_json
from corpora.alphabet import Alphabet
from corpora.building.guard import Guard
from corpora.building.options import BuildOptions
from corpora.cleaning import Cleaner, Repairs
from corpora.raw_text import SourcePart

Item = TypeVar("Item")
Result = TypeVar("Result")
# A loop would do; an executor does it in parallel. Results may come in any order.
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[tuple[Any, Any]]]


def serial(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result]]:
    """Apply a function in this very process, one item after the other."""
    return ((item, function(item)) for item in items)


@dataclass(frozen=True, slots=True)
class CleanTask:
    """Neighbouring parts of one source that are cleaned together.

    Attributes:
        number: its place among all tasks.
        parts: what is read.
        limit: stop after so many paragraphs that pass; None for all.
    """

    number: int
    parts: tuple[SourcePart, ...]
    limit: int | None = None

    @property
    def name(self) -> str:
        """Its folder: other limits are other results."""
        return f"{self.number:06d}" if self.limit is None else f"{self.number:06d}-{self.limit}"

    def __str__(self) -> str:
        return f"part {self.number} ({self.parts[0].source})"


@dataclass(frozen=True, slots=True)
class Segment:
    """Some 250,000 cleaned paragraphs: the unit of all stages after the first.

    Attributes:
        name: file beside which its other files lie, relative to ``cleaned``.
        rows: paragraphs.
        sources: names that the source column points to.
        spec: index of the source SPEC.
    """

    name: str
    rows: int
    sources: tuple[str, ...]
    spec: int


@dataclass(frozen=True)
class Mill:
    """Everything that a stage needs besides its item; small enough to send to any worker.

    Attributes:
        folder: the work folder, which all workers see.
        alphabet: what may stay.
        options: the choices.
        repairs: the table in use.
        guard: forbidden runs of words.
    """

    folder: Path
    alphabet: Alphabet
    options: BuildOptions
    repairs: Repairs
    guard: Guard

    @property
    def cleaner(self) -> Cleaner:
        """A new cleaner."""
        options = self.options
        return Cleaner(self.alphabet, self.repairs, options.policy, options.foreign_share)

    @property
    def corpus(self) -> Path:
        """Where the finished corpus grows."""
        return self.folder / "corpus"

    def cleaned(self, name: str) -> Path:
        """A folder or file of stage one."""
        return self.folder / "cleaned" / name

    def marks(self, kind: str, bucket: int) -> Path:
        """The duplicates found in one range of keys."""
        return self.folder / "marks" / f"{kind}-{bucket:05d}.npy"

    def write_segments(self, segments: list[Segment]) -> None:
        """Fix the input of the later stages."""
        rows = [[segment.name, segment.rows, segment.sources, segment.spec] for segment in segments]
        write_json(self.folder / "segments.json", rows)

    def segments(self) -> list[Segment]:
        """All segments in order."""
        rows = json.loads((self.folder / "segments.json").read_text(encoding="utf-8"))
        return [Segment(name, count, tuple(sources), spec) for name, count, sources, spec in rows]

    def joined(self, number: int) -> Path:
        """The facts of a segment's documents."""
        return self.folder / "joined" / f"{number:05d}.json"

    def side(self, number: int, name: str) -> Path:
        """An array about a segment's documents."""
        return self.folder / "joined" / f"{number:05d}-{name}.npy"
