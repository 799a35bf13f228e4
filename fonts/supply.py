"""The supply of open-licensed handwriting fonts: fetched once by npm, kept in a cache, checked by hash.

``package.json`` and ``package-lock.json`` beside this file pin every package, ``files.json`` every font file
and its licence, ``joined.json`` the fonts that are joined from the parts of a package. The folder in the
cache is named by these pins and appears whole or not at all; no font is part of the project.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import cache_dir, sha256_bytes, sha256_file, write_atomic, write_json
from fonts.files import SUFFIXES
from fonts.joining import join_files
from fonts.licence import name_table_licences
from fonts.npm import install

PINS = Path(__file__).parent
FAMILIES = "families.json"

_NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
_PIN_FILES = ("package-lock.json", "files.json", "joined.json")
_LICENCE_FILES = ("LICENSE_FONT", "OFL.txt")  # LICENSE is that of the package around the font ...
_PARTS = "@fontsource"  # ... but here the font's own
_VARIABLE = "@fontsource-variable"
_VARIABLE_FILES = "*-latin-full-*.woff2"  # the part that holds all axes
_STALE_S = 24 * 3600  # what was not used for longer may go: no run of another version reads it
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Joined:
    """One font of ``joined.json``, whose own name table is neutral.

    Attributes:
        family: the name people know it by.
        style: such as ``Regular``.
        parts: files inside the packages, ``@scope/package/file``, in the order in which they are joined.
    """

    family: str
    style: str
    parts: tuple[str, ...]


def supply_folder(cache: Path | None = None) -> Path:
    """Where the fonts of the present pins lie once they are fetched."""
    pins = b"".join((PINS / name).read_bytes() for name in _PIN_FILES)
    return (cache or cache_dir()) / "fonts" / sha256_bytes(pins)[:16]


def sync(
    cache: Path | None = None, offline: bool = False, progress: Callable[[str], None] = _log.info
) -> Path:
    """Bring the pinned fonts into the cache; instant when they are there.

    Args:
        cache: the cache folder, by default the user's.
        offline: let npm use its own cache only.
        progress: told in a sentence what happens.

    Returns:
        The folder: one folder a family, with its font files and licence texts, and ``families.json``: for
        every joined font its family, style, licence and parts.

    Raises:
        EnvironmentProblem: npm is missing or cannot fetch.
        DataError: what npm brought is not what the lists pin.
    """
    folder = supply_folder(cache)
    if _is_whole(folder):
        with suppress(OSError):  # the cache may be another user's
            folder.touch()
        return folder
    progress("Fetching the handwriting fonts with npm (about 150 MB, once).")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as work:
        modules = fetch(Path(work), offline)
        staging = Path(work) / "fonts"
        collect(modules, staging)
        progress(f"Joining {len(joined_files())} fonts from their parts.")
        assemble(modules, staging)
        _check(staging)
        _state_licences(staging)
        _put_in_place(staging, folder, Path(work))
    _remove_stale(folder)
    progress(f"{len(pinned_files())} font files are in {folder}.")
    return folder


def pinned_files() -> dict[str, tuple[str, str]]:
    """Every font file of the supply, relative to its folder -> (SHA-256, SPDX id of its licence)."""
    return {name: (sha256, licence) for name, (sha256, licence) in _pins("files.json").items()}


def joined_files() -> dict[str, Joined]:
    """The fonts that are joined at sync, relative to the supply's folder."""
    return {
        name: Joined(family, style, tuple(parts))
        for name, (family, style, parts) in _pins("joined.json").items()
    }


def source(name: str) -> str:
    """The package and version that brings a file of the supply, such as ``@scope/caveat@0.4.2``."""
    folder = name.partition("/")[0]
    packages = _pins("package.json")["dependencies"]
    return next(f"{package}@{version}" for package, version in packages.items() if _folder(package) == folder)


def fetch(work: Path, offline: bool) -> Path:
    """Unpack the packages of the lock below ``work``; the folder that holds them."""
    packages = work / "npm"
    packages.mkdir()
    for name in _NPM_FILES:
        shutil.copy(PINS / name, packages / name)
    install(packages, offline)
    return packages / "node_modules"


