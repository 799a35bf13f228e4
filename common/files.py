"""Files that are whole or not there, and the hashes that prove it (law 2)."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common.errors import DataError, EnvironmentProblem


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``final``; on success it is flushed to disk and renamed, on failure
    removed.

    Raises:
        DataError: ``final`` is a folder.
        EnvironmentProblem: the disk is full; ``final`` is as it was before.
    """
    if final.is_dir():
        raise DataError(f"{final} is a folder", "the name of a file to write", "name a file in it")
    final.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EnvironmentProblem(
                f"The disk is full: {final} could not be written",
                "free space",
                "free some and run the same command again",
            ) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(final: Path, content: bytes | str) -> None:
    """Write a small file whole; text as UTF-8, but for what a file name holds that is none (PEP 383)."""
    with atomic_path(final) as temporary:
        temporary.write_bytes(_bytes(content) if isinstance(content, str) else content)


def write_json(final: Path, value: Any) -> None:
    """Write readable, key-stable JSON whole."""
    write_atomic(final, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def sha256_file(path: Path) -> str:
    """SHA-256 of a file in hex, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_bytes(content: bytes) -> str:
    """SHA-256 of bytes in hex."""
    return hashlib.sha256(content).hexdigest()


def fingerprint(value: Any) -> str:
    """16 hex digits that identify a JSON-able value: the same for equal content whatever the key order."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256_bytes(_bytes(canonical))[:16]


def cache_dir() -> Path:
    """The user's cache for inkmill: ``$INKMILL_CACHE``, else ``$XDG_CACHE_HOME/inkmill``, else
    ``~/.cache/inkmill``."""
    if own := os.environ.get("INKMILL_CACHE"):
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "inkmill"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
