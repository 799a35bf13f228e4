"""The catalogue: what is found, how it is split, and which hand a text gets."""

from __future__ import annotations

import pickle
import shutil
from collections import Counter
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from common.errors import DataError
from common.seeds import stream
from fonts.catalogue import Catalogue, build_catalogue, default_catalogue, load_catalogue
from fonts.folders import add_folder, added_folders, remove_folder
from fonts.hand import Hand, HandSplit
from tests.fonts.make_font import EVERYDAY, make_font


def hand(
    name: str, design: str, characters: str = "abc ", split: HandSplit = "train", verdict: str = "ok"
) -> Hand:
    return Hand(
        name, name, "", Path(name), 0, name, "OFL-1.1", frozenset(characters), 0.4, design, split, verdict
    )


def test_every_suffix_name_and_folder_is_found_and_equal_files_count_once(tmp_path: Path) -> None:
    folder = tmp_path / "my fonts"
    one = make_font(folder / "a b" / 'Schöne "Schrift".TTF', family="One")
    shutil.copy(one, folder / "copy.ttf")
    font = TTFont(make_font(tmp_path / "other.ttf", family="Two", x_height=300))
    font.flavor = "woff2"
    font.save(folder / "two.woff2")
    (folder / "notes.txt").write_text("no font")
    catalogue = build_catalogue([folder], workers=1)
    assert [(h.family, h.verdict, h.licence) for h in catalogue.hands] == [
        ("One", "ok", "OFL-1.1"),
        ("Two", "ok", "OFL-1.1"),
    ]
    assert all(len(h.id) == 16 and h.covers("Good day") for h in catalogue.hands)


def test_broken_files_are_listed_with_their_reason_and_never_chosen(tmp_path: Path) -> None:
    make_font(tmp_path / "good.ttf")
    (tmp_path / "page.ttf").write_text("<html>gone</html>")
    catalogue = build_catalogue([tmp_path], workers=1)
    assert {h.family: h.verdict for h in catalogue.hands} == {
        "Test Hand": "ok",
        "page": "bad file: a web page (HTML), not a font",
    }
    assert [h.family for h in catalogue.usable("train")] == ["Test Hand"]


def test_a_second_run_and_a_written_copy_are_the_same_catalogue(tmp_path: Path) -> None:
    for x_height in (300, 400):
        make_font(tmp_path / "fonts" / f"{x_height}.ttf", x_height=x_height, family=f"F{x_height}")
    first = build_catalogue([tmp_path / "fonts"], workers=1)
    assert build_catalogue([tmp_path / "fonts"], workers=1) == first
    first.write(tmp_path / "catalogue.json")
    again = load_catalogue(tmp_path / "catalogue.json")
    assert again == first
    assert again.fingerprint == first.fingerprint
    assert pickle.loads(pickle.dumps(first)) == first


def test_the_fingerprint_tells_contents_not_places(tmp_path: Path) -> None:
    make_font(tmp_path / "here" / "a.ttf")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    here = build_catalogue([tmp_path / "here"], workers=1)
    assert build_catalogue([tmp_path / "there"], workers=1).fingerprint == here.fingerprint
    make_font(tmp_path / "there" / "a.ttf", x_height=320)
    assert build_catalogue([tmp_path / "there"], workers=1).fingerprint != here.fingerprint


def test_faces_alike_under_other_names_are_one_design_and_on_one_side(tmp_path: Path) -> None:
    make_font(tmp_path / "a.ttf", family="First name")
    make_font(tmp_path / "b.ttf", family="Second name", x_height=401)
    make_font(tmp_path / "bold.ttf", family="First name", style="Bold", thickness=90)
    make_font(tmp_path / "leaning.ttf", family="Leaning", slant=0.5, width=250)
    designs = {(h.family, h.style): (h.design, h.split) for h in build_catalogue([tmp_path], workers=1).hands}
    assert (
        designs["First name", "Regular"] == designs["Second name", "Regular"] == designs["First name", "Bold"]
    )
    assert designs["Leaning", "Regular"][0] != designs["First name", "Regular"][0]
    assert {split for _, split in designs.values()} == {"train", "validation"}


