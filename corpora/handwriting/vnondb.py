"""``vnondb:PATH``: VNOnDB (ICFHR 2018), Vietnamese on-line handwriting: InkML drawn to pictures.

An id is the name of the file, ``_`` and the id of the trace group, as published lists have it. Points are
``x y`` or ``t x y``. Files count y upwards or downwards; which, is seen from them: the lines of a paragraph
go down the page. All lines of one file are drawn to one scale, so capitals and dots keep their size.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError, UsageError
from corpora.handwriting.ink import Trace, draw
from corpora.handwriting.known_lists import read_ids
from corpora.handwriting.labels import normalise
from corpora.handwriting.paths import find_folder, first_folder
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.splits import draw_splits
from corpora.handwriting.xml_file import Element, parse_xml

UNITS = ("line", "paragraph", "word")
LISTS = ("VNOnDB_ICFHR2018_dataSplit", "dataSplit", "splits")
SPLITS: dict[Split, str] = {"train": "train_set", "validation": "validation_set", "test": "test_set"}
NAME_SPLITS = f"put the folder {LISTS[0]} with {', '.join(SPLITS.values())}.txt beside the ink"
FURTHEST = 1e7  # of coordinates from 0: no tablet is finer
VOTERS = 200  # files asked for the direction of y
KEPT_FILES = 4


def read_vnondb(
    path: Path, policy: Policy, unit: str = "line", y: str | None = None
) -> list[HandwrittenLine]:
    """The lines (or words, or paragraphs) in the order of the lists and of the files.

    Args:
        path: the folder with ``InkData_line`` and the lists.
        policy: what to do with lines that cannot be used.
        unit: ``line``, ``word`` or ``paragraph``.
        y: ``up`` or ``down``; seen from the files where None.

    Raises:
        UsageError: an unknown unit or direction.
        DataError: files are missing or faulty, or a line that ``policy`` refuses.
    """
    if unit not in UNITS or y not in (None, "up", "down"):
        raise UsageError(f"There is no unit '{unit}' or direction '{y}'", f"{', '.join(UNITS)}; up, down")
    folder = first_folder(path, (f"InkData_{unit}",), "VNOnDB ink")
    lists = find_folder(path, LISTS)
    told = _listed(lists, folder) if lists else [(file, None) for file in sorted(folder.glob("*.inkml"))]
    if not told:
        raise DataError(f"{folder} holds no ink", "files ending in .inkml", "unpack the archive again")
    upwards = y == "up" if y else _upwards([file for file, _ in told])
    lines = [line for file, split in told for line in _lines(file, split or "train", upwards, policy)]
    return lines if lists else draw_splits(lines, str(folder), NAME_SPLITS, policy)


def load_trace_group(file: Path, place: int, upwards: bool) -> NDArray[np.uint8]:
    """The picture of a trace group by its place in the file: uint8 grey, (height, width).

    Raises:
        DataError: the file cannot be read any more.
    """
    groups, unit = _ink(file, upwards)
    return draw(groups[place], unit)


def _listed(lists: Path, folder: Path) -> list[tuple[Path, Split | None]]:
    told: list[tuple[Path, Split | None]] = []
    for split, name in SPLITS.items():
        listing = lists / f"{name}.txt"
        for number, stem in enumerate(read_ids(listing), start=1):
            file = folder / f"{stem}.inkml"
            if not file.is_file():
                raise DataError(
                    f"{listing} line {number}: {file} does not exist",
                    "a file of ink",
                    "unpack the archive again",
                )
            told.append((file, split))
    return told


def _lines(file: Path, split: Split, upwards: bool, policy: Policy) -> list[HandwrittenLine]:
    lines = []
    for place, group in enumerate(_groups(file)):
        identifier = f"{file.stem}_{group.get('id', place)}"
        where = f"{file} {group.get('id', place)}"
        text = normalise(group.findtext("annotationXML/Tg_Truth") or "", where)
        if not text:
            policy.refuse("empty-label", where, "there is no Tg_Truth", "ask for ?empty-label=skip")
        elif not any(trace.text and trace.text.strip() for trace in group.iter("trace")):
            policy.refuse("missing-shape", where, "there is no trace of a pen", "ask for ?missing-shape=skip")
        else:
            load = partial(load_trace_group, file, place, upwards)
            lines.append(
                HandwrittenLine(identifier, text, split, load, page=file.stem, origin={"file": str(file)})
            )
    return lines


def _groups(file: Path) -> list[Element]:
    return parse_xml(file, "ink").findall("traceGroup")


@functools.lru_cache(maxsize=KEPT_FILES)
def _ink(file: Path, upwards: bool) -> tuple[list[list[Trace]], float]:
    """The traces of every group of a file, y downwards, and the height of an ordinary line in it."""
    turn = np.array([1, -1 if upwards else 1], np.float32)
    groups = [[trace * turn for trace in _traces(group, file)] for group in _groups(file)]
    heights = [float(np.ptp(np.concatenate(traces)[:, 1])) for traces in groups if traces]
    return groups, float(np.median(heights)) if heights else 1.0


def _traces(group: Element, file: Path) -> list[Trace]:
    found = (_points(trace.text or "", f"{file} trace {trace.get('id')}") for trace in group.iter("trace"))
    return [points for points in found if len(points)]


def _points(text: str, where: str) -> Trace:
    """Points with commas between them; of three numbers the last two are x and y."""
    fields = [point.split() for point in text.split(",") if point.strip()]
    try:
        points = np.array([(float(x), float(y)) for *_, x, y in fields]).reshape(-1, 2)
    except ValueError:
        points = np.array([[np.nan, np.nan]])
    if not (np.abs(points) < FURTHEST).all():
        raise DataError(f"{where} is no list of points: {text.strip()[:40]!r}", "x y, x y, ...")
    return points.astype(np.float32)


def _upwards(files: Sequence[Path]) -> bool:
    """Whether y counts upwards: then the lines of most files lie ever higher."""
    votes = [vote for file in _some(files) if (vote := _vote([_middle(g, file) for g in _groups(file)]))]
    return sum(votes) < 0


def _some(files: Sequence[Path]) -> Iterable[Path]:
    return files[:: max(len(files) // VOTERS, 1)]


def _middle(group: Element, file: Path) -> float:
    traces = _traces(group, file)
    return float(np.median(np.concatenate(traces)[:, 1])) if traces else float("nan")


def _vote(middles: Sequence[float]) -> int:
    """1 where the lines go to larger y, -1 to smaller, 0 where there is only one."""
    known = [middle for middle in middles if not np.isnan(middle)]
    return int(np.sign(known[-1] - known[0])) if len(known) > 1 else 0
