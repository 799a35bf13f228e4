"""A finished corpus: cleaned documents in a folder, read at random by memory map.

The folder holds ``documents-NNNNN.arrow`` (text, source), ``characters.npy`` (length of every document),
``occurrences.npy`` (where rare characters stand), ``rejected-NNNNN.arrow`` and ``corpus.json``, written last;
beside them ``costs.json``, what building took.
Building one is the work of :mod:`corpora.build`, drawing lines from it that of :mod:`corpora.sampler`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from corpora.alphabet import Alphabet

FORMAT = 3
FACTS, CHARACTERS, PLACES = "corpus.json", "characters.npy", "occurrences.npy"
COSTS = "costs.json"  # no part of the corpus: two builds of one corpus differ in it alone
DOCUMENT_CHARACTERS = 4000
BATCH = 4096  # documents in a record batch; all but the last of a file are full


@dataclass(frozen=True)
class Counts:
    """What building a corpus kept and dropped.

    Attributes:
        paragraphs: paragraphs read, and lines and files lost: what is kept and what is dropped together.
        kept: paragraphs kept.
        documents: documents made of them.
        characters: characters in these documents.
        dropped: paragraphs dropped by reason (``foreign``, ``empty``, ``short``, ``long``, ``language``,
            ``benchmark``, ``duplicate``, ``near-duplicate``), lines lost by damaged sources, empty files.
        edited: paragraphs by what was done to them, of those that passed cleaning.
        foreign: paragraphs by character that the alphabet lacked, the most frequent 100.
        samples: a few dropped paragraphs per reason, each with the detail.
        losses: where damaged sources lost text; at most 5 of a file and reason are listed, and 100 in all.
        guarded: lines of benchmarks that the guard protects.
        unguarded: those too short for it.
    """

    paragraphs: int
    kept: int
    documents: int
    characters: int
    dropped: dict[str, int]
    edited: dict[str, int]
    foreign: dict[str, int]
    samples: dict[str, list[str]]
    losses: list[dict[str, Any]]
    guarded: int = 0
    unguarded: int = 0


@dataclass(frozen=True, slots=True)
class CorpusSource:
    """The documents of one source stand together.

    Attributes:
        spec: as it was named, without credentials.
        weight: its share relative to the others; None for its natural one.
        start: its first document.
        stop: the one after its last.
    """

    spec: str
    weight: float | None
    start: int
    stop: int


class Corpus:
    """A finished corpus; open with :func:`load_corpus`. Pickles as its path, so workers map the same files.

    Attributes:
        path: the folder.
        alphabet: every character of every document is in it.
        counts: see :class:`Counts`.
        fingerprint: 16 hex digits of content, alphabet and repairs; not of when or where it was built.
        settings: what it was built from.
        sources: in their order; they cover all documents.
        character_counts: how often each character of the alphabet occurs, 0 where it does not.
        characters: characters of each document.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        facts = _read_facts(path)
        self.alphabet = Alphabet.from_json(json.dumps(facts["alphabet"]))
        self.counts = Counts(**facts["counts"])
        self.fingerprint: str = facts["fingerprint"]
        self.settings: dict[str, Any] = facts["settings"]
        self.sources = tuple(CorpusSource(**source) for source in facts["sources"])
        self.character_counts: dict[str, int] = facts["character_counts"]
        self._files = facts["files"]
        for name, size in facts["sizes"].items():
            _check_size(path / name, size)
        self.characters: NDArray[np.int32] = np.load(path / CHARACTERS, mmap_mode="r")
        self._starts = [0, *accumulate(file["documents"] for file in self._files)]
        self._opened: dict[int, _Documents] = {}

    def __len__(self) -> int:
        return self.counts.documents

    def __getitem__(self, index: int) -> tuple[str, str]:
        """(text, source) of one document."""
        if not 0 <= index < len(self):
            raise IndexError(f"document {index} of {len(self)}")
        file = bisect_right(self._starts, index) - 1
        if (documents := self._opened.get(file)) is None:
            documents = self._opened[file] = _Documents(self.path / self._files[file]["name"])
        return documents[index - self._starts[file]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (self[index] for index in range(len(self)))

    def __reduce__(self) -> tuple[type[Corpus], tuple[Path]]:
        return Corpus, (self.path,)

    @property
    def costs(self) -> dict[str, float]:
        """Seconds of work by stage as measured on the day of building; empty where nobody has kept them."""
        path = self.path / COSTS
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def occurrences(self, character: str) -> NDArray[np.int64]:
        """Where a rare character stands: (n, 2) of (document, offset), in order, spread over the corpus.

        Up to 1,000 places of a character that is less than one in 2,000; no place of others.
        """
        rows = np.load(self.path / PLACES, mmap_mode="r")  # (n, 3): character, document, offset
        number = self.alphabet.characters.index(character) if character in self.alphabet.ids else -1
        begin, end = np.searchsorted(rows[:, 0], [number, number + 1])
        return np.array(rows[begin:end, 1:])


class _Documents:
    """One Arrow file of documents, mapped; texts are taken from its buffers without detours."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        try:
            file = pa.ipc.open_file(pa.memory_map(str(path)))
            batches = [file.get_batch(k) for k in range(file.num_record_batches)]
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{path} is damaged: {error}", "a whole corpus", "build it again") from None
        self._texts = [_text_buffers(batch.column(0)) for batch in batches]
        self._sources = [batch.column(1).indices.to_numpy() for batch in batches]
        self._names: list[str] = batches[0].column(1).dictionary.to_pylist()

    def __getitem__(self, index: int) -> tuple[str, str]:
        batch, row = divmod(index, BATCH)  # every batch but the last is full
        offsets, content = self._texts[batch]
        text = str(content[offsets[row] : offsets[row + 1]], "utf-8")
        return text, self._names[self._sources[batch][row]]


def load_corpus(path: Path | str) -> Corpus:
    """Open a corpus: a folder, also as ``file:PATH``, or a URL, which is fetched into the cache once.

    Raises:
        DataError: not a corpus, of another format, or damaged.
    """
    from corpora.transport import fetch, is_remote, local_path

    return Corpus(fetch(str(path)) if is_remote(str(path)) else local_path(path))


def document_schema() -> Any:
    """The columns of a file of documents."""
    import pyarrow as pa

    return pa.schema([("text", pa.string()), ("source", pa.dictionary(pa.int32(), pa.string()))])


def _text_buffers(column: Any) -> tuple[NDArray[np.int32], memoryview]:
    """Offsets and bytes of a text column."""
    _, offsets, content = column.buffers()
    return np.frombuffer(offsets, np.int32), memoryview(content)


def _check_size(path: Path, size: int) -> None:
    found = path.stat().st_size if path.is_file() else 0
    if found != size:
        raise DataError(
            f"{path} is damaged: it holds {found:,} bytes", f"{size:,} bytes", "build the corpus again"
        )


def _read_facts(path: Path) -> dict[str, Any]:
    remedy = "build it with: inkmill corpus build SOURCE --out PATH"
    try:
        facts: dict[str, Any] = json.loads((path / FACTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"{path} is no corpus: {FACTS} is missing", "a corpus folder", remedy) from None
    except ValueError as error:
        raise DataError(f"{path / FACTS} is damaged: {error}", "a whole corpus", remedy) from None
    if facts.get("settings", {}).get("format") != FORMAT:
        raise DataError(f"{path} is a corpus of another format", f"format {FORMAT}", remedy)
    return facts
