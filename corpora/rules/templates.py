"""Small grammars: templates over lists of words, expanded at random.

``{month}`` takes one of the words of that name, which may be templates again. ``{1-31}`` takes a number of
the range, ``{01-31}`` writes it with leading zeros, ``{1~9999}`` takes small ones as often as large ones.
After a colon stands how it is written: ``upper``, ``lower``, ``roman``, or a mark between thousands
(``{1~9999:.}``).
What the characters at hand cannot write is left out when the grammar is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from common.errors import DataError
from common.seeds import Draws

Writer = Callable[[Draws], str]
_FIELD = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_RANGE = re.compile(r"(\d+)([-~])(\d+)")
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


class Grammar:
    """Templates and words that can be written with some characters.

    Args:
        words: lists of templates by name.
        known: the characters that may be written; None for all.

    Raises:
        DataError: a template names words that are not there, goes round in a circle, or has an unknown form.
    """

    def __init__(self, words: Mapping[str, Sequence[str]], known: frozenset[str] | None = None) -> None:
        self._words, self._known = words, known
        self._lists: dict[str, Sequence[Writer]] = {}

    def writers(self, templates: Sequence[str]) -> list[Writer]:
        """One function a template that can be written: draws in, text out."""
        return [writer for template in templates if (writer := self._writer(template, ())) is not None]

    def _writer(self, template: str, above: tuple[str, ...]) -> Writer | None:
        parts: list[Writer] = []
        end = 0
        for field in _FIELD.finditer(template):
            if literal := template[end : field.start()]:
                parts.append(_literal(literal))
            part = self._field(field[1], field[2] or "", above)
            if part is None:
                return None
            parts.append(part)
            end = field.end()
        if literal := template[end:]:
            parts.append(_literal(literal))
        if self._known is not None and not self._known.issuperset(_FIELD.sub("", template)):
            return None
        return parts[0] if len(parts) == 1 else lambda rng: "".join([part(rng) for part in parts])

    def _field(self, name: str, form: str, above: tuple[str, ...]) -> Writer | None:
        if bounds := _RANGE.fullmatch(name):
            return self._number(bounds, form)
        choices = self._choices(name, above)
        if not choices:
            return None
        if form not in ("", "upper", "lower"):
            raise DataError(f"The words '{name}' are asked for in the form '{form}'", "upper or lower")
        if not form:
            return lambda rng: rng.choice(choices)(rng)
        written = str.upper if form == "upper" else str.lower
        return lambda rng: written(rng.choice(choices)(rng))

    def _choices(self, name: str, above: tuple[str, ...]) -> Sequence[Writer]:
        if name in above:
            raise DataError(f"The words '{name}' are made of themselves: {' > '.join((*above, name))}")
        if name not in self._words:
            raise DataError(f"There are no words '{name}'", "a list of that name under words")
        if name not in self._lists:
            found = (self._writer(template, (*above, name)) for template in self._words[name])
            self._lists[name] = [writer for writer in found if writer is not None]
        return self._lists[name]

    def _number(self, bounds: re.Match[str], form: str) -> Writer | None:
        low, high, width = int(bounds[1]), int(bounds[3]), len(bounds[1]) if bounds[1][0] == "0" else 0
        if high < low or (form == "roman" and not low):
            raise DataError(f"The range {bounds[0]} holds no number that can be written")
        signs = "IVXLCDM" if form == "roman" else "0123456789" + form
        if self._known is not None and not self._known.issuperset(signs):
            return None
        written = _form(form, width)
        if bounds[2] == "~":
            return lambda rng: written(min(int(low * ((high + 1) / low) ** rng.random()), high))
        return lambda rng: written(rng.integers(low, high + 1))


def roman(number: int) -> str:
    """A number from 1 on in Roman capitals."""
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written


def _form(form: str, width: int) -> Callable[[int], str]:
    if form == "roman":
        return roman
    if form:
        return lambda number: f"{number:,}".replace(",", form)
    return lambda number: f"{number:0{width}d}" if width else str(number)


def _literal(text: str) -> Writer:
    return lambda _: text
