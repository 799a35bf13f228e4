"""Other forms of single letters: a writer does not always choose the same a.

The fonts' own alternates, switched on for one occurrence by the OpenType features that were found to leave
letters legible (``fonts.measure``). What the form is, HarfBuzz decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fonts.hand import Hand
from fonts.variants import alternates
from synth.ranges import Range, draw


class OtherForm(NamedTuple):
    """A feature that is switched on for one character of the text."""

    feature: str
    place: int


def choose_forms(
    text: str, hand: Hand, share: Range, kept: np.random.Generator, rng: np.random.Generator
) -> tuple[OtherForm, ...]:
    """The occurrences that are written in another form, one of the font's for each.

    Args:
        text: what is written.
        hand: who writes.
        share: of the letters, bounds of what writers do.
        kept: the page's stream: the writer's habit.
        rng: the line's stream.
    """
    features = alternates(hand)
    habit = draw(kept, share)
    if not features or not habit:
        return ()
    chosen, which = rng.random((2, len(text)))
    places = [place for place in np.flatnonzero(chosen < habit).tolist() if text[place].isalpha()]
    return tuple(OtherForm(features[int(which[place] * len(features))], place) for place in places)
