"""Stage three: what is left of a segment becomes documents, with the counts and places of their characters.

Neighbouring paragraphs are joined by a blank until one between them was taken out, a document of the source
ends or 4,000 characters are reached; longer paragraphs are cut at word borders.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import atomic_path, write_json
from corpora.borders import pieces
from corpora.building.duplicates import DUPLICATE, NEAR, plan_buckets, read_marks
from corpora.building.mill import Mill, Segment
from corpora.building.rejects import Reject, read_rejects, write_rejects
from corpora.building.segment import rejects_of
from corpora.corpus import BATCH, DOCUMENT_CHARACTERS, document_schema

OCCURRENCES = 1000  # places that are kept of each character
REASONS = {DUPLICATE: "duplicate", NEAR: "near-duplicate"}


def join_segment(mill: Mill, number: int) -> dict[str, Any]:
    """Make the documents of a segment; what an earlier run has finished is only looked up.

    Returns:
        Counts of what was kept and dropped, of every character, and the hash of the content.
    """
    path = mill.joined(number)
    if not path.is_file():
        write_json(path, _Joining(mill, number).run())
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


class _Joining:
    """One segment at work."""

    def __init__(self, mill: Mill, number: int) -> None:
        segments = mill.segments()
        self._mill, self._number = mill, number
        self._segment: Segment = segments[number]
        buckets = plan_buckets(segments, bool(mill.options.near_repeats))
        self._marks = read_marks(mill, buckets, number, self._segment.rows)
        self._rejected: list[Reject] = []
        self._inventory = Inventory(mill.alphabet.characters)

    def run(self) -> dict[str, Any]:
        begin = time.perf_counter()
        lengths, digest = self._write_documents()
        earlier = read_rejects(rejects_of(self._mill.cleaned(self._segment.name)))
        write_rejects(self._mill.corpus / f"rejected-{self._number:05d}.arrow", [*earlier, *self._rejected])
        self._save("characters", np.array(lengths, np.int32))
        self._save("occurrences", self._inventory.places())
        dropped = {reason: int(np.count_nonzero(self._marks == mark)) for mark, reason in REASONS.items()}
        return {
            "kept": self._segment.rows - sum(dropped.values()),
            "documents": len(lengths),
            "characters": sum(lengths),
            "dropped": {reason: count for reason, count in dropped.items() if count},
            "character_counts": self._inventory.counts.tolist(),
            "sha256": digest,
            "cost": time.perf_counter() - begin,
        }

    def _save(self, name: str, array: NDArray[Any]) -> None:
        with atomic_path(self._mill.side(self._number, name)) as temporary, temporary.open("wb") as file:
            np.save(file, array)

    def _write_documents(self) -> tuple[list[int], str]:
        """Write full batches; returns the length of every document and the SHA-256 of them all."""
        import pyarrow as pa

        names = list(self._segment.sources)
        schema = document_schema()
        digest = hashlib.sha256()
        lengths: list[int] = []
        with ExitStack() as files:
            writer = None
            for texts, sources in self._batches():
                if writer is None:
                    path = self._mill.corpus / f"documents-{self._number:05d}.arrow"
                    sink = files.enter_context(pa.OSFile(str(files.enter_context(atomic_path(path))), "wb"))
                    writer = files.enter_context(pa.ipc.new_file(sink, schema))
                column = pa.DictionaryArray.from_arrays(pa.array(sources, pa.int32()), pa.array(names))
                writer.write_batch(pa.record_batch([pa.array(texts), column], schema=schema))
                digest.update("\n".join(texts).encode() + b"\0" + np.array(sources, "<i4").tobytes())
                self._inventory.add(texts, len(lengths))
                lengths.extend(map(len, texts))
        digest.update("\n".join(names).encode())
        return lengths, digest.hexdigest()

    def _batches(self) -> Iterator[tuple[list[str], list[int]]]:
        """(texts, source numbers) of documents, BATCH at a time."""
        texts: list[str] = []
        sources: list[int] = []
        for text, source in self._documents():
            texts.append(text)
            sources.append(source)
            if len(texts) == BATCH:
                yield texts, sources
                texts, sources = [], []
        if texts:
            yield texts, sources

    def _documents(self) -> Iterator[tuple[str, int]]:
        """(text, source) of every document."""
        parts: list[str] = []
        size, last, here = 0, -1, 0
        for text, place, source in self._paragraphs():
            if parts and (place != last + 1 or source != here or size + len(text) >= DOCUMENT_CHARACTERS):
                yield " ".join(parts), here
                parts, size = [], 0
            last, here = place, source
            if len(text) > DOCUMENT_CHARACTERS:
                *whole, text = pieces(text, DOCUMENT_CHARACTERS)
                yield from ((piece, source) for piece in whole)
            parts.append(text)
            size += len(text) + 1
        if parts:
            yield " ".join(parts), here

    def _paragraphs(self) -> Iterator[tuple[str, int, int]]:
        """(text, place, source) of what was not marked."""
        import pyarrow as pa

        begin = 0
        with pa.memory_map(str(self._mill.cleaned(self._segment.name))) as content:
            file = pa.ipc.open_file(content)
            for k in range(file.num_record_batches):
                batch = file.get_batch(k)
                marks = self._marks[begin : begin + batch.num_rows]
                begin += batch.num_rows
                if marks.any():
                    self._reject(batch, marks)
                    batch = batch.filter(pa.array(marks == 0))
                yield from zip(*(batch.column(c).to_pylist() for c in range(3)), strict=True)

    def _reject(self, batch: Any, marks: NDArray[np.uint8]) -> None:
        bound = self._mill.options.rejects
        for mark, reason in REASONS.items():
            room = bound - sum(reject.reason == reason for reject in self._rejected)
            for row in np.flatnonzero(marks == mark)[: max(room, 0)]:
                text, source = batch.column(0)[row].as_py(), batch.column(2)[row].as_py()
                self._rejected.append(Reject(reason, text[:1000], "", self._segment.sources[source]))


class Inventory:
    """How often each character occurs, and where: its first places, up to a thousand.

    Attributes:
        counts: (characters,) in the order of the alphabet.
    """

    def __init__(self, characters: tuple[str, ...]) -> None:
        self._numbers = np.zeros(0x110000, np.int32)
        self._numbers[[ord(character) for character in characters]] = np.arange(len(characters))
        self.counts = np.zeros(len(characters), np.int64)
        self._found: list[NDArray[np.int64]] = []

    def add(self, texts: list[str], first: int) -> None:
        """Count the documents ``first``, ``first`` + 1, ..."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        starts = np.cumsum(lengths) - lengths
        numbers = self._numbers[np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")]
        counts = np.bincount(numbers, minlength=len(self.counts))
        wanted = np.flatnonzero((self.counts < OCCURRENCES)[numbers])
        self.counts += counts
        ranks = _order_of_equals(numbers[wanted])
        wanted = wanted[ranks < OCCURRENCES]
        documents = np.searchsorted(starts, wanted, side="right") - 1
        rows = [numbers[wanted].astype(np.int64), documents + first, wanted - starts[documents]]
        self._found.append(np.stack(rows, axis=1))

    def places(self) -> NDArray[np.int64]:
        """(number of the character, document, offset), by character, then by place."""
        rows = np.concatenate([np.zeros((0, 3), np.int64), *self._found])
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        return rows[_order_of_equals(rows[:, 0]) < OCCURRENCES]


def _order_of_equals(values: NDArray[Any]) -> NDArray[np.int64]:
    """The running number of each value among its equals."""
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    places = np.arange(len(values))
    new = np.ones(len(values), bool)
    new[1:] = in_order[1:] != in_order[:-1]
    ranks = np.empty(len(values), np.int64)
    ranks[order] = places - np.maximum.accumulate(np.where(new, places, 0))
    return ranks
