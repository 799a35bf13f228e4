"""The font folders a user has added, remembered in the user's cache.

Only the paths are kept; the fonts stay where they are, and their licences are the user's care.
"""

from __future__ import annotations

import json
from pathlib import Path

from common.errors import DataError
from common.files import cache_dir, write_json


def added_folders() -> tuple[Path, ...]:
    """The folders in the order in which they were added."""
    record = _record()
    if not record.is_file():
        return ()
    try:
        return tuple(Path(folder) for folder in json.loads(record.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{record} is damaged: {error}", remedy="delete it and add your folders again"
        ) from None


def add_folder(folder: Path) -> None:
    """Remember a folder; adding it twice changes nothing.

    Raises:
        DataError: there is no such folder.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder", "a folder with font files", "check the path")
    known = added_folders()
    if folder.resolve() not in known:
        _write((*known, folder.resolve()))


def remove_folder(folder: Path) -> None:
    """Forget a folder; its files are left alone.

    Raises:
        DataError: it was never added.
    """
    known = added_folders()
    if folder.resolve() not in known:
        listed = ", ".join(map(str, known)) or "none"
        raise DataError(f"{folder} was not added", f"one of the added folders: {listed}")
    _write(tuple(path for path in known if path != folder.resolve()))


def _record() -> Path:
    return cache_dir() / "fonts" / "folders.json"


def _write(folders: tuple[Path, ...]) -> None:
    write_json(_record(), [str(folder) for folder in folders])
