"""The record that flows from the fonts to the mill: one way of writing, a font or a variant of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

HandSplit = Literal["train", "validation"]
Kind = Literal["everyday", "formal", "brush"]


class Axis(NamedTuple):
    """A variation axis of a font: OpenType tag and bounds in design units."""

    tag: str
    least: float
    default: float
    most: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What the letters look like, in x-heights unless said otherwise.

    Attributes:
        slant: degrees to the right.
        stroke: typical pen width.
        width: mean advance of the lower-case letters.
        contrast: thick strokes over thin ones.
        joined: share of the pairs of letters that touch, 0 to 1; 1 where it was not measured, because what
            may be done to joined letters may be done to all.
        space: advance of the blank.
    """

    slant: float = 0.0
    stroke: float = 0.12
    width: float = 1.0
    contrast: float = 1.0
    joined: float = 1.0
    space: float = 0.7


@dataclass(frozen=True, slots=True)
class Variant:
    """What makes another person of the same font; lengths in x-heights. See :func:`fonts.variants.vary`.

    Attributes:
        number: which variant of the font, from 1.
        seed: of the letters' own deformation.
        joined: whether letters touch: then their edges stay where they are.
        axes: tag and value of every variation axis of the font.
        features: OpenType features switched on.
        slant: degrees added, to the right.
        width: factor on all horizontal lengths.
        weight: growth of the strokes; negative thins.
        ascenders: factor on what stands above the x-height.
        descenders: factor on what hangs below the baseline.
        spacing: added between letters.
        deformation: amplitude of the deformation that every letter has for its own.
    """

    number: int
    seed: int = 0
    joined: bool = True
    axes: tuple[tuple[str, float], ...] = ()
    features: tuple[str, ...] = ()
    slant: float = 0.0
    width: float = 1.0
    weight: float = 0.0
    ascenders: float = 1.0
    descenders: float = 1.0
    spacing: float = 0.0
    deformation: float = 0.0


@dataclass(frozen=True, slots=True)
class Hand:
    """One font file (and face) that may write, as it is or varied.

    Attributes:
        id: first 16 hex digits of the file's SHA-256, plus ``-N`` for face N > 0 of a collection, plus ``~K``
            for variant K > 0.
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
        kind: ``everyday`` writing, ``formal`` calligraphy, or ``brush`` lettering.
        traits: what its letters look like.
        axes: variation axes, in the font's order.
        features: optional OpenType features that change letters.
        wide: those of ``characters`` that the font sets in squares as wide as an ideograph; ``synth`` sets
            them close.
        variant: how it differs from the font; None for the font as it is.
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
    kind: Kind = "everyday"
    traits: Traits = Traits()
    axes: tuple[Axis, ...] = ()
    features: tuple[str, ...] = ()
    wide: frozenset[str] = frozenset()
    variant: Variant | None = None

    @property
    def font(self) -> str:
        """The id of the font, which its variants share."""
        return self.id.partition("~")[0]

    def covers(self, text: str) -> bool:
        """Whether every character of ``text``, as it stands or composed (NFC), is drawn with ink."""
        return self.characters.issuperset(text) or self.characters.issuperset(
            unicodedata.normalize("NFC", text)
        )
