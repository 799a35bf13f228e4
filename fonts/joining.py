"""Joins the parts of a font that its package publishes by alphabet (latin, latin-ext, cyrillic, ...) to one font.

Hint programs are dropped first: those of one part would be run with the tables of another. The joined font
is a modified one, so it gets a neutral name: a reserved one may not be used. Copyright and licence stay.
Equal parts give equal bytes with one version of fontTools. Nothing is fetched or written here.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from common.files import sha256_bytes

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_HINTS = ("fpgm", "prep", "cvt ", "cvar", "hdmx", "VDMX", "LTSH", "gasp")
_NOT_NEEDED = ("DSIG", "STAT", "meta", "FFTM")  # digests of the whole, and what names are for menus
_KEPT_NAMES = (0, 13, 14)  # copyright, licence, its address
_EPOCH = 3_029_529_600  # 2000-01-01 in seconds since 1904, as fonts count


def join(parts: Sequence[bytes]) -> bytes:
    """One TrueType font that draws what any of the parts draws.

    Args:
        parts: whole font files (TTF or WOFF2), the first decides where two draw one character.

    Raises:
        fontTools.ttLib.TTLibError: a part is no sound font; others of fontTools' errors are possible.
    """
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    name = f"Inkmill Joined {sha256_bytes(b''.join(parts))[:8]}"
    plain = [_plain(part) for part in parts]
    names = [TTFont(part, lazy=True)["name"] for part in plain[:1]][0]
    if len(plain) == 1:
        font = TTFont(plain[0])
    else:
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        font = Merger().merge(plain)
    font["name"] = names
    _rename(font, name)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = _EPOCH
    joined = io.BytesIO()
    font.save(joined)
    return joined.getvalue()


def _plain(part: bytes) -> io.BytesIO:
    """The part unpacked and without hints."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(part), recalcTimestamp=False)
    font.flavor = None
    for tag in (*_HINTS, *_NOT_NEEDED):
        if tag in font:
            del font[tag]
    if "glyf" in font:
        glyphs = font["glyf"]
        for glyph in glyphs.keys():
            glyphs[glyph].removeHinting()
    plain = io.BytesIO()
    font.save(plain)
    plain.seek(0)
    return plain


def _rename(font: TTFont, name: str) -> None:
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in _KEPT_NAMES]
    style = {1: name, 2: "Regular", 3: name, 4: name, 6: name.replace(" ", "")}
    for key, text in style.items():
        table.setName(text, key, 3, 1, 0x409)
