"""One error class for everything a user can put right.

Every message answers three questions: what was found, what was expected, what to do. The command line prints
it as one plain paragraph and leaves with the class's exit code; anything else that escapes is a bug and keeps
its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class InkmillError(Exception):
    """A fault in the user's input or surroundings, told in words.

    Args:
        found: what is wrong, naming the file, option or value.
        expected: what would have been right.
        remedy: what to do now.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, found: str, expected: str = "", remedy: str = "") -> None:
        self.found, self.expected, self.remedy = found, expected, remedy
        parts = [found.rstrip(".") + "."]
        if expected:
            parts.append(f"Expected: {expected.rstrip('.')}.")
        if remedy:
            parts.append(f"What to do: {remedy.rstrip('.')}.")
        super().__init__(" ".join(parts))

    def __reduce__(self) -> tuple[type[InkmillError], tuple[str, str, str]]:  # errors cross process borders
        return type(self), (self.found, self.expected, self.remedy)


class UsageError(InkmillError):
    """An unknown name: option, preset, source, SPEC, setting."""

    exit_code = 2


class DataError(InkmillError):
    """A file or data set that is missing, cut, foreign or empty."""

    exit_code = 3


class EnvironmentProblem(InkmillError):
    """Something the machine lacks: a program, a library, disk, network."""

    exit_code = 4


def nearest(name: str, known: Iterable[str], most: int | None = None) -> str:
    """What a name could have been: ``one of: bentham, iam, rimes (did you mean 'rimes'?)``.

    Args:
        most: of the names are told, those that are most alike; all of them unless it is given.
    """
    names = sorted(known)
    if most is not None:
        names = difflib.get_close_matches(name, names, n=most, cutoff=0.0)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f" (did you mean '{close[0]}'?)" if close else ""
    return f"one of: {', '.join(names)}{hint}"
