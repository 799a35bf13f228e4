"""Joins the parts in which a package publishes a font (latin, latin-ext, cyrillic, ...) to one font.

Hint programs are dropped: those of one part would run on the tables of another. The joined font is a
modified one, so it gets a neutral name, as a reserved one may not be used; copyright, version and licence
stay. Equal parts give equal bytes. Run as a program it joins what stdin names; nothing is fetched here.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import EnvironmentProblem
from common.files import sha256_bytes, write_atomic

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_HINTS = ("fpgm", "prep", "cvt ", "cvar", "hdmx", "VDMX", "LTSH", "gasp")
_NOT_NEEDED = ("DSIG", "STAT", "meta", "FFTM")
_KEPT_NAMES = (0, 5, 13, 14)  # copyright, version, licence, its address
_EPOCH = 3_029_529_600  # 2000-01-01 in seconds since 1904, as fonts count


def join(parts: Sequence[bytes]) -> bytes:
    """One TrueType font that draws what any of the parts draws.

    Args:
        parts: whole font files (TTF, WOFF or WOFF2); the first decides where two draw one character.

    Raises:
        fontTools.ttLib.TTLibError: a part is no sound font; others of fontTools' errors are possible.
    """
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table it drops
    plain = [without_hints(part) for part in parts]
    names = TTFont(plain[0])["name"]
    font = TTFont(plain[0]) if len(plain) == 1 else Merger().merge(plain)
    font["name"] = names
    _rename(font, f"Inkmill Joined {sha256_bytes(b''.join(parts))[:8]}")
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = _EPOCH
    joined = io.BytesIO()
    font.save(joined)
    return joined.getvalue()


def join_files(parts: Mapping[Path, Sequence[Path]]) -> None:
    """Write many joined fonts, with one process a core: each costs about half a second.

    Args:
        parts: the file to write -> the files to join.

    Raises:
        EnvironmentProblem: a process failed, with what it said.
    """
    tasks = [[str(out), list(map(str, files))] for out, files in parts.items()]
    workers = max(1, min(os.cpu_count() or 1, len(tasks)))
    shares = [json.dumps(tasks[worker::workers]) for worker in range(workers)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "fonts.joining"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in shares
    ]
    try:
        for process, share in zip(running, shares, strict=True):
            assert process.stdin
            process.stdin.write(share)
            process.stdin.close()
            process.stdin = None  # so that communicate leaves it alone
        said = [process.communicate()[1] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    if failed := [text for process, text in zip(running, said, strict=True) if process.returncode]:
        raise EnvironmentProblem(
            f"The font parts could not be joined: {failed[0].strip()[-400:]}",
            "a working fontTools",
            "run `pip install --force-reinstall fonttools brotli` and the same command again",
        )


def without_hints(part: bytes) -> io.BytesIO:
    """A font unpacked to a plain one, without its hint programs."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(part), recalcTimestamp=False)
    font.flavor = None
    for tag in (*_HINTS, *_NOT_NEEDED):
        if tag in font:
            del font[tag]
    if "glyf" in font:
        for name in font.getGlyphOrder():
            font["glyf"][name].removeHinting()
    plain = io.BytesIO()
    font.save(plain)
    return plain


def _rename(font: TTFont, name: str) -> None:
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in _KEPT_NAMES]
    neutral = {1: name, 2: "Regular", 3: name, 4: name, 6: name.replace(" ", "")}
    for key, text in neutral.items():
        table.setName(text, key, 3, 1, 0x409)


if __name__ == "__main__":
    for out, files in json.load(sys.stdin):
        write_atomic(Path(out), join([Path(file).read_bytes() for file in files]))
