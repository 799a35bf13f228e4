"""Transcriptions as read from files (NFC, single blanks, no controls), and the names of splits."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from common.errors import DataError, UsageError
from corpora.handwriting.record import Split

SPLIT_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
}


def normalise(text: str, where: str) -> str:
    """NFC with single blanks.

    Raises:
        DataError: a control character, with its place.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if control := next((c for c in text if unicodedata.category(c) == "Cc"), None):
        raise DataError(
            f"{where}: the text holds the control character U+{ord(control):04X} at {text.index(control)}",
            "characters that can be written",
            "remove it",
        )
    return text


def read_text(path: Path, encoding: str | None = None) -> str:
    """A whole text file, without a byte order mark.

    Args:
        path: the file.
        encoding: such as ``cp1252``; UTF-8 where None, or UTF-16 where a byte order mark says so.

    Raises:
        UsageError: no such encoding.
        DataError: missing, unreadable or in another encoding, with the byte.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", "a text file", "check the path") from None
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    name = encoding or ("utf-16" if marked else "utf-8-sig")
    try:
        return content.decode(name)
    except LookupError:
        raise UsageError(f"There is no encoding '{encoding}'", "a name such as utf-8 or cp1252") from None
    except UnicodeDecodeError as error:
        told = encoding or ("UTF-16" if marked else "UTF-8")
        raise DataError(
            f"{path} is not {told} at byte {error.start}",
            told,
            "name its encoding, such as ?encoding=cp1252 for an old Windows file, or convert it",
        ) from None


def split_of(name: str, where: str) -> Split:
    """The split that a name such as ``val`` or ``dev`` means.

    Raises:
        DataError: no known name.
    """
    try:
        return SPLIT_NAMES[name.strip().lower()]
    except KeyError:
        raise DataError(f"{where}: unknown split '{name}'", ", ".join(SPLIT_NAMES)) from None


def split_files(path: Path, suffix: str) -> list[tuple[Path, Split | None]]:
    """The lists behind ``path`` with their splits: a folder with train, val, test; or one file.

    A lone file belongs wholly to the split its name says; None where it says none.

    Raises:
        DataError: missing, or a folder without such lists.
    """
    if path.is_dir():
        found: list[tuple[Path, Split | None]] = [
            (path / f"{name}{suffix}", split) for name, split in SPLIT_NAMES.items()
        ]
        if present := [(file, split) for file, split in found if file.is_file()]:
            return present
        raise DataError(
            f"The folder {path} holds no train{suffix}, val{suffix} or test{suffix}", "one of them"
        )
    if not path.is_file():
        raise DataError(
            f"{path} does not exist", f"a {suffix} file, or a folder with train{suffix}", "check the path"
        )
    return [(path, SPLIT_NAMES.get(path.stem.lower()))]


def split_folders(path: Path) -> list[tuple[Path, Split | None]]:
    """The folders behind ``path`` with their splits: its sub-folders train, val, test; or itself.

    A lone folder belongs wholly to the split its name says; None where it says none.
    """
    named = [(path / name, split) for name, split in SPLIT_NAMES.items() if (path / name).is_dir()]
    return [*named] or [(path, SPLIT_NAMES.get(path.absolute().name.lower()))]
