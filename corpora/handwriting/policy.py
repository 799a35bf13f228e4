"""What a reader of real handwriting does with a line it cannot use: stop, or skip and count."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self

from common.errors import DataError, UsageError

Choice = Literal["error", "skip"]
log = logging.getLogger(__name__)


@dataclass
class Policy:
    """Choices by reason, and the lines skipped so far.

    A SPEC may choose too: ``iam:PATH?missing-picture=skip``.

    Attributes:
        missing_picture: for a listed picture that is not there.
        missing_label: for a listed picture without a transcription.
        empty_label: for a transcription without a character.
        doubtful_label: for a transcription that its own file contradicts.
        missing_shape: for a line of a page without polygon, baseline or box.
        wrong_words: for a line whose words IAM calls badly segmented (``err``); the line itself is sound, and
            the published splits hold such lines.
        skipped: where lines were skipped, by reason.
        notes: what else the reader has decided and the user should know, in sentences.
    """

    missing_picture: Choice = "error"
    missing_label: Choice = "error"
    empty_label: Choice = "skip"
    doubtful_label: Choice = "skip"
    missing_shape: Choice = "skip"
    wrong_words: Choice | Literal["keep"] = "keep"
    skipped: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def refuse(self, reason: str, where: str, found: str, remedy: str) -> None:
        """Count a line that cannot be used.

        Args:
            reason: one of the choices, such as ``missing-picture``.
            where: file and line.
            found: what is wrong there.
            remedy: what to do.

        Raises:
            DataError: the policy for the reason is ``error``.
        """
        choice: Choice = getattr(self, reason.replace("-", "_"))
        if choice == "error":
            raise DataError(f"{where}: {found}", remedy=remedy)
        self.skipped.setdefault(reason, []).append(where)

    def choose(self, choices: Mapping[str, str]) -> Self:
        """The same policy, counting in the same place, with other choices by reason.

        Raises:
            UsageError: a choice that the reason does not have.
        """
        for reason, choice in choices.items():
            known = ("error", "skip", *(("keep",) if reason == "wrong-words" else ()))
            if choice not in known:
                raise UsageError(f"'{choice}' is no choice for {reason}", f"one of: {', '.join(known)}")
        chosen: dict[str, Any] = {reason.replace("-", "_"): choice for reason, choice in choices.items()}
        return replace(self, **chosen)

    def report(self, spec: str) -> None:
        """Log how many lines of ``spec`` were skipped, and the notes."""
        for reason, places in sorted(self.skipped.items()):
            lines = "1 line" if len(places) == 1 else f"{len(places):,} lines"
            _warn_once(f"{spec}: {lines} skipped, {reason}; the first is {places[0]}")
        for note in self.notes:
            _warn_once(note)


REASONS = tuple(
    each.name.replace("_", "-") for each in fields(Policy) if each.name not in ("skipped", "notes")
)


@functools.cache  # whoever reads two splits of one SPEC reads its files twice, and the user only once
def _warn_once(sentence: str) -> None:
    log.warning("%s", sentence)
