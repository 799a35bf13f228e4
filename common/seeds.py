"""Random streams that depend on nothing but (run seed, index, purpose).

Law 1 of the house: no global generator is read or moved, so a sample is the same in any worker, order or
retry. Purposes are short words ("text", "hand", "ink"); two purposes never share a stream.
"""

from __future__ import annotations

import hashlib

import numpy as np


def derive(seed: int, index: int, purpose: str) -> int:
    """A 128-bit integer that is a pure function of its arguments (BLAKE2b; not for cryptography)."""
    key = f"{seed}\x1f{index}\x1f{purpose}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=16).digest(), "little")


def stream(seed: int, index: int, purpose: str) -> np.random.Generator:
    """An independent NumPy generator for one purpose of one sample."""
    return np.random.Generator(np.random.PCG64(derive(seed, index, purpose)))
