"""Files on a store: http, https, s3, gs, az, memory and whatever else fsspec has a driver for.

A file is read in pieces, never whole in memory or on disk. A connection that breaks is opened again at the
byte it had reached, a few times, with growing pauses; then the reading ends with an error. Nothing that is
said or kept shows the credentials of a URL. Knows nothing of what the files hold.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, TypeVar

from common.errors import DataError, EnvironmentProblem, UsageError, nearest
from corpora.raw_text import TextFile

PAUSES_S = (1.0, 2.0, 4.0, 8.0)  # between attempts to go on
FIRST_PAUSES_S = (0.5, 1.0)  # when looking for files
CONNECT_S, READ_S = 4.0, 10.0  # how long a driver waits
FIRST_PATIENCE_S, PATIENCE_S = 5.0, 120.0  # for all attempts together: after it nothing is tried again
REQUEST, LEAST_REQUEST = 1 << 22, 1 << 16  # bytes; what has arrived whole is not fetched again
STREAMED = 1 << 16
EXTRAS = {"http": "http", "https": "http", "s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "az": "az"}
EXTRAS |= dict.fromkeys(("abfs", "abfss", "adl"), "az")

T = TypeVar("T")

log = logging.getLogger("inkmill.remote")

_USER = re.compile(r"(?<=//)[^/\s]*@")
_QUERY = re.compile(r"\?\S*")
_SIGNS = re.compile(r"[*\[]")  # a question mark begins a query
_STAMPS = ("ETag", "etag", "mtime", "LastModified", "Last-Modified", "updated", "created")
_DRIVER_ERRORS = (
    ("aiohttp", "ClientError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("gcsfs.retry", "HttpError"),
    ("azure.core.exceptions", "AzureError"),
)


def is_url(place: str) -> bool:
    """Whether a place is a URL and not a path."""
    return "://" in place


def path_of(place: str) -> str:
    """A path as it is; a URL without its query."""
    return place.partition("?")[0] if is_url(place) else place


def shown(url: str) -> str:
    """A URL, or a text with URLs, without user, password and query."""
    return _QUERY.sub("", _USER.sub("", url))


def find(url: str, suffixes: Iterable[str]) -> list[TextFile]:
    """The files behind a URL: one, those of a folder that end in ``suffixes``, or a glob; sorted by name.

    Raises:
        DataError: nothing is there, or the store cannot be reached or does not let us in.
        EnvironmentProblem: the driver of the store is not installed.
        UsageError: an unknown kind of URL.
    """
    filesystem, path = _store(url)
    filesystem.invalidate_cache()  # a listing of before may be out of date
    return _retried(
        lambda: _find(filesystem, path, url, tuple(suffixes)), url, FIRST_PAUSES_S, FIRST_PATIENCE_S
    )


def gives_ranges(url: str) -> bool:
    """Whether a file can be read from any byte on; some web servers give only the whole."""
    filesystem, path = _store(url)

    def second_byte() -> bool:
        try:
            with filesystem.open(path, "rb", block_size=1, cache_type="none") as file:
                file.seek(1)
                file.read(1)
        except ValueError:
            return False
        return True

    return _retried(second_byte, url, FIRST_PAUSES_S, FIRST_PATIENCE_S)


def open_url(url: str) -> BinaryIO:
    """Open a file for reading; errors come with the first read.

    Raises:
        DataError: from reading, when the store is lost for good.
    """
    return io.BufferedReader(_Remote(url), REQUEST)


class _Remote(io.RawIOBase):
    """A remote file that goes on after a broken connection."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._filesystem, self._path = _store(url)
        self._file: Any = None
        self._position = 0
        self._size: int | None = None
        self._request = REQUEST

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            offset += self._retry(self._end)
        elif whence == io.SEEK_CUR:
            offset += self._position
        self._position = offset
        return offset

    def readinto(self, buffer: Any) -> int:
        data = self._retry(lambda: self._read(min(len(buffer), self._request or STREAMED)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._drop()
        super().close()

    def _retry(self, action: Callable[[], T]) -> T:
        where = f" at byte {self._position:,}"
        return _retried(action, self._url, PAUSES_S, PATIENCE_S, where, self._shrink)

    def _read(self, most: int) -> bytes:
        self._reach()
        try:
            data = bytes(self._file.read(most))
        except ValueError:  # the server gives no ranges
            if not self._request:
                raise
            self._drop()
            self._request = 0
            return self._read(most)
        if not data and self._size is not None and self._position < self._size:
            raise EOFError(f"the file ended before its {self._size:,} bytes")
        return data

    def _reach(self) -> None:
        """Open the file where it is not, and go to the position."""
        if self._file is None:
            self._file = self._filesystem.open(self._path, "rb", block_size=self._request, cache_type="none")
            self._check_size(getattr(self._file, "size", None))  # a stream tells none
        if self._file.tell() != self._position:
            try:
                self._file.seek(self._position)
            except ValueError:
                self._skip()

    def _check_size(self, size: int | None) -> None:
        if size is not None and self._size not in (size, None):
            raise DataError(
                f"{shown(self._url)} had {self._size:,} bytes and now has {size:,}",
                "a file that stays as it is",
                "start again when it does",
            )
        self._size = self._size if size is None else size

    def _skip(self) -> None:
        """Go to the position in a stream."""
        if self._file.tell() > self._position:
            self._drop()
            self._reach()
        while (missing := self._position - self._file.tell()) > 0:
            if not self._file.read(min(missing, REQUEST)):
                break

    def _end(self) -> int:
        self._reach()
        if self._size is None:
            raise DataError(f"{shown(self._url)} does not tell its size", "a store with ranges", "fetch it")
        return self._size

    def _shrink(self) -> None:
        """Prepare another attempt: a poor line may carry a smaller request."""
        self._drop()
        self._request = self._request and max(self._request >> 2, LEAST_REQUEST)

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def _store(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path on it."""
    import fsspec
    from fsspec.core import url_to_fs

    scheme = re.split("::|://", url, maxsplit=1)[0].lower()
    if scheme not in fsspec.available_protocols():
        raise UsageError(
            f"There is no kind of store called '{scheme}' ({shown(url)})",
            nearest(scheme, ("http", "https", "s3", "gs", "az", "file", "memory")),
        )
    try:
        filesystem, path = url_to_fs(url, **_options(scheme))
    except ImportError as error:
        extra = EXTRAS.get(scheme)
        raise EnvironmentProblem(
            f"Reading {shown(url)} needs a driver that is not installed ({error.name or scheme})",
            f"the driver of {scheme}://",
            f"pip install 'inkmill[{extra}]'" if extra else f"install what fsspec needs for {scheme}",
        ) from None
    except ValueError as error:
        raise UsageError(f"{shown(url)} is no URL of a store: {_reason(error, url)}") from None
    return filesystem, str(path)


def _options(scheme: str) -> dict[str, Any]:
    """Timeouts where a driver would wait for minutes; files as they lie there, not unpacked on the way."""
    if scheme in ("http", "https"):
        try:
            from aiohttp import ClientTimeout
        except ImportError:
            return {}  # the driver itself says so
        timeout = ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=READ_S)
        plain = {"headers": {"Accept-Encoding": "identity"}, "auto_decompress": False}
        return {"client_kwargs": {"timeout": timeout, "trust_env": True, **plain}}
    if scheme in ("s3", "s3a"):
        limits = {"connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": {"max_attempts": 1}}
        return {"config_kwargs": limits}
    return {}


def _find(filesystem: Any, path: str, url: str, suffixes: tuple[str, ...]) -> list[TextFile]:
    if _SIGNS.search(path):
        found = {name: info for name, info in filesystem.glob(path, detail=True).items() if _is_file(info)}
        wanted = "files that match it"
    elif path.endswith("/") or not _is_file(info := filesystem.info(path)):
        found = filesystem.find(path, detail=True)
        found = {name: info for name, info in found.items() if path_of(name).lower().endswith(suffixes)}
        wanted = f"files ending in {', '.join(suffixes)}"
    else:
        return [_file(url, info)]
    if not found:
        raise DataError(f"The text source {shown(url)} does not exist or is empty", wanted, "check the URL")
    return [
        # the page of links of a web server tells names alone
        _file(_like(url, filesystem.unstrip_protocol(name)), info if info["size"] else filesystem.info(name))
        for name, info in sorted(found.items())
    ]


def _is_file(info: dict[str, Any]) -> bool:
    return bool(info["type"] == "file")


def _file(url: str, info: dict[str, Any]) -> TextFile:
    stamp = next((str(info[key]) for key in _STAMPS if info.get(key)), None)
    return TextFile(url, f"url:{shown(url)}", info.get("size"), stamp)


def _like(url: str, found: str) -> str:
    """A found URL with the credentials of the URL that was asked for."""
    user = _USER.search(url)
    return found if not user or _USER.search(found) else found.replace("://", f"://{user[0]}", 1)


def _retried(
    action: Callable[[], T],
    url: str,
    pauses: tuple[float, ...],
    patience: float,
    where: str = "",
    before: Callable[[], None] = lambda: None,
) -> T:
    """Do something on a store, again after each pause where the failure may pass.

    Args:
        action: what to do.
        url: the file.
        pauses: seconds between the attempts.
        patience: seconds after which there is no other attempt.
        where: the place in the file, for messages.
        before: called before another attempt.
    """
    began = time.monotonic()
    for pause in (*pauses, None):
        try:
            return action()
        except _failures() as error:
            before()
            if pause is None or not _may_pass(error) or time.monotonic() - began > patience:
                raise _lost(error, url, where) from None
            log.info("%s%s: %s; trying again in %g s", shown(url), where, _reason(error, url), pause)
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _failures() -> tuple[type[Exception], ...]:
    """What drivers raise when a store fails; those of drivers that are not loaded cannot come."""
    loaded = (getattr(sys.modules.get(module), name, None) for module, name in _DRIVER_ERRORS)
    return OSError, EOFError, *(error for error in loaded if error is not None)


def _cause(error: BaseException) -> BaseException:
    """What is behind a driver's "not found": fsspec says so for every failure of http."""
    return error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ else error


def _may_pass(error: Exception) -> bool:
    cause = _cause(error)
    if (status := getattr(cause, "status", None)) is not None:
        return status in (408, 425, 429) or status >= 500
    return not isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError)


def _lost(error: Exception, url: str, where: str) -> DataError:
    cause = _cause(error)
    if isinstance(cause, FileNotFoundError) or getattr(cause, "status", None) in (404, 410):
        return DataError(f"The text source {shown(url)} does not exist", "a file there", "check the URL")
    if isinstance(cause, PermissionError) or getattr(cause, "status", None) in (401, 403):
        return DataError(
            f"The text source {shown(url)} may not be read: {_reason(error, url)}",
            "permission to read it",
            "check the credentials of the store",
        )
    return DataError(
        f"The text source {shown(url)} cannot be read{where}: {_reason(error, url)}",
        "a store that answers",
        "check the URL and the network, then run the same command again",
    )


def _reason(error: Exception, url: str) -> str:
    """What went wrong, without the credentials that drivers put into their messages."""
    cause = _cause(error)
    text = next(iter(str(cause).splitlines()), "") or type(cause).__name__
    user, _, query = _USER.search(url), *url.partition("?")[1:]
    for secret in (user[0] if user else "", query):
        text = text.replace(secret, "") if secret else text
    return shown(text)
