"""The work folder of a build: claimed by one process, kept after a crash, refused to other settings."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import write_json

_SETTINGS = "settings.json"
_LISTED = 20  # characters of an alphabet that are named


class Occupied(DataError):
    """Another process is at work on the same corpus."""


def workshop_of(out: Path) -> Path:
    """The work folder beside the folder that is to be made."""
    return out.with_name(f".{out.name}.build")


@contextmanager
def workshop(out: Path, settings: dict[str, Any]) -> Iterator[Path]:
    """Hold the work folder of ``out``; it goes when the block ends well or has finished nothing.

    Raises:
        Occupied: another process holds it.
        DataError: it holds the work of other settings.
    """
    folder = workshop_of(out)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _claim(handle, out)
        _compare(folder, settings)
        try:
            yield folder
        except BaseException:
            if not any(folder.glob("cleaned/*/facts.json")):
                shutil.rmtree(folder)
            raise
        shutil.rmtree(folder)
    finally:
        os.close(handle)


def differing(found: dict[str, Any], settings: dict[str, Any]) -> str:
    """What was otherwise in the settings found, in words with both values; empty where all is the same."""
    keys = [key for key in sorted({*found, *settings}) if found.get(key) != settings.get(key)]
    if "format" in keys:  # settings of another format have other names
        keys = ["format"]
    return "; ".join(_difference(key, found.get(key), settings.get(key)) for key in keys)


def _difference(key: str, was: Any, now: Any) -> str:
    if key == "alphabet":
        return f"{key} had {_beyond(was, now)}, has {_beyond(now, was)} instead"
    shown = _shown(was), _shown(now)
    name = key.replace("_", "-")
    return (
        f"{name} was {shown[0]}, is {shown[1]}"
        if shown[0] != shown[1]
        else f"{name} changed in content: {shown[0]}"
    )


def _beyond(characters: str, others: str) -> str:
    """The first characters that only one alphabet has."""
    found = [character for character in characters if character not in others]
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return f"{''.join(found[:_LISTED])!r}{more}" if found else "nothing"


def _shown(value: Any) -> str:
    """A setting as it is named on the command line: files and benchmarks without their fingerprints."""
    if isinstance(value, dict):
        value = [value["spec"]] if "spec" in value else list(value)
    if isinstance(value, list):
        value = ", ".join(map(_shown, value))
    return "none" if value in (None, "") else str(value)


def _claim(handle: int, out: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Occupied(
            f"Another process is building {out}", "one at a time", "wait for it, or name another folder"
        ) from None


def _compare(folder: Path, settings: dict[str, Any]) -> None:
    path = folder / _SETTINGS
    if not path.is_file():
        write_json(path, settings)
        return
    if differences := differing(json.loads(path.read_text(encoding="utf-8")), settings):
        raise DataError(
            f"{folder} holds an unfinished build with other settings ({differences})",
            "the same sources and settings, which go on with it",
            f"remove {folder}, or name another folder",
        )
