"""Real or ours: real lines and synthetic ones in one random order, for a reader to tell apart.

Both are brought to one height, so that size gives nothing away. What a machine tells apart is measured in
``synth.fit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.files import write_atomic
from synth.show.gallery import Panel, Picture, check_ending, sheet, write_png

REAL, OURS = "real", "ours"


@dataclass(frozen=True, slots=True)
class Specimen:
    """A line to be judged.

    Attributes:
        picture: uint8 grey, (height, width).
        real: whether a person wrote it.
        note: what is told with the solution.
    """

    picture: Picture
    real: bool
    note: str = ""


def mixed(
    real: Sequence[tuple[Picture, str]],
    ours: Sequence[tuple[Picture, str]],
    height: int,
    rng: np.random.Generator,
) -> list[Specimen]:
    """Both in one random order.

    Args:
        real: pictures of real lines, uint8 grey, each with its note.
        ours: synthetic ones, likewise.
        height: pixels that all get.
        rng: of the order.
    """
    specimens = [
        Specimen(_as_high(picture, height), kind, note)
        for kind, lines in ((True, real), (False, ours))
        for picture, note in lines
    ]
    return [specimens[place] for place in rng.permutation(len(specimens))]


def write_quiz(specimens: Sequence[Specimen], out: Path, heading: str) -> None:
    """Write the lines with numbers.

    A page asks for every line, keeps the score and holds the solution; a picture is the bare question.

    Args:
        specimens: at least one, in their order.
        out: a name ending in .png or .html.
        heading: of the page.
    """
    check_ending(out)
    if out.suffix.lower() == ".html":
        write_atomic(out, _page(specimens, heading))
    else:
        panels = [Panel((one.picture,), f"{number}") for number, one in enumerate(specimens, start=1)]
        write_png(sheet(panels, columns=1), out)


def solution(specimens: Sequence[Specimen]) -> str:
    """The numbers of the real lines, counted from 1."""
    return " ".join(f"{number}" for number, one in enumerate(specimens, start=1) if one.real)


def _page(specimens: Sequence[Specimen], heading: str) -> str:
    from common.report import Question, Section, page, picture, quiz

    questions = [
        Question(picture(one.picture, f"line {number}"), REAL if one.real else OURS, one.note)
        for number, one in enumerate(specimens, start=1)
    ]
    lede = f"{len(specimens)} lines in random order: who wrote each, a person or the program?"
    return page(heading, [Section("Lines", [quiz(questions, (REAL, OURS))])], lede)


def _as_high(picture: Picture, height: int) -> Picture:
    import cv2

    rows, columns = picture.shape
    if rows == height:
        return picture
    width = max(1, round(columns * height / rows))
    how = cv2.INTER_AREA if rows > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)
