"""``rimes:PATH``: the line task of RIMES 2011: ``training_2011.xml``, ``eval_2011_annotated.xml``, and pages.

The last 100 pages of the training file are the validation split, as published figures have it. A line is the
box that the file tells, within the page. Known faults of the files are met: boxes that leave the page, lines
without text whose successors carry the text of the line before, ``¤`` around doubtful words (dropped), and
blanks in odd places.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np

from common.errors import DataError
from corpora.handwriting.crop import Shape
from corpora.handwriting.labels import normalise
from corpora.handwriting.layout import box, number
from corpora.handwriting.pages import load_line
from corpora.handwriting.paths import find_file, find_picture, first_file
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.xml_file import Element, parse_xml

TRAINING = ("training_2011.xml", "training_2011_gray.xml")
EVALUATION = ("eval_2011_annotated.xml", "eval_2011.xml")
PICTURE_FOLDERS = ("images_gray", "images", "")
VALIDATION_PAGES = 100
DOUBTFUL = "\N{CURRENCY SIGN}"


def read_rimes(path: Path, policy: Policy) -> list[HandwrittenLine]:
    """The lines in the order of the files.

    Args:
        path: the folder of the data set.
        policy: what to do with lines that cannot be used.

    Raises:
        DataError: files are missing or faulty, or a line that ``policy`` refuses.
    """
    training = first_file(path, TRAINING, "RIMES 2011")
    pages = list(parse_xml(training, "DocumentList").iter("SinglePage"))
    border = max(len(pages) - VALIDATION_PAGES, 0)
    parts: list[tuple[Path, Element, Split]] = [
        (training, page, "train" if place < border else "validation") for place, page in enumerate(pages)
    ]
    if evaluation := find_file(path, EVALUATION):
        parts += [
            (evaluation, page, "test") for page in parse_xml(evaluation, "DocumentList").iter("SinglePage")
        ]
    else:
        policy.notes.append(f"{path} has no {EVALUATION[0]}: there is no test split.")
    counts: Counter[str] = Counter()
    lines = [line for part in parts for line in _page(*part, policy, counts)]
    policy.notes += [f"{path}: {count:,} {what}." for what, count in counts.items()]
    return lines


def _page(
    file: Path, page: Element, split: Split, policy: Policy, counts: Counter[str]
) -> list[HandwrittenLine]:
    name = Path(page.get("FileName", "").replace("\\", "/")).stem
    where = f"{file} {name or 'page without FileName'}"
    picture = find_picture((file.parent / folder for folder in PICTURE_FOLDERS), name) if name else None
    if picture is None:
        found = f"the picture of the page is not in {' or '.join(filter(None, PICTURE_FOLDERS))}"
        policy.refuse(
            "missing-picture", where, found, "unpack the pictures, or ask for ?missing-picture=skip"
        )
        return []
    told = [
        (element, text) for paragraph in page.iter("Paragraph") for element, text in _texts(paragraph, counts)
    ]
    lines = []
    for place, (element, text) in enumerate(told, start=1):
        identifier = f"{name}-{place:02d}"
        if line := _line(identifier, element, text, split, picture, f"{where} line {place}", policy):
            lines.append(line)
    return lines


def _texts(paragraph: Element, counts: Counter[str]) -> list[tuple[Element, str | None]]:
    """The lines of a paragraph with their texts; None for a text that cannot be trusted."""
    elements = paragraph.findall("Line")
    told = [_plain(element.get("Value", "")) for element in elements]
    # in the attribute, a line break is the two characters backslash and n
    whole = [text for row in paragraph.get("Value", "").split("\\n") if (text := _plain(row))]
    if DOUBTFUL in paragraph.get("Value", ""):
        counts["paragraphs with ¤doubtful¤ words lose the marks"] += 1
    if not whole or [text for text in told if text] == whole:
        return list(zip(elements, told, strict=True))
    if len(whole) == len(told):
        counts["paragraphs get their lines back in order, which an empty line had shifted"] += 1
        return list(zip(elements, whole, strict=True))
    return [(element, text if text == "" else None) for element, text in zip(elements, told, strict=True)]


def _plain(text: str) -> str:
    return " ".join(text.replace(DOUBTFUL, "").split())


def _line(
    name: str, element: Element, text: str | None, split: Split, picture: Path, where: str, policy: Policy
) -> HandwrittenLine | None:
    if text is None:
        found = f"its paragraph has another text than '{element.get('Value')}'"
        policy.refuse("doubtful-label", where, found, "correct the file, or ask for ?doubtful-label=skip")
        return None
    label = normalise(text, where)
    if not label:
        policy.refuse("empty-label", where, "the line has no text", "ask for ?empty-label=skip")
        return None
    left, top, right, bottom = (number(element.get(side)) for side in ("Left", "Top", "Right", "Bottom"))
    if np.isnan([left, top, right, bottom]).any():
        raise DataError(f"{where} has no box", "Left, Top, Right and Bottom", "correct the file")
    left, top = max(left, 0.0), max(top, 0.0)
    corners = box(left, top, right - left, bottom - top)
    if corners is None:
        policy.refuse("missing-shape", where, "the box of the line is empty", "correct the file")
        return None
    load = partial(load_line, picture, None, Shape(corners, None), where, "box")
    return HandwrittenLine(name, label, split, load, page=picture.stem, origin={"file": str(picture)})
