"""Which hands can write a language: those that draw all its letters, digits and marks.

The letters of a language stand in ``languages.yaml``. Nothing here looks at a text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from common.errors import UsageError, nearest
from fonts.hand import Hand


@dataclass(frozen=True, slots=True)
class Language:
    """A language as a font sees it.

    Attributes:
        code: ISO 639-1, such as ``fr``.
        name: in English.
        characters: every letter, digit and mark that its texts need, and the blank.
    """

    code: str
    name: str
    characters: frozenset[str]

    def written_by(self, hand: Hand) -> bool:
        """Whether the hand draws all of it."""
        return self.characters <= hand.characters


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some hands write a language: hands, families and designs."""

    language: Language
    hands: int
    families: int
    designs: int


@functools.cache
def languages() -> dict[str, Language]:
    """Every known language by its code."""
    table = yaml.safe_load((Path(__file__).parent / "languages.yaml").read_text(encoding="utf-8"))
    return {
        code: Language(
            code,
            name,
            frozenset(" " + table["everywhere"] + marks) | _cases(table["scripts"][script] + letters),
        )
        for code, (name, script, letters, marks) in table["languages"].items()
    }


def language(name: str) -> Language:
    """A language by its code or its English name, in whatever case.

    Raises:
        UsageError: it is not known.
    """
    for one in languages().values():
        if name.casefold() in (one.code, one.name.casefold()):
            return one
    raise UsageError(f"The letters of the language '{name}' are not known", nearest(name, languages()))


def coverage(hands: Iterable[Hand]) -> list[Coverage]:
    """For every language how many of the hands write it, the best covered one first."""
    everyone = list(hands)
    counted = []
    for one in languages().values():
        able = [hand for hand in everyone if one.written_by(hand)]
        families, designs = len({hand.family for hand in able}), len({hand.design for hand in able})
        counted.append(Coverage(one, len(able), families, designs))
    return sorted(counted, key=lambda c: (-c.designs, -c.hands, c.language.code))


def _cases(letters: str) -> frozenset[str]:
    return frozenset(letters) | frozenset(c.upper() for c in letters if len(c.upper()) == 1)
