"""The supply of open-licensed handwriting fonts: fetched once by npm, kept in a cache, checked by hash.

``package.json`` and ``package-lock.json`` beside this file pin every package, ``files.json`` every font file
and its licence. The folder in the cache is named by the lock's hash and appears whole or not at all; no font
is part of the project.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from common.errors import DataError
from common.files import cache_dir, sha256_bytes, sha256_file, write_atomic
from fonts.licence import UNKNOWN, font_licence
from fonts.npm import install

PINS = Path(__file__).parent
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".woff2"})

_NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
_LICENCE_FILES = ("LICENSE_FONT", "OFL.txt")  # LICENSE is that of the package around the font
_log = logging.getLogger(__name__)


def supply_folder(cache: Path | None = None) -> Path:
    """Where the fonts of the present lock lie once they are fetched."""
    lock = (PINS / "package-lock.json").read_bytes()
    return (cache or cache_dir()) / "fonts" / sha256_bytes(lock)[:16]


def sync(
    cache: Path | None = None, offline: bool = False, progress: Callable[[str], None] = _log.info
) -> Path:
    """Bring the pinned fonts into the cache; instant when they are there.

    Args:
        cache: the cache folder, by default the user's.
        offline: let npm use its own cache only.
        progress: told in a sentence what happens.

    Returns:
        The folder: one folder a family, with its font files and licence texts.

    Raises:
        EnvironmentProblem: npm is missing or cannot fetch.
        DataError: what npm brought is not what the lists pin.
    """
    folder = supply_folder(cache)
    if _is_whole(folder):
        return folder
    progress("Fetching the handwriting fonts with npm (about 100 MB, once).")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as work:
        staging = _unpack(Path(work), offline)
        _check(staging)
        _put_in_place(staging, folder, Path(work))
    progress(f"{len(pinned_files())} font files are in {folder}.")
    return folder


def has_fonts(folder: Path) -> bool:
    """Whether a font file lies in a folder or below it."""
    return any(file.suffix.lower() in SUFFIXES and file.is_file() for file in folder.rglob("*"))


def pin_files(folder: Path) -> None:
    """Write ``files.json`` from an unpacked supply: for maintainers, after a change of ``package.json``.

    Raises:
        DataError: a font comes without a known licence.
    """
    pins = {name: [sha256_file(folder / name), font_licence(folder / name)] for name in _font_names(folder)}
    if unknown := [name for name, (_, licence) in pins.items() if licence == UNKNOWN]:
        raise DataError(
            f"No known licence comes with {', '.join(unknown)}", remedy="drop the package from package.json"
        )
    lines = (f"{json.dumps(name)}: {json.dumps(pin)}" for name, pin in pins.items())
    write_atomic(PINS / "files.json", "{\n" + ",\n".join(lines) + "\n}\n")


def pinned_files() -> dict[str, tuple[str, str]]:
    """Every font file of the supply, relative to its folder -> (SHA-256, SPDX id of its licence)."""
    pins = json.loads((PINS / "files.json").read_text(encoding="utf-8"))
    return {name: (sha256, licence) for name, (sha256, licence) in pins.items()}


def _is_whole(folder: Path) -> bool:
    return folder.is_dir() and all((folder / name).is_file() for name in pinned_files())


def _unpack(work: Path, offline: bool) -> Path:
    """Fonts and licence texts of every package, one folder a family; pictures and scripts stay behind."""
    packages = work / "npm"
    packages.mkdir()
    for name in _NPM_FILES:
        shutil.copy(PINS / name, packages / name)
    install(packages, offline)
    staging = work / "fonts"
    for manifest in sorted((packages / "node_modules").glob("@*/*/package.json")):
        family = staging / manifest.parent.name
        family.mkdir(parents=True)
        for file in manifest.parent.rglob("*"):
            if file.suffix.lower() in SUFFIXES or file.name in _LICENCE_FILES:
                file.rename(family / file.name)
    return staging


def _font_names(folder: Path) -> list[str]:
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)


def _check(staging: Path) -> None:
    pinned = {name: sha256 for name, (sha256, _) in pinned_files().items()}
    brought = {name: sha256_file(staging / name) for name in _font_names(staging)}
    wrong = sorted(name for name in pinned.keys() | brought.keys() if pinned.get(name) != brought.get(name))
    if wrong:
        raise DataError(
            f"{len(wrong)} of the fetched font files are not the pinned ones, the first is {wrong[0]}",
            "the files of fonts/files.json",
            "check that fonts/files.json and fonts/package-lock.json belong together",
        )


def _put_in_place(staging: Path, folder: Path, work: Path) -> None:
    """Rename a whole folder into place; a damaged one gives way, a whole one from another process stays."""
    if folder.exists() and not _is_whole(folder):
        folder.rename(work / "damaged")
    try:
        staging.rename(folder)
    except OSError:
        if not _is_whole(folder):
            raise
