"""Which faces are one design, and which designs are held out for validation.

Near-identical letters under other names would leak from training into validation, and the weights of one
family would outweigh a lone hand; so hands are drawn and split by design. What was there first stays as it
was, whatever is added later. Nothing here looks at a file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fonts.family import beginnings, nameless, plain, series

HELD_OUT = 0.12
_ALIKE = 0.90  # share of ink in common that makes two faces one design
_ALIKE_IN_SERIES = 0.45  # national versions and offshoots of one hand differ more
_ALIKE_IN_FAMILY = 0.35  # its weights and slants most; of unrelated faces three in four have less in common
_BLOCK = 512

Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]


class Face(NamedTuple):
    """What decides the design of a face.

    Attributes:
        id: of the hand.
        family: its name.
        signature: bits in hex, of one length for all faces (see :class:`fonts.measure.Measures`).
        layer: faces of later layers change nothing about those of earlier ones.
        usable: whether it may write.
    """

    id: str
    family: str
    signature: str
    layer: int = 0
    usable: bool = True


class Designs(NamedTuple):
    """The designs of some faces.

    Attributes:
        of: for every face the id of its design, which is that of the design's first face.
        held_out: the designs for validation.
    """

    of: list[str]
    held_out: frozenset[str]


def designs(faces: Sequence[Face]) -> Designs:
    """Tell which faces are one design and which designs are held out, layer by layer.

    Faces of one layer that are alike, also through others of it, belong together. They join the most alike
    design of the layers before, a held-out one before others, so that look-alikes of held-out hands are held
    out too; where they are like none they found a design.

    Args:
        faces: in an order that holds when others are added.
    """
    likeness = _Likeness(faces)
    layer_of = np.array([face.layer for face in faces])
    usable = np.array([face.usable for face in faces], bool)
    first = np.arange(len(faces))  # of the design
    held, decided = np.zeros(len(faces), bool), np.zeros(len(faces), bool)  # by first face
    for layer in np.unique(layer_of).tolist():
        new = layer_of == layer
        likeness.unite(first, new)
        likeness.join(first, new, layer_of < layer, held)
        fresh = [f for f in np.unique(first[new & usable]).tolist() if not decided[f]]
        taken = _held_out({f: faces[f].id for f in fresh}, bool(held.any()), bool(decided.any()))
        held[taken] = decided[fresh] = True
    ids = np.array([face.id for face in faces])
    return Designs(ids[first].tolist(), frozenset(ids[held].tolist()))


def _held_out(fresh: dict[int, str], any_held: bool, any_decided: bool) -> list[int]:
    """Those of new designs that are for validation: about one in eight, each by its own id.

    As soon as two designs may write there is one on each side.
    """
    order = sorted(fresh, key=lambda first: _share(fresh[first]))
    count = max(sum(_share(name) < HELD_OUT for name in fresh.values()), not any_held)
    return order[: count if any_decided else min(count, max(len(order) - 1, 0))]


def _share(design: str) -> float:
    return int.from_bytes(hashlib.sha256(f"held out:{design}".encode()).digest()[:6], "big") / 2**48


class _Likeness:
    """Which faces have enough ink in common."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._packed = np.array([np.frombuffer(bytes.fromhex(face.signature), np.uint8) for face in faces])
        self._sizes = np.bitwise_count(self._packed).sum(1)
        self._groups = [
            (needed, positions[np.argsort(self._sizes[positions], kind="stable")])
            for needed, positions in _groups([face.family for face in faces])
        ]

    def unite(self, first: Positions, new: Mask) -> None:
        """Give new faces that are alike, or alike through others, the lowest number among them, in place."""
        for face, others, _ in self._rows(new, new):
            numbers = np.append(first[others], first[face])
            if (numbers != numbers[0]).any():
                first[np.isin(first, numbers)] = numbers.min()

    def join(self, first: Positions, new: Mask, earlier: Mask, held: Mask) -> None:
        """Let new designs be part of an earlier one that they are like, a held-out one first, in place."""
        best: dict[int, tuple[float, int]] = {}
        for face, others, common in self._rows(new, earlier):
            claims = common + held[first[others]]  # ink in common is 1 at most
            claim = int(claims.argmax())
            known = best.get(int(first[face]), (0.0, 0))
            best[int(first[face])] = max(known, (float(claims[claim]), int(first[others[claim]])))
        for own, (_, design) in best.items():
            first[first == own] = design

    def _rows(self, some: Mask, others: Mask) -> Iterator[tuple[np.intp, Positions, NDArray[np.float32]]]:
        """Faces of ``some``, those of ``others`` that are like each, and the ink in common with them."""
        for needed, group in self._groups:
            rows = group[some[group]]
            columns = rows if others is some else group[others[group]]
            if len(rows) and len(columns):
                yield from self._alike(rows, columns, needed)

    def _alike(
        self, rows: Positions, columns: Positions, needed: float
    ) -> Iterator[tuple[np.intp, Positions, NDArray[np.float32]]]:
        """Both in order of their ink: those that differ in it beyond ``needed`` are not compared."""
        sizes = self._sizes[columns]
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            low = np.searchsorted(sizes, self._sizes[block[0]] * needed) if columns is not rows else start
            high = int(np.searchsorted(sizes, self._sizes[block[-1]] / needed, "right"))
            for left in range(int(low), high, _BLOCK):
                near = columns[left : min(left + _BLOCK, high)]
                common = _overlap(_bits(self._packed[block]), _bits(self._packed[near]))
                alike = common > needed
                for row in np.flatnonzero(alike.any(1)):
                    yield block[row], near[alike[row]], common[row, alike[row]]


def _groups(families: Sequence[str]) -> Iterator[tuple[float, Positions]]:
    """Positions to compare, and the ink in common that makes two of them alike."""
    yield _ALIKE, np.arange(len(families))
    of_family: dict[str, list[int]] = defaultdict(list)
    of_series: dict[str, list[int]] = defaultdict(list)
    names: dict[str, str] = {}
    for position, family in enumerate(families):
        if not nameless(family):
            names.setdefault(plain(family), family)
            of_family[plain(family)].append(position)
            of_series[series(family)].append(position)
    of_series.pop("", None)
    offshoots = (
        of_family[start] + of_family[name]
        for name, family in names.items()
        for start in beginnings(family)[:-1]
        if start in of_family
    )
    for needed, groups in (
        (_ALIKE_IN_FAMILY, of_family.values()),
        (_ALIKE_IN_SERIES, (*of_series.values(), *offshoots)),
    ):
        yield from ((needed, np.array(group)) for group in groups if len(group) > 1)


def _bits(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.unpackbits(packed, axis=1).astype(np.float32)


def _overlap(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every pair; 0 where both are empty."""
    common = some @ others.T
    union = some.sum(1)[:, None] + others.sum(1)[None, :] - common
    return common / np.maximum(union, 1)
