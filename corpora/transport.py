"""A corpus at a URL: put there whole, the facts last; fetched into the cache once, by fingerprint.

Any file system of fsspec will do. Nothing is read from far away while lines are drawn.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from common.errors import DataError, EnvironmentProblem
from common.files import atomic_path, cache_dir
from corpora.corpus import COSTS, FACTS

_URL = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_remote(place: str) -> bool:
    """Whether a place is a URL rather than a path."""
    return bool(_URL.match(place))


def local_path(place: Path | str) -> Path:
    """A path, which may be written as ``file:PATH`` as in source SPECs."""
    return Path(str(place).removeprefix("file:")).expanduser()


def send(folder: Path, url: str) -> None:
    """Copy a finished corpus to a URL; it is one when its last file is there.

    Raises:
        EnvironmentProblem: the store cannot be written to.
    """
    files, root = _open(url)
    names = sorted(path.name for path in folder.iterdir() if path.name != FACTS)
    try:
        files.makedirs(root, exist_ok=True)
        for name in [*names, FACTS]:
            files.put_file(str(folder / name), f"{root}/{name}")
    except OSError as error:
        raise EnvironmentProblem(
            f"The corpus could not be written to {url}: {error}",
            "a place that can be written to",
            f"run the same command again; the finished corpus waits in {folder}",
        ) from None


def fetch(url: str) -> Path:
    """The folder in the cache that holds the corpus of a URL, fetched now where it is not there yet.

    Raises:
        DataError: there is no corpus, or it is not whole.
    """
    facts = read_facts(url)
    folder = cache_dir() / "corpora" / f"fetched-{facts['fingerprint']}"
    if (folder / FACTS).is_file():
        return folder
    files, root = _open(url)
    folder.mkdir(parents=True, exist_ok=True)
    for name, size in facts["sizes"].items():
        if (folder / name).is_file() and (folder / name).stat().st_size == size:
            continue
        with atomic_path(folder / name) as temporary:
            try:
                files.get_file(f"{root}/{name}", str(temporary))
            except OSError as error:
                raise DataError(f"{url}: {name} cannot be read: {error}", "a whole corpus") from None
            if (found := temporary.stat().st_size) != size:
                raise DataError(
                    f"{url}: {name} holds {found:,} bytes", f"{size:,} bytes", "build the corpus again"
                )
    if files.exists(f"{root}/{COSTS}"):
        files.get_file(f"{root}/{COSTS}", str(folder / COSTS))
    with atomic_path(folder / FACTS) as temporary:
        temporary.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return folder


def read_facts(url: str) -> dict[str, Any]:
    """The facts of the corpus at a URL.

    Raises:
        DataError: there is none.
    """
    files, root = _open(url)
    try:
        facts: dict[str, Any] = json.loads(files.cat_file(f"{root}/{FACTS}"))
    except OSError as error:
        raise DataError(
            f"{url} is no corpus: {FACTS} cannot be read ({error})",
            "the URL of a corpus",
            "check the address, or build one: inkmill corpus build SOURCE --out URL",
        ) from None
    except ValueError as error:
        raise DataError(f"{url}/{FACTS} is damaged: {error}", "a whole corpus", "build it again") from None
    return facts


def exists(url: str) -> bool:
    """Whether a whole corpus is at a URL."""
    files, root = _open(url)
    return bool(files.exists(f"{root}/{FACTS}"))


def _open(url: str) -> tuple[Any, str]:
    """The file system and the path in it."""
    from fsspec.core import url_to_fs

    try:
        files, root = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise EnvironmentProblem(f"{url} cannot be opened: {error}", "a store that fsspec knows") from None
    return files, root.rstrip("/")
