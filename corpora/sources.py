"""Where text comes from: one SPEC grammar, one stream of paragraphs.

    builtin:en                  English prose that every installation carries
    builtin:numbers             generated dates, amounts, times, telephone numbers
    file:PATH  or  PATH         .txt .gz .xz .zst .jsonl .parquet, a folder of them, a glob
    hf:NAME[:CONFIG]            a data set streamed through ``datasets``

``?column=text&split=train&config=...`` may follow ``file:`` (column) and ``hf:``. What a damaged file has
lost is noted in a list of :class:`Loss`; the good part is used. Cleaning is not done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from common.errors import UsageError, nearest
from corpora.raw_text import Loss, RawText

SCHEMES = ("builtin", "file", "hf")
BUILTINS = ("en", "numbers")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A SPEC taken apart: scheme, what follows it, options."""

    scheme: str
    target: str
    options: dict[str, str] = field(default_factory=dict)


def parse_spec(spec: str) -> SourceSpec:
    """Take a source SPEC apart; a bare path is a file.

    Raises:
        UsageError: unknown scheme, built-in text or option.
    """
    scheme, colon, rest = spec.partition(":")
    if not colon or "/" in scheme or "." in scheme:
        scheme, rest = "file", spec
    if scheme not in SCHEMES:
        raise UsageError(
            f"There is no text source '{scheme}:'", nearest(scheme, SCHEMES), "use file:PATH for a path"
        )
    target, _, query = rest.partition("?")
    if scheme == "file" and not _is_query(query):
        target, query = rest, ""  # a glob may hold a question mark
    options = dict(parse_qsl(query))
    known = {"builtin": (), "file": ("column",), "hf": ("column", "split", "config")}[scheme]
    for option in options:
        if option not in known:
            raise UsageError(
                f"The source {spec} has the unknown option '{option}'",
                nearest(option, known) if known else "no option",
            )
    if not target:
        raise UsageError(
            f"The source '{spec}' names nothing after '{scheme}:'", f"{scheme}:NAME or {scheme}:PATH"
        )
    if scheme == "builtin" and target not in BUILTINS:
        raise UsageError(f"There is no built-in text '{target}'", nearest(target, BUILTINS))
    return SourceSpec(scheme, target, options)


def read_source(spec: str, losses: list[Loss] | None = None) -> Iterator[RawText]:
    """Stream the paragraphs of one source SPEC, always in the same order.

    Args:
        spec: see the module.
        losses: receives what damaged files have lost.

    Raises:
        UsageError: unknown scheme, name or option (at once, before the first paragraph is asked for).
        DataError: missing, unreadable or empty source, or a column that is not there.
    """
    from corpora import builtin, textfiles, textsets

    parsed = parse_spec(spec)
    sink: list[Loss] = [] if losses is None else losses
    if parsed.scheme == "builtin":
        return builtin.read(parsed.target)
    if parsed.scheme == "hf":
        return textsets.read(parsed.target, **parsed.options)
    return textfiles.read(parsed.target, sink, **parsed.options)


def identify(spec: str) -> Any:
    """JSON-able facts that change when the content of a source does: versions, or files with size and time.

    Raises:
        DataError: missing or unreadable source.
    """
    from corpora import builtin, textfiles

    parsed = parse_spec(spec)
    if parsed.scheme == "builtin":
        return {"spec": spec, "versions": builtin.versions()}
    if parsed.scheme == "hf":
        return {"spec": spec}
    states = [(str(path), path.stat()) for path in textfiles.resolve(parsed.target)]
    return {"spec": spec, "files": [[name, state.st_size, state.st_mtime_ns] for name, state in states]}


def _is_query(query: str) -> bool:
    return "=" in query
