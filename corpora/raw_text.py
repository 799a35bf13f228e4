"""The records of reading text: a paragraph as found, and what a damaged source has lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawText:
    """One paragraph as found: no line break inside, not cleaned.

    Attributes:
        text: the paragraph.
        source: the SPEC without options, or the file inside a folder or glob.
        document: running number of the document within the SPEC; neighbours with one number may be joined.
    """

    text: str
    source: str
    document: int


EMPTY_FILE = "empty-file"


@dataclass(frozen=True, slots=True)
class Loss:
    """Text that a damaged source has lost, or an empty file among others, which has lost none.

    Attributes:
        source: the file.
        position: byte offset in the (unpacked) text.
        reason: ``not-utf8``, ``truncated``, ``damaged``, ``not-json``, ``not-text`` or ``empty-file``;
            counted.
        detail: what was found there.
    """

    source: str
    position: int
    reason: str
    detail: str = ""
