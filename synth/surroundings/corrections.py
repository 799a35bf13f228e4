"""Words that the writer crossed out: what stands on the paper is then more than the label says.

A false start, a word doubled, anticipated or misspelt stands before the right word, made of the line's own
letters, so that whoever can write the line can write the mistake; a word that breaks off at the line's end
makes none. A doubled word is struck after the right one, where it stands again. How it is crossed out is
``synth.surroundings.strikes``. Words inserted above the line are not made.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from synth.surroundings.settings import SurroundingsSettings

HASH = "#"
HYPHENS = "-=\N{NOT SIGN}\N{HYPHEN}"  # with which a word breaks off at a line's end
LONGEST = 12  # letters of a mistake; longer ones make a line of nothing else

_WORD = re.compile(r"\S+")


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
    """Write a text, perhaps with a mistake that is crossed out.

    Args:
        text: what is to be read.
        settings: the recipe's.
        rng: the line's stream.
    """
    if settings.correction:
        chance, where, kind, cut = rng.random(4)
        words = [word for word in _WORD.finditer(text) if word.group()[-1] not in HYPHENS]
        if chance < settings.correction and words:
            number = int(where * len(words))
            mistake = _mistake([word.group() for word in words], number, kind, cut)
            if mistake and mistake != HASH:
                return _with_mistake(text, words[number].start(), mistake, settings.correction_label)
    return Manuscript(text, text, _each(0, len(text)))


def _each(start: int, stop: int, shift: int = 0) -> tuple[tuple[int, int], ...]:
    return tuple((place, place + 1) for place in range(start + shift, stop + shift))


def _with_mistake(text: str, place: int, mistake: str, policy: str) -> Manuscript:
    """The text with a mistake and a blank before the word at ``place``."""
    shift = len(mistake) + 1
    written = f"{text[:place]}{mistake} {text[place:]}"
    struck = (place, place + len(mistake))
    before, after = _each(0, place), _each(place, len(text), shift)
    if policy == "drop":
        return Manuscript(written, text, before + after, (struck,))
    label = f"{text[:place]}{HASH} {text[place:]}"
    return Manuscript(written, label, (*before, struck, *_each(struck[1], struck[1] + 1), *after), (struck,))


def _mistake(words: list[str], number: int, kind: float, cut: float) -> str:
    """What was written instead of word ``number``, out of the line's own letters."""
    letters = _letters(words[number])
    if kind < 0.45 and len(letters) > 1:  # a false start
        letters = letters[: 1 + int(cut * (len(letters) - 1))]
    elif kind < 0.65 and len(letters) > 2 and words[number].isalpha():  # two letters swapped
        first = int(cut * (len(letters) - 1))
        letters[first : first + 2] = reversed(letters[first : first + 2])
    else:  # the word itself, the one before it again, or a later one too early
        others = [
            word for word in (*words[max(0, number - 1) : number], *words[number + 1 :]) if len(word) > 1
        ]
        letters = _letters(others[int(cut * len(others))]) if others else letters
    return "".join(letters[:LONGEST])


def _letters(word: str) -> list[str]:
    """A word in pieces that can stand alone: marks stay with their letter."""
    pieces: list[str] = []
    for character in word:
        if pieces and unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
