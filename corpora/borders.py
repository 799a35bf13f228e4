"""Where text may be cut: at word borders, else between characters, never between a letter and its marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def cut_at_border(text: str, length: int) -> str:
    """The longest beginning of at most ``length`` characters that ends at a word border.

    A word longer than that is cut between characters, never before a combining mark.
    """
    if len(text) <= length:
        return text
    if (border := text.rfind(" ", 0, length + 1)) > 0:
        return text[:border]
    while length > 1 and unicodedata.combining(text[length]):
        length -= 1
    return text[:length]


def pieces(text: str, length: int) -> Iterator[str]:
    """A text in pieces of at most ``length`` characters, cut at word borders."""
    while text:
        piece = cut_at_border(text, length)
        yield piece
        text = text[len(piece) :].lstrip(" ")
