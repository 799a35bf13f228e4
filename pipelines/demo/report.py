"""The demo's page: what came out, and how, from the fonts to the worst lines, in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from markupsafe import Markup

from common.files import write_atomic
from common.report import (
    Card,
    Section,
    Series,
    cards,
    command,
    gallery,
    histogram,
    line_chart,
    page,
    paragraph,
    picture,
    table,
)
from corpora.lengths import LengthTarget, compare, load_target
from pipelines.demo.reasons import meaning
from pipelines.demo.results import PRETRAINED, REAL, SCRATCH, SYNTHETIC, TUNED, Demo, refused_fonts, versions
from pipelines.demo.stations import Reading
from pretrain.journal import read_events
from pretrain.settings import load_settings
from recognize.evaluation_report import confusion_table, worst_and_best
from shards.manifest import read_index
from shards.store import open_store
from synth.show.gallery import panel_of, sheet

HANDS_SHOWN = 60
LINES_SHOWN = 8
PRETRAINING = {"pretrain": "pretraining"}
TUNING = {"finetune": "from the pretrained model", "from-scratch": "from random weights"}


def write_demo_report(path: Path, demo: Demo) -> None:
    """Write the self-contained page."""
    synthetic, tuned = demo.readings[SYNTHETIC, PRETRAINED], demo.readings[REAL, TUNED]
    sections = [
        Section(
            "Figures",
            [headline(demo), figures(demo), counting(demo)],
            f"Real handwriting here is the benchmark “{demo.stations.settings.benchmark}”.",
        ),
        Section("Hands", [_sheet(demo)], _hands_sentence(demo)),
        Section("Text", [lengths(demo)], "Lines are cut at word borders to lengths drawn from the target."),
        Section(
            "Samples", [samples(demo)], "Each line as it was written, and under it as the recogniser sees it."
        ),
        Section(
            "Learning",
            [losses(demo, PRETRAINING), validation(demo, PRETRAINING)],
            "On rendered lines. Averaged weights are read with; the best step by validation is kept.",
        ),
        Section(
            "What pretraining buys",
            [losses(demo, TUNING), validation(demo, TUNING)],
            "The same fine-tuning on real handwriting, from the pretrained model and from random weights.",
        ),
        Section("Synthetic lines: worst", [worst(synthetic)], "Most errors first."),
        Section("Synthetic lines: best", [best(synthetic)], "No errors, longest lines first."),
        Section("Real lines: worst", [worst(tuned)], "After fine-tuning, most errors first."),
        Section("Real lines: best", [best(tuned)]),
        Section("Confusions", [confusion_table(synthetic.evaluation)], "On the synthetic test lines."),
        Section("What was dropped", [drops(demo)], "Nothing is dropped in silence."),
        Section("How to repeat it", [command("\n".join(demo.stations.record.commands)), facts(demo)]),
    ]
    lede = "From web text to a recogniser of handwriting, on this machine, by one command."
    footer = ", ".join(f"{name} {version}" for name, version in versions().items())
    write_atomic(path, page("inkmill: first light", sections, lede, footer))


def headline(demo: Demo) -> Markup:
    """The three figures one looks for first."""

    def card(label: str, key: tuple[str, str], best: bool = False) -> Card:
        scores = demo.readings[key].evaluation.scores
        low, high = scores.cer_interval.low, scores.cer_interval.high
        return Card(label, f"{scores.cer:.1%}", f"CER on {scores.lines} lines, {low:.1%} to {high:.1%}", best)

    return cards(
        [
            card("Synthetic lines, unseen hands", (SYNTHETIC, PRETRAINED)),
            card("Real handwriting, fine-tuned", (REAL, TUNED), best=True),
            card("Real handwriting, without pretraining", (REAL, SCRATCH)),
        ]
    )


def figures(demo: Demo) -> Markup:
    """Every evaluation, one row each."""
    rows = []
    for (data, model), reading in demo.readings.items():
        scores = reading.evaluation.scores
        interval = f"{scores.cer_interval.low:.1%} to {scores.cer_interval.high:.1%}"
        over = f"{scores.cer_interval.groups} {scores.cer_interval.over}"
        rows.append((data, model, scores.lines, f"{scores.cer:.1%}", interval, over, f"{scores.wer:.1%}"))
    return table(("test split of", "model", "lines", "CER", "95 % interval", "over", "WER"), rows)


def counting(demo: Demo) -> Markup:
    """How CER was counted."""
    scores = next(iter(demo.readings.values())).evaluation.scores
    return paragraph(
        "CER and WER are pooled over all lines of the split, which was read once, greedily. Both sides were "
        f"compared after: {scores.normalisation}. Intervals: bootstrap over writers, for synthetic lines "
        "over hands. The synthetic test lines are in hands, and versions of hands, that no training line was "
        "written in; their words come from the same texts."
    )


def lengths(demo: Demo) -> Markup:
    """Drawn line lengths against the target."""
    drawn = _drawn_lengths(demo)
    target: LengthTarget = load_target(demo.stations.settings.target)
    fit = compare(drawn.tolist(), target)
    top = max(int(drawn.max()), target.lengths[-1])
    wanted = np.zeros(top + 1)
    wanted[list(target.lengths)] = target.probabilities
    edges = list(range(top + 2))
    caption = (
        f"{len(drawn):,} lines, {drawn.mean():.1f} characters on average (target {target.mean:.1f}); "
        f"earth mover's distance {fit.distance:.2f} characters."
    )
    counts = np.bincount(drawn, minlength=top + 1)
    return histogram(edges, counts.tolist(), wanted.tolist(), "characters a line", caption)


def samples(demo: Demo) -> Markup:
    """Samples, clean and degraded."""
    from pipelines.preview import Source, draw_samples
    from synth.recipe import load_recipe

    settings = demo.stations.settings
    corpus = str(demo.stations.out / "corpus")
    source = Source(corpus=corpus, target=settings.target)
    shown, _ = draw_samples(load_recipe(settings.recipe), settings.shown, source, settings.seed)
    items: list[tuple[Sequence[Markup], str]] = []
    for sample in shown:
        pictures = [
            picture(image, sample.text) for image in (sample.clean, sample.image) if image is not None
        ]
        items.append((pictures, sample.text))
    boxed = sheet([panel_of(sample, boxes=True, scale=2) for sample in shown[:4]])
    boxes = picture(boxed, "character boxes")
    return (
        gallery(items)
        + paragraph("Where every character stands: known to the pixel, and learnt from.")
        + boxes
    )


def losses(demo: Demo, runs: Mapping[str, str]) -> Markup:
    """Loss of some runs over their steps."""
    series = [Series(name, *_curve(demo, run, "train", "loss")) for run, name in runs.items()]
    return line_chart(series, "steps", "loss")


def validation(demo: Demo, runs: Mapping[str, str]) -> Markup:
    """CER on validation lines over the steps."""
    series = [Series(name, *_curve(demo, run, "validation", "cer", cap=1.0)) for run, name in runs.items()]
    caption = "Values above 100 % are drawn at 100 %."
    return line_chart(series, "steps", "CER on validation", caption, percent=True)


def worst(reading: Reading) -> Markup:
    """The lines with most errors."""
    return worst_and_best(reading.evaluation, reading.lines, LINES_SHOWN)[0]


def best(reading: Reading) -> Markup:
    """The lines with fewest errors."""
    return worst_and_best(reading.evaluation, reading.lines, LINES_SHOWN)[1]


def drops(demo: Demo) -> Markup:
    """Everything that was dropped, by station and reason."""
    rows: list[tuple[str, str, int, str]] = []
    stations: dict[str, Mapping[str, int]] = {
        "fonts": refused_fonts(demo.catalogue),
        "text": demo.corpus.counts.dropped,
        **{f"rendering {part}": manifest.drops for part, manifest in demo.manifests.items()},
    }
    for station, reasons in stations.items():
        rows += [(station, reason, count, meaning(reason)) for reason, count in reasons.items()]
    return table(("station", "reason", "count", "meaning"), rows)


def facts(demo: Demo) -> Markup:
    """Seeds, fingerprints and times."""
    seconds = demo.stations.record.seconds
    rows: list[tuple[str, object]] = [(f"seconds, {name}", f"{value:.1f}") for name, value in seconds.items()]
    rows += [(f"fingerprint, {part} lines", m.fingerprint) for part, m in demo.manifests.items()]
    rows += [(f"seed, {part} lines", m.seed) for part, m in demo.manifests.items()]
    rows += [(f"seed, {run}: weights, order, dropout", _seed(demo, run)) for run in (*PRETRAINING, *TUNING)]
    rows += [
        ("fingerprint, fonts", demo.catalogue.fingerprint),
        ("fingerprint, text", demo.corpus.fingerprint),
    ]
    return table(("what", "value"), rows)


def _sheet(demo: Demo) -> Markup:
    from fonts.sheet import sheet_image
    from synth.show.specimen import write_specimen

    sheet = sheet_image(demo.catalogue, write_specimen, limit=HANDS_SHOWN)
    return picture(np.asarray(sheet), "contact sheet of the hands")


def _hands_sentence(demo: Demo) -> str:
    usable = [hand for hand in demo.catalogue.hands if hand.verdict == "ok"]
    held_out = sum(hand.split == "validation" for hand in usable)
    licences = sorted({hand.licence for hand in usable})
    return (
        f"{len(usable)} hands may write, {held_out} of them only for validation and test. "
        f"Licences: {', '.join(licences)}."
    )


def _seed(demo: Demo, run: str) -> int:
    return load_settings(str(demo.stations.out / run / "settings.yaml")).seed


def _drawn_lengths(demo: Demo) -> np.ndarray:
    store = open_store(str(demo.stations.shards("train")))
    return np.concatenate([read_index(store, entry).lengths for entry in demo.manifests["train"].shards])


def _curve(
    demo: Demo, run: str, kind: str, value: str, cap: float = float("inf")
) -> tuple[list[float], list[float]]:
    events = [event for event in read_events(demo.stations.out / run) if event["event"] == kind]
    return [event["step"] for event in events], [min(event[value], cap) for event in events]
