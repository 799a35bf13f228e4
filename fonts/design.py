"""Which faces are one design, and which designs are held out for validation.

Near-identical letters under other names would leak from training into validation, and the weights of one
family would outweigh a lone hand; so hands are drawn and split by design. Nothing here looks at a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

HELD_OUT = 0.12
_ALIKE = 0.90  # share of ink in common that makes two faces one design
_ALIKE_IN_SERIES = 0.45  # weights, slants and national versions of one hand differ more
_BLOCK = 512


def clusters(signatures: Sequence[str], families: Sequence[str]) -> list[int]:
    """For every face the position of the first face of its design.

    Args:
        signatures: bits in hex, all of one length (see :class:`fonts.measure.Measures`).
        families: family names; faces of one series (``Playwrite AU QLD``, ``Playwrite ES``) need less in
            common.
    """
    bits = np.array(
        [np.unpackbits(np.frombuffer(bytes.fromhex(s), np.uint8)) for s in signatures], np.float32
    )
    series = np.unique(np.array([_series(family) for family in families], str), return_inverse=True)[1]
    design = np.arange(len(signatures))
    for start in range(0, len(bits), _BLOCK):
        rows = slice(start, start + _BLOCK)
        needed = np.where(series[rows, None] == series, _ALIKE_IN_SERIES, _ALIKE)
        for alike in _overlap(bits[rows], bits) > needed:
            if len(merged := np.unique(design[alike])) > 1:
                design[np.isin(design, merged)] = merged[0]
    return [int(first) for first in design]


def held_out(designs: Mapping[str, int]) -> frozenset[str]:
    """The designs for validation: about one in eight, decided by the design's own id and not by the others.

    Where that leaves no design on one of the two sides, one is moved, if there are two.

    Args:
        designs: design id -> number of usable hands; those with none are not counted.
    """
    order = sorted((d for d, hands in designs.items() if hands), key=_share)
    if len(order) < 2:
        return frozenset()
    count = sum(_share(design) < HELD_OUT for design in order)
    return frozenset(order[: min(max(count, 1), len(order) - 1)])


def _series(family: str) -> str:
    """The first word of a family's name: what the versions of one hand share."""
    return family.partition(" ")[0].casefold()


def _share(design: str) -> float:
    return int.from_bytes(hashlib.sha256(f"held out:{design}".encode()).digest()[:6], "big") / 2**48


def _overlap(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every pair; 0 where both are empty."""
    common = some @ others.T
    union = some.sum(1)[:, None] + others.sum(1)[None, :] - common
    return common / np.maximum(union, 1)
