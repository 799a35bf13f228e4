"""A contact sheet of real handwriting: lines as they are cut, each with its text beneath, for people to see.

As PNG, or as HTML, where the reader's browser has letters of every script.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from common.errors import UsageError
from common.files import atomic_path, write_atomic
from corpora.handwriting.record import HandwrittenLine

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

ENDINGS = (".png", ".html")
WIDTH, HEIGHT = 900, 72  # pixels: most that a picture takes
COLUMNS, GAP, TEXT = 2, 28, 42  # a text takes two rows: itself, and who it is
PAPER, INK, QUIET = "#eef1f5", "#1c2333", "#77808f"


def write_sheet(lines: Sequence[HandwrittenLine], out: Path, title: str) -> Path:
    """Draw the lines in their order.

    Args:
        lines: at least one.
        out: ends in ``.png`` or ``.html``.
        title: of an HTML page.

    Returns:
        ``out``.

    Raises:
        UsageError: another ending.
        DataError: a picture cannot be read.
    """
    if out.suffix.lower() == ".html":
        write_atomic(out, _page(lines, title))
    elif out.suffix.lower() == ".png":
        with atomic_path(out) as temporary:
            _sheet(lines).save(temporary, format="PNG", optimize=True)
    else:
        raise UsageError(f"The sheet {out} cannot be written in that format", f"one of: {', '.join(ENDINGS)}")
    return out


def _sheet(lines: Sequence[HandwrittenLine]) -> Image:
    from PIL import Image, ImageDraw

    rows = -(-len(lines) // COLUMNS)
    cell_width, cell_height = WIDTH + GAP, HEIGHT + TEXT + GAP
    sheet = Image.new("RGB", (COLUMNS * cell_width + GAP, rows * cell_height + GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    for place, line in enumerate(lines):
        column, row = divmod(place, rows)
        left, top = GAP + column * cell_width, GAP + row * cell_height
        sheet.paste(Image.fromarray(_fit(line.load())), (left, top))
        draw.text((left, top + HEIGHT + 18), line.text, font=_font(16), fill=INK, anchor="ls")
        draw.text((left, top + HEIGHT + 36), _who(line), font=_font(12), fill=QUIET, anchor="ls")
    return sheet


def _page(lines: Sequence[HandwrittenLine], title: str) -> str:
    from common.report import Section, gallery, page, picture

    figures = [
        ([picture(_fit(line.load()), line.text)], f"{line.text} \N{MIDDLE DOT} {_who(line)}")
        for line in lines
    ]
    return page(title, [Section("Lines", [gallery(figures)])], f"{len(lines):,} lines as they are read.")


def _fit(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture within WIDTH x HEIGHT, never enlarged."""
    import cv2

    height, width = picture.shape
    scale = min(HEIGHT / height, WIDTH / width, 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _who(line: HandwrittenLine) -> str:
    return "  ".join(filter(None, (line.split, line.id, line.writer and f"writer {line.writer}")))


def _font(size: int) -> FreeTypeFont | ImageFont:
    """DejaVu Sans, which knows Latin, Greek and Cyrillic with all their accents."""
    import matplotlib
    from PIL import ImageFont

    return ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", size)
