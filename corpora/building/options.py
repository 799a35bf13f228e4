"""What a corpus is built with: the choices of cleaning, duplicates, language, guard and lengths."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from common.settings import Settings
from corpora.cleaning import Policy


class BuildOptions(Settings):
    """Choices of a build. What decides the content is part of the corpus's settings.

    Attributes:
        limit: stop after so many paragraphs that passed cleaning, before duplicates are taken out.
        repeats: how often one paragraph may occur.
        near_repeats: how many different paragraphs that are nearly alike may stay, such as the pages of one
            template that differ in numbers or a word; 0 looks for none. The first ones stay.
        policy: what happens to characters that the alphabet lacks, see :class:`corpora.cleaning.Cleaner`.
        foreign_share: the share of them that the policy ``share`` deletes.
        repairs: a repair table instead of the shipped one.
        shortest: characters that a paragraph must have after cleaning.
        longest: characters that it may have.
        languages: codes such as ``en``; a paragraph in another language is rejected.
        guard: SPECs of benchmarks or text files whose word sequences must not occur.
        guard_words: number of words in such a sequence.
        rejects: rejected lines kept per reason and segment of the corpus; all are counted.
    """

    limit: Annotated[int, Field(ge=1)] | None = None
    repeats: Annotated[int, Field(ge=1)] = 1
    near_repeats: Annotated[int, Field(ge=0)] = 10
    policy: Policy = "repair"
    foreign_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    repairs: Path | None = None
    shortest: Annotated[int, Field(ge=1)] = 1
    longest: Annotated[int, Field(ge=1)] = 1_000_000
    languages: tuple[str, ...] = ()
    guard: tuple[str, ...] = ()
    guard_words: Annotated[int, Field(ge=2)] = 6
    rejects: Annotated[int, Field(ge=0)] = 1000

    @property
    def identity(self) -> dict[str, Any]:
        """What decides the content, as JSON; tables and benchmarks are told by their fingerprints instead."""
        idle = set() if self.policy == "share" else {"foreign_share"}
        return self.model_dump(mode="json", exclude={"repairs", "guard"} | idle)
