"""The mill: one line index in, one finished sample out, for a given plan.

Joins corpora, fonts and synth; knows nothing of shards, stores or workers. Everything is a pure function
of the plan and the index, whatever was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from common.errors import DataError
from common.seeds import stream
from corpora.text_line import TextLine
from fonts.hand import Hand
from fonts.writers import Writers
from pipelines.plan import RenderPlan
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected

WRITERS = 12  # of a page, who are asked in turn whether they can write a line

if TYPE_CHECKING:
    from corpora.sampler import TextSampler
    from fonts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mill's lines come from: text sources, alphabet, and the fonts that may write, by id."""

    sources: tuple[str, ...]
    alphabet: str
    hands: Mapping[str, Hand]


class Mill(Protocol):
    """What rendering a shard needs."""

    def origin(self) -> Origin:
        """Sources, alphabet and hands."""
        ...

    def line(self, index: int, attempt: int) -> TextLine:
        """The text of a line."""
        ...

    def choose(self, rng: np.random.Generator, text: str, writers: Writers) -> Hand | None:
        """A hand that covers the text, None where there is none."""
        ...

    def render(self, text: TextLine, hand: Hand, index: int, attempt: int) -> LineSample | Rejected:
        """The picture, or why there is none."""
        ...


OpenMill = Callable[[RenderPlan], Mill]
Choose = Callable[[np.random.Generator, str, Writers], Hand | None]


@dataclass(frozen=True)
class InkMill:
    """The real mill."""

    plan: RenderPlan
    sampler: TextSampler
    catalogue: Catalogue
    sources: tuple[str, ...]
    alphabet: str

    def origin(self) -> Origin:
        """See :class:`Mill`."""
        hands = {hand.id: hand for hand in self.catalogue.usable(self.plan.hands)}
        return Origin(self.sources, self.alphabet, hands)

    def line(self, index: int, attempt: int) -> TextLine:
        """See :class:`Mill`."""
        return self.sampler.line(index, attempt)

    def choose(self, rng: np.random.Generator, text: str, writers: Writers) -> Hand | None:
        """See :class:`Mill`."""
        return self.catalogue.choose(rng, text, self.plan.hands, self.plan.variants, writers)

    def render(self, text: TextLine, hand: Hand, index: int, attempt: int) -> LineSample | Rejected:
        """See :class:`Mill`."""
        from synth.render import render

        return render(text, hand, self.plan.recipe, self.plan.seed, index, attempt=attempt)


def choose_hand(
    choose: Choose, recipe: Recipe, seed: int, index: int, attempt: int, text: str
) -> Hand | None:
    """Who writes a line: the writer of its page, or a hand of its own where he lacks a character.

    Every page has an order of writers, and the first who can writes the line; a line that is drawn again has
    the writers of another order.

    Args:
        choose: draws a hand that covers a text, None where there is none.
        recipe: how many lines a page has, and which hands write it.
        seed: of the run.
        index: of the sample in the run.
        attempt: number of the attempt at it.
        text: of the line.
    """
    wished = recipe.page_of(seed, index, attempt).writers
    if recipe.lines_per_page > 1:
        writers = stream(seed, index // recipe.lines_per_page, f"page/hand/{attempt}")
        for _ in range(WRITERS):
            hand = choose(writers, "", wished)
            if hand is not None and hand.covers(text):
                return hand
    return choose(stream(seed, index, f"hand/{attempt}"), text, wished)


def open_mill(plan: RenderPlan) -> Mill:
    """The mill of a plan; a process keeps the last one open.

    Raises:
        DataError: corpus, target or fonts are not those that the plan was made with, or no hand may write.
    """
    return _open(plan.model_dump_json())


@lru_cache(maxsize=1)
def _open(plan_json: str) -> Mill:
    from corpora.corpus import load_corpus
    from corpora.lengths import load_target
    from corpora.rules.language import load_language
    from corpora.sampler import TextSampler
    from fonts.catalogue import default_catalogue, load_catalogue

    plan = RenderPlan.model_validate_json(plan_json)
    corpus = load_corpus(plan.corpus)
    target = load_target(plan.target)
    language = load_language(plan.rules.language)
    catalogue = load_catalogue(plan.catalogue) if plan.catalogue else default_catalogue()
    for what, found, planned in (
        (f"The corpus {plan.corpus}", corpus.fingerprint, plan.corpus_fingerprint),
        (f"The length target {plan.target}", target.fingerprint, plan.target_fingerprint),
        (f"The language {plan.rules.language}", language.fingerprint, plan.language_fingerprint),
        ("The font catalogue", catalogue.fingerprint, plan.catalogue_fingerprint),
    ):
        if found != planned:
            raise DataError(
                f"{what} is not the one that the plan was made with ({found})",
                planned,
                "restore it, or render the new one to a new place",
            )
    if not catalogue.usable(plan.hands):
        raise DataError(
            f"No font may write as a {plan.hands} hand",
            "at least one",
            "run inkmill fonts sync, or inkmill fonts add DIR",
        )
    sampler = TextSampler(corpus, target, plan.seed, plan.rules)
    sources = tuple(source["spec"] for source in corpus.settings["sources"])
    return InkMill(plan, sampler, catalogue, sources, "".join(corpus.alphabet.characters))
