"""An audit of many samples: drawn as the mill draws them, each checked, faults kept with their pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from common.seeds import stream
from fonts.hand import Hand
from pipelines.audit.check import Finding, Verdict, check
from pipelines.mill import choose_hand
from pipelines.preview import ATTEMPTS, Source, none_proven, open_source
from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample, Rejected


@dataclass(frozen=True, slots=True)
class Failure:
    """A sample that does not show its label.

    Attributes:
        sample: with its clean picture.
        findings: what is wrong.
        hand: who wrote it.
    """

    sample: LineSample
    findings: tuple[Finding, ...]
    hand: Hand


@dataclass(slots=True)
class Audit:
    """What an audit found.

    Attributes:
        recipe: name of the recipe.
        samples: that were checked.
        judged: characters that were compared with all others of their font.
        skipped: characters that were not, by reason.
        failures: samples whose label is not what is drawn.
        planted: wrong labels that were tried on some samples, one character each.
        noticed: of them.
        drops: attempts that the mill itself refused, by reason.
    """

    recipe: str
    samples: int = 0
    judged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    planted: int = 0
    noticed: int = 0
    drops: Counter[str] = field(default_factory=Counter)

    def add(self, sample: LineSample, hand: Hand, verdict: Verdict) -> None:
        """Count one sample."""
        self.samples += 1
        self.judged += verdict.judged
        self.skipped.update(verdict.skipped)
        self.planted += verdict.planted is not None
        self.noticed += bool(verdict.planted)
        if verdict.findings:
            self.failures.append(Failure(sample, tuple(verdict.findings), hand))


def audit(
    name: str,
    recipe: Recipe,
    count: int,
    source: Source,
    seed: int = 0,
    progress: Callable[[int], None] = lambda _samples: None,
) -> Audit:
    """Draw samples and check that each shows its label.

    Args:
        name: of the recipe, for the report.
        recipe: how lines look.
        count: samples.
        source: what is written, and by whom.
        seed: of the run.
        progress: told the number of samples since the last call.

    Raises:
        DataError: not one sample could be drawn.
    """
    result = Audit(name)
    for sample, hand in proven(recipe, count, source, seed, result.drops):
        result.add(sample, hand, check(sample, hand, stream(seed, result.samples, "audit")))
        progress(1)
    if not result.samples:
        raise none_proven(count, result.drops)
    return result


def proven(
    recipe: Recipe, count: int, source: Source, seed: int, drops: Counter[str]
) -> Iterator[tuple[LineSample, Hand]]:
    """Samples that the mill would put into a data set, with their hands; refusals are counted."""
    lines, choose = open_source(source, recipe, count, seed)
    for index in range(count):
        for attempt in range(ATTEMPTS):
            text = lines(index, attempt)
            hand = choose_hand(choose, recipe, seed, index, attempt, text.text)
            if hand is None:
                drops["no-hand"] += 1
                continue
            sample = render(text, hand, recipe, seed, index, keep_clean=True, attempt=attempt)
            if isinstance(sample, Rejected):
                drops[sample.reason] += 1
                continue
            yield sample, hand
            break
