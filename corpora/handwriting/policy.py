"""What a reader of real handwriting does with a line it cannot use: stop, or skip and count."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, field
from typing import Literal

from common.errors import DataError

Choice = Literal["error", "skip"]
log = logging.getLogger(__name__)


@dataclass
class Policy:
    """Choices by reason, and the lines skipped so far.

    Attributes:
        missing_picture: for a listed picture that is not there.
        missing_label: for a listed picture without a text file.
        empty_label: for a transcription without a character.
        skipped: where lines were skipped, by reason.
        notes: what else the reader has decided and the user should know, in sentences.
    """

    missing_picture: Choice = "error"
    missing_label: Choice = "error"
    empty_label: Choice = "skip"
    skipped: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def refuse(self, reason: str, where: str, found: str, remedy: str) -> None:
        """Count a line that cannot be used.

        Args:
            reason: ``missing-picture``, ``missing-label`` or ``empty-label``.
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

    def report(self, spec: str) -> None:
        """Log how many lines of ``spec`` were skipped, and the notes."""
        for reason, places in sorted(self.skipped.items()):
            lines = "1 line" if len(places) == 1 else f"{len(places)} lines"
            _warn_once(f"{spec}: {lines} skipped, {reason}; the first is {places[0]}")
        for note in self.notes:
            _warn_once(note)


@functools.cache  # whoever reads two splits of one SPEC reads its files twice, and the user only once
def _warn_once(sentence: str) -> None:
    log.warning("%s", sentence)
