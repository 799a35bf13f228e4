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
    """The names of the settings that are not the same, in words; empty where all are."""
    return ", ".join(sorted(key for key in settings if found.get(key) != settings[key]))


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
    if names := differing(json.loads(path.read_text(encoding="utf-8")), settings):
        raise DataError(
            f"{folder} holds an unfinished build with other settings ({names} differ)",
            "the same sources and settings, which go on with it",
            f"remove {folder}, or name another folder",
        )
