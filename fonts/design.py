"""Which faces are one design, and which designs are held out for validation.

Near-identical letters under other names would leak from training into validation, and the weights of one
family would outweigh a lone hand; so hands are drawn and split by design. Nothing here looks at a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fonts.family import series

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
    packed = np.array([np.frombuffer(bytes.fromhex(s), np.uint8) for s in signatures])
    by_size = np.argsort(np.bitwise_count(packed).sum(1), kind="stable")
    design = np.arange(len(packed))
    _unite(design, by_size, packed, _ALIKE)
    names = np.array([series(family) for family in families], str)
    for name in np.unique(names):
        _unite(design, by_size[names[by_size] == name], packed, _ALIKE_IN_SERIES)
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


def _share(design: str) -> float:
    return int.from_bytes(hashlib.sha256(f"held out:{design}".encode()).digest()[:6], "big") / 2**48


def _unite(
    design: NDArray[np.intp], by_size: NDArray[np.intp], packed: NDArray[np.uint8], needed: float
) -> None:
    """Give all faces that are alike, or alike through others, the lowest number among them.

    Args:
        design: the faces' numbers, changed in place.
        by_size: the faces to compare, in order of their ink: those that differ in it more than ``needed``
            allows cannot be alike and are not compared.
        packed: (faces, bytes) of bits.
        needed: share of ink in common, beyond which two faces are alike.
    """
    sizes = np.bitwise_count(packed[by_size]).sum(1)
    for start in range(0, len(by_size), _BLOCK):
        rows = by_size[start : start + _BLOCK]
        last = np.searchsorted(sizes, sizes[start + len(rows) - 1] / needed, "right")
        for first in range(start, int(last), _BLOCK):
            columns = by_size[first : min(first + _BLOCK, int(last))]
            alike = _overlap(_bits(packed[rows]), _bits(packed[columns])) > needed
            for row in np.flatnonzero(alike.any(1)):
                numbers = np.append(design[columns[alike[row]]], design[rows[row]])
                if (numbers != numbers[0]).any():
                    design[np.isin(design, numbers)] = numbers.min()


def _bits(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.unpackbits(packed, axis=1).astype(np.float32)


def _overlap(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every pair; 0 where both are empty."""
    common = some @ others.T
    union = some.sum(1)[:, None] + others.sum(1)[None, :] - common
    return common / np.maximum(union, 1)
