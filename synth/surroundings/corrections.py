"""Words that the writer crossed out: what stands on the paper is then more than the label says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.surroundings.settings import SurroundingsSettings


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What the pen writes, and what is to be read of it.

    Attributes:
        written: every character that is drawn, logical order.
        label: what is to be read.
        places: for every character of ``label`` the characters of ``written`` that show it, (start, stop).
        struck: the stretches of ``written`` that are crossed out, (start, stop).
    """

    written: str
    label: str
    places: tuple[tuple[int, int], ...]
    struck: tuple[tuple[int, int], ...] = ()


def correct(text: str, settings: SurroundingsSettings, rng: np.random.Generator) -> Manuscript:
    """Write a text, perhaps with a false start that is crossed out."""
    return Manuscript(text, text, tuple((place, place + 1) for place in range(len(text))))
