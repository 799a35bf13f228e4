"""Writing a segment: cleaned paragraphs in an Arrow file, with their keys and rejected lines beside it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.files import atomic_path
from corpora.building.keys import hash_texts, write_keys
from corpora.building.rejects import Rejects, write_rejects
from corpora.building.words import BANDS, UNIQUE, Hashes


def rejects_of(segment: Path) -> Path:
    """The rejected lines of stage one."""
    return segment.with_name(f"{segment.name}-rejected.arrow")


class SegmentWriter:
    """Collects paragraphs; nothing has its final name before :meth:`finish`.

    Args:
        path: the segment's file.
        rejects: rejected lines to keep per reason.

    Attributes:
        rows: paragraphs so far.
        characters: characters in them.
        rejects: receives the rejected lines.
    """

    def __init__(self, path: Path, rejects: int) -> None:
        import pyarrow as pa

        self.path, self.rejects = path, Rejects(rejects)
        self.rows = self.characters = 0
        self._sources: dict[str, int] = {}
        self._exact: list[Hashes] = []
        self._near: list[Hashes] = []
        self._schema = pa.schema([("text", pa.string()), ("place", pa.int64()), ("source", pa.int32())])
        self._files = ExitStack()
        sink = self._files.enter_context(pa.OSFile(str(self._files.enter_context(atomic_path(path))), "wb"))
        self._writer = self._files.enter_context(pa.ipc.new_file(sink, self._schema))

    def add(self, texts: list[str], places: NDArray[np.int64], bands: Hashes, source: str) -> None:
        """Append paragraphs that passed.

        Args:
            texts: cleaned.
            places: where each stood; neighbours differ by one.
            bands: their near-duplicate keys, (n, BANDS) or (0, BANDS).
            source: where they come from.
        """
        import pyarrow as pa

        if not texts:
            return
        number = self._sources.setdefault(source, len(self._sources))
        columns = [pa.array(texts), pa.array(places), pa.array(np.full(len(texts), number, np.int32))]
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
        self._exact.append(hash_texts(texts))
        self._near.append(bands)
        self.rows += len(texts)
        self.characters += sum(map(len, texts))

    def finish(self) -> list[str]:
        """Give everything its final name; returns the names of the sources."""
        texts = np.concatenate([np.zeros(0, np.uint64), *self._exact])
        near = np.concatenate([np.zeros((0, BANDS), np.uint64), *self._near])
        rows = np.arange(len(texts), dtype=np.uint64)
        write_keys(self.path, "exact", texts, texts, rows)
        if len(near):
            alike = np.flatnonzero((near != UNIQUE).any(axis=1))
            texts, rows = np.repeat(texts[alike], BANDS), np.repeat(rows[alike], BANDS)
            write_keys(self.path, "near", near[alike].ravel(), texts, rows)
        write_rejects(rejects_of(self.path), self.rejects.kept)
        self._files.close()
        return list(self._sources)

    def discard(self) -> None:
        """Leave nothing of what is not finished."""
        self._files.__exit__(InterruptedError, InterruptedError(), None)
