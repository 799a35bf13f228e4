"""Hands by what people call them: id, family, or the name of the font file."""

from __future__ import annotations

from common.errors import DataError, UsageError, nearest
from fonts.catalogue import Catalogue
from fonts.family import plain
from fonts.hand import Hand
from fonts.variants import vary
from fonts.verdict import OK

_TOLD = 8  # names that come near


def hands_named(catalogue: Catalogue, name: str) -> list[Hand]:
    """The hands that a name means; a family or a file may hold several.

    Args:
        catalogue: whose hands.
        name: an id such as ``0123456789abcdef`` (with ``~3`` for variant 3), a family such as ``Caveat``, or
            a font file such as ``Caveat.ttf``, with or without its ending.

    Raises:
        UsageError: nothing has that name; the nearest ones are told.
        DataError: all that have it may not write, and why.
    """
    font, tilde, number = name.partition("~")
    if tilde and not number.isdigit():
        raise UsageError(f"There is no variant '{number}' of a hand", f"a number, such as {font}~3")
    found = [vary(hand, int(number or 0)) for hand in catalogue.hands if _is(hand, font)]
    if not found:
        known = {hand.family for hand in catalogue.hands} | {hand.path.name for hand in catalogue.hands}
        raise UsageError(f"There is no hand '{name}'", nearest(name, known, _TOLD))
    able = [hand for hand in found if hand.verdict == OK]
    if not able:
        raise DataError(
            f"The hand '{name}' may not write: {found[0].verdict}",
            "a hand that passed the judgement of the fonts",
            "look at `inkmill fonts list` and `inkmill fonts list --rejected`",
        )
    return able


def _is(hand: Hand, name: str) -> bool:
    family = plain(name) != "" and plain(hand.family) == plain(name)
    return family or hand.id == name or name.lower() in (hand.path.name.lower(), hand.path.stem.lower())
