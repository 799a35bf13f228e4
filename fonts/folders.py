"""The font folders a user has added, remembered in the user's cache.

Only the paths are kept, and whether fonts under any licence may write; the fonts stay where they are.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.errors import DataError
from common.files import cache_dir, write_json
from fonts.licence import ALLOWED

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


def add_folder(folder: Path, any_licence: bool = False) -> None:
    """Remember a folder.

    Args:
        any_licence: whether its fonts may write under whatever licence they are, or under none that is known;
            once given, the permission holds until the folder is removed.

    Raises:
        DataError: there is no such folder.
    """
    check_folder(folder)
    known = _known()
    place = folder.resolve()
    _write({**known, place: any_licence or known.get(place, False)})


@contextmanager
def added(folder: Path, any_licence: bool = False) -> Iterator[None]:
    """:func:`add_folder` for the time of a trial; what fails it stays as it was before."""
    before = _known()
    add_folder(folder, any_licence)
    try:
        yield
    except BaseException:
        _write(before)
        raise


def allowed(licence: str, folder: Path) -> bool:
    """Whether a font under this licence (SPDX id, or ``unknown``), found in this folder, may write."""
    return licence in ALLOWED or _known().get(folder.resolve(), False)


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
    del known[folder.resolve()]
    _write(known)


def _known() -> dict[Path, bool]:
    """Folder -> whether any licence will do."""
    record = _record()
    if not record.is_file():
        return {}
    try:
        known = json.loads(record.read_text(encoding="utf-8", errors="surrogateescape"))
        return {Path(folder): bool(any_licence) for folder, any_licence in known.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(
            f"{record} is damaged: {error}", remedy="delete it and add your folders again"
        ) from None


def _record() -> Path:
    return cache_dir() / "fonts" / "folders.json"


def _write(folders: dict[Path, bool]) -> None:
    write_json(_record(), {str(folder): any_licence for folder, any_licence in folders.items()})
