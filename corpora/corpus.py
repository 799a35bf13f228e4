"""Cleaned documents in a folder, read by memory map; built once, whole or not at all.

The folder holds ``documents.arrow`` (text, source, characters) and ``corpus.json`` (settings, counts, samples
of what was dropped, losses of damaged sources, alphabet), written last. Drawing lines from it is the work of
:mod:`corpora.sampler`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.files import atomic_path, fingerprint, write_json
from corpora.alphabet import Alphabet
from corpora.borders import pieces
from corpora.cleaning import Cleaned, Cleaner
from corpora.raw_text import EMPTY_FILE, Loss, RawText
from corpora.sources import identify, read_source

FORMAT = 1
TABLE, FACTS = "documents.arrow", "corpus.json"
DOCUMENT_CHARACTERS = 4000
SAMPLES_PER_REASON = 5
LOSSES_LISTED = 100
BATCH = 4096
PROGRESS = 100_000  # paragraphs between two messages

_CUT = ("whole files", "fetch them again")
_NOT_JSON = ("one JSON text or object with a text a line", "check the file and its column")
_FOREIGN = ("text in the characters of the alphabet", "use another alphabet")
_REMEDIES = {  # what dropped most -> (what would have been right, what to do)
    "truncated": _CUT,
    "damaged": ("whole files of the kind their names say", "fetch them again, or correct their suffix"),
    "not-utf8": ("UTF-8", "convert the files, for example with iconv"),
    "not-json": _NOT_JSON,
    "not-text": _NOT_JSON,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counts:
    """What building a corpus kept and dropped.

    Attributes:
        paragraphs: paragraphs read, and lines and files lost: what is kept and what is dropped together.
        kept: paragraphs kept.
        documents: documents made of them.
        characters: characters in these documents.
        dropped: paragraphs dropped by reason (``foreign``, ``empty``, ``duplicate``), lines lost by damaged
            sources, empty files.
        edited: paragraphs repaired by edit.
        samples: a few dropped paragraphs per reason, each with the detail.
        losses: where damaged sources lost text; at most 100 are listed.
    """

    paragraphs: int
    kept: int
    documents: int
    characters: int
    dropped: dict[str, int]
    edited: dict[str, int]
    samples: dict[str, list[str]]
    losses: list[dict[str, Any]]


class Corpus:
    """A finished corpus; open with :func:`load_corpus`. Pickles as its path, so workers map the same file.

    Attributes:
        path: the folder.
        alphabet: every character of every document is in it.
        counts: see :class:`Counts`.
        fingerprint: 16 hex digits of content, alphabet and repairs; not of when or where it was built.
        settings: what it was built from.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self.path = path
        facts = _read_facts(path)
        self.alphabet = Alphabet(tuple(facts["alphabet"]))
        self.counts = Counts(**facts["counts"])
        self.fingerprint: str = facts["fingerprint"]
        self.settings: dict[str, Any] = facts["settings"]
        try:
            table = pa.ipc.open_file(pa.memory_map(str(path / TABLE))).read_all()
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(
                f"{path / TABLE} is damaged: {error}", "a whole corpus", "build it again"
            ) from None
        if table.num_rows != self.counts.documents:
            raise DataError(
                f"{path} holds {table.num_rows} documents", f"{self.counts.documents}", "build it again"
            )
        self._texts = table.column("text").chunks
        self._sources = table.column("source").chunks
        self.characters: NDArray[np.int32] = table.column("characters").to_numpy()

    def __len__(self) -> int:
        return self.counts.documents

    def __getitem__(self, index: int) -> tuple[str, str]:
        """(text, source) of one document."""
        if not 0 <= index < len(self):
            raise IndexError(f"document {index} of {len(self)}")
        chunk, row = divmod(index, BATCH)  # every batch but the last is full
        return self._texts[chunk][row].as_py(), self._sources[chunk][row].as_py()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (self[index] for index in range(len(self)))

    def __reduce__(self) -> tuple[type[Corpus], tuple[Path]]:
        return Corpus, (self.path,)


