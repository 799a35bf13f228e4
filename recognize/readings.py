"""A block of reports: lines with what was read in them, their mistakes marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from rapidfuzz.distance import Levenshtein

from common.report.templates import environment
from recognize.metrics import characters


@dataclass(frozen=True, slots=True)
class Reading:
    """One line to be shown.

    Attributes:
        picture: made by `picture`.
        reference: what is written.
        prediction: what was read.
        facts: what was measured, such as ``CER 12 %, confidence 0.81``.
    """

    picture: Markup
    reference: str
    prediction: str
    facts: str


def readings(lines: Sequence[Reading]) -> Markup:
    """A list of lines, each with picture, reference and prediction; what differs is marked on both sides."""
    marked = [
        {
            "picture": line.picture,
            "reference": _mark(line.reference, line.prediction),
            "prediction": _mark(line.prediction, line.reference) or Markup("<i>nothing</i>"),
            "facts": line.facts,
        }
        for line in lines
    ]
    return Markup(environment().get_template("readings.html").render(readings=marked))


def _mark(text: str, other: str) -> Markup:
    """``text`` with the characters that an optimal alignment does not find in ``other`` marked."""
    units, result = characters(text), Markup("")
    for block in Levenshtein.opcodes(units, characters(other)):
        part = escape("".join(units[block.src_start : block.src_end]))
        result += part if block.tag == "equal" or not part else Markup("<mark>{}</mark>").format(part)
    return result
