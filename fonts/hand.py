"""The record that flows from the fonts to the mill: one way of writing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HandSplit = Literal["train", "validation"]


@dataclass(frozen=True, slots=True)
class Hand:
    """One font file (and face) that may write.

    Attributes:
        id: first 16 hex digits of the file's SHA-256, plus ``-N`` for face N > 0 of a collection.
        family: family name, such as ``Caveat``.
        style: style name, such as ``Regular``.
        path: the font file.
        face: face index inside the file.
        sha256: hash of the file.
        licence: SPDX id, or ``unknown``.
        characters: what it really draws: mapped by the font AND with ink AND not the .notdef picture (blank
            included).
        x_height: height of letters like x as a share of the em, measured from ink; pictures are scaled by it.
        design: id of the cluster of near-identical designs; hands are split and weighted by design.
        split: ``validation`` hands are never used for training samples.
        verdict: ``ok``, or why it may not write, such as ``unicase`` or ``guide-lines``.
    """

    id: str
    family: str
    style: str
    path: Path
    face: int
    sha256: str
    licence: str
    characters: frozenset[str]
    x_height: float
    design: str
    split: HandSplit
    verdict: str = "ok"

    def covers(self, text: str) -> bool:
        """Whether every character of ``text`` is drawn with ink by this hand."""
        return self.characters.issuperset(text)
