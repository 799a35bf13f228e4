"""Which way a line runs: the stretches of one direction, from left to right (Unicode Standard Annex 9).

Lines of one direction are told from their characters. For others the levels come from python-bidi, and the
pairing of brackets, which its levels leave out, is done here. Its second implementation must show the same
order, or the line is refused.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from synth.hand.undrawable import Undrawable

RIGHT = frozenset({"R", "AL"})
LEFT = frozenset({"L", "EN", "AN"})  # numbers run to the right everywhere


@dataclass(frozen=True, slots=True)
class Run:
    """Characters ``start`` to ``stop`` of a text, which run to the right or to the left."""

    start: int
    stop: int
    rtl: bool

    @property
    def order(self) -> range:
        """The characters from left to right."""
        return range(self.stop - 1, self.start - 1, -1) if self.rtl else range(self.start, self.stop)


def runs_of(text: str) -> tuple[bool, tuple[Run, ...]]:
    """Whether the line begins on the right, and its runs from left to right.

    Raises:
        Undrawable: ``mixed-direction``: the text runs both ways in a manner that is not understood.
    """
    kinds = set() if text.isascii() else {unicodedata.bidirectional(character) for character in text}
    rtl = bool(kinds & RIGHT)
    if not rtl or not kinds & LEFT:
        return rtl, (Run(0, len(text), rtl),)
    from bidi import get_base_level, get_display

    base = get_base_level(text)
    runs = _reordered(_levels(text, base))
    if "".join(text[place] for run in runs for place in run.order) != get_display(text):
        raise Undrawable("mixed-direction")
    return base == 1, runs


def _levels(text: str, base: int) -> list[int]:
    from bidi import algorithm

    storage = algorithm.get_empty_storage() | {"base_level": base, "base_dir": "LR"[base]}
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    if len(storage["chars"]) != len(text):  # marks of embedding are gone
        raise Undrawable("mixed-direction")
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return [character["level"] for character in storage["chars"]]


def _resolve_brackets(characters: list[dict[str, Any]], around: str) -> None:
    """Rule N0: a pair of brackets runs as what it holds, if that runs as the line or as what is before it."""
    for first, last in _pairs(characters):
        inside = _strong(characters[first + 1 : last])
        if not inside:
            continue
        before = [around, *_strong(characters[:first])][-1]
        kind = around if around in inside else before
        characters[first]["type"] = characters[last]["type"] = kind


def _pairs(characters: list[dict[str, Any]]) -> list[tuple[int, int]]:
    from bidi.mirror import MIRRORED

    opened: list[tuple[str, int]] = []
    pairs = []
    for place, character in enumerate(characters):
        kind = unicodedata.category(character["ch"])
        if character["type"] == "ON" and kind == "Ps":
            opened.append((MIRRORED.get(character["ch"], ""), place))
        elif character["type"] == "ON" and kind == "Pe":
            while opened and opened[-1][0] != character["ch"] and character["ch"] in dict(opened):
                opened.pop()
            if opened and opened[-1][0] == character["ch"]:
                pairs.append((opened.pop()[1], place))
    return sorted(pairs)


def _strong(characters: list[dict[str, Any]]) -> list[str]:
    """Their directions; numbers count as running to the left here."""
    kinds = [character["type"] for character in characters]
    return ["L" if kind == "L" else "R" for kind in kinds if kind in ("L", "R", "EN", "AN")]


def _reordered(levels: list[int]) -> tuple[Run, ...]:
    """Rule L2: from the highest level down, stretches of at least that level are turned round."""
    bounds = [place for place in range(1, len(levels)) if levels[place] != levels[place - 1]]
    runs = [Run(a, b, levels[a] % 2 == 1) for a, b in zip([0, *bounds], [*bounds, len(levels)], strict=True)]
    for level in range(max(levels), 0, -1):
        start = 0
        while start < len(runs):
            stop = start
            while stop < len(runs) and levels[runs[stop].start] >= level:
                stop += 1
            runs[start:stop] = runs[start:stop][::-1]
            start = stop + 1
    return tuple(runs)
