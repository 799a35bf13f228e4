"""The records of reading text: files, pieces of a source, the paragraphs in them, what damage has cost.

They know nothing of files or networks; :mod:`corpora.sources` makes them and reads by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

BATCH = 4096

Kind = Literal["builtin", "text", "json", "parquet", "set"]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file with text, here or on a store.

    Attributes:
        place: path or URL; not shown, a URL may hold credentials.
        source: its name in records.
        size: bytes; None where the store does not tell.
        stamp: what changes with the content, JSON-able: time, tag.
    """

    place: str = field(repr=False)
    source: str
    size: int | None
    stamp: Any


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A piece of a source that is read on its own: a pure function of the source as it lies there.

    Attributes:
        kind: how it is read.
        source: the name in messages and records, without credentials.
        place: built-in name, path, URL or data set; not shown, a URL may hold credentials.
        start: first byte, row group or shard.
        stop: the one after the last; None for the end.
        column: the key or column with the text, where one was named.
        split: the split of a data set.
        config: the configuration of a data set.
        revision: the revision of a data set on the hub.
    """

    kind: Kind
    source: str
    place: str = field(repr=False)
    start: int = 0
    stop: int | None = None
    column: str | None = None
    split: str | None = None
    config: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Neighbouring paragraphs of one part: no line break inside, not blank, not cleaned.

    After many losses it may hold none, so that a reader can put the losses away and memory stays bounded.

    Attributes:
        texts: the paragraphs, at most 4,096.
        documents: running number of each one's document within the part.
        source: as :attr:`RawText.source`.
    """

    texts: list[str]
    documents: list[int]
    source: str


@dataclass(frozen=True, slots=True)
class RawText:
    """One paragraph as found: no line break inside, not cleaned.

    Attributes:
        text: the paragraph.
        source: the SPEC without options, or the file inside a folder or glob; a URL without credentials.
        document: running number of the document within the SPEC; neighbours with one number may be joined.
    """

    text: str
    source: str
    document: int


EMPTY_FILE = "empty-file"
LOSSES_LISTED, LOSSES_OF_A_FILE = 100, 5  # in all; of one file and reason


@dataclass(frozen=True, slots=True)
class Loss:
    """Text that a damaged source has lost, or an empty file among others, which has lost none.

    Attributes:
        source: the file.
        position: byte offset in the (unpacked) text; the row in a Parquet file or data set.
        reason: ``not-utf8``, ``truncated``, ``damaged``, ``not-json``, ``not-text``, ``too-long`` or
            ``empty-file``; counted.
        detail: what was found there.
    """

    source: str
    position: int
    reason: str
    detail: str = ""


def first_losses(losses: Iterable[Loss]) -> list[Loss]:
    """Those that are listed: the first few of each file and reason, empty files last."""
    seen = Counter[tuple[str, str]]()
    listed = []
    for loss in sorted(losses, key=lambda loss: loss.reason == EMPTY_FILE):
        seen[loss.source, loss.reason] += 1
        if seen[loss.source, loss.reason] <= LOSSES_OF_A_FILE:
            listed.append(loss)
    return listed[:LOSSES_LISTED]
