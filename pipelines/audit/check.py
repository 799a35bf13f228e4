"""Does a picture show its label? One sample, checked by its clean picture, its boxes and its font alone.

Every character must look more like itself than like any other character of its font, all ink must lie in a
box, and every box must hold ink. What cannot be judged is counted by reason: ``ligature`` (drawn as one
with its neighbours), ``mark``, ``hidden`` (under its neighbours), ``no-form`` (the font maps no glyph to
it), ``struck`` (a crossed-out word that the label shows as one character) and ``short-line``.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fonts.hand import Hand
from pipelines.audit.glyphs import open_font
from pipelines.audit.match import QUICK, WIDE, Forms, Line, alikes, forms_of, likenesses, measure_line
from synth.sample import LineSample

INK = 32  # of 255
USUAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"()-&/"
ALIKE = 0.6  # two characters of a font that look as like as this are not told apart
SUSPECT, CONVICTED = -0.05, -0.25  # lead of the label over all others; at first, and after a wide search
OWN = 0.4  # share of a box that must be free of other boxes
FEW = 4  # characters that tell a line's slant and scale
PLANTED = 0.25  # share of the samples on which a wrong label is tried


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sample.

    Attributes:
        kind: ``box-count``, ``empty-box``, ``stray-ink`` or ``other-character``.
        detail: where, and what is there instead.
        place: of the character in the label; None where it is the whole line.
    """

    kind: str
    detail: str
    place: int | None = None


@dataclass(slots=True)
class Verdict:
    """What an audit says of a sample.

    Attributes:
        findings: what is wrong; none if the picture shows its label.
        judged: characters that were compared.
        skipped: characters that were not, by reason.
        planted: whether a wrong label that was tried on the sample was noticed; None where none was tried.
    """

    findings: list[Finding] = field(default_factory=list)
    judged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    planted: bool | None = None


def check(sample: LineSample, hand: Hand, rng: np.random.Generator) -> Verdict:
    """Check a sample that has its clean picture.

    Args:
        sample: with ``clean``.
        hand: who wrote it.
        rng: chooses which wrong label is tried, which shows what the check would notice.
    """
    if sample.clean is None:
        raise ValueError("an audit needs the clean picture")
    verdict = Verdict()
    if len(sample.boxes) != len(sample.text):
        verdict.findings.append(
            Finding("box-count", f"{len(sample.boxes)} boxes for {len(sample.text)} characters")
        )
        return verdict
    ink = sample.clean <= 255 - INK
    struck = sample.provenance["struck"]
    verdict.findings += _ink_and_boxes(sample, ink, struck)
    characters = "".join(sorted((set(USUAL) & hand.characters) | set(sample.text) - {" "}))
    font = open_font(hand)
    forms = forms_of(font, characters)
    known = {characters[k] for k in set(forms.owners.tolist())}
    chosen = _chosen(sample, known, font.ligated(sample.text), bool(struck), verdict.skipped)
    if len(chosen) < FEW:
        verdict.skipped["short-line"] += len(chosen)
        return verdict
    labels = [characters.index(sample.text[place]) for place in chosen]
    line = measure_line(sample.clean, sample.boxes, chosen, labels, forms)
    _judge(verdict, line, forms, chosen, labels, characters, rng)
    return verdict


def _ink_and_boxes(sample: LineSample, ink: NDArray[np.bool_], struck: list[list[int]]) -> list[Finding]:
    """Boxes without ink; ink in no box, neither of a character nor of a crossed-out word."""
    covered = np.zeros_like(ink)
    for left, top, right, bottom in struck:
        covered[top:bottom, left:right] = True
    findings = []
    for place, (character, box) in enumerate(zip(sample.text, sample.boxes.tolist(), strict=True)):
        window = slice(max(0, box[1]), box[3]), slice(max(0, box[0]), box[2])
        covered[window] = True
        if not character.isspace() and not ink[window].any():
            findings.append(Finding("empty-box", f"no ink for '{character}'", place))
    stray = int((ink & ~covered).sum())
    if stray:
        findings.append(Finding("stray-ink", f"{stray} pixels of ink outside all boxes"))
    return findings


def _chosen(
    sample: LineSample, known: set[str], ligated: set[int], struck: bool, skipped: Counter[str]
) -> list[int]:
    """Places of the characters that can be judged; the others are counted."""
    chosen = []
    for place, character in enumerate(sample.text):
        left, top, right, bottom = sample.boxes[place].tolist()
        follows = place + 1 < len(sample.text) and unicodedata.combining(sample.text[place + 1])
        if character.isspace() or right <= left or bottom <= top:
            continue
        if unicodedata.combining(character) or follows:
            skipped["mark"] += 1
        elif struck and character == "#":
            skipped["struck"] += 1
        elif place in ligated:
            skipped["ligature"] += 1
        elif character not in known:
            skipped["no-form"] += 1
        else:
            chosen.append(place)
    return chosen


def _judge(
    verdict: Verdict,
    line: Line,
    forms: Forms,
    chosen: list[int],
    labels: list[int],
    characters: str,
    rng: np.random.Generator,
) -> None:
    """Compare every character with all others, those that look wrong once more with a wider search."""
    alike = alikes(forms, line.shear)
    twins = (alike > ALIKE) | (alike.T > ALIKE)
    np.fill_diagonal(twins, True)
    views = likenesses(line, list(range(len(chosen))), forms, QUICK)
    own = line.own
    for number, label in enumerate(labels):
        if own[number] < OWN:
            verdict.skipped["hidden"] += 1
            continue
        verdict.judged += 1
        if _lead(views[:, number], label, twins)[0] >= SUSPECT:
            continue
        lead, other = _lead(likenesses(line, [number], forms, WIDE)[:, 0], label, twins)
        if lead < CONVICTED:
            detail = f"'{characters[label]}' looks like '{characters[other]}' ({lead:.2f})"
            verdict.findings.append(Finding("other-character", detail, chosen[number]))
    verdict.planted = _plant(line, forms, views, labels, own, twins, rng)


def _plant(
    line: Line,
    forms: Forms,
    views: NDArray[np.floating],
    labels: list[int],
    own: NDArray[np.floating],
    twins: NDArray[np.bool_],
    rng: np.random.Generator,
) -> bool | None:
    """Whether one wrong character in the label would have been noticed."""
    tried, number = rng.random() < PLANTED, int(rng.integers(len(labels)))
    wrong = np.intersect1d(np.flatnonzero(~twins[labels[number]]), forms.owners)
    if not tried or own[number] < OWN or not len(wrong):
        return None
    label = int(rng.choice(wrong))
    if _lead(views[:, number], label, twins)[0] >= SUSPECT:
        return False
    return _lead(likenesses(line, [number], forms, WIDE)[:, 0], label, twins)[0] < CONVICTED


def _lead(views: NDArray[np.floating], label: int, twins: NDArray[np.bool_]) -> tuple[float, int]:
    """By how much a character leads all others but its twins, in the view that is better for it; and the
    character that comes nearest."""
    others = np.where(twins[label], -9.0, views)
    leads = views[:, label] - others.max(1)
    view = int(leads.argmax())
    return float(leads[view]), int(others[view].argmax())
