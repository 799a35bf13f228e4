"""Small grammars: templates over lists of words, expanded at random.

``{month}`` takes one of the words of that name, which may be templates again. ``{1-31}`` takes a number of
the range, ``{01-31}`` writes it with leading zeros, ``{1~9999}`` takes small ones as often as large ones.
After a colon stands how it is written: ``upper``, ``lower``, ``roman``, or a mark between thousands
(``{1~9999:.}``).

All days and months of one phrase are of one day of the calendar: ``{1-31:day}`` and ``{01-12:month}`` write
its numbers, ``{month:month}`` takes the word of its month out of a list of twelve, ``{ordinal:day}`` the word
of its day out of a list of 31.

What the characters at hand cannot write is left out when the grammar is made.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence

from common.errors import DataError
from common.seeds import Draws

Writer = Callable[[Draws], str]
Date = tuple[int, int]  # (month, day)
Part = Callable[[Draws, Date], str]
CALENDAR: tuple[Date, ...] = tuple(
    (month, day) for month in range(1, 13) for day in range(1, calendar.monthrange(1999, month)[1] + 1)
)
_OF_DATE = {"month": (0, 12), "day": (1, 31)}  # place in a Date, and how many there are
FIELD = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
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
        DataError: a template names words that are not there, goes round in a circle, or has an unknown form,
            or a list of months or days has not one word for each.
    """

    def __init__(self, words: Mapping[str, Sequence[str]], known: frozenset[str] | None = None) -> None:
        self._words, self._known = words, known
        self._lists: dict[str, Sequence[Part]] = {}

    def writers(self, templates: Sequence[str]) -> list[Writer]:
        """One function a template that can be written: draws in, text out."""
        parts = (self._part(template, ()) for template in templates)
        return [_of_one_date(part) for part in parts if part is not None]

    def _part(self, template: str, above: tuple[str, ...]) -> Part | None:
        parts: list[Part] = []
        end = 0
        for field in FIELD.finditer(template):
            if literal := template[end : field.start()]:
                parts.append(_literal(literal))
            part = self._field(field[1], field[2] or "", above)
            if part is None:
                return None
            parts.append(part)
            end = field.end()
        if literal := template[end:]:
            parts.append(_literal(literal))
        if self._known is not None and not self._known.issuperset(FIELD.sub("", template)):
            return None
        return parts[0] if len(parts) == 1 else lambda rng, date: "".join([part(rng, date) for part in parts])

    def _field(self, name: str, form: str, above: tuple[str, ...]) -> Part | None:
        if bounds := _RANGE.fullmatch(name):
            return self._number(bounds, form)
        choices = self._choices(name, above)
        if form in _OF_DATE:
            return self._word_of_date(name, choices, form)
        if not choices:
            return None
        if form not in ("", "upper", "lower"):
            raise DataError(
                f"The words '{name}' are asked for in the form '{form}'", "upper, lower, day or month"
            )
        if not form:
            return lambda rng, date: rng.choice(choices)(rng, date)
        written = str.upper if form == "upper" else str.lower
        return lambda rng, date: written(rng.choice(choices)(rng, date))

    def _word_of_date(self, name: str, choices: Sequence[Part], form: str) -> Part | None:
        """The word for the month or day; None where one of them cannot be written, so that none is rarer."""
        place, count = _OF_DATE[form]
        if len(self._words[name]) != count:
            raise DataError(
                f"There are {len(self._words[name])} words '{name}'", f"one for each {form}: {count}"
            )
        return (lambda rng, date: choices[date[place] - 1](rng, date)) if len(choices) == count else None

    def _choices(self, name: str, above: tuple[str, ...]) -> Sequence[Part]:
        if name in above:
            raise DataError(f"The words '{name}' are made of themselves: {' > '.join((*above, name))}")
        if name not in self._words:
            raise DataError(f"There are no words '{name}'", "a list of that name under words")
        if name not in self._lists:
            found = (self._part(template, (*above, name)) for template in self._words[name])
            self._lists[name] = [part for part in found if part is not None]
        return self._lists[name]

    def _number(self, bounds: re.Match[str], form: str) -> Part | None:
        low, high, width = int(bounds[1]), int(bounds[3]), len(bounds[1]) if bounds[1][0] == "0" else 0
        if high < low or (form == "roman" and not low):
            raise DataError(f"The range {bounds[0]} holds no number that can be written")
        of_date, form = _OF_DATE.get(form), "" if form in _OF_DATE else form
        signs = "IVXLCDM" if form == "roman" else "0123456789" + form
        if self._known is not None and not self._known.issuperset(signs):
            return None
        written = _form(form, width)
        if of_date:
            place = of_date[0]
            return lambda _, date: written(date[place])
        if bounds[2] == "~":
            return lambda rng, _: written(min(int(low * ((high + 1) / low) ** rng.random()), high))
        return lambda rng, _: written(rng.integers(low, high + 1))


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


def _literal(text: str) -> Part:
    return lambda _rng, _date: text


def _of_one_date(part: Part) -> Writer:
    return lambda rng: part(rng, rng.choice(CALENDAR))
