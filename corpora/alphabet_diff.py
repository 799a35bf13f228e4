"""What tells two alphabets apart, character by character, and which of them only look alike.

A recogniser learns that a Latin and a Cyrillic o are two characters and cannot see which is which; nor can a
reader of labels. Look-alikes are the groups of ``presets/lookalikes.yaml``, characters that compatibility
composition makes one, and a letter beside the parts it is composed of.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from common.settings import Settings, load
from corpora.alphabet import describe
from corpora.inventory import Inventory

PRESETS = Path(__file__).parent / "presets"


class LookAlikes(Settings):
    """The shipped table: groups of characters that are written alike."""

    description: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lone:
    """A character that only one side has.

    Attributes:
        character: the character.
        count: how often that side has met it, None where it did not count.
        looks_like: what the other side has instead: characters, or a letter as its parts (``e`` and a mark).
    """

    character: str
    count: int | None
    looks_like: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A character that both sides have, with how often each has met it, None where it did not count."""

    character: str
    count_a: int | None
    count_b: int | None


@dataclass(frozen=True)
class Difference:
    """Two alphabets side by side, everything in code point order."""

    a: Inventory
    b: Inventory
    only_a: tuple[Lone, ...]
    only_b: tuple[Lone, ...]
    shared: tuple[Shared, ...]

    def __bool__(self) -> bool:
        """Whether the two differ in a character."""
        return bool(self.only_a or self.only_b)

    def to_json(self) -> dict[str, Any]:
        """The difference with code points and names, JSON-able."""
        return {
            "a": _side(self.a),
            "b": _side(self.b),
            "only_a": list(map(_row, self.only_a)),
            "only_b": list(map(_row, self.only_b)),
            "shared": list(map(_row, self.shared)),
        }


def diff(a: Inventory, b: Inventory) -> Difference:
    """Compare two inventories by code point; their forms are compared as they are."""
    shared = sorted(set(a.alphabet.characters) & set(b.alphabet.characters))
    return Difference(
        a,
        b,
        _lone(a, b),
        _lone(b, a),
        tuple(Shared(c, a.counts.get(c), b.counts.get(c)) for c in shared),
    )


def look_alikes(character: str, others: set[str]) -> tuple[str, ...]:
    """What of ``others`` looks like a character, in code point order; the parts of a letter come last."""
    group = _groups().get(character, frozenset())
    folded = unicodedata.normalize("NFKC", character)
    alike = {c for c in others if c in group or unicodedata.normalize("NFKC", c) == folded} - {character}
    parts = unicodedata.normalize("NFKD", character)
    composed = len(parts) > 1 and others.issuperset(parts)
    return (*sorted(alike), *([parts] if composed else []))


def _lone(here: Inventory, there: Inventory) -> tuple[Lone, ...]:
    others = set(there.alphabet.characters)
    missing = (c for c in here.alphabet.characters if c not in others)
    return tuple(Lone(c, here.counts.get(c), look_alikes(c, others)) for c in missing)


@cache
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for group in load(LookAlikes, "lookalikes", PRESETS).groups:
        for character in group:
            groups[character] = groups.get(character, frozenset()) | set(group)
    return groups


def _side(inventory: Inventory) -> dict[str, Any]:
    alphabet = inventory.alphabet
    return {
        "name": inventory.name,
        "characters": len(alphabet.characters),
        "form": alphabet.form,
        "fingerprint": alphabet.fingerprint,
    }


def _row(entry: Lone | Shared) -> dict[str, Any]:
    return asdict(entry) | {"name": describe(entry.character)}
