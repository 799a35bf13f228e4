"""Where text comes from: one SPEC grammar, one stream of paragraphs, read whole or in parts.

    builtin:en                  English prose that every installation carries
    builtin:numbers             generated dates, amounts, times, telephone numbers
    file:PATH  or  PATH         .txt .gz .xz .zst .jsonl .parquet, a folder of them, a glob
    url:URL    or  URL          the same on http(s)://, s3://, gs://, az://, ...; a folder where it lists
    hf:NAME[:CONFIG]            a data set streamed through ``datasets``

``?weight=3`` may follow every SPEC, ``?column=text`` files and data sets, ``?split=train&config=...`` data
sets; whatever else follows the question mark of a URL belongs to it. What a damaged file has lost is noted
in a list of :class:`Loss`; the good part is used. Cleaning is not done here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from common.errors import DataError, UsageError, nearest
from corpora import remote
from corpora.raw_text import EMPTY_FILE, Loss, RawText, SourcePart, TextBatch, TextFile

OPTIONS: dict[str, tuple[str, ...]] = {
    "builtin": ("weight",),
    "file": ("column", "weight"),
    "url": ("column", "weight"),
    "hf": ("column", "split", "config", "weight"),
}
BUILTINS = ("en", "numbers")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A SPEC taken apart.

    Attributes:
        scheme: ``builtin``, ``file``, ``url`` or ``hf``.
        target: what follows it; not shown, a URL may hold credentials.
        options: those that concern the reading.
        weight: the share of the source relative to others; None for its natural one.
        shown: the SPEC as it may be shown and kept: without credentials.
    """

    scheme: str
    target: str = field(repr=False)
    options: dict[str, str] = field(default_factory=dict)
    weight: float | None = None
    shown: str = ""


def parse_spec(spec: str) -> SourceSpec:
    """Take a source SPEC apart; a bare path is a file, a bare URL a URL.

    Raises:
        UsageError: unknown scheme, built-in text or option, or a weight that is no positive number.
    """
    scheme, rest = _scheme(spec)
    target, _, query = rest.partition("?")
    if scheme == "file" and "=" not in query:
        target, query = rest, ""  # a glob may hold a question mark
    options = dict(parse_qsl(query, keep_blank_values=True)) if scheme != "url" else {}
    if scheme == "url":
        target, options = _url_options(rest)
    for option in options:
        if option not in OPTIONS[scheme]:
            raise UsageError(
                f"The source {spec} has the unknown option '{option}'", nearest(option, OPTIONS[scheme])
            )
    if not target:
        raise UsageError(
            f"The source '{spec}' names nothing after '{scheme}:'", f"{scheme}:NAME or {scheme}:PATH"
        )
    if scheme == "builtin" and target not in BUILTINS:
        raise UsageError(f"There is no built-in text '{target}'", nearest(target, BUILTINS))
    shown = spec if scheme != "url" else _shown_url(target, options)
    weight = _weight(options.pop("weight"), shown) if "weight" in options else None
    return SourceSpec(scheme, target, options, weight, shown)


def plan_parts(spec: str) -> list[SourcePart]:
    """The parts of a source, in its order; all of them read in turn are :func:`read_source`.

    Parts are whole compressed files, some 16 MB of the lines of other files, row groups of Parquet, shards of
    a data set. Only names, sizes, footers and the first record of JSON lines are read.

    Raises:
        UsageError: unknown scheme, name or option.
        DataError: missing, unreadable or empty source, or a column that is not there.
        EnvironmentProblem: the driver of a store is not installed.
    """
    from corpora import textfiles, textsets

    parsed = parse_spec(spec)
    if parsed.scheme == "builtin":
        return [SourcePart("builtin", f"builtin:{parsed.target}", parsed.target)]
    if parsed.scheme == "hf":
        return textsets.plan(parsed.target, **parsed.options)
    return textfiles.plan(_files(parsed), remote.shown(parsed.target), **parsed.options)


