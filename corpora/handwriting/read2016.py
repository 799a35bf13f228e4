"""``read2016:PATH``: READ 2016 (ICFHR 2016) as its two archives unpack: PAGE XML of 2013 and pages.

Lines are numbered as the data loaders of the literature do, ``train_0``, ``valid_0``, ``test_0``: files by
name, lines as they stand in the file, lines without text not counted. So published lists of these names fit.
The usual crop is the upright box around a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import DataError, UsageError
from corpora.handwriting.crop import MODES
from corpora.handwriting.page_xml import read_page_xml
from corpora.handwriting.pages import Wanted, page_lines
from corpora.handwriting.paths import find_folder, first_folder
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split

FOLDERS: tuple[tuple[Split, str, Sequence[str]], ...] = (
    ("train", "train", ("Training", "PublicData/Training")),
    ("validation", "valid", ("Validation", "PublicData/Validation")),
    ("test", "test", ("Test-ICFHR-2016", "Test")),
)


def read_read2016(path: Path, policy: Policy, crop: str = "box") -> list[HandwrittenLine]:
    """The lines of the three splits; one whose folder is missing is left out with a note.

    Args:
        path: where the archives were unpacked.
        policy: what to do with lines that cannot be used.
        crop: ``box``, or ``polygon`` or ``line`` as for PAGE files.

    Raises:
        UsageError: an unknown way to crop.
        DataError: files are missing or faulty, or a line that ``policy`` refuses.
    """
    mode = next((mode for mode in MODES if mode == crop), None)
    if mode is None:
        raise UsageError(f"There is no way to crop called '{crop}'", f"one of: {', '.join(MODES)}")
    first_folder(path, [name for _, _, names in FOLDERS for name in names], "READ 2016")
    lines = []
    for split, short, names in FOLDERS:
        folder = find_folder(path, names)
        if folder is None:
            policy.notes.append(f"{path} has no {names[0]}: there is no {split} split.")
            continue
        lines += _numbered(_split(folder, split, policy, Wanted(mode)), short)
    return lines


def _split(folder: Path, split: Split, policy: Policy, wanted: Wanted) -> list[HandwrittenLine]:
    files = sorted(folder.rglob("*.xml"), key=lambda file: file.name)
    if not files:
        raise DataError(f"{folder} holds no XML files", "page/*.xml", "unpack the archive again")
    return [
        line
        for file in files
        for line in page_lines(file, file.stem, split, read_page_xml(file, ordered=False), policy, wanted)
    ]


def _numbered(lines: list[HandwrittenLine], short: str) -> list[HandwrittenLine]:
    return [replace(line, id=f"{short}_{number}") for number, line in enumerate(lines)]
