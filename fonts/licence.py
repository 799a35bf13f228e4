"""Which licence a font is under, as an SPDX id, from the words of its licence text or of its name table.

``ALLOWED`` are those under which fonts are used without asking; ``unknown`` means that none was recognised.
Whether the user allows others is kept with the folder (:mod:`fonts.folders`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

UNKNOWN = "unknown"
ALLOWED = frozenset({"OFL-1.1", "Apache-2.0", "UFL-1.0"})

_TEXTS = ("LICENSE_FONT", "OFL.txt", "LICENSE.txt", "LICENSE")
_MARKS = (
    (
        "OFL-1.1",
        re.compile(r"SIL Open Font Licen[sc]e|scripts\.sil\.org/OFL|openfontlicense\.org", re.IGNORECASE),
    ),
    ("Apache-2.0", re.compile(r"Apache Licen[sc]e|apache\.org/licenses/LICENSE-2\.0", re.IGNORECASE)),
    ("UFL-1.0", re.compile(r"Ubuntu Font Licen[sc]e", re.IGNORECASE)),
    ("CC0-1.0", re.compile(r"Creative Commons Zero|\bCC0\b|publicdomain/zero", re.IGNORECASE)),
    ("MIT", re.compile(r"\bMIT Licen[sc]e", re.IGNORECASE)),
    ("LicenseRef-LGPL", re.compile(r"Lesser General Public Licen[sc]e|\bLGPL", re.IGNORECASE)),
    ("LicenseRef-GPL", re.compile(r"General Public Licen[sc]e|\bGPL", re.IGNORECASE)),
    (
        "LicenseRef-CC",
        re.compile(r"Creative Commons|creativecommons\.org/licenses|\bCC[- ]BY", re.IGNORECASE),
    ),
)


def spdx(texts: Iterable[str]) -> str:
    """The SPDX id of the first text that names a licence, else ``unknown``."""
    for text in texts:
        for identifier, mark in _MARKS:
            if mark.search(text):
                return identifier
    return UNKNOWN


def face_licence(named: Sequence[str], path: Path) -> str:
    """The SPDX id by the font's own name table, else by a licence text beside the file.

    Args:
        named: what the name table says about licence and copyright.
        path: the font file.
    """
    return spdx([*named, licence_text(path)[:2000]])


def licence_text(path: Path) -> str:
    """The licence text that lies beside a font file, empty where there is none to read."""
    for beside in (path.parent / name for name in _TEXTS):
        with suppress(OSError):
            return beside.read_text(encoding="utf-8", errors="replace")
    return ""


def font_licence(path: Path) -> str:
    """:func:`face_licence` of a font file that is known to be sound."""
    from fontTools.ttLib import TTFont

    return face_licence(name_table_licences(TTFont(path, fontNumber=0, lazy=True)), path)


def name_table_licences(font: TTFont) -> tuple[str, ...]:
    """Licence description, licence URL and copyright of a name table, each cut to 300 characters."""
    table = font["name"]
    return tuple(text[:300] for key in (13, 14, 0) if (text := table.getDebugName(key)))
