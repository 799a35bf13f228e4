"""Byte-pair encoding of characters by sentencepiece, so that every text of the alphabet comes back as it was.

Texts are brought to the form of the alphabet and not touched beyond that, blanks included; every character of
the alphabet is a piece of its own. By default there are 500 pieces, with the four specials.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from common.errors import DataError
from common.files import fingerprint, sha256_bytes
from corpora.alphabet import BOS, EOS, PAD, SPECIALS, UNK, UNKNOWN, Alphabet, describe_all, join_pieces

KIND = "bpe"
PIECES = 500
BLANK = "\N{LOWER ONE EIGHTH BLOCK}"  # what sentencepiece writes for a blank
LONGEST_TEXT = 1 << 20  # bytes; sentencepiece leaves longer ones out


@dataclass(frozen=True)
class BpeTokenizer:
    """Pieces of words with token ids.

    Attributes:
        alphabet: the characters, and their Unicode form; a text of them comes back as it was.
        model: the model of sentencepiece as it stores it.
    """

    alphabet: Alphabet
    model: bytes

    @property
    def size(self) -> int:
        """Number of tokens: the pieces and the four specials."""
        return SPECIALS + len(self.pieces)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits: equal alphabet and model, equal fingerprint."""
        return fingerprint([KIND, self.alphabet.fingerprint, sha256_bytes(self.model)])

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The pieces in the order of their ids, from ``SPECIALS`` on."""
        ids = range(SPECIALS, self._processor.get_piece_size())
        return tuple(self._processor.id_to_piece(k).replace(BLANK, " ") for k in ids)

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text`` in the form, without BOS and EOS; one UNK for a run of foreign characters."""
        ids: list[int] = self._processor.encode(self.alphabet.normalize(text).replace(BLANK, UNKNOWN))
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Text of token ids up to the first EOS; BOS and PAD are skipped, UNK becomes U+FFFD.

        Raises:
            DataError: an id beyond the pieces.
        """
        return join_pieces(self.pieces, ids)

    def foreign(self, text: str) -> set[str]:
        """The characters of ``text`` in the form that the alphabet lacks."""
        return self.alphabet.foreign(text)

    def to_json(self) -> str:
        """Alphabet, model and fingerprint as JSON text."""
        record = {
            "kind": KIND,
            "alphabet": json.loads(self.alphabet.to_json()),
            "fingerprint": self.fingerprint,
            "model": base64.b64encode(self.model).decode(),
        }
        return json.dumps(record, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> BpeTokenizer:
        """The tokenizer that :meth:`to_json` wrote.

        Raises:
            DataError: damaged, or something else.
        """
        try:
            record = json.loads(text)
            alphabet = Alphabet.from_json(json.dumps(record["alphabet"]))
            found = cls(alphabet, base64.b64decode(record["model"], validate=True))
            whole = found.fingerprint == record["fingerprint"]
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError, binascii.Error):
            whole = False
        if not whole:  # and sentencepiece never sees bytes that it did not write
            raise DataError(
                "The tokenizer is damaged", "what 'inkmill tokenizer train' wrote", "train it again"
            ) from None
        return found

    @cached_property
    def _processor(self) -> Any:
        from sentencepiece import SentencePieceProcessor

        return SentencePieceProcessor(model_proto=self.model)


def train_bpe(texts: Iterable[str], alphabet: Alphabet, pieces: int = PIECES) -> BpeTokenizer:
    """Learn pieces from texts: the same ones from the same texts in the same order.

    Args:
        texts: lines or documents, every character of them in the alphabet.
        alphabet: every character of it becomes a piece, met or not.
        pieces: number of tokens with the four specials.

    Raises:
        DataError: a foreign character, fewer pieces than characters, too little text for so many pieces.
    """
    import sentencepiece

    if BLANK in alphabet.characters:
        raise DataError(
            f"The alphabet holds {describe_all(BLANK)}, which stands for a blank in sentencepiece",
            "an alphabet without it",
        )
    if pieces < alphabet.size:
        raise DataError(
            f"{pieces} pieces are too few for {len(alphabet.characters)} characters and {SPECIALS} specials",
            f"at least {alphabet.size}",
            "raise --pieces, or leave rare characters out of the alphabet",
        )
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_checked(chain(texts, alphabet.characters), alphabet),
            model_writer=model,
            model_type="bpe",
            vocab_size=pieces,
            bos_id=BOS,
            pad_id=PAD,
            eos_id=EOS,
            unk_id=UNK,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
            character_coverage=1.0,  # of the texts; the alphabet comes with them, a character a text
            max_sentence_length=LONGEST_TEXT,
            num_threads=1,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise DataError(
            f"The text does not yield {pieces} pieces ({str(error).splitlines()[-1].strip()})",
            "more text, or fewer pieces",
        ) from None
    return BpeTokenizer(alphabet, model.getvalue())


def _checked(texts: Iterable[str], alphabet: Alphabet) -> Iterable[str]:
    for text in texts:
        if foreign := alphabet.foreign(text):
            raise DataError(
                f"The text holds {describe_all(foreign)}",
                "characters of the alphabet",
                "clean the text to the alphabet, or take another one",
            )
        yield alphabet.normalize(text)
