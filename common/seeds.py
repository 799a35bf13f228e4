"""Random streams that depend on nothing but (run seed, index, purpose).

Law 1 of the house: no global generator is read or moved, so a sample is the same in any worker, order or
retry. Purposes are short words ("text", "hand", "ink"); two purposes never share a stream.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

T = TypeVar("T")
_BLOCK = struct.Struct("<8Q")
_ULP = 2.0**-53


def derive(seed: int, index: int, purpose: str) -> int:
    """A 128-bit integer that is a pure function of its arguments (BLAKE2b; not for cryptography)."""
    return int.from_bytes(hashlib.blake2b(_key(seed, index, purpose), digest_size=16).digest(), "little")


def stream(seed: int, index: int, purpose: str) -> np.random.Generator:
    """An independent NumPy generator for one purpose of one sample."""
    state = _Digest(_key(seed, index, purpose))
    return np.random.Generator(np.random.PCG64(state))  # type: ignore[arg-type] # NumPy takes any ISeedSequence


def draws(seed: int, index: int, purpose: str) -> Draws:
    """An independent quick stream for one purpose of one sample: half of the cost of :func:`stream`."""
    return Draws(_key(seed, index, purpose))


def _key(seed: int, index: int, purpose: str) -> bytes:
    return f"{seed}\x1f{index}\x1f{purpose}".encode()


class _Digest(ISeedSequence):
    """BLAKE2b of a key as a generator's state: NumPy's own mixing of seeds takes four times as long."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        """The words of the state; at most 64 bytes in all."""
        size = n_words * np.dtype(dtype).itemsize
        return np.frombuffer(hashlib.blake2b(self._key, digest_size=size).digest(), dtype)


class Draws:
    """Random numbers that are BLAKE2b of (key, block number), eight 64-bit words a block.

    It has the methods of a NumPy generator that single draws need, with the same meaning.

    Args:
        key: what the stream is a pure function of.
    """

    __slots__ = ("_block", "_key", "_words")

    def __init__(self, key: bytes) -> None:
        self._key, self._block, self._words = key, 0, [*_BLOCK.unpack(hashlib.blake2b(key).digest())]

    def _word(self) -> int:
        if not self._words:
            self._block += 1
            key = self._key + b"\x1f%d" % self._block
            self._words.extend(_BLOCK.unpack(hashlib.blake2b(key).digest()))
        return self._words.pop()

    def random(self) -> float:
        """A number in [0, 1) with 53 bits."""
        return (self._word() >> 11) * _ULP

    def integers(self, low: int, high: int | None = None) -> int:
        """A whole number in [low, high), or in [0, low) where ``high`` is None.

        Raises:
            ValueError: there is none.
        """
        low, high = (0, low) if high is None else (low, high)
        if high <= low:
            raise ValueError(f"no whole number from {low} on below {high}")
        return low + ((high - low) * self._word() >> 64)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.random()

    def choice(self, sequence: Sequence[T]) -> T:
        """One member of a sequence that is not empty."""
        return sequence[self.integers(len(sequence))]
