"""The ledger of font licences that a data set carries: whose letters they are, and under which terms.

A picture of text is no font, and no font is part of a data set; whoever passes the data on still owes the
authors their names. What a font says of itself is read from its name table and from the licence text beside
it. Nothing here judges whether a licence allows a use.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from common.errors import DataError
from fonts.family import tidy
from fonts.hand import Hand
from fonts.licence import licence_text
from fonts.sfnt import font_bytes
from fonts.supply import pinned_files, source, supply_folder

LEDGER = "FONT_LICENSES.md"

_HEAD = """# Font licences

{fonts}. No font is part of a data set; pictures of their letters are documents made with them. Authors,
licences and reserved names are as the fonts themselves state them.

"""
_URLS = {
    "OFL-1.1": "https://openfontlicense.org",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "UFL-1.0": "https://ubuntu.com/legal/font-licence",
}
_RESERVED = re.compile(r"Reserved Font Names?:?\s+(?P<names>[^\n]+)", re.IGNORECASE)
_MARKS = re.compile(r"[\\`*_\[\]|]")
_QUOTED = re.compile(r"[\"“'‘]([^\"”'’]+)[\"”'’]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One font in the ledger.

    Attributes:
        family: the name people know it by.
        style: such as ``Bold``.
        version: what the font calls its version.
        licence: SPDX id, or ``unknown``.
        copyright: the line of its name table.
        reserved: the names that no modified version may bear; empty where none is reserved.
        source: the package and version it came from; ``own file`` and its name for a font of the user's.
        sha256: hash of the font file.
        uses: number of lines it wrote; None where no data set was asked about.
    """

    family: str
    style: str
    version: str
    licence: str
    copyright: str
    reserved: tuple[str, ...]
    source: str
    sha256: str
    uses: int | None = None


def ledger(hands: Iterable[Hand], uses: Mapping[str, int] | None = None) -> tuple[Entry, ...]:
    """One entry a font file, ordered by family and style.

    Args:
        hands: fonts and variants of them; those of one file make one entry.
        uses: SHA-256 of a font file -> number of lines it wrote; others are left out.
    """
    files = {hand.sha256: hand for hand in hands if uses is None or hand.sha256 in uses}
    pinned = {sha256: name for name, (sha256, _) in pinned_files().items()}
    entries = (_entry(hand, pinned, None if uses is None else uses[sha256]) for sha256, hand in files.items())
    return tuple(sorted(entries, key=lambda entry: (entry.family.casefold(), entry.style, entry.sha256)))


def to_markdown(entries: tuple[Entry, ...]) -> str:
    """The ledger as a page with one table for each licence."""
    wrote = "may write" if any(entry.uses is None for entry in entries) else "wrote these lines"
    blocks = [_HEAD.format(fonts=f"{len(entries)} font{'s' * (len(entries) != 1)} {wrote}")]
    for licence in sorted({entry.licence for entry in entries}):
        url = f" <{_URLS[licence]}>" if licence in _URLS else ""
        blocks.append(f"## {licence}{url}\n\n")
        blocks.append(
            "| family | style | version | copyright | reserved names | source | lines | SHA-256 |\n"
        )
        blocks.append("|---|---|---|---|---|---|---|---|\n")
        blocks.extend(_line(entry) for entry in entries if entry.licence == licence)
        blocks.append("\n")
    return "".join(blocks).rstrip("\n") + "\n"


def to_json(entries: tuple[Entry, ...]) -> str:
    """The ledger as a JSON list of entries."""
    return json.dumps([asdict(entry) for entry in entries], indent=1, ensure_ascii=False) + "\n"


def reserved_names(statement: str) -> tuple[str, ...]:
    """The reserved font names that a copyright statement declares."""
    names: list[str] = []
    for match in _RESERVED.finditer(statement):
        stated = match["names"]
        names.extend(_QUOTED.findall(stated) or [stated.partition(".")[0]])
    return tuple(dict.fromkeys(name.strip() for name in names))


def _entry(hand: Hand, pinned: Mapping[str, str], uses: int | None) -> Entry:
    copyright_line, version = _stated(hand.path, hand.face)
    reserved = reserved_names(copyright_line) or reserved_names(licence_text(hand.path)[:600])
    return Entry(
        *(hand.family, hand.style, version, hand.licence, copyright_line),
        *(reserved, _source(hand, pinned), hand.sha256, uses),
    )


def _stated(path: Path, face: int) -> tuple[str, str]:
    """Copyright and version of the name table; empty without one, or where the file is not here."""
    from fontTools.ttLib import TTFont

    try:
        content = font_bytes(path)
    except DataError:
        return "", ""
    font = TTFont(io.BytesIO(content), fontNumber=face, lazy=True)
    if "name" not in font:
        return "", ""
    copyright_line, version = (" ".join((font["name"].getDebugName(key) or "").split()) for key in (0, 5))
    return copyright_line, version.removeprefix("Version ")


def _source(hand: Hand, pinned: Mapping[str, str]) -> str:
    supply = supply_folder().absolute()
    if hand.path.is_relative_to(supply):  # a joined font may have other bytes than the pinned one
        return source(hand.path.relative_to(supply).as_posix())
    return source(pinned[hand.sha256]) if hand.sha256 in pinned else f"own file {tidy(hand.path.name)}"


def _line(entry: Entry) -> str:
    cells = (
        *(entry.family, entry.style, entry.version, entry.copyright, ", ".join(entry.reserved)),
        *(entry.source, "" if entry.uses is None else str(entry.uses), entry.sha256[:16]),
    )
    return "| " + " | ".join(map(_literal, cells)) + " |\n"


def _literal(cell: str) -> str:
    """Text that Markdown shows as it stands, in one line."""
    return _MARKS.sub(r"\\\g<0>", escape(" ".join(cell.split()), quote=False))