def read_part_batches(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    """The paragraphs of one part in batches of at most 4,096, in any process.

    Args:
        part: from :func:`plan_parts`.
        losses: receives what damaged files have lost.

    Raises:
        DataError: the source is gone, or its store or hub does not answer any more.
    """
    from corpora import builtin, textfiles, textsets

    if part.kind == "builtin":
        return builtin.read(part.place)
    if part.kind == "set":
        return textsets.read(part, losses)
    return textfiles.read(part, losses)


def read_part(part: SourcePart, losses: list[Loss]) -> Iterator[RawText]:
    """The paragraphs of one part; see :func:`read_part_batches`."""
    for batch in read_part_batches(part, losses):
        for text, document in zip(batch.texts, batch.documents, strict=True):
            yield RawText(text, batch.source, document)


def read_source(spec: str, losses: list[Loss] | None = None) -> Iterator[RawText]:
    """Stream the paragraphs of one source SPEC, always in the same order.

    Args:
        spec: see the module.
        losses: receives what damaged files have lost.

    Raises:
        UsageError: unknown scheme, name or option (at once, before the first paragraph is asked for).
        DataError: missing, unreadable or empty source, or a column that is not there.
        EnvironmentProblem: the driver of a store is not installed.
    """
    return _read_parts(spec, plan_parts(spec), [] if losses is None else losses)


def identify(spec: str) -> Any:
    """JSON-able facts that change when the content of a source does: versions, or files with size and time.

    Raises:
        DataError: missing or unreadable source.
    """
    from corpora import builtin, textsets

    parsed = parse_spec(spec)
    facts: dict[str, Any] = {"spec": parsed.shown}
    if parsed.scheme == "builtin":
        return facts | {"versions": builtin.versions()}
    if parsed.scheme == "hf":
        options = {name: value for name, value in parsed.options.items() if name != "column"}
        return facts | {"files": textsets.identify(parsed.target, **options)}
    return facts | {
        "files": [[file.source.partition(":")[2], file.size, file.stamp] for file in _files(parsed)]
    }


def _scheme(spec: str) -> tuple[str, str]:
    """The scheme of a SPEC, and what follows it."""
    scheme, colon, rest = spec.partition(":")
    if not colon or "/" in scheme or "." in scheme:
        return "file", spec
    if scheme in OPTIONS:
        return scheme, rest
    if rest.startswith("//"):
        return "url", spec
    raise UsageError(
        f"There is no text source '{scheme}:'", nearest(scheme, OPTIONS), "use file:PATH for a path"
    )


def _url_options(url: str) -> tuple[str, dict[str, str]]:
    """A URL without our options, which may stand among its own."""
    target, _, query = url.partition("?")
    ours, others = {}, []
    for item in query.split("&") if query else []:
        name, _, value = item.partition("=")
        if name in OPTIONS["url"]:
            ours[name] = unquote_plus(value)
        else:
            others.append(item)
    return (f"{target}?{'&'.join(others)}" if others else target), ours


def _shown_url(target: str, options: dict[str, str]) -> str:
    ours = urlencode(options)
    return f"url:{remote.shown(target)}" + (f"?{ours}" if ours else "")


def _weight(value: str, name: str) -> float:
    try:
        weight = float(value)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise UsageError(f"The source {name} has the weight '{value}'", "a positive number, such as weight=3")
    return weight


def _files(parsed: SourceSpec) -> list[TextFile]:
    from corpora import textfiles

    if remote.is_url(parsed.target):
        return remote.find(parsed.target, textfiles.SUFFIXES)
    return textfiles.find_local(parsed.target)


def _read_parts(spec: str, parts: list[SourcePart], losses: list[Loss]) -> Iterator[RawText]:
    document, found = 0, False
    for part in parts:
        last = 0
        for raw in read_part(part, losses):
            found, last = True, raw.document
            yield RawText(raw.text, raw.source, document + raw.document)
        document += last + 1
    if not found and all(loss.reason == EMPTY_FILE for loss in losses):
        raise DataError(
            f"The text source {parse_spec(spec).shown} holds no text",
            "at least one line that is not blank",
            "check the source",
        )
