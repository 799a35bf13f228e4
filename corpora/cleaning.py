"""Text brought to an alphabet: its Unicode form, a visible repair table, single blanks; the rest by a policy.

The table is ``presets/repairs.yaml`` or the user's own. It applies only to characters the alphabet lacks, so
the same table serves every language. Nothing is transliterated in silence: what is neither in the alphabet
nor in the table drops its line, or is deleted where the policy says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from common.errors import DataError
from common.files import fingerprint
from corpora.alphabet import Alphabet, describe_all

REPAIRS = Path(__file__).parent / "presets" / "repairs.yaml"
Repairs = Mapping[str, Mapping[str, str]]
_ENDS = ("", " ")  # how a clean text does not begin
Policy = Literal["repair", "remove", "reject", "share"]


class Cleaned(NamedTuple):
    """A text that can be written.

    Attributes:
        text: in the alphabet and its form, with single blanks, never empty.
        edits: what was done, such as ``("nfc", "quotes")``.
        removed: the different characters that were deleted.
    """

    text: str
    edits: tuple[str, ...] = ()
    removed: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The reason that is counted (``empty``, ``foreign``) and the foreign characters behind it."""

    reason: str
    foreign: str = ""

    @property
    def detail(self) -> str:
        """The foreign characters with code points and names."""
        return describe_all(self.foreign)


class Cleaner:
    """Cleans lines of text to one alphabet.

    Args:
        alphabet: the characters that may stay, and their Unicode form.
        repairs: group -> replacement -> characters; the shipped table where None.
        policy: what happens to characters the alphabet lacks. ``repair``: the table, then what is left drops
            the line. ``remove``: they are deleted (the rule of DRetHTR, arXiv 2602.17387), white space
            becomes a blank. ``reject``: they drop the line. ``share``: the table, then what is left is
            deleted up to a share of the line, above it drops the line.
        foreign_share: that share, 0 to 1.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        repairs: Repairs | None = None,
        policy: Policy = "repair",
        foreign_share: float = 0.02,
    ) -> None:
        table = load_repairs() if repairs is None else repairs
        self.alphabet = alphabet
        self._policy, self._share = policy, foreign_share
        facts: dict[str, Any] = {"alphabet": alphabet.fingerprint, "policy": policy}
        if policy in ("repair", "share"):
            facts["repairs"] = table
        if policy == "share":
            facts["share"] = foreign_share
        self.fingerprint = fingerprint(facts)
        self._form = alphabet.form
        known = re.escape("".join(alphabet.characters))
        self._foreign = re.compile(f"[^{known}]")
        self._writable = re.compile(f"[{known}]*").fullmatch
        self._table: dict[str, tuple[str, str]] = {}  # character: (group, replacement)
        if policy in ("repair", "share"):
            self._take_over(table)

    def clean(self, text: str) -> Cleaned | Dropped:
        """The text to write, or why there is none. Cleaning a cleaned text changes nothing."""
        if self.is_clean(text):
            return Cleaned(text)
        edits: list[str] = []
        if not unicodedata.is_normalized(self._form, text):
            text = unicodedata.normalize(self._form, text)
            edits.append(self._form.lower())
        text = _single(repaired := self._repair(text, edits))
        if not text:
            return Dropped("empty")
        if text != repaired:
            edits.append("blanks")
        left = "".join(sorted(set(self._foreign.findall(text))))
        if not left:
            return Cleaned(text, tuple(edits))
        if not self._may_remove(text) or not (text := self._remove(text)):
            return Dropped("foreign", left)
        return Cleaned(text, (*edits, "removed"), left)

    def is_clean(self, text: str) -> bool:
        """Whether nothing is to be done: the quick answer for nearly every line of ordinary text."""
        return (
            self._writable(text) is not None
            and (text.isascii() or unicodedata.is_normalized(self._form, text))
            and not ("  " in text or text[:1] in _ENDS or text[-1:] == " ")
        )

    def _take_over(self, table: Repairs) -> None:
        for group, replacements in table.items():
            for replacement, characters in replacements.items():
                for character in set(characters).difference(self.alphabet.ids):
                    self._table[character] = (group, replacement)

    def _repair(self, text: str, edits: list[str]) -> str:
        table = self._table
        if groups := {table[c][0] for c in set(self._foreign.findall(text)) if c in table}:
            edits.extend(sorted(groups))
            text = self._foreign.sub(lambda match: table.get(match[0], ("", match[0]))[1], text)
            text = unicodedata.normalize(self._form, text)
        return text

    def _may_remove(self, text: str) -> bool:
        if self._policy == "share":
            return len(self._foreign.findall(text)) <= self._share * len(text)
        return self._policy == "remove"

    def _remove(self, text: str) -> str:
        """Only what is known; again and again, for neighbours that come together may compose."""
        while self._foreign.search(text):
            text = self._foreign.sub(self._blank_or_nothing, text)
            text = _single(unicodedata.normalize(self._form, text))
        return text

    def _blank_or_nothing(self, match: re.Match[str]) -> str:
        return " " if match[0].isspace() and " " in self.alphabet.ids else ""


def load_repairs(path: Path | None = None) -> Repairs:
    """A repair table, group -> replacement -> characters; the shipped one where ``path`` is None.

    Raises:
        DataError: missing, not YAML, or not such a table.
    """
    place = path or REPAIRS
    expected = "YAML: group: {replacement: characters}, all of them texts"
    try:
        table: Any = yaml.safe_load(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"The repair table {place} cannot be read: {error.strerror}", expected) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"The repair table {place} is not readable YAML: {error}", expected) from None
    if not isinstance(table, dict) or not all(map(_is_group, table.values())):
        raise DataError(
            f"The file {place} holds no repair table",
            expected,
            "write every text in quotation marks, as the shipped table does",
        )
    return table


def _is_group(group: Any) -> bool:
    return isinstance(group, dict) and all(isinstance(text, str) for item in group.items() for text in item)


def _single(text: str) -> str:
    """Single blanks between words and none at the ends."""
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return " ".join(filter(None, text.split(" ")))
    return text
