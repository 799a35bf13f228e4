"""Text brought to an alphabet: NFC, a visible repair table, single blanks; the rest dropped with a reason.

The table is ``presets/repairs.yaml``. It applies only to characters the alphabet lacks, so the same table
serves every language. Nothing is transliterated in silence: a letter outside alphabet and table drops its
line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from common.files import fingerprint
from corpora.alphabet import Alphabet, describe_all

REPAIRS = Path(__file__).parent / "presets" / "repairs.yaml"
Repairs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that can be written, and what was done to it, such as ``("nfc", "quotes")``."""

    text: str
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """The reason that is counted (``empty``, ``foreign``) and the facts behind it."""

    reason: str
    detail: str = ""


class Cleaner:
    """Cleans lines of text to one alphabet.

    Args:
        alphabet: the characters that may stay.
        repairs: group -> replacement -> characters; the shipped table where None.
    """

    def __init__(self, alphabet: Alphabet, repairs: Repairs | None = None) -> None:
        table = load_repairs() if repairs is None else repairs
        self.alphabet = alphabet
        self.fingerprint = fingerprint({"alphabet": alphabet.fingerprint, "repairs": table})
        self._known = frozenset(alphabet.characters)
        self._groups: dict[str, str] = {}
        self._translation: dict[int, str] = {}
        for group, replacements in table.items():
            for replacement, characters in replacements.items():
                for character in set(characters).difference(self._known):
                    self._groups[character] = group
                    self._translation[ord(character)] = replacement

    def clean(self, text: str) -> Cleaned | Dropped:
        """The text to write, or why there is none. Cleaning a cleaned text changes nothing."""
        edits = []
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
            edits.append("nfc")
        if foreign := set(text).difference(self._known):
            edits.extend(sorted({self._groups[c] for c in foreign if c in self._groups}))
            text = unicodedata.normalize("NFC", text.translate(self._translation))
        single = " ".join(filter(None, text.split(" ")))
        if not single:
            return Dropped("empty")
        if left := set(single).difference(self._known):
            return Dropped("foreign", describe_all(left))
        if single != text:
            edits.append("blanks")
        return Cleaned(single, tuple(edits))


def load_repairs() -> Repairs:
    """The shipped table: group -> replacement -> characters."""
    table: Repairs = yaml.safe_load(REPAIRS.read_text(encoding="utf-8"))
    return table
