"""Where the files of a data set lie: names from lists kept inside it, folders found by their usual names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from common.errors import DataError

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def inside(folder: Path, name: str, where: str) -> Path:
    """``folder/name`` for a name that a file tells.

    Names are compared as they are written; a link that the user has put into the folder is followed.

    Raises:
        DataError: the name leads out of the folder.
    """
    base = Path(os.path.normpath(folder.absolute()))
    found = Path(os.path.normpath(base / name))
    if not found.is_relative_to(base):
        raise DataError(
            f"{where}: '{name}' leads out of the folder {folder}",
            "a file in it",
            "move the pictures into it, or name their folder with ?pictures=DIR",
        )
    return folder / found.relative_to(base)


def first_folder(root: Path, names: Sequence[str], what: str) -> Path:
    """The first folder of ``names`` that is there, under ``root`` or one folder below it.

    Raises:
        DataError: none is; the message says what is there instead.
    """
    if found := find_folder(root, names):
        return found
    raise DataError(
        f"{root} holds no {what}: {_listing(root)}",
        " or ".join(f"{name}/" for name in names),
        "name the folder that holds it",
    )


def find_folder(root: Path, names: Iterable[str]) -> Path | None:
    """As :func:`first_folder`, None where there is none."""
    return next((path for path in _candidates(root, names) if path.is_dir()), None)


def first_file(root: Path, names: Sequence[str], what: str) -> Path:
    """The first file of ``names`` that is there, under ``root`` or one folder below it.

    Raises:
        DataError: none is; the message says what is there instead.
    """
    if found := find_file(root, names):
        return found
    raise DataError(
        f"{root} holds no {what}: {_listing(root)}", " or ".join(names), "name the folder that holds it"
    )


def find_file(root: Path, names: Iterable[str]) -> Path | None:
    """As :func:`first_file`, None where there is none."""
    return next((path for path in _candidates(root, names) if path.is_file()), None)


def find_picture(folders: Iterable[Path], stem: str) -> Path | None:
    """The first picture called ``stem`` in the folders, whatever its ending and the case of that."""
    candidates = (
        folder / f"{stem}{variant}"
        for folder in folders
        for ending in PICTURES
        for variant in (ending, ending.upper())
    )
    return next((path for path in candidates if path.is_file()), None)


def _candidates(root: Path, names: Iterable[str]) -> list[Path]:
    below = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [base / name for base in [root, *below] for name in names]


def _listing(root: Path) -> str:
    if not root.is_dir():
        return "it is no folder" if root.exists() else "it does not exist"
    names = sorted(path.name + "/" * path.is_dir() for path in root.iterdir())
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"there are {', '.join(names[:8])}{more}" if names else "it is empty"
