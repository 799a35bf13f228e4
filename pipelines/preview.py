"""Samples to look at: what `inkmill render` with the same seed would write, with the clean pictures kept.

Texts and hands may be given instead of drawn. What becomes of the samples is decided elsewhere
(``pipelines.preview_sheets``).
"""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from common.errors import DataError, UsageError, nearest
from corpora.rules.settings import USUAL_RULES, TextRules
from corpora.text_line import TextLine
from fonts.hand import Hand, HandSplit
from fonts.variants import USUAL_VARIANTS
from pipelines.looks import LookTally
from pipelines.mill import Choose, choose_hand, open_mill
from pipelines.plan import corpus_at, make_plan
from synth.recipe import Recipe
from synth.sample import LineSample, Rejected

if TYPE_CHECKING:
    from fonts.catalogue import Catalogue

ATTEMPTS = 8

log = logging.getLogger("inkmill.preview")

Lines = Callable[[int, int], TextLine]


@dataclass(frozen=True, slots=True)
class Source:
    """What is written, and by whom.

    Attributes:
        texts: what to write, in turn; without it lines are drawn from ``corpus``.
        corpus: a built corpus or a source.
        target: length target of the lines drawn from ``corpus``.
        alphabet: of a source that is not built yet.
        rules: of the lines drawn from ``corpus``.
        catalogue: file of a font catalogue; None takes the synced and added fonts.
        hand: id, family or font file; empty for all hands.
        hands: which hands may write.
        variants: of every font besides itself; None takes the usual number, none for a ``hand``.
    """

    texts: Sequence[str] = ()
    corpus: str = "builtin:en"
    target: str = "demo"
    alphabet: str = "en"
    rules: TextRules = USUAL_RULES
    catalogue: Path | None = None
    hand: str = ""
    hands: HandSplit = "train"
    variants: int | None = None


def draw_samples(
    recipe: Recipe, count: int, source: Source = Source(), seed: int = 0, one_page: bool = False
) -> tuple[list[LineSample], Counter[str]]:
    """Draw samples with their clean pictures.

    Args:
        recipe: how lines look.
        count: samples wanted; fewer come back where a line cannot be proven in a few attempts.
        source: what is written, and by whom.
        seed: of the run.
        one_page: all lines of the run's first page instead of the first line of every page.

    Returns:
        The samples, and how often an attempt failed by reason.

    Raises:
        DataError: not one sample could be drawn.
    """
    step = recipe.lines_per_page
    if one_page:
        recipe, step = recipe.model_copy(update={"lines_per_page": count}), 1
    lines, choose = open_source(source, recipe, count, seed, step)
    drops: Counter[str] = Counter()
    looks = LookTally()
    drawn = (first_proven(recipe, seed, step * n, lines, choose, drops, looks) for n in range(count))
    samples = [sample for sample in drawn if sample is not None]
    for warning in looks.warnings(recipe):
        log.warning(warning)
    if not samples:
        raise none_proven(count, drops)
    return samples, drops


def first_proven(
    recipe: Recipe,
    seed: int,
    index: int,
    lines: Lines,
    choose: Choose,
    drops: Counter[str],
    looks: LookTally | None = None,
) -> LineSample | None:
    """The first attempt at a sample that is proven; the others are counted by reason, and by look."""
    from synth.render import render

    for attempt in range(ATTEMPTS):
        text = lines(index, attempt)
        hand = choose_hand(choose, recipe, seed, index, attempt, text.text)
        sample = render(text, hand, recipe, seed, index, True, attempt) if hand else Rejected("no-hand")
        reason = "" if isinstance(sample, LineSample) else sample.reason
        if looks is not None:
            looks.add(recipe.look_of(seed, index, attempt), reason)
        if isinstance(sample, LineSample):
            return sample
        drops[reason] += 1
    return None


def none_proven(count: int, drops: Counter[str]) -> DataError:
    """What to say where nothing could be drawn."""
    reasons = ", ".join(f"{reason} {number}" for reason, number in drops.most_common())
    return DataError(
        f"Not one of {count} samples could be drawn (attempts refused: {reasons})",
        "fonts that cover the text, and a recipe that leaves it readable",
        "look at `inkmill fonts list`, or try --recipe plain",
    )


def first_line(source: Source, recipe: Recipe, seed: int) -> tuple[TextLine, Hand]:
    """The text and the hand of the first sample.

    Raises:
        DataError: no hand writes it.
    """
    lines, choose = open_source(source, recipe, 1, seed)
    for attempt in range(ATTEMPTS):
        text = lines(0, attempt)
        if hand := choose_hand(choose, recipe, seed, 0, attempt, text.text):
            return text, hand
    raise none_proven(1, Counter({"no-hand": ATTEMPTS}))


def open_source(source: Source, recipe: Recipe, count: int, seed: int, step: int = 1) -> tuple[Lines, Choose]:
    """What gives the text of a line, and who writes it.

    Args:
        source: as it was asked for.
        recipe: how lines look.
        count: of lines.
        seed: of the run.
        step: between the indices of two lines, so that given texts come in turn.

    Raises:
        UsageError: an unknown name of hands, corpus or target.
        DataError: nobody writes the text, or a file is missing.
    """
    if source.hands not in get_args(HandSplit):
        raise UsageError(f"There are no hands '{source.hands}'", nearest(source.hands, get_args(HandSplit)))
    texts = [" ".join(unicodedata.normalize("NFC", text).split()) for text in source.texts]
    if not all(texts):
        raise DataError("A text to write is empty", "at least one character that is not a blank")
    if texts or source.hand:
        choose = _given_hands(source, texts)
    if not texts:
        plan = make_plan(
            count * step,
            corpus_at(source.corpus, source.alphabet),
            recipe,
            source.target,
            source.catalogue,
            hands=source.hands,
            variants=USUAL_VARIANTS if source.variants is None else source.variants,
            seed=seed,
            rules=source.rules,
        )
        mill = open_mill(plan)
        return mill.line, choose if source.hand else mill.choose
    return lambda index, _: _in_turn(texts, index // step), choose


def catalogue_of(source: Source) -> Catalogue:
    """The catalogue that the source names."""
    from fonts.catalogue import default_catalogue, load_catalogue

    return load_catalogue(source.catalogue) if source.catalogue else default_catalogue()


def able_hands(source: Source) -> Sequence[Hand]:
    """The hands that may write, without their variants."""
    from fonts.by_name import hands_named

    fonts = catalogue_of(source)
    return hands_named(fonts, source.hand) if source.hand else fonts.usable(source.hands)


def _in_turn(texts: Sequence[str], number: int) -> TextLine:
    place = number % len(texts)
    return TextLine(texts[place], "text", place)


def _given_hands(source: Source, texts: Sequence[str]) -> Choose:
    from fonts.choice import HandChoice, undrawn

    hands = able_hands(source)
    for text in texts:
        if not any(hand.covers(text) for hand in hands):
            raise DataError(
                f"None of {len(hands)} hands can write '{text}' (no-hand): {undrawn(hands, text)}",
                "a text whose characters some font draws",
                "choose another text, or add fonts with `inkmill fonts add DIR`",
            )
    usual = 0 if source.hand else USUAL_VARIANTS
    variants = usual if source.variants is None else source.variants
    choice = HandChoice(hands)
    return lambda rng, text, writers: choice.draw(rng, text, writers, variants)
