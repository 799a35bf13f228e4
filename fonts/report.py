"""The report on the fonts: every face with its verdict and a line in its hand, on one searchable page.

The page carries its pictures: about 2 KB a face, so 12,000 faces make some 25 MB. Lines are written by a
function that is handed in. Nothing here judges a font.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from common.files import write_atomic
from common.report import Card, Section, cards, page, picture, search_table, table
from fonts.catalogue import Catalogue
from fonts.hand import Hand, Kind
from fonts.kinds import listed_kind, measured_kind
from fonts.languages import coverage, languages
from fonts.specimen import Write, fitting
from fonts.verdict import OK

SAMPLE = "Sphinx of black quartz"
_X_HEIGHT = 11.0  # pixels
_BOX = (250, 34, 18)  # width, height above and depth below the baseline, pixels
_LEVELS = 5  # shades of grey: fewer bytes, the same look

_FACETS = ("verdict", "kind", "split", "languages")
_COLUMNS = (
    *("sample", "family", "style", "verdict", "kind", "split", "licence", "design", "languages", "file"),
    *("slant", "stroke", "width", "contrast", "joined", "space", "x-height", "characters", "axes", "id"),
)


def write_report(
    catalogue: Catalogue,
    out: Path,
    write: Write,
    text: str = SAMPLE,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the page.

    Args:
        catalogue: all its hands are shown, those that may not write too.
        out: the HTML file.
        write: draws a line.
        text: what every hand writes; one that lacks a character of it writes the usual sample, and the page
            says so.
        progress: told (faces drawn, faces to draw).

    Returns:
        ``out``.
    """
    rows = []
    for done, hand in enumerate(catalogue.hands, start=1):
        rows.append(_row(hand, _sample(hand, text, write)))
        if progress:
            progress(done, len(catalogue.hands))
    usable = [hand for hand in catalogue.hands if hand.verdict == OK]
    named = {one.code: one.name for one in languages().values()}
    sections = [
        Section("At a glance", [cards(_figures(usable, len(catalogue.hands)))]),
        Section(
            "Hands",
            [search_table(_COLUMNS, rows, "Family, verdict, language ...", _FACETS, named)],
            "Lengths are x-heights, slant is in degrees to the right, joined the share of letters that touch "
            "their neighbour. Look-alikes share a design; a design is wholly for training or for validation.",
        ),
        Section("Languages", [_languages(usable)], "Hands that draw every letter, digit and mark of it."),
        Section(
            "Verdicts",
            [_verdicts(catalogue.hands)],
            "What keeps a face from writing; measured on pictures of its letters.",
        ),
    ]
    lede = f"{len(usable)} of {len(catalogue.hands)} faces may write."
    write_atomic(out, page("Hands", sections, lede, f"catalogue {catalogue.fingerprint}"))
    return out


def _figures(usable: Sequence[Hand], found: int) -> list[Card]:
    kinds = Counter(hand.kind for hand in {h.design: h for h in usable}.values())
    held = {hand.design for hand in usable if hand.split == "validation"}
    listed = {hand.family: hand for hand in usable if listed_kind(hand.family)}
    agree = sum(listed_kind(family) == measured_kind(hand.traits) for family, hand in listed.items())
    designs = len({hand.design for hand in usable})
    rule = f"designs; measuring alone agrees with the table for {agree} of {len(listed)} families"
    return [
        Card("hands", f"{len(usable):,}", f"of {found:,} faces found", best=True),
        Card("designs", f"{designs:,}", f"{len({hand.family for hand in usable}):,} families"),
        Card("held out", f"{len(held):,}", "designs, for validation only"),
        Card(" / ".join(get_args(Kind)), " / ".join(f"{kinds[kind]}" for kind in get_args(Kind)), rule),
    ]


def _languages(usable: Sequence[Hand]) -> Markup:
    rows = [(c.language.name, c.language.code, c.hands, c.families, c.designs) for c in coverage(usable)]
    return table(("language", "code", "hands", "families", "designs"), rows)


def _verdicts(hands: Sequence[Hand]) -> Markup:
    return table(("verdict", "faces"), Counter(hand.verdict for hand in hands).most_common())


def _row(hand: Hand, sample: Markup | str) -> list[object]:
    traits = hand.traits
    split = "held out" if hand.split == "validation" else hand.split
    used = (hand.kind, split) if hand.characters else ("", "")
    measured: list[object] = [""] * 7
    if hand.characters:
        measured = [
            *(
                f"{round(traits.slant)}",
                f"{traits.stroke:.2f}",
                f"{traits.width:.2f}",
                f"{traits.contrast:.1f}",
            ),
            *(f"{traits.joined:.2f}", f"{traits.space:.2f}", f"{hand.x_height:.2f} em"),
        ]
    axes = [f"{axis.tag} {axis.least:g} to {axis.most:g}" for axis in hand.axes]
    return [
        *(_wide(sample, _BOX[0]), hand.family, hand.style, hand.verdict, *used),
        *(hand.licence, hand.design[:8], _written(hand), hand.path.name, *measured),
        *(len(hand.characters), axes, hand.id),
    ]


def _wide(cell: Markup | str, pixels: int) -> Markup:
    """A cell that its neighbours cannot squeeze."""
    return Markup('<div style="min-width: {}px">{}</div>').format(pixels, cell)


def _written(hand: Hand) -> list[str]:
    """The codes of the languages it writes."""
    return [code for code, one in languages().items() if one.written_by(hand)]


def _sample(hand: Hand, text: str, write: Write) -> Markup | str:
    own = text if hand.covers(text) else SAMPLE
    specimen = fitting(write, hand, own, _X_HEIGHT, _BOX) if hand.characters else None
    if specimen is None:
        return ""
    note = Markup("<br><small>lacks a character of the text</small>") if own != text else ""
    return picture(_thrifty(specimen.ink), own) + note


def _thrifty(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Dark on white, in few levels."""
    levels = np.rint(ink / 255 * (_LEVELS - 1)) * (255 // (_LEVELS - 1))
    return np.asarray(255 - levels, np.uint8)
