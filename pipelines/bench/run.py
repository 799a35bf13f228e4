"""Runs one area of the bench, prints its figures, records them with the machine they were taken on.

An area is a module `pipelines.bench.<area>` with `measure() -> list[Figure]`. Nothing here measures
anything itself.
"""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.errors import EnvironmentProblem, UsageError, nearest
from pipelines.bench import AREAS
from pipelines.bench.figure import Figure

HEADINGS = ("name", "value", "unit", "target", "met", "compared")


def measure(area: str) -> list[Figure]:
    """The figures of an area.

    Raises:
        UsageError: there is no such area.
        EnvironmentProblem: this installation lacks the area's module.
    """
    if area not in AREAS:
        raise UsageError(f"There is no area '{area}' to measure", nearest(area, AREAS))
    name = f"pipelines.bench.{area}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise EnvironmentProblem(f"Nothing measures '{area}' in this installation") from None
    figures: list[Figure] = module.measure()
    return figures


def rows(figures: Sequence[Figure]) -> list[str]:
    """A table in plain text: a heading, then one row a figure; columns line up, the last one is free."""
    table = [HEADINGS, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS) - 1)]
    return ["  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in table]


def record(area: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """The figures with what one needs to judge them: command, date, machine; JSON-able."""
    return {
        "command": f"inkmill bench {area}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "processor": _processor(), "cores": os.cpu_count()},
        "python": platform.python_version(),
        "figures": [asdict(figure) | {"met": figure.met} for figure in figures],
    }


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "no", None: ""}[figure.met]
    bound = ">=" if figure.higher_is_better else "<="
    target = "" if figure.target is None else f"{bound} {figure.target:,.4g}"
    return figure.name, f"{figure.value:,.4g}", figure.unit, target, met, figure.compared


def _processor() -> str:
    """The processor's name; `platform.processor()` is empty on most Linux machines."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
