"""Which hand writes a text: a design by its weight, then one of its files, then a variant.

A text goes only to hands that draw all of it. So a design that draws every text has at least its stated
share, and one that lacks letters has its share of the texts that it can write.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from fonts.hand import Hand
from fonts.variants import vary
from fonts.writers import ANY, Writers

_REMEMBERED = 1024  # sets of able hands; texts of one language share a few

Group = tuple[Hand, ...]
Able = tuple[list[Group], list[float]]  # designs narrowed to the hands that can, and their weights summed up


class HandChoice:
    """Draws hands for texts.

    Args:
        hands: those that may write.
    """

    def __init__(self, hands: Sequence[Hand]) -> None:
        grouped: dict[str, list[Hand]] = {}
        for hand in hands:
            grouped.setdefault(hand.design, []).append(hand)
        self._designs = [tuple(group) for group in grouped.values()]
        self._drawn_by = _masks([hand for group in self._designs for hand in group])
        self._weights: dict[Writers, list[float]] = {}
        self._able: dict[tuple[Writers, int], Able] = {}

    def draw(
        self, rng: np.random.Generator, text: str, writers: Writers = ANY, variants: int = 0
    ) -> Hand | None:
        """A hand that draws every character of ``text``, None where there is none.

        Args:
            rng: of this choice.
            text: what is to be written.
            writers: which designs are wished for.
            variants: number of variants a font has besides itself.
        """
        groups, summed = self._able_to(text, writers)
        if not groups:
            return None
        group = groups[bisect_right(summed, rng.random() * summed[-1], hi=len(groups) - 1)]
        hand = group[rng.integers(len(group))]
        return vary(hand, int(rng.integers(variants + 1))) if variants else hand

    def shares(self, text: str, writers: Writers = ANY) -> dict[str, float]:
        """Design -> probability that it writes ``text``; those that cannot are left out."""
        groups, summed = self._able_to(text, writers)
        weights = np.diff(summed, prepend=0.0)
        return {group[0].design: float(w / summed[-1]) for group, w in zip(groups, weights, strict=True)}

    def _able_to(self, text: str, writers: Writers) -> Able:
        mask = self._mask(text)
        if not unicodedata.is_normalized("NFC", text):
            mask |= self._mask(unicodedata.normalize("NFC", text))
        key = writers, mask
        if key not in self._able:
            if len(self._able) >= _REMEMBERED:
                self._able.clear()
            self._able[key] = self._narrowed(mask, writers)
        return self._able[key]

    def _mask(self, text: str) -> int:
        """A bit for every hand that draws the whole text."""
        mask = -1
        for character in set(text):
            mask &= self._drawn_by.get(character, 0)
        return mask

    def _narrowed(self, mask: int, writers: Writers) -> Able:
        if writers not in self._weights:
            self._weights[writers] = [writers.weight(group) for group in self._designs]
        groups: list[Group] = []
        weights: list[float] = []
        bit = 0
        for group, weight in zip(self._designs, self._weights[writers], strict=True):
            able = tuple(hand for place, hand in enumerate(group, bit) if mask >> place & 1)
            bit += len(group)
            if able and weight:
                groups.append(able)
                weights.append(weight)
        return groups, list(accumulate(weights))


def undrawn(hands: Sequence[Hand], text: str) -> str:
    """In words why none of these hands writes a text: the characters that no hand draws, if any."""
    drawn = frozenset().union(*(hand.characters for hand in hands))
    lacking = " ".join(dict.fromkeys(c for c in unicodedata.normalize("NFC", text) if c not in drawn))
    return f"no hand draws {lacking}" if lacking else "no hand draws all of its characters"


def _masks(hands: Sequence[Hand]) -> dict[str, int]:
    """Character -> a bit for every hand that draws it."""
    alike: dict[frozenset[str], int] = {}
    for place, hand in enumerate(hands):
        alike[hand.characters] = alike.get(hand.characters, 0) | 1 << place
    masks: dict[str, int] = {}
    for characters, mask in alike.items():
        for character in characters:
            masks[character] = masks.get(character, 0) | mask
    return masks
