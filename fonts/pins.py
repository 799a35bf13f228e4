"""Writes the pins anew after ``package.json`` and its lock were changed: ``python -m fonts.pins``.

For maintainers; a user's machine only reads the pins. ``joined.json`` says which fonts are joined from which
parts, ``files.json`` the hash and licence of every font file.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import sha256_file, write_atomic, write_json
from fonts.joining import without_hints
from fonts.licence import ALLOWED, font_licence
from fonts.supply import PINS, assemble, collect, fetch, font_names, joined_files

_PARTS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek")
_STYLES = {
    100: "Thin",
    200: "ExtraLight",
    300: "Light",
    400: "Regular",
    500: "Medium",
    600: "SemiBold",
    700: "Bold",
    800: "ExtraBold",
    900: "Black",
}
_ALIKE = ("playwrite-", "edu-")  # school hands in many national versions: one weight of each is enough


def main() -> None:
    """Fetch the locked packages and write every pin."""
    _strip_lock()
    with tempfile.TemporaryDirectory() as work:
        modules = fetch(Path(work), offline=False)
        rows = (
            row
            for metadata in sorted(modules.glob("@fontsource/*/metadata.json"))
            for row in _fonts(metadata)
        )
        _write_rows("joined.json", dict(rows))
        staging = Path(work) / "fonts"
        collect(modules, staging)
        assemble(modules, staging)
        for name, font in joined_files().items():
            check_joined(staging / name, [modules / part for part in font.parts])
        pin_files(staging)


def pin_files(folder: Path) -> None:
    """Write ``files.json`` from an unpacked supply.

    Raises:
        DataError: a font comes without an open licence.
    """
    pins = {name: [sha256_file(folder / name), font_licence(folder / name)] for name in font_names(folder)}
    if closed := [name for name, (_, licence) in pins.items() if licence not in ALLOWED]:
        raise DataError(
            f"No open licence comes with {', '.join(closed)}",
            f"one of {', '.join(sorted(ALLOWED))}",
            "drop the package from package.json",
        )
    _write_rows("files.json", pins)


def check_joined(font: Path, parts: Sequence[Path]) -> None:
    """See that a joined font draws every character as its part does: marks may come loose where tables merge.

    Raises:
        DataError: it does not.
    """
    from fontTools.ttLib import TTFont

    drawn: set[str] = set()
    misdrawn: list[str] = []
    for part in parts:
        characters = set(map(chr, TTFont(part, lazy=True).getBestCmap())) - drawn
        drawn |= characters
        joined, alone = _shaper(font.read_bytes()), _shaper(without_hints(part.read_bytes()).getvalue())
        misdrawn += sorted(c for c in characters if joined(c) != alone(c))
    if misdrawn:
        raise DataError(
            f"The joined font {font.name} draws {''.join(misdrawn)} otherwise than its parts",
            remedy="drop the package from package.json",
        )


def _shaper(content: bytes) -> Callable[[str], object]:
    """What shapes a character with a font and returns outlines and advance."""
    import uharfbuzz as hb
    from fontTools.pens.recordingPen import RecordingPen

    font = hb.Font(hb.Face(hb.Blob(content)))

    def shape(character: str) -> object:
        buffer = hb.Buffer()
        buffer.add_str(character)
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        pen = RecordingPen()
        for glyph in buffer.glyph_infos:
            font.draw_glyph_with_pen(glyph.codepoint, pen)
        return pen.value, [p.position for p in buffer.glyph_positions]

    return shape


def _fonts(metadata: Path) -> Iterator[tuple[str, list[Any]]]:
    """The fonts of one package: name -> family, style, parts."""
    facts = json.loads(metadata.read_text(encoding="utf-8"))
    package, slug = metadata.parent, facts["id"]
    for weight in facts["weights"]:
        if weight != 400 and slug.startswith(_ALIKE):
            continue
        files = (package / "files" / f"{slug}-{part}-{weight}-normal.woff2" for part in _PARTS)
        parts = [file.relative_to(package.parent.parent).as_posix() for file in files if file.is_file()]
        yield f"{slug}/{slug}-{weight}-normal.ttf", [facts["family"], _STYLES[weight], parts]


def _strip_lock() -> None:
    """Addresses of sponsors are of no use to anyone who installs from a lock."""
    lock = PINS / "package-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    write_json(lock, content)


def _write_rows(name: str, rows: dict[str, Any]) -> None:
    lines = (f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in rows.items())
    write_atomic(PINS / name, "{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
