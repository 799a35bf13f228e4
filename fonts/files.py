"""Font files as they lie in folders: found whatever their names, told apart by content.

Folders are searched to the bottom and through links, each once, so that loops end. What cannot be read is
named with its reason and left out. A file is hashed once: its hash is remembered in the user's cache by
path, size and time of change. No font is opened here.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from common.errors import DataError
from common.files import sha256_file
from fonts.remembered import remembered

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".woff", ".woff2"})

_TABLE = "files (path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, sha256 TEXT NOT NULL)"
_SETTLED_NS = 2_000_000_000  # a younger file may change again without another time of change


@dataclass(frozen=True)
class FontFiles:
    """The font files under some folders.

    Attributes:
        unique: SHA-256 -> the first path with that content, in the order of folders and names.
        copies: number of files whose content another one has too.
        unreadable: file or folder -> why it was left out.
    """

    unique: Mapping[str, Path]
    copies: int
    unreadable: Mapping[Path, str]


def font_files(folders: Sequence[Path]) -> FontFiles:
    """Every font file under some folders, once for each content.

    Raises:
        DataError: a folder is missing.
    """
    unreadable: dict[Path, str] = {}
    paths = [path for folder in folders for path in _search(folder, unreadable)]
    hashes = hash_files(paths, unreadable)
    unique: dict[str, Path] = {}
    for path, sha256 in hashes.items():
        unique.setdefault(sha256, path)
    return FontFiles(unique, len(hashes) - len(unique), unreadable)


def hash_files(paths: Iterable[Path], unreadable: dict[Path, str] | None = None) -> dict[Path, str]:
    """The SHA-256 of every file, in the given order; those that did not change are not read again.

    Args:
        paths: absolute paths.
        unreadable: takes the files that are left out, with the reason; without it they raise.

    Raises:
        DataError: a file cannot be read and ``unreadable`` is not given.
    """
    hashes: dict[Path, str] = {}
    settled = time.time_ns() - _SETTLED_NS
    with remembered("hashes.sqlite", _TABLE) as memory:
        known = {row[:3]: row[3] for row in memory.execute("SELECT path, size, changed, sha256 FROM files")}
        fresh: dict[tuple[bytes, int, int], str] = {}
        for path in paths:
            try:
                state = _state(path)
                hashes[path] = known.get(state) or fresh.setdefault(state, sha256_file(path))
            except OSError as error:
                if unreadable is None:
                    raise DataError(
                        f"The font {path} cannot be read: {error.strerror}",
                        remedy="let it be read, or remove it",
                    ) from None
                unreadable[path] = "a broken link" if _dangles(path) else str(error.strerror)
        with memory:
            memory.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                [(*state, sha256) for state, sha256 in fresh.items() if state[2] < settled],
            )
    return hashes


def _state(path: Path) -> tuple[bytes, int, int]:
    """Name, size and time of change in ns: while they stay, so does the content."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited on for ever
        raise OSError(errno.EINVAL, "not a file")
    return os.fsencode(path), status.st_size, status.st_mtime_ns


def _dangles(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _search(folder: Path, unreadable: dict[Path, str]) -> Iterator[Path]:
    """Font files by name, a folder's own before those below it."""
    if not folder.is_dir():
        raise DataError(
            f"The font folder {folder} does not exist",
            "a folder",
            "check the path, or `inkmill fonts remove` it",
        )

    def note(error: OSError) -> None:
        unreadable[Path(error.filename)] = str(error.strerror)

    seen: set[tuple[int, int]] = set()
    for place, below, names in os.walk(folder.absolute(), onerror=note, followlinks=True):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in seen:
            below.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        below.sort()
        fonts = (name for name in sorted(names) if Path(name).suffix.lower() in SUFFIXES)
        yield from (Path(place, name) for name in fonts)
