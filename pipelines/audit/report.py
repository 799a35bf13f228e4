"""The report of an audit: how many samples were checked and how sharply, and every failure as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from common.files import write_atomic
from common.report import Card, Section, cards, command, gallery, page, paragraph, picture, table
from pipelines.audit.reading import Readings, ReadSample
from pipelines.audit.run import Audit, Failure
from recognize.readings import Reading, readings
from synth.show.gallery import panel_of

SHOWN = 200
READ = 60


def write_audit(path: Path, audits: Sequence[Audit], commands: Sequence[str]) -> None:
    """Write one self-contained page on what the independent check found."""
    sections = [
        Section("Figures", [_cards(audits), _table(audits)]),
        Section("Failures", _failures(audits)),
        Section("What could not be judged", [_skipped(audits)]),
        Section("How to repeat it", [command("\n".join(commands))]),
    ]
    lede = (
        "Every character of every sample is compared with all characters of its font, drawn alone from the "
        "font file, by neither the mill's shaping nor its rasteriser."
    )
    write_atomic(path, page("Audit of samples", sections, lede))


def write_readings(path: Path, found: Sequence[Readings], commands: Sequence[str]) -> None:
    """Write one self-contained page on what a recogniser could not read."""
    sections = [
        Section(
            f"Recipe {one.recipe}",
            [
                paragraph(f"{len(one.lines)} samples, CER {one.scores.cer:.2%}; the worst come first."),
                readings([_reading(line) for line in one.lines[:READ]]),
            ],
        )
        for one in found
    ]
    sections.append(Section("How to repeat it", [command("\n".join(commands))]))
    write_atomic(path, page("Samples read back", sections))


def _cards(audits: Sequence[Audit]) -> Markup:
    failures, samples = sum(len(one.failures) for one in audits), sum(one.samples for one in audits)
    noticed, planted = sum(one.noticed for one in audits), sum(one.planted for one in audits)
    judged = sum(one.judged for one in audits)
    skipped = sum(one.skipped.total() for one in audits)
    return cards(
        [
            Card("Label is not what is drawn", f"{failures}", f"of {samples:,} samples", best=True),
            Card("Characters compared", f"{judged:,}", f"{skipped:,} could not be judged"),
            Card("Planted errors noticed", f"{noticed / max(planted, 1):.1%}", f"{noticed} of {planted}"),
        ]
    )


def _table(audits: Sequence[Audit]) -> Markup:
    headings = ("recipe", "samples", "failures", "characters compared", "planted errors", "noticed")
    rows = [
        (one.recipe, one.samples, len(one.failures), one.judged, one.planted, one.noticed) for one in audits
    ]
    return table(headings, rows)


def _failures(audits: Sequence[Audit]) -> list[Markup]:
    if not any(one.failures for one in audits):
        return [paragraph("None.")]
    items = [(one.recipe, failure) for one in audits for failure in one.failures]
    return [gallery([_figure(recipe, failure) for recipe, failure in items[:SHOWN]])]


def _figure(recipe: str, failure: Failure) -> tuple[list[Markup], str]:
    sample = failure.sample
    found = "; ".join(f"{finding.kind}: {finding.detail}" for finding in failure.findings)
    facts = f"{recipe} {sample.provenance['index']}, {failure.hand.family} {failure.hand.id}"
    panel = panel_of(sample, clean=True, boxes=True, scale=2)
    return [picture(drawn, sample.text) for drawn in panel.pictures], f"{sample.text} ({facts}): {found}"


def _skipped(audits: Sequence[Audit]) -> Markup:
    reasons = sorted({reason for one in audits for reason in one.skipped})
    rows = [(one.recipe, *(one.skipped[reason] for reason in reasons)) for one in audits]
    return table(("recipe", *reasons), rows, "Characters, by reason")


def _reading(line: ReadSample) -> Reading:
    origin = line.sample.provenance
    facts = f"sample {origin['index']}, font {origin['font']}, CER {line.cer:.0%}"
    return Reading(picture(line.sample.image, line.sample.text), line.sample.text, line.text, facts)