def test_a_folder_added_later_changes_nothing_about_the_hands_that_were_there(tmp_path: Path) -> None:
    for number in range(6):
        make_font(tmp_path / "first" / f"{number}.ttf", family=f"F{number}", slant=0.1 * number)
    make_font(tmp_path / "second" / "between.ttf", family="Other", slant=0.02)
    make_font(tmp_path / "second" / "new.ttf", family="New", width=900)
    before = build_catalogue([tmp_path / "first"], workers=1)
    after = {h.id: h for h in build_catalogue([tmp_path / "first", tmp_path / "second"], workers=1).hands}
    assert len(after) == 8
    assert all(after[h.id] == h for h in before.hands)
    other = next(h for h in after.values() if h.family == "Other")
    assert other.design in {h.design for h in before.hands}


def test_choice_is_uniform_over_designs_then_files() -> None:
    hands = (
        hand("a1", "a"),
        hand("a2", "a"),
        hand("a3", "a"),
        hand("b", "b"),
        hand("c", "c", verdict="unicase"),
    )
    catalogue = Catalogue((*hands, hand("v", "v", split="validation")))
    rng = stream(1, 0, "hand")
    counts = Counter(h.id for _ in range(6000) if (h := catalogue.choose(rng, "ab", "train")))
    assert set(counts) == {"a1", "a2", "a3", "b"}
    assert counts["b"] == pytest.approx(3000, abs=200)
    assert counts["a1"] == pytest.approx(1000, abs=150)
    held = catalogue.choose(rng, "ab", "validation")
    assert held is not None
    assert held.id == "v"


def test_a_text_gets_only_hands_that_draw_all_of_it() -> None:
    common = [hand(f"h{n}", f"d{n}") for n in range(500)]
    rare = hand("rare", "rare", characters="abcß ")
    catalogue = Catalogue((*common, rare))
    rng = stream(1, 0, "hand")
    assert all(catalogue.choose(rng, "aß", "train") == rare for _ in range(20))
    assert catalogue.choose(rng, "a€", "train") is None
    assert catalogue.choose(rng, "a", "validation") is None


def test_a_choice_repeats_with_its_stream() -> None:
    catalogue = Catalogue(tuple(hand(f"h{n}", f"d{n}") for n in range(50)))
    chosen = [catalogue.choose(stream(7, index, "hand"), "abc", "train") for index in range(20)]
    assert chosen == [catalogue.choose(stream(7, index, "hand"), "abc", "train") for index in range(20)]
    assert len(set(chosen)) > 5


def test_a_damaged_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    Catalogue((hand("a", "a"),)).write(path)
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError, match="catalogue"):
            load_catalogue(path)
    with pytest.raises(DataError, match="cannot be read"):
        load_catalogue(tmp_path / "none.json")


def test_folders_without_fonts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no font"):
        build_catalogue([tmp_path])
    with pytest.raises(DataError, match="does not exist"):
        build_catalogue([tmp_path / "none"])


def test_added_folders_are_remembered_and_enough_without_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_font(tmp_path / "own" / "a.ttf", characters=EVERYDAY + "ß")
    add_folder(tmp_path / "own")
    add_folder(tmp_path / "own")
    assert added_folders() == (tmp_path / "own",)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [h.family for h in default_catalogue().hands] == ["Test Hand"]
    remove_folder(tmp_path / "own")
    assert added_folders() == ()
    with pytest.raises(DataError, match="was not added"):
        remove_folder(tmp_path / "own")
    with pytest.raises(DataError, match="does not exist"):
        add_folder(tmp_path / "none")


def test_an_added_folder_that_is_gone_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_font(tmp_path / "own" / "a.ttf")
    add_folder(tmp_path / "own")
    (tmp_path / "gone").mkdir()
    add_folder(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [h.family for h in default_catalogue().hands] == ["Test Hand"]
    assert f"{tmp_path / 'gone'} is gone" in caplog.text
    caplog.clear()
    remove_folder(tmp_path / "gone")
    assert added_folders() == (tmp_path / "own",) and not caplog.text
