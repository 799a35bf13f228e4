"""``digits:``, the embedded benchmark: handwritten digits of real people, composed into lines of numbers.

The digits are the 1,797 pictures of 8 x 8 cells that scikit-learn carries: the test part of the UCI set
"Optical Recognition of Handwritten Digits", forms filled by 13 people (the 30 others of the set's 43 wrote
its training part, which is not carried). Who wrote what is not recorded. But the labels repeat one template
of 130 digits, so the order of the pictures shows 14 forms, some with a few digits missing. A line is composed
of digits of ONE form, and the forms are split:

    train 1-9 (1,157 digits)    validation 10-11 (258)    test 12-14 (382)

As there are 14 forms and 13 people, one person seems to have filled two. Similarity of the pictures does not
tell which two, so one person may stand on both sides of a border; the others do not. The separators
``/ . , - : +`` are drawn, not handwritten by these people; so are spacing and paper. What is measured is the
reading of real digits in lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.errors import EnvironmentProblem
from common.seeds import stream
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.rules.numbers import number_phrase

# where each form begins in the order of the pictures, and the end
FORMS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667, 1797)
FORMS_OF: dict[Split, range] = {"train": range(9), "validation": range(9, 11), "test": range(11, 14)}
LINES_OF: dict[Split, int] = {"train": 2000, "validation": 300, "test": 500}
SHORTEST, LONGEST = 4, 16
SEED = 43
HEIGHT, BASELINE, DIGIT = 56, 45, 35  # pixels: picture, base line from the top, usual height of a digit
SUPERSAMPLING = 4

Ink = NDArray[np.float32]  # (height, width), 0 paper to 1 ink


class Mark(NamedTuple):
    """A separator as pen strokes: polylines of (x, y) in digit heights, from the base line up."""

    width: float
    strokes: tuple[tuple[tuple[float, float], ...], ...]


MARKS = {
    "/": Mark(0.42, (((0.0, -0.08), (0.22, 0.5), (0.42, 1.06)),)),
    ".": Mark(0.05, (((0.0, 0.03), (0.03, 0.02), (0.02, 0.05)),)),
    ",": Mark(0.1, (((0.08, 0.08), (0.1, -0.03), (0.0, -0.15)),)),
    "-": Mark(0.36, (((0.0, 0.44), (0.2, 0.47), (0.36, 0.45)),)),
    ":": Mark(0.05, (((0.0, 0.12), (0.03, 0.1), (0.02, 0.14)), ((0.01, 0.6), (0.04, 0.58), (0.03, 0.62)))),
    "+": Mark(0.46, (((0.0, 0.43), (0.46, 0.46)), ((0.24, 0.72), (0.22, 0.18)))),
}


@dataclass(frozen=True, slots=True, eq=False)
class DigitLine:
    """What a line is composed of: its text, the cells of its digits in order, the stream of its accidents."""

    text: str
    cells: NDArray[np.uint8]  # (digits, 8, 8), 0 paper to 16 ink
    split: Split
    index: int


def read_digits(split: Split | None = None) -> list[HandwrittenLine]:
    """The 2,000 train, 300 validation and 500 test lines of 4 to 16 characters; no text occurs twice.

    Raises:
        EnvironmentProblem: the installed scikit-learn carries other digits.
    """
    cells, labels = _load()
    forms = [_places(labels, start, end) for start, end in pairwise(FORMS)]
    seen: set[str] = set()
    lines = []
    for name, count in LINES_OF.items():
        for index in range(count):
            rng = stream(SEED, index, f"digits-text-{name}")
            text = _draw_text(rng, seen)
            if split in (None, name):
                form = int(rng.choice(FORMS_OF[name]))
                chosen = _draw_digits(rng, text, forms[form])
                lines.append(_record(DigitLine(text, cells[chosen], name, index), form, chosen))
    return lines


def compose(line: DigitLine) -> NDArray[np.uint8]:
    """The picture of a line: uint8 grey, (56, width), dark ink on light paper."""
    rng = stream(SEED, line.index, f"digits-ink-{line.split}")
    size, slant, pen = rng.uniform(0.88, 1.06) * DIGIT, rng.normal(0, 0.05), rng.uniform(3.2, 4.6)
    gap, blank = rng.uniform(1.5, 5.0), rng.uniform(13, 22)
    drift = rng.normal(0, 0.012)
    cells = iter(line.cells)
    canvas = np.zeros((HEIGHT, int(len(line.text) * DIGIT * 1.2) + 80), np.float32)
    x = rng.uniform(6, 14)
    for character in line.text:
        if character == " ":
            x += blank * rng.uniform(0.85, 1.2)
            continue
        if character in MARKS:
            ink, above = _draw_mark(MARKS[character], size, pen, rng)
        else:
            ink, above = _draw_digit(next(cells), size * rng.normal(1, 0.04), slant + rng.normal(0, 0.03))
        y = BASELINE - above + float(np.clip(rng.normal(0, 0.9) + drift * x * 0.25, -3, 3))
        _place(canvas, ink, x, y)
        x += ink.shape[1] + max(gap + rng.normal(0, 1.0), 0.5)
    return _photograph(canvas[:, : int(x + rng.uniform(3, 10))], rng)


def _load() -> tuple[NDArray[np.uint8], list[int]]:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    cells, labels = bunch.images.astype(np.uint8), bunch.target.tolist()
    if len(labels) != FORMS[-1]:
        raise EnvironmentProblem(
            "scikit-learn carries other digits than the ones known", "its 1,797 UCI digits"
        )
    return cells, labels


def _draw_text(rng: np.random.Generator, seen: set[str]) -> str:
    """A phrase of 4 to 16 characters that was not drawn before."""
    phrases = (number_phrase(rng) for _ in range(1000))  # about one in five is too short or known
    text = next(phrase for phrase in phrases if SHORTEST <= len(phrase) <= LONGEST and phrase not in seen)
    seen.add(text)
    return text


def _places(labels: list[int], start: int, end: int) -> dict[str, list[int]]:
    """Positions of the pictures of every digit in one form."""
    return {str(digit): [k for k in range(start, end) if labels[k] == digit] for digit in range(10)}


def _draw_digits(rng: np.random.Generator, text: str, places: dict[str, list[int]]) -> list[int]:
    """The position of one picture for every digit of the text."""
    shelves = [places[character] for character in text if character.isdigit()]
    return [shelf[int(rng.integers(len(shelf)))] for shelf in shelves]


def _record(line: DigitLine, form: int, chosen: list[int]) -> HandwrittenLine:
    return HandwrittenLine(
        id=f"digits-{line.split}-{line.index:04d}",
        text=line.text,
        split=line.split,
        load=partial(compose, line),
        writer=f"form-{form + 1:02d}",
        origin={"digits": chosen},
    )


def _draw_digit(cells: NDArray[np.uint8], size: float, slant: float) -> tuple[Ink, float]:
    """(ink trimmed to its columns, height above the base line) of one digit, ``size`` pixels high.

    A cell counts the ink of 4 x 4 pixels, so cubic interpolation and a soft threshold give back a stroke with
    an edge.
    """
    from PIL import Image

    padded = np.pad(cells.astype(np.float32) / 16, 1)
    height = round(size * 10 / 8)
    image = Image.fromarray(padded, "F").resize((height, height), Image.Resampling.BICUBIC)
    middle = height / 2
    image = image.transform(
        image.size, Image.Transform.AFFINE, (1, slant, -slant * middle, 0, 1, 0), Image.Resampling.BICUBIC
    )
    ink = _soft(np.asarray(image, dtype=np.float32), 0.42, 11)
    columns = np.flatnonzero(ink.max(axis=0) > 0.3)
    rows = np.flatnonzero(ink.max(axis=1) > 0.3)
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return ink, float(ink.shape[0])


def _draw_mark(mark: Mark, size: float, pen: float, rng: np.random.Generator) -> tuple[Ink, float]:
    """(ink, height above the base line) of a separator, its points shaken a little."""
    from PIL import Image, ImageDraw

    scale, radius = SUPERSAMPLING, pen * SUPERSAMPLING / 2
    width, top, bottom = mark.width * size + pen + 2, 1.15 * size + pen, 0.3 * size + pen
    image = Image.new("L", (round(width) * scale, round(top + bottom) * scale), 0)
    draw = ImageDraw.Draw(image)
    for stroke in mark.strokes:
        points = [
            (
                (x * size + pen / 2 + 1 + rng.normal(0, 0.5)) * scale,
                (top - y * size + rng.normal(0, 0.7)) * scale,
            )
            for x, y in stroke
        ]
        for (x0, y0), (x1, y1) in pairwise(points):
            for t in np.linspace(0, 1, max(int(np.hypot(x1 - x0, y1 - y0) / 2), 2)):
                x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    small = image.resize((image.width // scale, image.height // scale), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255), top


def _place(canvas: Ink, ink: Ink, x: float, y: float) -> None:
    """Lay ink on the canvas; darker wins where strokes meet."""
    left, top = round(x), round(y)
    rows = slice(max(top, 0), min(top + ink.shape[0], HEIGHT))
    inside = ink[rows.start - top : rows.stop - top]
    target = canvas[rows, left : left + ink.shape[1]]
    np.maximum(target, inside, out=target)


def _photograph(ink: Ink, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Ink on paper with the grain of a scan."""
    paper, dark = rng.uniform(228, 250), rng.uniform(25, 85)
    grey = paper + (dark - paper) * ink * rng.uniform(0.92, 1.0, ink.shape) + rng.normal(0, 2.0, ink.shape)
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)


def _soft(values: NDArray[np.float32], middle: float, steepness: float) -> Ink:
    soft: Ink = 1 / (1 + np.exp((middle - values) * np.float32(steepness)))
    return soft
