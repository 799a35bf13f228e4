"""The record that flows from the corpora to the mill."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text to be written by a hand.

    Attributes:
        text: NFC, single blanks, no control characters, every character in the target alphabet; never empty.
        source: where it comes from, such as ``builtin:en``.
        document: position of the source document or line in the corpus, so that a sample can be traced back.
        edits: what cleaning and cutting did, in order, such as ``("quotes", "cut")``.
    """

    text: str
    source: str
    document: int
    edits: tuple[str, ...] = ()
