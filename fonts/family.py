"""Names of fonts: as printed, how releases of one family agree, and what the versions of one hand share."""

from __future__ import annotations

_LONGEST = 80  # characters of a name


def tidy(name: str) -> str:
    """A name as it can stand in a line: single blanks, only what can be printed, at most 80 characters."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:_LONGEST].rstrip()


def plain(family: str) -> str:
    """The name without case and blanks, which differ between releases of a family."""
    return "".join(filter(str.isalnum, family.casefold()))


def series(family: str) -> str:
    """The first word of the name: what weights, slants and national versions of one hand share."""
    return family.partition(" ")[0].casefold()
