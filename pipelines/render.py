"""Renders a data set: plan -> shards -> manifest, by any executor, and goes on where an earlier run ended.

The bytes of a shard depend on the plan alone. Who makes it, when, and in which attempt leaves no trace.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, takewhile

from common.errors import DataError
from fonts.hand import Hand
from fonts.ledger import LEDGER, ledger, to_markdown
from pipelines.executors import Executor, make_executor, stop_on_interrupt
from pipelines.ledger import RenderedShard, ShardRecord, claim, finished, put_shard
from pipelines.looks import LookTally
from pipelines.mill import Mill, OpenMill, Origin, choose_hand, open_mill
from pipelines.plan import RenderPlan, shard_name
from shards.manifest import MANIFEST, FontUse, Manifest, add_counts
from shards.store import Store, open_store
from shards.writer import pack, sample_key
from synth.sample import LineSample, Rejected

NO_HAND = "no-hand"

OnProgress = Callable[[int, bool], None]

log = logging.getLogger("inkmill.render")


@dataclass
class _Tally:
    """Counts of one shard while it is made."""

    drops: Counter[str] = field(default_factory=Counter)
    hands: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    looks: LookTally = field(default_factory=LookTally)


def render_shard(plan: RenderPlan, shard: int, mill: OpenMill = open_mill) -> RenderedShard:
    """Make one shard in memory: a pure function of the plan and the shard's number.

    Raises:
        DataError: not a single line of the shard could be made, with the reasons.
    """
    tally = _Tally()
    samples = _samples(plan, plan.indices(shard), mill(plan), tally)
    first = next(samples, None)
    if first is None:
        reasons = ", ".join(f"{reason} {count}" for reason, count in add_counts([tally.drops]).items())
        raise DataError(
            f"No line of {shard_name(shard)} could be rendered ({reasons})",
            "hands that cover the corpus' alphabet, and a recipe that leaves lines readable",
            "look at inkmill fonts list and inkmill preview",
        )
    packed = pack(shard_name(shard), chain([first], samples), plan.image_format)
    for warning in tally.looks.warnings(plan.recipe):
        log.warning("%s: %s", shard_name(shard), warning)
    entry = packed.entry.model_copy(update={"drops": add_counts([tally.drops]), "missing": tally.missing})
    return RenderedShard(
        packed.tar,
        packed.index,
        ShardRecord(plan=plan.fingerprint, entry=entry, hands=dict(sorted(tally.hands.items()))),
    )


def render_dataset(
    plan: RenderPlan,
    out_url: str,
    executor: str | Executor = "local",
    workers: int = 2,
    on_progress: OnProgress = lambda _lines, _made: None,
    mill: OpenMill = open_mill,
) -> Manifest:
    """Render every shard of the plan that the store does not hold yet, then publish the manifest.

    Args:
        out_url: where to; see :func:`shards.store.open_store`.
        executor: ``local``, ``ray``, or an executor of one's own.
        workers: number of processes or tasks at a time, for an executor given by name.
        on_progress: called with a number of lines and whether this run made them, after each shard.
        mill: how a worker opens the mill.

    Raises:
        DataError: the place holds something else, or the plan cannot be rendered.
        EnvironmentProblem: the disk is full, or workers keep dying.
        KeyboardInterrupt: after Ctrl-C, when the shards at hand are finished.
    """
    if isinstance(executor, str):
        executor = make_executor(executor, workers)
    store = open_store(out_url)
    origin = mill(
        plan
    ).origin()  # what is wrong with texts or fonts shows before anything is claimed or started
    with store.writing(), stop_on_interrupt() as stopping:
        claim(store, plan)
        records = dict(finished(store, plan))
        for record in records.values():
            on_progress(_lines(record), False)
        wanted = takewhile(lambda _: not stopping(), (k for k in range(plan.shards) if k not in records))
        with closing(executor.map(partial(_make, plan, store.url, mill), wanted)) as results:
            for shard, result in results:
                records[shard] = _keep(store, result)
                on_progress(_lines(records[shard]), True)
        if len(records) < plan.shards:
            log.warning("%d of %d shards are finished.", len(records), plan.shards)
            raise KeyboardInterrupt
        manifest = _manifest(plan, [records[shard] for shard in range(plan.shards)], origin)
        store.put(LEDGER, _font_licences(manifest, origin))
        store.put(MANIFEST, manifest.to_bytes())
    return manifest


def _samples(plan: RenderPlan, indices: range, mill: Mill, tally: _Tally) -> Iterator[tuple[str, LineSample]]:
    for index in indices:
        sample = _line(plan, index, mill, tally)
        if sample is None:
            tally.missing += 1
        else:
            yield sample_key(index), sample


def _line(plan: RenderPlan, index: int, mill: Mill, tally: _Tally) -> LineSample | None:
    """The first attempt that is proven; None when all are used up."""
    for attempt in range(plan.attempts):
        text = mill.line(index, attempt)
        hand = choose_hand(mill.choose, plan.recipe, plan.seed, index, attempt, text.text)
        if hand is None:
            tally.drops[NO_HAND] += 1
            continue
        sample = mill.render(text, hand, index, attempt)
        reason = sample.reason if isinstance(sample, Rejected) else ""
        tally.looks.add(plan.recipe.look_of(plan.seed, index, attempt), reason)
        if isinstance(sample, Rejected):
            tally.drops[reason] += 1
            continue
        tally.hands[hand.font] += 1
        return sample
    return None


def _make(plan: RenderPlan, out_url: str, mill: OpenMill, shard: int) -> RenderedShard | ShardRecord:
    """What a worker does: make a shard and put it into the store, or hand it over where it cannot."""
    rendered = render_shard(plan, shard, mill)
    store = open_store(out_url)
    if not store.shared:
        return rendered
    put_shard(store, rendered)
    return rendered.record


def _keep(store: Store, result: RenderedShard | ShardRecord) -> ShardRecord:
    if isinstance(result, ShardRecord):
        return result
    put_shard(store, result)
    return result.record


def _lines(record: ShardRecord) -> int:
    return record.entry.samples + record.entry.missing


def _manifest(plan: RenderPlan, records: list[ShardRecord], origin: Origin) -> Manifest:
    used = add_counts(record.hands for record in records)
    return Manifest(
        generator=plan.generator,
        plan=plan.fingerprint,
        settings=plan.identity,
        seed=plan.seed,
        recipe=plan.recipe.fingerprint,
        catalogue=plan.catalogue_fingerprint,
        fonts=tuple(_font_use(origin.hands[id], count) for id, count in used.items()),
        corpus=plan.corpus_fingerprint,
        sources=origin.sources,
        alphabet=origin.alphabet,
        shards=tuple(record.entry for record in records),
    )


def _font_licences(manifest: Manifest, origin: Origin) -> bytes:
    uses: Counter[str] = Counter()
    for font in manifest.fonts:
        uses[font.sha256] += font.samples
    return to_markdown(ledger(origin.hands.values(), uses)).encode()


def _font_use(hand: Hand, samples: int) -> FontUse:
    return FontUse(
        id=hand.id,
        family=hand.family,
        style=hand.style,
        licence=hand.licence,
        sha256=hand.sha256,
        samples=samples,
    )