def collect(modules: Path, staging: Path) -> None:
    """Whole fonts and licence texts of every package, one folder a family; the rest stays behind."""
    for manifest in sorted(modules.glob("@*/*/package.json")):
        package = manifest.parent
        scope = package.parent.name
        family = staging / _folder(f"{scope}/{package.name}")
        family.mkdir(parents=True)
        for file in (*_whole_fonts(package, scope), *_licences(package, scope)):
            name = _LICENCE_FILES[0] if file.name == "LICENSE" else file.name
            shutil.copyfile(file, family / name)


def assemble(modules: Path, staging: Path) -> None:
    """Join the fonts of ``joined.json`` and write ``families.json``."""
    joined = joined_files()
    join_files({staging / name: [modules / part for part in font.parts] for name, font in joined.items()})
    licences = pinned_files()
    record = {
        name: {
            "family": font.family,
            "style": font.style,
            "licence": licences[name][1],
            "parts": list(font.parts),
        }
        for name, font in joined.items()
        if name in licences
    }
    write_json(staging / FAMILIES, record)


def font_names(folder: Path) -> list[str]:
    """The font files below a folder, relative to it, in order."""
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)


def _pins(name: str) -> dict[str, Any]:
    pins: dict[str, Any] = json.loads((PINS / name).read_text(encoding="utf-8"))
    return pins


def _folder(package: str) -> str:
    scope, _, family = package.partition("/")
    return f"{family}-variable" if scope == _VARIABLE else family


def _whole_fonts(package: Path, scope: str) -> Iterator[Path]:
    if scope == _PARTS:
        return
    for file in sorted(package.rglob(_VARIABLE_FILES if scope == _VARIABLE else "*")):
        if file.suffix.lower() in SUFFIXES:
            yield file


def _licences(package: Path, scope: str) -> Iterator[Path]:
    names = ("LICENSE",) if scope in (_PARTS, _VARIABLE) else _LICENCE_FILES
    for file in sorted(package.rglob("*")):
        if file.name in names:
            yield file


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in (FAMILIES, *pinned_files()))


def _check(staging: Path) -> None:
    """Whole fonts are the pinned ones; a joined one that differs is only told: fontTools wrote it."""
    pinned = {name: sha256 for name, (sha256, _) in pinned_files().items()}
    brought = {name: sha256_file(staging / name) for name in font_names(staging)}
    wrong = {name for name in pinned.keys() | brought.keys() if pinned.get(name) != brought.get(name)}
    foreign = wrong & joined_files().keys() & brought.keys()
    if wrong := wrong - foreign:
        raise DataError(
            f"{len(wrong)} of the fetched font files are not the pinned ones, the first is {min(wrong)}",
            "the files of fonts/files.json",
            "check that fonts/files.json and fonts/package-lock.json belong together",
        )
    if foreign:
        _log.warning(
            "%d joined fonts differ from the pinned ones (another fontTools?); their hands have ids of "
            "their own here, and data sets made with them another fingerprint.",
            len(foreign),
        )


def _state_licences(staging: Path) -> None:
    """Where a package brings no licence text, write down what its font says of its licence."""
    from fontTools.ttLib import TTFont

    for family in staging.iterdir():
        if family.is_dir() and not any((family / name).is_file() for name in _LICENCE_FILES):
            font = TTFont(family / font_names(family)[0], fontNumber=0, lazy=True)
            write_atomic(family / _LICENCE_FILES[0], "\n".join(name_table_licences(font)) + "\n")


def _put_in_place(staging: Path, folder: Path, work: Path) -> None:
    """Rename a whole folder into place; a damaged one gives way, a whole one from another process stays."""
    if folder.exists() and not _is_whole(folder):
        folder.rename(work / "damaged")
    try:
        staging.rename(folder)
    except OSError:
        if not _is_whole(folder):
            raise


def _remove_stale(present: Path) -> None:
    """Remove the folders of earlier pins, and what interrupted runs left, unless they were used lately."""
    for folder in present.parent.iterdir():
        ours = re.fullmatch(r"[0-9a-f]{16}|\.[0-9a-f]{16}\..+", folder.name) and folder.is_dir()
        if ours and folder != present and time.time() - folder.stat().st_mtime > _STALE_S:
            shutil.rmtree(folder, ignore_errors=True)
