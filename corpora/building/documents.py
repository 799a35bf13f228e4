"""Stage three: what is left of a segment becomes documents, with the counts and places of their characters.

Neighbouring paragraphs are joined by a blank until one between them was taken out, a document of the source
ends or 4,000 characters are reached; longer paragraphs are cut at word borders.
"""

from __future__ import annotations

import hashlib
import json
import time
from bisect import bisect_left
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
SLICE = 100  # documents whose characters are counted together
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
        begin = time.process_time()
        lengths, digest = self._write_documents()
        earlier = read_rejects(rejects_of(self._mill.cleaned(self._segment.name)))
        write_rejects(self._mill.corpus / f"rejected-{self._number:05d}.arrow", [*earlier, *self._rejected])
        self._save("characters", lengths)
        self._save("occurrences", self._inventory.places())
        dropped = {reason: int(np.count_nonzero(self._marks == mark)) for mark, reason in REASONS.items()}
        return {
            "kept": self._segment.rows - sum(dropped.values()),
            "documents": len(lengths),
            "characters": int(lengths.sum(dtype=np.int64)),
            "dropped": {reason: count for reason, count in dropped.items() if count},
            "character_counts": self._inventory.counts.tolist(),
            "sha256": digest,
            "cost": time.process_time() - begin,
        }

    def _save(self, name: str, array: NDArray[Any]) -> None:
        with atomic_path(self._mill.side(self._number, name)) as temporary, temporary.open("wb") as file:
            np.save(file, array)

    def _write_documents(self) -> tuple[NDArray[np.int32], str]:
        """Write full batches; returns the length of every document and the SHA-256 of them all."""
        import pyarrow as pa

        names, schema = pa.array(self._segment.sources), document_schema()
        texts, sources = self._documents()
        lengths = np.fromiter(map(len, texts), np.int32, len(texts))
        digest = hashlib.sha256("\n".join(self._segment.sources).encode())
        if not texts:
            return lengths, digest.hexdigest()
        path = self._mill.corpus / f"documents-{self._number:05d}.arrow"
        with (
            atomic_path(path) as temporary,
            pa.OSFile(str(temporary), "wb") as sink,
            pa.ipc.new_file(sink, schema) as file,
        ):
            for begin in range(0, len(texts), BATCH):
                numbers = sources[begin : begin + BATCH]
                column = pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), names)
                batch = pa.record_batch([pa.array(texts[begin : begin + BATCH]), column], schema=schema)
                file.write_batch(batch)
                digest.update(np.array(numbers, "<i4").tobytes())
        for begin in range(0, len(texts), SLICE):
            portion = texts[begin : begin + SLICE]
            digest.update("\n".join(portion).encode())
            self._inventory.add(portion, begin)
        return lengths, digest.hexdigest()

    def _documents(self) -> tuple[list[str], list[int]]:
        """(texts, source numbers) of all documents."""
        paragraphs, lengths, places, owners = self._paragraphs()
        ends = np.cumsum(lengths + 1).tolist()  # with a blank behind each
        breaks = np.flatnonzero((np.diff(places) != 1) | (np.diff(owners) != 0)) + 1
        borders = [*breaks.tolist(), len(paragraphs)] if paragraphs else []
        texts, sources, begin = [], [], 0
        for border in borders:
            owner = int(owners[begin])
            while begin < border:
                before = ends[begin - 1] if begin else 0
                end = min(max(bisect_left(ends, before + DOCUMENT_CHARACTERS + 1), begin + 1), border)
                text = " ".join(paragraphs[begin:end])
                found = (
                    [text] if len(text) <= DOCUMENT_CHARACTERS else list(pieces(text, DOCUMENT_CHARACTERS))
                )
                texts += found
                sources += [owner] * len(found)
                begin = end
        return texts, sources

    def _paragraphs(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """(texts, lengths, places, sources) of what was not marked."""
        import pyarrow as pa
        import pyarrow.compute as pc

        with pa.memory_map(str(self._mill.cleaned(self._segment.name))) as content:
            table = pa.ipc.open_file(content).read_all()
            self._reject(table)
            table = table.filter(pa.array(self._marks == 0))
            lengths = pc.utf8_length(table.column(0)).to_numpy().astype(np.int64)
            places, owners = table.column(1).to_numpy(), table.column(2).to_numpy()
            return table.column(0).to_pylist(), lengths, places, owners

    def _reject(self, table: Any) -> None:
        for mark, reason in REASONS.items():
            for row in np.flatnonzero(self._marks == mark)[: self._mill.options.rejects].tolist():
                text, owner = table.column(0)[row].as_py(), table.column(2)[row].as_py()
                self._rejected.append(Reject(reason, text[:1000], "", self._segment.sources[owner]))


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
