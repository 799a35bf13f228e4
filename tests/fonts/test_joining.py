"""Fonts joined from the parts in which a package publishes them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.ttProgram import Program

from common.errors import DataError, EnvironmentProblem
from fonts.catalogue import build_catalogue
from fonts.joining import join, join_files
from fonts.pins import check_joined
from tests.fonts.make_font import make_font


def part(path: Path, characters: str, x_height: int = 400) -> Path:
    """A hinted WOFF2 with a family name that its licence reserves."""
    font = TTFont(make_font(path, characters, x_height=x_height, family="Reserved Hand"))
    font["name"].setName('Copyright A. Writer, with Reserved Font Name "Reserved Hand"', 0, 3, 1, 0x409)
    for tag in ("fpgm", "prep"):
        font[tag] = newTable(tag)
        font[tag].program = Program()
        font[tag].program.fromBytecode(b"\x4f")
    font.flavor = "woff2"
    font.save(path)
    return path


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    return [part(tmp_path / "latin.woff2", "abc xyz"), part(tmp_path / "cyrillic.woff2", "жяc")]


def test_a_joined_font_draws_what_any_part_draws(parts: list[Path], tmp_path: Path) -> None:
    join_files({tmp_path / "out" / "joined.ttf": parts})
    (hand,) = build_catalogue([tmp_path / "out"], workers=1).hands
    assert hand.covers("abc xyz жя")
    assert hand.licence == "OFL-1.1"
    check_joined(tmp_path / "out" / "joined.ttf", parts)


def test_the_first_part_decides_and_another_picture_is_noticed(parts: list[Path], tmp_path: Path) -> None:
    other = part(tmp_path / "other.woff2", "жяб", x_height=250)
    joined = tmp_path / "joined.ttf"
    joined.write_bytes(join([path.read_bytes() for path in [*parts, other]]))
    check_joined(joined, [*parts, other])
    with pytest.raises(DataError, match=r"joined\.ttf draws жя otherwise than its parts"):
        check_joined(joined, [parts[0], other])


def test_reserved_names_and_hints_are_gone_and_copyright_stays(parts: list[Path]) -> None:
    font = TTFont(io.BytesIO(join([path.read_bytes() for path in parts])))
    names = {record.nameID: record.toUnicode() for record in font["name"].names}
    assert names[1] == names[4] and names[1].startswith("Inkmill Joined ")
    assert "Reserved Hand" not in " ".join(text for key, text in names.items() if key)
    assert names[0].startswith("Copyright A. Writer") and "Open Font License" in names[13]
    assert not {"fpgm", "prep", "cvt "} & set(font.keys())


def test_equal_parts_give_equal_bytes_and_one_part_alone_is_renamed_too(parts: list[Path]) -> None:
    contents = [path.read_bytes() for path in parts]
    assert join(contents) == join(contents) != join(contents[::-1])
    alone = TTFont(io.BytesIO(join(contents[:1])))
    assert alone["name"].getDebugName(1).startswith("Inkmill Joined ")


def test_a_damaged_part_is_one_sentence(parts: list[Path], tmp_path: Path) -> None:
    parts[1].write_bytes(parts[1].read_bytes()[:60])
    with pytest.raises(EnvironmentProblem, match="font parts could not be joined"):
        join_files({tmp_path / "joined.ttf": parts})
    assert not (tmp_path / "joined.ttf").exists()
