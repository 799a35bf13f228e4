"""The characters a recogniser knows, and their token ids.

Four specials come first and never move: BOS 0, PAD 1, EOS 2, UNK 3; then the characters in code point order.
Presets are YAML files in ``presets/alphabets``; names join with ``+``. Cleaning of text to an alphabet is in
:mod:`corpora.cleaning`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from common.errors import DataError, UsageError, nearest
from common.files import fingerprint
from common.settings import Settings, load

BOS, PAD, EOS, UNK = range(4)
SPECIALS = 4
PRESETS = Path(__file__).parent / "presets" / "alphabets"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class AlphabetPreset(Settings):
    """A shipped alphabet: its own characters and those of the presets it includes."""

    description: str
    characters: str
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alphabet:
    """A set of characters with token ids.

    Args:
        characters: sorted, unique, single NFC code points; no control characters.

    Raises:
        DataError: a character is none of the above; use :meth:`from_texts` for characters in any order.
    """

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        if wrong := [c for c in self.characters if not _is_single(c)]:
            shown = ", ".join(f"{c!r} ({describe(c)})" for c in wrong[:5])
            raise DataError(f"The alphabet holds {shown}", "single NFC characters that can be written")
        if list(self.characters) != sorted(set(self.characters)):
            raise DataError(
                "The characters of the alphabet are not sorted and unique", "Alphabet.from_texts(characters)"
            )

    @property
    def size(self) -> int:
        """Number of tokens: the characters and the four specials."""
        return len(self.characters) + SPECIALS

    @cached_property
    def ids(self) -> dict[str, int]:
        """Token id by character."""
        return {character: SPECIALS + k for k, character in enumerate(self.characters)}

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits: the same for equal characters."""
        return fingerprint(list(self.characters))

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text`` without BOS and EOS; UNK for what the alphabet lacks."""
        ids = self.ids
        return [ids.get(character, UNK) for character in text]

    def decode(self, ids: Iterable[int]) -> str:
        """Text of token ids up to the first EOS; BOS and PAD are skipped, UNK becomes U+FFFD.

        Raises:
            DataError: an id beyond the alphabet.
        """
        characters = []
        for token in ids:
            if token == EOS:
                break
            if token == UNK:
                characters.append(UNKNOWN)
            elif token not in (BOS, PAD):
                if not 0 <= token < self.size:
                    raise DataError(f"Token {token} is outside the alphabet", f"0 to {self.size - 1}")
                characters.append(self.characters[token - SPECIALS])
        return "".join(characters)

    def foreign(self, text: str) -> set[str]:
        """The characters of ``text`` that the alphabet lacks."""
        return set(text).difference(self.ids)

    def to_json(self) -> str:
        """The alphabet as JSON text, for checkpoints and corpora."""
        return json.dumps({"characters": "".join(self.characters)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Alphabet:
        """The alphabet that :meth:`to_json` wrote.

        Raises:
            DataError: not such a text.
        """
        try:
            return cls(tuple(json.loads(text)["characters"]))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(
                f"This is no alphabet: {text[:60]!r} ({error})", '{"characters": "..."}'
            ) from None

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Alphabet:
        """All characters of some texts after NFC; line breaks and other controls are left out."""
        found: set[str] = set()
        for text in texts:
            found.update(unicodedata.normalize("NFC", text))
        return cls(tuple(sorted(filter(_is_single, found))))


def load_alphabet(name_or_path: str) -> Alphabet:
    """A preset (``en``), presets joined (``en+fr``), or a file: of characters, or what ``to_json`` wrote.

    Raises:
        UsageError: no such preset or file.
        DataError: the file is not UTF-8 or holds no character.
    """
    path = Path(name_or_path)
    if path.is_file():
        return _read(path)
    if path.suffix or len(path.parts) > 1:
        raise DataError(
            f"The alphabet file {path} does not exist", "a UTF-8 file of characters", "check the path"
        )
    return Alphabet.from_texts(_preset_characters(name) for name in name_or_path.split("+"))


def describe(character: str) -> str:
    """Code point and name, such as ``U+00E9 LATIN SMALL LETTER E WITH ACUTE``."""
    return " ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in character)


def describe_all(characters: Iterable[str], at_most: int = 8) -> str:
    """Characters for a message, in code point order, such as ``'é' (U+00E9 ...), ... and 3 more``."""
    ordered: Sequence[str] = sorted(characters)
    shown = ", ".join(f"{c!r} ({describe(c)})" for c in ordered[:at_most])
    return shown if len(ordered) <= at_most else f"{shown} and {len(ordered) - at_most} more"


def _preset_characters(name: str) -> str:
    known = sorted(path.stem for path in PRESETS.glob("*.yaml"))
    if name not in known:
        raise UsageError(
            f"There is no alphabet '{name}'", nearest(name, known), "name a preset or a file of characters"
        )
    preset = load(AlphabetPreset, name, PRESETS)
    return preset.characters + "".join(map(_preset_characters, preset.includes))


def _read(path: Path) -> Alphabet:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}", "a UTF-8 file of characters") from None
    alphabet = Alphabet.from_json(text) if path.suffix == ".json" else Alphabet.from_texts([text])
    if not alphabet.characters:
        raise DataError(f"{path} holds no character", "a UTF-8 file of characters")
    return alphabet


def _is_single(character: str) -> bool:
    return (
        len(character) == 1
        and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        and unicodedata.is_normalized("NFC", character)
    )
