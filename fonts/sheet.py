"""The contact sheet: every hand writes a line, so that a person sees at a glance who is in the catalogue.

Lines are written at one x-height by a function that is handed in. Labels and layout are made here.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from common.errors import DataError
from common.files import atomic_path
from fonts.catalogue import Catalogue
from fonts.choice import undrawn
from fonts.hand import Hand
from fonts.specimen import Write, fitting
from fonts.variants import vary
from fonts.verdict import OK

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

PANGRAM = "Sphinx of black quartz, judge my vow"

_PAPER, _INK, _QUIET, _RULE = "#fdfcf9", "#1c2333", "#8a8577", "#e4e0d6"
_HELD_OUT, _REFUSED = "#b4531f", "#a3262a"
_CELL_WIDTH, _CELL_HEIGHT, _GAP, _MARGIN, _HEADING = 620, 106, 44, 56, 84
_X_HEIGHT = 21  # pixels
_BASELINE = 58  # below the top of the cell
_REACH = 50  # tallest ink above the baseline, then deepest below: the cell's own limits
_DEPTH = 22
_MOST = 1_500  # lines of a part: a picture of some 320 MB in memory; the report shows them all


@dataclass(frozen=True, slots=True)
class _Part:
    heading: str
    hands: Sequence[Hand]


def contact_sheet(
    catalogue: Catalogue,
    out: Path,
    write: Write,
    text: str = PANGRAM,
    columns: int = 3,
    rejected: bool = False,
    variants: int = 0,
) -> Path:
    """Write the sheet of all usable hands as PNG.

    Args:
        catalogue: whose hands write.
        out: the PNG file.
        write: draws a line.
        text: what they write; a hand that lacks one of its characters is left out.
        columns: number of columns.
        rejected: add a second part with the hands that may not write, and why.
        variants: number of variants shown after every font.

    Returns:
        ``out``.

    Raises:
        DataError: no usable hand covers ``text``, or there is none.
    """
    picture = sheet_image(catalogue, write, text, columns, rejected=rejected, variants=variants)
    with atomic_path(out) as temporary:
        picture.save(temporary, format="PNG", optimize=True)
    return out


def sheet_image(
    catalogue: Catalogue,
    write: Write,
    text: str = PANGRAM,
    columns: int = 3,
    limit: int | None = None,
    rejected: bool = False,
    variants: int = 0,
) -> Image:
    """The sheet as an RGB picture.

    Args:
        catalogue, write, text, columns, rejected, variants: as for :func:`contact_sheet`.
        limit: at most so many fonts: one a design first, spread evenly over the alphabet of families. More
            than 1,500 lines are never drawn.

    Raises:
        DataError: no usable hand covers ``text``, or there is none.
    """
    from PIL import Image, ImageDraw

    usable = [hand for hand in catalogue.hands if hand.verdict == OK]
    writing = [hand for hand in usable if hand.covers(text)]
    refused = [hand for hand in catalogue.hands if hand.verdict != OK]
    if not usable and not rejected:
        reasons = ", ".join(dict.fromkeys(hand.verdict for hand in refused))
        raise DataError(
            f"None of these {len(refused)} hands may write: {reasons}", remedy="add --rejected to see them"
        )
    if usable and not writing:
        raise DataError(
            f"None of {len(usable)} usable hands can write '{text}': {undrawn(usable, text)}",
            "a text whose characters some font draws",
            "choose another text, or add fonts with `inkmill fonts add DIR`",
        )
    shown = _selection(writing, min(limit or _MOST, max(1, _MOST // (variants + 1))))
    varied = [vary(hand, number) for hand in shown for number in range(variants + 1)]
    parts = [_Part(_summary(shown, writing, len(usable), variants), varied)] if varied else []
    if rejected and refused:
        some = f"{_MOST} of " if len(refused) > _MOST else ""
        parts.append(_Part(f"{some}{len(refused)} that may not write", refused[:_MOST]))
    rows = [-(-len(part.hands) // columns) for part in parts]
    width = 2 * _MARGIN + columns * _CELL_WIDTH + (columns - 1) * _GAP
    height = 2 * _MARGIN + len(parts) * _HEADING + sum(rows) * _CELL_HEIGHT
    picture = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(picture)
    top = _MARGIN
    for part, count in zip(parts, rows, strict=True):
        draw.text((_MARGIN, top + _HEADING - 34), part.heading, font=_label(26), fill=_INK, anchor="ls")
        top += _HEADING
        for number, hand in enumerate(part.hands):
            column, row = divmod(number, count)
            left = _MARGIN + column * (_CELL_WIDTH + _GAP)
            _line(picture, left, top + row * _CELL_HEIGHT + _BASELINE, hand, text, write)
            _caption(draw, left, top + (row + 1) * _CELL_HEIGHT - 22, hand)
        top += count * _CELL_HEIGHT
    return picture


def _summary(shown: Sequence[Hand], writing: Sequence[Hand], usable: int, variants: int) -> str:
    some = f"{len(shown)} of " if len(shown) < len(writing) else ""
    varied = f" with {variants} variants each" if variants else ""
    designs = len({hand.design for hand in writing})
    held = sum(hand.split == "validation" for hand in writing)
    lacking = f", {usable - len(writing)} more lack a character of this text" if usable > len(writing) else ""
    return (
        f"fonts: {some}{len(writing)}{varied}, designs: {designs}, held out for validation: {held}{lacking}"
    )


def _selection(hands: Sequence[Hand], limit: int) -> Sequence[Hand]:
    """At most ``limit`` hands: one a design, the regular style if there is one, then others."""
    if len(hands) <= limit:
        return hands
    regular_last = sorted(hands, key=lambda hand: hand.style == "Regular")
    face_of = {hand.design: hand for hand in regular_last}
    faces = [hand for hand in hands if face_of[hand.design] is hand]
    if len(faces) >= limit:
        return [faces[number * len(faces) // limit] for number in range(limit)]
    others = [hand for hand in hands if face_of[hand.design] is not hand]
    return sorted([*faces, *others[: limit - len(faces)]], key=hands.index)


def _line(picture: Image, left: int, baseline: int, hand: Hand, text: str, write: Write) -> None:
    """What the hand writes, at the common x-height or smaller where it would leave its cell."""
    from PIL import Image

    box = (_CELL_WIDTH, _REACH, _DEPTH)
    if specimen := fitting(write, hand, text, _X_HEIGHT, box) if hand.characters else None:
        ink = Image.fromarray(np.ascontiguousarray(specimen.ink))
        picture.paste(_INK, (left, baseline - specimen.baseline), ink)


def _caption(draw: ImageDraw, left: int, foot: int, hand: Hand) -> None:
    """A rule, and beneath it who writes."""
    draw.line((left, foot - 4, left + _CELL_WIDTH, foot - 4), fill=_RULE)
    style = "" if hand.style in ("", "Regular") else f" {hand.style}"
    variant = f", variant {hand.variant.number}" if hand.variant else ""
    draw.text((left, foot + 13), f"{hand.family}{style}{variant}", font=_label(15), fill=_INK, anchor="ls")
    mark, colour = hand.licence, _QUIET
    if hand.verdict != OK:
        mark, colour = hand.verdict, _REFUSED
    elif hand.split == "validation":
        mark, colour = f"held out  \N{MIDDLE DOT}  {hand.licence}", _HELD_OUT
    draw.text((left + _CELL_WIDTH, foot + 13), mark, font=_label(15), fill=colour, anchor="rs")


@functools.cache
def _label(size: int):  # type: ignore[no-untyped-def]  # Pillow names two unrelated classes
    from PIL import ImageFont

    return ImageFont.load_default(size)
