"""One interface to the places where shards live: a local folder or ``memory:`` (fsspec beneath).

A store holds named files that are whole or not there. It knows nothing of tars or manifests. An object store
joins by an entry in ``_KINDS``: fsspec's own ``pipe_file`` is already atomic there.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from common.errors import DataError, EnvironmentProblem, UsageError
from common.files import sha256_file, write_atomic

_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a store: name relative to the store, size in bytes."""

    name: str
    size: int


class Store:
    """A place of whole files on any fsspec file system.

    Attributes:
        url: its address in full; opening it again gives the same files, from any folder.
        shared: whether other processes see what this one writes.
    """

    shared = True

    def __init__(self, url: str, filesystem: Any, root: str) -> None:
        self.url = url
        self._files = filesystem
        self._root = root.rstrip("/")

    def put(self, name: str, content: bytes | Path) -> None:
        """Write a file whole, in place of what stood there.

        Raises:
            EnvironmentProblem: no space is left; the file is as it was before.
        """
        self._files.pipe_file(self._path(name), _bytes(content))

    def get(self, name: str) -> bytes:
        """The whole file.

        Raises:
            DataError: there is no such file.
        """
        with self._naming(name):
            return bytes(self._files.cat_file(self._path(name)))

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Exactly ``length`` bytes from ``offset`` on.

        Raises:
            DataError: there is no such file, or it ends before.
        """
        with self._naming(name):
            part = bytes(self._files.cat_file(self._path(name), start=offset, end=offset + length))
        if len(part) != length:
            raise DataError(
                f"{self.url}: {name} ends at byte {offset + len(part)}",
                f"at least {offset + length} bytes",
                "run inkmill verify; the file is cut",
            )
        return part

    def size(self, name: str) -> int:
        """Size in bytes; DataError where there is no such file."""
        with self._naming(name):
            return int(self._files.size(self._path(name)))

    def sha256(self, name: str) -> str:
        """SHA-256 in hex of what the store really holds, read in blocks."""
        digest = hashlib.sha256()
        with self._naming(name), self._files.open(self._path(name), "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        return bool(self._files.isfile(self._path(name)))

    def list(self, prefix: str = "") -> list[StoredFile]:
        """All files whose name begins with ``prefix``, by name; temporary and hidden ones are left out."""
        found = self._files.find(self._root, detail=True)
        named = ((path.removeprefix(self._root).lstrip("/"), info["size"]) for path, info in found.items())
        return sorted(
            (StoredFile(name, size) for name, size in named if name.startswith(prefix) and not _hidden(name)),
            key=lambda file: file.name,
        )

    def delete(self, name: str) -> None:
        """Remove a file; DataError where there is none."""
        with self._naming(name):
            self._files.rm_file(self._path(name))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold while a data set is written; a store that can, keeps a second writer out (DataError)."""
        yield

    def _path(self, name: str) -> str:
        if not name or name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f"not a name inside a store: {name!r}")
        return f"{self._root}/{name}"

    @contextmanager
    def _naming(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise DataError(
                f"{self.url} holds no {name}", "the file", "check the address or make it again"
            ) from None


class LocalStore(Store):
    """A folder. Files are written beside their place, flushed to disk and renamed."""

    def put(self, name: str, content: bytes | Path) -> None:
        write_atomic(Path(self._path(name)), _bytes(content))

    def sha256(self, name: str) -> str:
        with self._naming(name):
            return sha256_file(Path(self._path(name)))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock the folder (a killed process lets go) and sweep what such a process left half written."""
        folder = Path(self._root)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProblem(
                f"The folder {folder} cannot be made: {error.strerror}",
                "a place that can be written to",
                "choose another",
            ) from None
        handle = os.open(folder, os.O_RDONLY)
        try:
            self._lock(handle)
            for leftover in folder.rglob(".*.part"):
                leftover.unlink(missing_ok=True)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                return  # a file system without locks: whole files and equal bytes keep two writers harmless
            raise DataError(
                f"Another run is writing to {self.url}",
                "one writer at a time",
                "wait for it, or choose another place",
            ) from None


class MemoryStore(Store):
    """The memory of this process; for trials and tests."""

    shared = False


def open_store(url: str) -> Store:
    """Open the store at a plain path, ``file:PATH`` or ``memory:NAME``; nothing is created or read yet.

    Raises:
        UsageError: an unknown kind of store.
    """
    scheme, separator, rest = url.partition(":")
    if not separator or "/" in scheme:
        scheme, rest = "file", url
    if scheme not in _KINDS:
        raise UsageError(
            f"There is no kind of store called '{scheme}:' ({url})", "a path, file:PATH or memory:NAME"
        )
    if not rest.strip("/"):
        raise UsageError(f"The store '{url}' names no place", "a path, file:PATH or memory:NAME")
    return _KINDS[scheme](rest)


def _open_local(rest: str) -> Store:
    path = "/" + rest.lstrip("/") if rest.startswith("//") else rest  # file:///folder
    folder = str(Path(path).expanduser().absolute())
    return LocalStore(folder, fsspec.filesystem("file"), folder)


def _open_memory(rest: str) -> Store:
    name = rest.strip("/")
    return MemoryStore(f"memory:{name}", fsspec.filesystem("memory"), f"/{name}")


_KINDS: dict[str, Callable[[str], Store]] = {"file": _open_local, "memory": _open_memory}


def _bytes(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
