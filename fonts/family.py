"""Names of fonts: as printed, how releases of one family agree, and which families are one hand."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

_LONGEST = 80  # characters of a name


def tidy(name: str) -> str:
    """A name as it can stand in a line: single blanks, only what can be printed, at most 80 characters."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:_LONGEST].rstrip()


def plain(family: str) -> str:
    """The name without case and blanks, which differ between releases of a family."""
    return "".join(filter(str.isalnum, family.casefold()))


def beginnings(family: str) -> list[str]:
    """The plain names that the first words of a name make, the whole name last."""
    words = family.split()
    return [plain("".join(words[: count + 1])) for count in range(len(words))]


def series(family: str) -> str:
    """The plain name of the series in ``families.yaml`` that a family belongs to; empty for most."""
    return next((name for name in beginnings(family) if name in _facts("series")), "")


def nameless(family: str) -> bool:
    """Whether the name says nothing, such as ``Untitled2``: unrelated fonts bear it."""
    return not plain(family) or any(
        name.rstrip("0123456789") in _facts("nameless") for name in beginnings(family)
    )


@functools.cache
def _facts(about: str) -> frozenset[str]:
    listed = yaml.safe_load((Path(__file__).parent / "families.yaml").read_text(encoding="utf-8"))
    return frozenset(map(plain, listed[about]))