def build_corpus(
    specs: Sequence[str], alphabet: Alphabet, out: Path, limit: int | None = None, repeats: int = 1
) -> Corpus:
    """Read sources, clean them to an alphabet and write a corpus folder.

    Paragraphs of one document are joined by a blank until one is dropped or 4,000 characters are reached;
    longer ones are cut at word borders.

    Args:
        specs: source SPECs, see :mod:`corpora.sources`.
        alphabet: the characters that may stay.
        out: the folder to make. A corpus with the same settings there is opened as it is.
        limit: stop after so many kept paragraphs.
        repeats: how often one paragraph may occur.

    Raises:
        UsageError: unknown source.
        DataError: a source is missing or unreadable; nothing is left after cleaning; ``out`` holds something
            else.
    """
    out = Path(out)
    if not specs:
        raise DataError("No text source is named", "one or more SPECs such as builtin:en")
    cleaner = Cleaner(alphabet)
    settings = {
        "format": FORMAT,
        "sources": [identify(spec) for spec in specs],
        "cleaner": cleaner.fingerprint,
        "limit": limit,
        "repeats": repeats,
    }
    if _is_built(out, settings):
        return load_corpus(out)
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        mill = _Mill(cleaner, limit, repeats)
        digest = _write_table(partial / TABLE, mill.documents(specs))
        counts = mill.counts()
        if not counts.documents:
            raise _nothing_left(specs, counts)
        write_json(
            partial / FACTS,
            {
                "fingerprint": fingerprint([digest, cleaner.fingerprint]),
                "settings": settings,
                "alphabet": "".join(alphabet.characters),
                "counts": asdict(counts),
            },
        )
        if out.is_dir():
            out.rmdir()  # empty, or _is_built had refused it
        partial.replace(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return load_corpus(out)


def load_corpus(path: Path) -> Corpus:
    """Open a corpus folder.

    Raises:
        DataError: not a corpus, of another format, or damaged.
    """
    return Corpus(Path(path))


class _Mill:
    """One pass over the sources: paragraphs in, documents out, everything counted."""

    def __init__(self, cleaner: Cleaner, limit: int | None, repeats: int) -> None:
        self._cleaner, self._limit, self._repeats = cleaner, limit, repeats
        self._seen: Counter[bytes] = Counter()
        self._losses: list[Loss] = []
        self._paragraphs = self._kept = self._documents = self._characters = 0
        self._dropped: Counter[str] = Counter()
        self._edited: Counter[str] = Counter()
        self._samples: dict[str, list[str]] = {}

    def documents(self, specs: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(text, source) of every document."""
        for spec in specs:
            for parts, source in self._joined(read_source(spec, self._losses)):
                text = " ".join(parts)
                self._documents += 1
                self._characters += len(text)
                yield text, source
            if self._is_full():
                return

    def counts(self) -> Counts:
        lost = Counter(loss.reason for loss in self._losses)
        listed = sorted(self._losses, key=lambda loss: loss.reason == EMPTY_FILE)[:LOSSES_LISTED]
        return Counts(
            self._paragraphs + len(self._losses),
            self._kept,
            self._documents,
            self._characters,
            dict(sorted((self._dropped + lost).items())),
            dict(sorted(self._edited.items())),
            self._samples,
            [asdict(loss) for loss in listed],
        )

    def _joined(self, raws: Iterator[RawText]) -> Iterator[tuple[list[str], str]]:
        """(paragraphs of a document, source)."""
        parts: list[str] = []
        size, here = 0, ("", 0)
        for raw, text in self._cleaned(raws):
            key = (raw.source, raw.document)
            if parts and (text is None or key != here or size + len(text) >= DOCUMENT_CHARACTERS):
                yield parts, here[0]
                parts, size = [], 0
            if text is not None:
                parts.append(text)
                size, here = size + len(text) + 1, key
        if parts:
            yield parts, here[0]

    def _cleaned(self, raws: Iterator[RawText]) -> Iterator[tuple[RawText, str | None]]:
        """Every paragraph with its cleaned text, long ones in pieces; None for a dropped one."""
        for raw in raws:
            text = self._clean(raw)
            yield from (
                (raw, piece) for piece in ([None] if text is None else pieces(text, DOCUMENT_CHARACTERS))
            )
            if self._is_full():
                return

    def _is_full(self) -> bool:
        return self._limit is not None and self._kept >= self._limit

    def _clean(self, raw: RawText) -> str | None:
        self._paragraphs += 1
        if self._paragraphs % PROGRESS == 0:
            log.info("%d paragraphs read, %d kept", self._paragraphs, self._kept)
        result = self._cleaner.clean(raw.text)
        if not isinstance(result, Cleaned):
            self._drop(result.reason, raw.text, result.detail)
            return None
        key = hashlib.blake2b(result.text.encode(), digest_size=8).digest()
        if self._seen[key] >= self._repeats:
            self._drop("duplicate", result.text, "")
            return None
        self._seen[key] += 1
        self._kept += 1
        self._edited.update(result.edits)
        return result.text

    def _drop(self, reason: str, text: str, detail: str) -> None:
        self._dropped[reason] += 1
        samples = self._samples.setdefault(reason, [])
        if len(samples) < SAMPLES_PER_REASON:
            samples.append(f"{text[:100]}  [{detail}]" if detail else text[:100])


def _write_table(path: Path, documents: Iterator[tuple[str, str]]) -> str:
    """Write all documents in full batches; returns the SHA-256 of their texts."""
    import pyarrow as pa

    schema = pa.schema([("text", pa.string()), ("source", pa.string()), ("characters", pa.int32())])
    digest = hashlib.sha256()
    with (
        atomic_path(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, schema) as file,
    ):
        batch: list[tuple[str, str]] = []
        for text, source in documents:
            digest.update(text.encode() + b"\0" + source.encode() + b"\n")
            batch.append((text, source))
            if len(batch) == BATCH:
                file.write_batch(_record_batch(batch, schema))
                batch = []
        if batch:
            file.write_batch(_record_batch(batch, schema))
    return digest.hexdigest()


def _record_batch(batch: list[tuple[str, str]], schema: Any) -> Any:
    import pyarrow as pa

    texts, sources = zip(*batch, strict=True)
    columns = [pa.array(texts), pa.array(sources), pa.array(list(map(len, texts)), pa.int32())]
    return pa.record_batch(columns, schema=schema)


def _is_built(out: Path, settings: dict[str, Any]) -> bool:
    """Whether ``out`` holds this very corpus; False where it is free."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return False
    if not (out / FACTS).is_file():
        raise DataError(
            f"{out} is not empty and holds no corpus", "a new or empty folder", "name another folder"
        )
    found = _read_facts(out)["settings"]
    if differing := sorted(key for key in settings if found.get(key) != settings[key]):
        raise DataError(
            f"{out} holds a corpus from other settings ({', '.join(differing)} differ)",
            "the same sources and settings, or a new folder",
            "name another folder or remove this one",
        )
    return True


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


def _nothing_left(specs: Sequence[str], counts: Counts) -> DataError:
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.dropped.items()) or "no text found"
    loss = next((f"; the first at byte {loss['position']} of {loss['source']}" for loss in counts.losses), "")
    example = next((f"; for example {samples[0]!r}" for samples in counts.samples.values() if samples), loss)
    expected, remedy = _REMEDIES.get(
        max(counts.dropped, key=counts.dropped.__getitem__, default=""), _FOREIGN
    )
    found = f"No line of {', '.join(specs)} is left after cleaning: {reasons}{example}"
    return DataError(found, expected, remedy)
