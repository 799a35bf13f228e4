"""Rejected lines as data: kept by reason up to a stated number, counted without bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.files import atomic_path

_SHOWN = 1000  # characters of a rejected line that are kept


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that did not pass.

    Attributes:
        reason: as it is counted.
        text: the line, its first 1,000 characters.
        detail: the facts behind it.
        source: where it stood.
    """

    reason: str
    text: str
    detail: str
    source: str


@dataclass
class Rejects:
    """A bounded collection of rejected lines.

    Attributes:
        bound: lines kept for each reason.
        kept: these lines.
        counts: all of them, by reason.
    """

    bound: int
    kept: list[Reject] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def wants(self, reason: str) -> bool:
        """Count one line; tells whether it is to be handed over by :meth:`add`."""
        self.counts[reason] += 1
        return self.counts[reason] <= self.bound

    def add(self, reason: str, text: str, detail: str, source: str) -> None:
        """Keep a line that :meth:`wants` asked for."""
        shown = text[:_SHOWN].encode("utf-8", "backslashreplace").decode()  # JSON may hold lone surrogates
        self.kept.append(Reject(reason, shown, detail, source))


def write_rejects(path: Path, rejects: list[Reject]) -> None:
    """Write rejected lines as a compressed Arrow file."""
    import pyarrow as pa

    columns = ("reason", "text", "detail", "source")
    schema = pa.schema([(name, pa.string()) for name in columns])
    arrays = [pa.array([getattr(line, name) for line in rejects], pa.string()) for name in columns]
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        atomic_path(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, schema, options=options) as file,
    ):
        file.write_batch(pa.record_batch(arrays, schema=schema))


def read_rejects(path: Path) -> Iterator[Reject]:
    """The lines that :func:`write_rejects` wrote."""
    import pyarrow as pa

    with pa.ipc.open_file(str(path)) as file:
        rows: list[dict[str, Any]] = file.read_all().to_pylist()
    return (Reject(**row) for row in rows)
