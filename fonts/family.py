"""Family names: how releases of one family agree on a name, and what the versions of one hand share."""

from __future__ import annotations


def plain(family: str) -> str:
    """The name without case and blanks, which differ between releases of a family."""
    return "".join(filter(str.isalnum, family.casefold()))


def series(family: str) -> str:
    """The first word of the name: what weights, slants and national versions of one hand share."""
    return family.partition(" ")[0].casefold()
