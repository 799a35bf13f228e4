"""What turns a line of text into token ids and back: one interface, two makes.

:class:`~corpora.alphabet.Alphabet` takes characters, :class:`~corpora.bpe.BpeTokenizer` pieces of words. Both
begin with BOS 0, PAD 1, EOS 2, UNK 3, and both give back every text of their alphabet as it was. Training is
the work of :mod:`corpora.bpe`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from common.errors import DataError
from corpora.alphabet import UNK, Alphabet


class Tokenizer(Protocol):
    """Text to token ids and back."""

    @property
    def size(self) -> int:
        """Number of tokens with the four specials."""
        ...

    @property
    def fingerprint(self) -> str:
        """16 hex digits: equal tokenizers, equal fingerprint."""
        ...

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text`` in the form of the alphabet, without BOS and EOS; UNK for what it lacks."""
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """Text of token ids up to the first EOS; BOS and PAD are skipped, UNK becomes U+FFFD.

        Raises:
            DataError: an id beyond the tokens.
        """
        ...

    def foreign(self, text: str) -> set[str]:
        """The characters of ``text`` in the form of the alphabet that it lacks."""
        ...

    def to_json(self) -> str:
        """The tokenizer as JSON text, which :func:`tokenizer_from_json` reads."""
        ...


def tokenizer_from_json(text: str) -> Tokenizer:
    """The tokenizer that ``to_json`` wrote.

    Raises:
        DataError: damaged, or no tokenizer at all.
    """
    from corpora.bpe import KIND, BpeTokenizer

    try:
        kind = json.loads(text).get("kind")
    except (json.JSONDecodeError, AttributeError):
        raise DataError(
            f"This is no tokenizer: {text[:60]!r}", "what 'inkmill tokenizer train' wrote", "train it again"
        ) from None
    return BpeTokenizer.from_json(text) if kind == KIND else Alphabet.from_json(text)


def load_tokenizer(path: Path) -> Tokenizer:
    """Read a tokenizer from a file.

    Raises:
        DataError: missing, damaged, or no tokenizer.
    """
    if not path.is_file():
        raise DataError(f"The tokenizer {path} does not exist", "a file", "check the path")
    try:
        return tokenizer_from_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 at byte {error.start}", "a tokenizer", "train it again"
        ) from None
    except DataError as error:
        raise DataError(f"{path}: {error.found}", error.expected, error.remedy) from None


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many tokens lines take.

    Attributes:
        lines: number of lines.
        mean: tokens a line, without BOS and EOS.
        longest: tokens of the longest line.
        characters: characters a token.
        unknown: tokens that are UNK.
    """

    lines: int
    mean: float
    longest: int
    characters: float
    unknown: int


def measure_lengths(tokenizer: Tokenizer, texts: Sequence[str]) -> Lengths:
    """Tokens a line over some texts.

    Raises:
        DataError: there is no text.
    """
    encoded = [tokenizer.encode(text) for text in texts]
    tokens = np.array([len(ids) for ids in encoded])
    if not tokens.sum():
        raise DataError("There is no text to count the tokens of", "at least one line that is not empty")
    return Lengths(
        len(texts),
        float(tokens.mean()),
        int(tokens.max()),
        sum(map(len, texts)) / int(tokens.sum()),
        sum(ids.count(UNK) for ids in encoded),
    )
