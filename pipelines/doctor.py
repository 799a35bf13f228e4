"""Looks at the machine and says what is there, what is missing and what to do about it.

Every check is a small function that yields rows and never raises; the list of them is `CHECKS`. Nothing is
repaired, installed or fetched here.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from common.errors import EnvironmentProblem
from common.files import cache_dir
from pipelines import ROOMS

STAND_INS = {"opencv-python": "opencv-python-headless"}  # the same library, without windows and libGL
OPTIONAL = {"ray": "only `--executor ray` needs it", "tensorboard": "only its charts need it"}
GIB = 2**30

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing looked at.

    Attributes:
        name: what, such as ``torch``.
        state: ``ok``; ``warn`` where something works less well; ``fail`` where inkmill cannot work.
        found: what is there.
        remedy: what to do, empty where nothing is.
    """

    name: str
    state: State
    found: str
    remedy: str = ""


def examine() -> list[Row]:
    """Every check in order."""
    return [row for check in CHECKS for row in check()]


def lacking(rows: list[Row]) -> bool:
    """Whether something required is missing."""
    return any(row.state == "fail" for row in rows)


def _python() -> Iterator[Row]:
    found = sys.version.split()[0]
    fine = sys.version_info >= (3, 11)
    yield Row("Python", "ok" if fine else "fail", found, "" if fine else "use Python 3.11 or newer")


def _libraries() -> Iterator[Row]:
    from packaging.requirements import Requirement

    for text in metadata.requires("inkmill") or ():
        need = Requirement(text)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield _library(need.name, str(need.specifier), need.specifier.contains)


def _library(name: str, wanted: str, fits: Callable[..., bool]) -> Row:
    lacking: State = "warn" if name in OPTIONAL else "fail"
    for candidate in filter(None, (name, STAND_INS.get(name))):
        try:
            found = metadata.version(candidate)
        except metadata.PackageNotFoundError:
            continue
        if fits(found, prereleases=True):
            return Row(candidate, "ok", found)
        return Row(candidate, lacking, f"{found}, wanted {wanted}", "run `make setup`")
    note = f"; {OPTIONAL[name]}" if name in OPTIONAL else ""
    return Row(name, lacking, f"not installed{note}", "run `make setup`")


def _native() -> Iterator[Row]:
    """Libraries that are there and yet may not load, because the system lacks what they stand on."""
    yield _loads(
        "cv2", "OpenCV loads", lambda module: module.__version__, "install opencv-python-headless or libGL"
    )
    yield _loads(
        "freetype", "FreeType", lambda module: ".".join(map(str, module.version())), "run `make setup`"
    )
    yield _loads("uharfbuzz", "HarfBuzz", lambda module: module.version_string(), "run `make setup`")


def _loads(name: str, shown: str, version: Callable[..., str], remedy: str) -> Row:
    try:
        return Row(shown, "ok", version(importlib.import_module(name)))
    except (ImportError, OSError) as error:  # a missing shared library is either
        return Row(shown, "fail", f"cannot be loaded: {error}", remedy)


def _torch() -> Iterator[Row]:
    try:
        import torch
    except (ImportError, OSError) as error:
        yield Row("torch loads", "fail", f"cannot be loaded: {error}", "run `make setup`")
        return
    yield Row("torch threads", "ok", str(torch.get_num_threads()))
    if torch.cuda.is_available():
        bf16 = "with" if torch.cuda.is_bf16_supported() else "without"
        yield Row("GPU", "ok", f"{torch.cuda.get_device_name()}, {bf16} bf16")
    else:
        bf16 = "with" if {"avx512_bf16", "amx_bf16", "bf16"} & _processor_flags() else "without"
        yield Row("GPU", "ok", f"none that torch can use; the processor computes, {bf16} bf16 in hardware")


def _node() -> Iterator[Row]:
    from fonts.npm import npm_command, npm_version

    try:
        yield Row("npm", "ok", f"{npm_version()}, {npm_command()[0]}")
    except EnvironmentProblem as error:
        yield Row("npm", "warn", f"{error.found}; `fonts sync` cannot fetch, `fonts add` works", error.remedy)


def _machine() -> Iterator[Row]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Row("cores", "ok", str(cores))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield _amount("memory", memory, enough=5 * GIB, remedy="use smaller batches and fewer workers")


def _disk() -> Iterator[Row]:
    cache = cache_dir()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            yield Row("cache folder", "ok", str(cache))
    except OSError as error:
        yield Row(
            "cache folder",
            "fail",
            f"{cache}: {error.strerror}",
            "set INKMILL_CACHE to a folder you may write",
        )
        return
    for name, folder in (("disk here", Path.cwd()), ("disk of the cache", cache)):
        yield _amount(
            name, shutil.disk_usage(folder).free, enough=5 * GIB, remedy="free some space", unit="GB free"
        )


def _amount(name: str, found: int, enough: int, remedy: str, unit: str = "GB") -> Row:
    fine = found >= enough
    return Row(name, "ok" if fine else "warn", f"{found / GIB:.1f} {unit}", "" if fine else remedy)


def _shadows() -> Iterator[Row]:
    """The packages have everyday names; another of the same name would be imported in their place."""
    home = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        spec = find_spec(room)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or origin.parent.parent != home:
            found = f"'{room}' is {origin or 'not there'}"
            yield Row(
                "own packages",
                "fail",
                found,
                f"uninstall what shadows it, or use a fresh environment; home is {home}",
            )
            return
    yield Row("own packages", "ok", f"{len(ROOMS)} under {home}")


def _processor_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return next((set(line.split()) for line in lines if line.startswith(("flags", "Features"))), set())


CHECKS: tuple[Callable[[], Iterator[Row]], ...] = (
    _python, _shadows, _libraries, _native, _torch, _node, _machine, _disk,
)  # fmt: skip
