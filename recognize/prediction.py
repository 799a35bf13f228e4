"""The record that reading yields: a text, how sure each character is, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """One read character.

    Attributes:
        text: the character.
        probability: the model's probability of it, given what stands before, 0..1.
        position: where the model looked, as a share of the picture's width, 0..1.
    """

    text: str
    probability: float
    position: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """One read line.

    Attributes:
        text: the reading.
        confidence: geometric mean of the characters' probabilities, the end mark left out; for an empty
            reading the probability that the line is empty. 0..1.
        characters: the reading, character by character.
        alternatives: other readings with their log-probability, best first (beam search only).
        flags: ``truncated`` (the length limit was reached), ``blank`` (no ink found).
    """

    text: str
    confidence: float
    characters: tuple[Character, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    flags: tuple[str, ...] = ()
