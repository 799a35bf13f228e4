"""The bytes of a font file as every font library reads them: WOFF2 unpacked, what is no font refused.

Only the wrapping is looked at; whether the tables inside are sound is for the probe to find out, in a child.
"""

from __future__ import annotations

import io
from pathlib import Path

from common.errors import DataError

_PLAIN = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
_PACKED = (b"wOFF", b"wOF2")


def font_bytes(path: Path) -> bytes:
    """The content of a TTF, OTF or TTC file, or of a WOFF/WOFF2 file unpacked to one.

    Raises:
        DataError: the file is missing, empty, HTML or something else that is no font.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"The font {path} cannot be read: {error.strerror}") from None
    if content.startswith(_PLAIN):
        return content
    if content.startswith(_PACKED):
        return _unpacked(path, content)
    raise DataError(
        f"The font {path} is {_what(content)}", "a TTF, OTF, TTC or WOFF2 file", "fetch it anew or remove it"
    )


def _what(content: bytes) -> str:
    if not content:
        return "empty"
    head = content[:512].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        return "a web page (HTML), not a font"
    return "not a font"


def _unpacked(path: Path, content: bytes) -> bytes:
    from fontTools.ttLib import TTFont, TTLibError

    unpacked = io.BytesIO()
    try:
        font = TTFont(io.BytesIO(content))
        font.flavor = None
        font.save(unpacked, reorderTables=None)
    except (TTLibError, ValueError, OSError, KeyError) as error:
        raise DataError(
            f"The font {path} cannot be unpacked: {error}", remedy="fetch it anew or remove it"
        ) from None
    return unpacked.getvalue()
