"""The characters a recogniser knows, and their token ids.

Four specials come first and never move: BOS 0, PAD 1, EOS 2, UNK 3; then the characters in code point order.
An alphabet declares the Unicode form of its texts. Where alphabets come from is in :mod:`corpora.inventory`,
cleaning of text to one in :mod:`corpora.cleaning`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from common.errors import DataError, UsageError, nearest
from common.files import fingerprint

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = get_args(Form)
DECOMPOSED = ("NFD", "NFKD")
BOS, PAD, EOS, UNK = range(4)
SPECIALS = 4
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, format characters, surrogates, separators of lines


@dataclass(frozen=True)
class Alphabet:
    """A set of characters with token ids.

    Args:
        characters: sorted, unique, single code points in ``form``; no control and no format characters.
        form: the Unicode form of the texts. In the decomposed ones a combining mark is a character of its
            own.

    Raises:
        DataError: a character is none of the above; use :meth:`from_texts` for characters in any order.
        UsageError: there is no such form.
    """

    characters: tuple[str, ...]
    form: Form = "NFC"

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise UsageError(f"There is no Unicode form '{self.form}'", nearest(str(self.form), FORMS))
        if wrong := [c for c in self.characters if not _is_single(c, self.form)]:
            shown = ", ".join(f"{c!r} ({describe(c)})" for c in wrong[:5])
            raise DataError(
                f"The alphabet holds {shown}", f"single characters in {self.form} that can be written"
            )
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
        """16 hex digits: the same for equal characters and forms."""
        characters = list(self.characters)
        return fingerprint(characters if self.form == "NFC" else [self.form, characters])

    def normalize(self, text: str) -> str:
        """``text`` in the form of this alphabet."""
        return unicodedata.normalize(self.form, text)

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text`` in the form, without BOS and EOS; UNK for what the alphabet lacks."""
        ids = self.ids
        return [ids.get(character, UNK) for character in self.normalize(text)]

    def decode(self, ids: Iterable[int]) -> str:
        """Text of token ids up to the first EOS; BOS and PAD are skipped, UNK becomes U+FFFD.

        Raises:
            DataError: an id beyond the alphabet.
        """
        return join_pieces(self.characters, ids)

    def foreign(self, text: str) -> set[str]:
        """The characters of ``text`` in the form that the alphabet lacks."""
        return set(self.normalize(text)).difference(self.ids)

    def to_form(self, form: Form) -> Alphabet:
        """The alphabet of the same texts in another form.

        Raises:
            DataError: marks are to be composed; which letters bear them is known to texts alone.
        """
        if self.form in DECOMPOSED and form not in DECOMPOSED and any(map(_is_part, self.characters)):
            raise DataError(
                f"An alphabet in {self.form} does not tell which letters of {form} its marks belong to",
                "the texts themselves",
                f"make the alphabet of the texts, in {form}",
            )
        return self if form == self.form else Alphabet.from_texts(self.characters, form)

    def to_json(self) -> str:
        """The alphabet as JSON text, for checkpoints and corpora; the form is left out where it is NFC."""
        form = {} if self.form == "NFC" else {"form": self.form}
        return json.dumps({"characters": "".join(self.characters), **form}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Alphabet:
        """The alphabet that :meth:`to_json` wrote.

        Raises:
            DataError: not such a text.
        """
        try:
            record = json.loads(text)
            return cls(tuple(record["characters"]), record.get("form", "NFC"))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(
                f"This is no alphabet: {text[:60]!r} ({error})", '{"characters": "..."}'
            ) from None

    @classmethod
    def from_texts(cls, texts: Iterable[str], form: Form = "NFC") -> Alphabet:
        """All characters of some texts in ``form``; control and format characters are left out."""
        found: set[str] = set()
        for text in texts:
            found.update(unicodedata.normalize(form, text))
        return cls(tuple(sorted(c for c in found if is_written(c))), form)


def load_alphabet(place: str, form: Form | None = None) -> Alphabet:
    """The alphabet of a preset, file, corpus, SPEC or union: see :func:`corpora.inventory.take_inventory`."""
    from corpora.inventory import take_inventory  # which stands on this module

    return take_inventory(place, form).alphabet


def join_pieces(pieces: Sequence[str], ids: Iterable[int]) -> str:
    """Text of token ids up to the first EOS, token ``SPECIALS + k`` being ``pieces[k]``; see
    :meth:`Alphabet.decode`.

    Raises:
        DataError: an id beyond the pieces.
    """
    found = []
    for token in ids:
        if token == EOS:
            break
        if token == UNK:
            found.append(UNKNOWN)
        elif token not in (BOS, PAD):
            if not 0 <= token < SPECIALS + len(pieces):
                raise DataError(
                    f"Token {token} is outside the alphabet", f"0 to {SPECIALS + len(pieces) - 1}"
                )
            found.append(pieces[token - SPECIALS])
    return "".join(found)


def is_written(character: str) -> bool:
    """Whether a character can stand in a line: neither control nor format character nor line separator."""
    return unicodedata.category(character) not in _INVISIBLE


def describe(character: str) -> str:
    """Code point and name, such as ``U+00E9 LATIN SMALL LETTER E WITH ACUTE``."""
    return " ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in character)


def shown(character: str) -> str:
    """A character as one can see it by itself: a mark on a dotted circle, an open box for a blank."""
    if character.isspace():
        return "\N{OPEN BOX}"
    return f"\N{DOTTED CIRCLE}{character}" if unicodedata.category(character[0])[0] == "M" else character


def describe_all(characters: Iterable[str], at_most: int = 8) -> str:
    """Characters for a message, in code point order, such as ``'é' (U+00E9 ...), ... and 3 more``."""
    ordered: Sequence[str] = sorted(characters)
    shown = ", ".join(f"{c!r} ({describe(c)})" for c in ordered[:at_most])
    return shown if len(ordered) <= at_most else f"{shown} and {len(ordered) - at_most} more"


def _is_single(character: str, form: Form) -> bool:
    return len(character) == 1 and is_written(character) and unicodedata.is_normalized(form, character)


def _is_part(character: str) -> bool:
    """Whether it composes with what stands before it: a mark, or a vowel or final of Hangul."""
    return unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"
