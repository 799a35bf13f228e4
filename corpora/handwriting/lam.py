"""``lam:PATH``: the Ludovico Antonio Muratori data set: ``lines/img``, splits as JSON in ``lines/split``."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from common.errors import DataError
from corpora.handwriting.labels import normalise, read_text, split_files
from corpora.handwriting.paths import first_folder, inside
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split


def read_lam(path: Path, policy: Policy, split: str = "basic") -> list[HandwrittenLine]:
    """The lines in the order of the split's files.

    Args:
        path: the folder of the data set.
        policy: what to do with lines that cannot be used.
        split: the folder under ``lines/split``, such as ``basic``.

    Raises:
        DataError: files are missing or faulty, or a line that ``policy`` refuses.
    """
    lines = first_folder(path, ("lines", "LAM/lines"), "LAM data")
    folder = inside(lines / "split", split, "?split=")
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in (lines / "split").glob("*/"))) or "none"
        raise DataError(
            f"{folder} does not exist", f"a split that is there: {known}", "choose it with ?split="
        )
    found = (
        _line(lines / "img", entry, kind or "train", f"{file} entry {number}", policy)
        for file, kind in split_files(folder, ".json")
        for number, entry in enumerate(_entries(file), start=1)
    )
    return [line for line in found if line is not None]


def _entries(file: Path) -> list[Any]:
    try:
        entries = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise DataError(f"{file} is no JSON: {error}", "a list of objects with img and text") from None
    if not isinstance(entries, list):
        raise DataError(f"{file} holds {type(entries).__name__}", "a list of objects with img and text")
    return entries


def _line(pictures: Path, entry: Any, split: Split, where: str, policy: Policy) -> HandwrittenLine | None:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("img", "text")):
        raise DataError(
            f"{where} is {str(entry)[:60]}", 'an object with "img" and "text"', "correct the file"
        )
    picture = inside(pictures, entry["img"], where)
    text = normalise(entry["text"], where)
    if not text:
        policy.refuse(
            "empty-label", where, f"the text of {entry['img']} is empty", "ask for ?empty-label=skip"
        )
        return None
    if not picture.is_file():
        found = f"the picture {picture} does not exist"
        policy.refuse("missing-picture", where, found, "unpack it, or ask for ?missing-picture=skip")
        return None
    return HandwrittenLine(
        picture.stem, text, split, partial(load_grey, picture), origin={"file": str(picture)}
    )
