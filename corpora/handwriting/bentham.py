"""``bentham:PATH``: the Bentham lines of the HTRtS contest (ICFHR 2014), as its archives unpack.

A transcription is the first line of its file. ``<gap/>``, ink that nobody could read, becomes ``~`` as in the
literature, or what ``?gap=`` says; with ``?gap=skip`` such lines are left out as doubtful.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from corpora.handwriting.known_lists import read_ids
from corpora.handwriting.labels import normalise, read_text
from corpora.handwriting.paths import find_file, find_folder, find_picture, first_file, first_folder
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split

TRAINING = ("BenthamData", "contestHTRtS/BenthamData")
TEST = ("contestHTRtS-test", "contestHTRtS/contestHTRtS-test", "BenthamDataTest")
LISTS: tuple[tuple[Split, str], ...] = (("train", "TrainLines.lst"), ("validation", "ValidationLines.lst"))
TEST_LIST = "TestLines.lst"
GAP = re.compile(r"<gap\s*/>")


def read_bentham(
    path: Path, policy: Policy, gap: str = "~", encoding: str | None = None
) -> list[HandwrittenLine]:
    """The lines in the order of the partition lists.

    Args:
        path: where the archives were unpacked.
        policy: what to do with lines that cannot be used.
        gap: what is written for ``<gap/>``, or ``skip``.
        encoding: of the transcriptions; UTF-8 where None.

    Raises:
        DataError: files are missing or faulty, or a line that ``policy`` refuses.
    """
    folder = path if (path / "Partitions").is_dir() else first_folder(path, TRAINING, "Bentham data")
    listed = [(folder, f"Partitions/{name}", split) for split, name in LISTS]
    beside = next((path.parent / name for name in TEST if (path.parent / name).is_dir()), None)
    test = find_folder(path, TEST) or beside
    if find_file(folder, [f"Partitions/{TEST_LIST}"]):
        listed.append((folder, f"Partitions/{TEST_LIST}", "test"))
    elif test:
        listed.append((test, f"Partitions/{TEST_LIST}", "test"))
    else:
        policy.notes.append(f"{path} has no {TEST_LIST}: there is no test split.")
    lines: list[HandwrittenLine] = []
    for base, name, split in listed:
        listing = first_file(base, [name], "list of lines")
        found = (
            _line(base, identifier, split, f"{listing}: {identifier}", policy, gap, encoding)
            for identifier in read_ids(listing)
        )
        lines += [line for line in found if line is not None]
    if count := sum(bool(line.origin["gap"]) for line in lines):
        policy.notes.append(f"{path}: {count:,} lines hold <gap/>, written as '{gap}'.")
    return lines


def _line(
    base: Path, name: str, split: Split, where: str, policy: Policy, gap: str, encoding: str | None
) -> HandwrittenLine | None:
    picture = find_picture((base / "Images" / "Lines", base / "Images" / "Lines-test"), name)
    if picture is None:
        found = f"the picture {base / 'Images' / 'Lines' / name}.png does not exist"
        policy.refuse("missing-picture", where, found, "unpack it, or ask for ?missing-picture=skip")
        return None
    label = base / "Transcriptions" / f"{name}.txt"
    if not label.is_file():
        found = f"the transcription {label} does not exist"
        policy.refuse("missing-label", where, found, "unpack it, or ask for ?missing-label=skip")
        return None
    raw = next(iter(read_text(label, encoding).splitlines()), "")
    gaps = bool(GAP.search(raw))
    if gaps and gap == "skip":
        policy.refuse("doubtful-label", where, "the line holds <gap/>", "write another ?gap=")
        return None
    text = normalise(GAP.sub(gap, raw), str(label))
    if not text:
        policy.refuse("empty-label", where, f"{label} is empty", "ask for ?empty-label=skip")
        return None
    return HandwrittenLine(
        name, text, split, partial(load_grey, picture), origin={"file": str(picture), "gap": gaps}
    )
