"""The font folders a user has added, remembered in the user's cache.

Only the paths are kept; the fonts stay where they are, and their licences are the user's care.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from common.errors import DataError
from common.files import cache_dir, write_json

_log = logging.getLogger(__name__)


def added_folders() -> tuple[Path, ...]:
    """The folders in the order in which they were added; those that are gone are told and left out."""
    known = _known()
    present = tuple(folder for folder in known if folder.is_dir())
    for folder in known:
        if folder not in present:
            _log.warning(
                "The added font folder %s is gone. Forget it: inkmill fonts remove %s", folder, folder
            )
    return present


def add_folder(folder: Path) -> None:
    """Remember a folder; adding it twice changes nothing.

    Raises:
        DataError: there is no such folder.
    """
    check_folder(folder)
    known = _known()
    if folder.resolve() not in known:
        _write((*known, folder.resolve()))


def check_folder(folder: Path) -> None:
    """See that a path is a folder.

    Raises:
        DataError: it is a file, or nothing is there.
    """
    if folder.is_file():
        raise DataError(
            f"{folder} is a file", "a folder with font files", f"name the folder it lies in: {folder.parent}"
        )
    if not folder.is_dir():
        raise DataError(f"The folder {folder} does not exist", "a folder with font files", "check the path")


def remove_folder(folder: Path) -> None:
    """Forget a folder; its files are left alone.

    Raises:
        DataError: it was never added.
    """
    known = _known()
    if folder.resolve() not in known:
        listed = ", ".join(map(str, known)) or "none"
        raise DataError(f"{folder} was not added", f"one of the added folders: {listed}")
    _write(tuple(path for path in known if path != folder.resolve()))


def _known() -> tuple[Path, ...]:
    record = _record()
    if not record.is_file():
        return ()
    try:
        return tuple(Path(folder) for folder in json.loads(record.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{record} is damaged: {error}", remedy="delete it and add your folders again"
        ) from None


def _record() -> Path:
    return cache_dir() / "fonts" / "folders.json"


def _write(folders: tuple[Path, ...]) -> None:
    write_json(_record(), [str(folder) for folder in folders])
