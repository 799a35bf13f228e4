"""Where text may be cut: at word borders, else between grapheme clusters.

A cluster is what a reader takes for one character (Unicode annex 29): a letter with its marks, a flag, a
family of joined signs. Nothing here knows of lines or targets.
"""

from __future__ import annotations

from collections.abc import Iterator


def cut_at_border(text: str, length: int) -> str:
    """The longest beginning of at most ``length`` characters that ends at a word border.

    A word longer than that is cut between grapheme clusters; a first cluster longer than that comes whole.
    """
    if len(text) <= length:
        return text
    if (border := text.rfind(" ", 0, length + 1)) > 0:
        return text[:border]
    end = 0
    for cluster in _clusters(text):
        if end and cluster > length:
            break
        end = cluster
    return text[:end]


def pieces(text: str, length: int) -> Iterator[str]:
    """A text in pieces of at most ``length`` characters, cut as :func:`cut_at_border` does."""
    while text:
        piece = cut_at_border(text, length)
        yield piece
        text = text[len(piece) :].lstrip(" ")


def _clusters(text: str) -> Iterator[int]:
    """The end of every grapheme cluster, one after another."""
    import regex

    return (cluster.end() for cluster in regex.finditer(r"\X", text))
