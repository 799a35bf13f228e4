"""Splits for lines that come without any: drawn by hashing, so that nobody measures on training lines.

A line's split depends on its writer, or on its id, and on nothing else: not on the order, not on the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from common.seeds import derive
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split

SEED = 0
SHARES: dict[Split, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}


def draw_splits(
    lines: list[HandwrittenLine], where: str, remedy: str, policy: Policy
) -> list[HandwrittenLine]:
    """The same lines with 80 % in train, 10 % in validation, 10 % in test, and a note of it in ``policy``.

    No writer is in two splits, nor a page where no writers are known; where they are too few to fill all
    three (10 do in 4 cases of 10, 30 in 9), every line is drawn for itself, and the note says what is shared.

    Args:
        lines: their splits are not looked at.
        where: the file or folder that names no splits.
        remedy: how to name them.
        policy: gets the note.
    """
    if not lines:
        return lines
    by_id = _drawn(lines, lambda line: line.id)
    ways = {
        "writer": _drawn(lines, lambda line: line.writer or line.id),
        "page": _drawn(lines, lambda line: line.page or line.id),
    }
    known = [unit for unit in ways if _tells(lines, unit)]
    unit = next((unit for unit in known if _fills_all(ways[unit])), "line")
    shared = [f"{other}s ({_number(lines, other)})" for other in known if unit == "line"]
    policy.notes.append(
        f"{where} names no splits: every {unit} is drawn into train, validation or test (about 80/10/10, the "
        f"same in every run). "
        + (f"Too few to fill all three, so splits share them: {', '.join(shared)}. " if shared else "")
        + f"To decide it yourself, {remedy}."
    )
    return ways.get(unit, by_id)


def _tells(lines: list[HandwrittenLine], unit: str) -> bool:
    return any(getattr(line, unit) for line in lines)


def _number(lines: list[HandwrittenLine], unit: str) -> int:
    return len({name for line in lines if (name := getattr(line, unit))})


def _drawn(lines: list[HandwrittenLine], key: Callable[[HandwrittenLine], str]) -> list[HandwrittenLine]:
    return [replace(line, split=_split(key(line))) for line in lines]


def _fills_all(lines: list[HandwrittenLine]) -> bool:
    return len({line.split for line in lines}) == len(get_args(Split))


def _split(key: str) -> Split:
    place = derive(SEED, 0, f"split/{key}") / 2**128
    if place < SHARES["train"]:
        return "train"
    return "validation" if place < SHARES["train"] + SHARES["validation"] else "test"
