"""How many lines carry what: the share of every rule, and the language they are written in.

The rules themselves are in :mod:`corpora.rules.language`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from common.settings import Settings, apply_overrides

Share = Annotated[float, Field(ge=0, le=1)]
MOST_PER_MILLION = 500  # a corpus keeps the places of the characters that are rarer than this


class TextRules(Settings):
    """Shares of the lines, 0 to 1, that are made by a rule; together at most 1, the rest is text as it is.

    A share is what is asked for; what is really reached depends on lengths, alphabet and language, and is
    told by ``corpus sample --fit``.

    Attributes:
        language: a shipped language (de, en, fr, it, ru, uk, vi) or a YAML file like theirs.
        numbers: lines with a number, time or telephone number, seldom a code, sum or sign.
        dates: lines with a date in one of the forms that people write.
        amounts: lines with an amount and the currencies of several times.
        names: lines with a name of a person.
        addresses: lines with a street and number, a place, or the head of a letter.
        abbreviations: lines with an abbreviation.
        capitals: lines in capitals throughout.
        lists: lines that begin with the mark of a list item.
        hyphens: lines that end with a broken word and its mark, or begin with the rest of one.
        rare_floor: occurrences per million characters to which rare characters of the alphabet are raised;
            0 raises none.
    """

    language: str = "en"
    numbers: Share = 0.1
    dates: Share = 0.02
    amounts: Share = 0.01
    names: Share = 0.02
    addresses: Share = 0.01
    abbreviations: Share = 0.01
    capitals: Share = 0.02
    lists: Share = 0.01
    hyphens: Share = 0.04
    rare_floor: Annotated[float, Field(ge=0, le=MOST_PER_MILLION)] = 0

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (total := sum(self.shares.values())) > 1 + 1e-9:
            raise ValueError(f"the shares of the rules are together {total:.2f}, more than 1")
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Share by rule, in the order of the fields."""
        return {name: getattr(self, name) for name in RULES}

    @classmethod
    def none(cls) -> Self:
        """Text as it is: no rule at all."""
        return cls(**dict.fromkeys(RULES, 0.0))


def load_rules(language: str, overrides: Iterable[str] = ()) -> TextRules:
    """The usual shares in a language, with ``dates=0.05`` and the like; ``none`` takes all others away.

    Raises:
        UsageError: an unknown rule, or a share out of range.
    """
    chosen = list(overrides)
    values = dict.fromkeys(RULES, 0.0) if "none" in chosen else {}
    shares = (override for override in chosen if override != "none")
    return TextRules.parse(
        apply_overrides({"language": language, **values}, shares, "dates=0.1"), "the rules"
    )


RULES = tuple(name for name in TextRules.model_fields if name not in ("language", "rare_floor"))
USUAL_RULES = TextRules()
