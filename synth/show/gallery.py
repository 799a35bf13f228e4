"""Contact sheets: panels in columns, each some pictures under each other and a title, as PNG or as a page.

A panel knows nothing of what it shows; samples, effects and steps become panels in this folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import UsageError
from common.files import atomic_path, write_atomic
from synth.sample import LineSample

ENDINGS = (".png", ".html")
GAP = 6  # pixels between panels
TITLE = 18  # pixels of a title's row
INK_OF_BOXES = ((214, 39, 40), (31, 119, 180))  # neighbours differ
BACKGROUND, FRAME, INK_OF_TITLES = 255, 200, 70

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Panel:
    """Pictures that belong together, and what is to be known of them.

    Attributes:
        pictures: uint8, (height, width) grey or (height, width, 3) RGB; they stand under each other.
        title: a few words, on every sheet.
        note: more, on pages only.
    """

    pictures: tuple[Picture, ...]
    title: str = ""
    note: str = ""

    def enlarged(self, scale: int) -> Panel:
        """The panel with every pixel ``scale`` times as wide and high."""
        return replace(self, pictures=tuple(_enlarged(picture, scale) for picture in self.pictures))


def panel_of(
    sample: LineSample, title: str = "", clean: bool = False, boxes: bool = False, scale: int = 1
) -> Panel:
    """A sample with what it says and who wrote it.

    Args:
        sample: what to show.
        title: of the panel.
        clean: put the clean picture under the degraded one, where the sample has it.
        boxes: draw the character boxes.
        scale: enlargement, so that boxes do not hide letters.
    """
    pictures = [sample.image]
    if clean and sample.clean is not None:
        pictures.append(sample.clean)
    shown = [_enlarged(picture, scale) for picture in pictures]
    if boxes:
        shown = [_boxed(picture, sample.boxes * scale) for picture in shown]
    return Panel(tuple(shown), title, _told(sample))


def sheet(panels: Sequence[Panel], columns: int = 2) -> Picture:
    """Draw panels on one picture.

    Args:
        panels: at least one; in rows.
        columns: panels beside each other.

    Returns:
        uint8 RGB, (height, width, 3).
    """
    if not panels:
        raise ValueError("a sheet needs at least one panel")
    tiles = [_tile(panel) for panel in panels]
    rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
    widths = [max(tile.shape[1] for tile in tiles[column::columns]) for column in range(len(rows[0]))]
    heights = [max(tile.shape[0] for tile in row) for row in rows]
    shape = (sum(heights) + GAP * (len(heights) + 1), sum(widths) + GAP * (len(widths) + 1), 3)
    page = np.full(shape, BACKGROUND, np.uint8)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        left = GAP
        for tile, width in zip(row, widths, strict=False):
            page[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
            left += width + GAP
        top += height + GAP
    return page


def write_sheet(panels: Sequence[Panel], out: Path, heading: str, columns: int = 2, lede: str = "") -> None:
    """Write panels as one PNG, or as a page that needs nothing else, by the ending of ``out``.

    Args:
        panels: at least one.
        out: see :func:`check_ending`.
        heading: of the page.
        columns: panels beside each other; on pages two or more stand as many as fit.
        lede: what the page shows, in a sentence.
    """
    check_ending(out)
    if out.suffix.lower() == ".html":
        write_atomic(out, _page(panels, heading, columns, lede))
    else:
        write_png(sheet(panels, columns), out)


def write_png(picture: Picture, out: Path) -> None:
    """Write a picture, whole or not at all."""
    from PIL import Image

    with atomic_path(out) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")


def check_ending(out: Path) -> None:
    """Refuse a name that is neither a PNG's nor a page's.

    Raises:
        UsageError: another ending.
    """
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(f"The page {out} cannot be written in that format", "a name ending in .png or .html")


def _page(panels: Sequence[Panel], heading: str, columns: int, lede: str) -> str:
    from common.report import Section, gallery, page, picture

    items = [
        ([picture(one, panel.note or panel.title) for one in panel.pictures], _caption(panel))
        for panel in panels
    ]
    return page(heading, [Section("Lines", [gallery(items, wide=columns == 1)])], lede)


def _caption(panel: Panel) -> str:
    return " \N{MIDDLE DOT} ".join(filter(None, (panel.title, panel.note)))


def _told(sample: LineSample) -> str:
    """What the line says, who wrote it, and what happened to it."""
    facts: dict[str, Any] = sample.provenance
    effects = [f"{one['name']} {one.get('strength', '')}".strip() for one in facts.get("effects", ())]
    pen = facts.get("ink", {}).get("pen", "")
    return " \N{MIDDLE DOT} ".join(
        filter(None, (sample.text, facts.get("font", ""), pen, ", ".join(effects)))
    )


def _tile(panel: Panel) -> Picture:
    coloured = [np.stack([one] * 3, axis=-1) if one.ndim == 2 else one for one in panel.pictures]
    framed = np.pad(_stacked(coloured), ((1, 1), (1, 1), (0, 0)), constant_values=FRAME)
    return _stacked([_written(panel.title, framed.shape[1]), framed]) if panel.title else framed


def _stacked(pictures: Sequence[Picture]) -> Picture:
    """RGB pictures under each other, filled up to the widest."""
    width = max(picture.shape[1] for picture in pictures)
    return np.concatenate(
        [
            np.pad(one, ((0, 0), (0, width - one.shape[1]), (0, 0)), constant_values=BACKGROUND)
            for one in pictures
        ]
    )


def _written(title: str, width: int) -> Picture:
    """A title in a row at least as wide as its picture."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(13)
    row = Image.new("RGB", (max(width, round(font.getlength(title)) + 6), TITLE), (BACKGROUND,) * 3)
    ImageDraw.Draw(row).text((2, 1), title, font=font, fill=(INK_OF_TITLES,) * 3)
    return np.asarray(row)


def _enlarged(picture: Picture, scale: int) -> Picture:
    return np.repeat(np.repeat(picture, scale, axis=0), scale, axis=1)


def _boxed(picture: Picture, boxes: NDArray[np.int32]) -> Picture:
    colour = np.stack([picture] * 3, axis=-1)
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        left, top = min(left, colour.shape[1] - 1), min(top, colour.shape[0] - 1)
        _frame(colour, left, top, max(right, left + 1), max(bottom, top + 1), INK_OF_BOXES[index % 2])
    return colour


def _frame(page: Picture, left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]) -> None:
    page[top:bottom, [left, right - 1]] = colour
    page[[top, bottom - 1], left:right] = colour
