"""Finding font files whatever their names, and hashing each once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from common.errors import DataError, EnvironmentProblem
from common.files import sha256_file
from fonts import files
from fonts.catalogue import build_catalogue
from fonts.files import font_files, hash_files
from tests.fonts.make_font import make_font

_ODD = [
    "UPPER.TTF",
    "a b.otf",
    "Schöne \"Schrift\" 'x'.Ttf",
    "new\nline.ttf",
    "手.woff2",
    "$(x);&|.woff",
    "-x.ttc",
]


def _old(path: Path) -> Path:
    """Let a file look as if it had been written an hour ago."""
    then = path.stat().st_mtime - 3600
    os.utime(path, (then, then))
    return path


def _count_reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    read: list[Path] = []

    def noting(path: Path) -> str:
        read.append(path)
        return sha256_file(path)

    monkeypatch.setattr(files, "sha256_file", noting)
    return read


def test_fault_20_odd_names_any_case_and_nested_folders_are_all_found(tmp_path: Path) -> None:
    folder = tmp_path / "my 'fonts'" / "ünder"
    for number, name in enumerate(_ODD):
        make_font(folder / f"level {number}" / name, x_height=300 + 20 * number, family=f"Hand {number}")
    latin1 = os.fsdecode(b"caf\xe9.ttf")  # a name that is no UTF-8, as in old archives
    make_font(folder / latin1, x_height=500, family="Latin 1")
    (folder / "notes.txt").write_text("no font")
    catalogue = build_catalogue([tmp_path], workers=1)
    assert {hand.path.name for hand in catalogue.hands} == {*_ODD, latin1}
    assert {hand.verdict for hand in catalogue.hands} == {"ok"}
    assert build_catalogue([tmp_path], workers=1) == catalogue


def test_copies_and_links_count_once_and_loops_end(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    one = make_font(folder / "deep" / "one.ttf")
    shutil.copy(one, folder / "copy.ttf")
    (folder / "deep" / "loop").symlink_to(folder)
    elsewhere = make_font(tmp_path / "elsewhere" / "two.ttf", x_height=333)
    (folder / "linked").symlink_to(elsewhere.parent)
    found = font_files([folder])
    assert sorted(path.name for path in found.unique.values()) == ["copy.ttf", "two.ttf"]
    assert (found.copies, found.unreadable) == (1, {})


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    make_font(tmp_path / "good.ttf")
    (tmp_path / "gone.ttf").symlink_to(tmp_path / "nowhere.ttf")
    os.mkfifo(tmp_path / "pipe.otf")
    found = font_files([tmp_path])
    assert [path.name for path in found.unique.values()] == ["good.ttf"]
    reasons = {path.name: why for path, why in found.unreadable.items()}
    assert reasons == {"gone.ttf": "a broken link", "pipe.otf": "not a file"}
    with pytest.raises(DataError, match=r"gone\.ttf cannot be read: No such file"):
        hash_files([tmp_path / "gone.ttf"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_one_may_not_read_are_left_out(tmp_path: Path) -> None:
    make_font(tmp_path / "good.ttf")
    make_font(tmp_path / "closed" / "a.ttf", x_height=300).parent.chmod(0)
    make_font(tmp_path / "secret.ttf", x_height=350).chmod(0)
    found = font_files([tmp_path])
    (tmp_path / "closed").chmod(0o755)
    assert [path.name for path in found.unique.values()] == ["good.ttf"]
    assert {path.name for path in found.unreadable} == {"closed", "secret.ttf"}


def test_a_file_is_read_once_and_again_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _count_reads(monkeypatch)
    font = _old(make_font(tmp_path / "a.ttf"))
    young = make_font(tmp_path / "b.ttf", x_height=333)
    first = hash_files([font, young])
    assert hash_files([font, young]) == first == {font: sha256_file(font), young: sha256_file(young)}
    assert read == [font, young, young]  # the young one may have changed within a tick of the clock
    _old(make_font(font, x_height=444))
    assert hash_files([font])[font] == sha256_file(font) != first[font]


def test_fault_19_a_changed_font_is_another_catalogue(tmp_path: Path) -> None:
    for x_height in (300, 400):
        _old(make_font(tmp_path / f"{x_height}.ttf", x_height=x_height, family=f"F{x_height}"))
    before = build_catalogue([tmp_path], workers=1)
    same = build_catalogue([tmp_path], workers=1)
    _old(make_font(tmp_path / "400.ttf", x_height=420, family="F400"))
    after = build_catalogue([tmp_path], workers=1)
    assert before.fingerprint == same.fingerprint != after.fingerprint
    assert {h.family: h.sha256 for h in after.hands} == {
        f"F{x}": sha256_file(tmp_path / f"{x}.ttf") for x in (300, 400)
    }


def test_a_folder_that_is_not_there_and_a_damaged_memory_are_one_sentence(
    tmp_path: Path, own_cache: Path
) -> None:
    with pytest.raises(DataError, match="does not exist"):
        font_files([tmp_path / "none"])
    (own_cache / "fonts").mkdir(parents=True)
    (own_cache / "fonts" / "hashes.sqlite").write_bytes(b"no database, and longer than its header" * 9)
    with pytest.raises(EnvironmentProblem, match=r"hashes\.sqlite cannot be used"):
        hash_files([])
