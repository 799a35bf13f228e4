"""What was found out about fonts, remembered in the user's cache: small SQLite files that processes share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from common.errors import EnvironmentProblem
from common.files import cache_dir


@contextmanager
def remembered(name: str, table: str) -> Iterator[sqlite3.Connection]:
    """Open a file of the font cache, made where it is not there.

    Args:
        name: of the file.
        table: name and columns of its table.

    Raises:
        EnvironmentProblem: it cannot be made, read or written.
    """
    path = cache_dir() / "fonts" / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from None
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
            yield connection
    except sqlite3.Error as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"The font cache {path} cannot be used: {error}",
        "a folder to write in",
        "set INKMILL_CACHE to one, or delete it",
    )
