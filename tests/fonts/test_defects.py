"""Every kind of defect a font can have, each with a font made to have it and one that nearly has it."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fonts.measure import measure
from fonts.verdict import defects, missing, notes, verdict
from tests.fonts.make_font import ASCII_LETTERS, EVERYDAY, make_bitmap_font, make_font

LATIN = EVERYDAY + "ÀÈÉÊÑÖàèéêñö§€£"
BOX = "\u2610"  # its strokes look like nothing else
ICONS = {c: chr(0x2600 + 7 * n) for n, c in enumerate(EVERYDAY)}
OTHER_CODES = dict(zip(ASCII_LETTERS, ASCII_LETTERS[7:] + ASCII_LETTERS[:7], strict=True))


def measured(path: Path, **how: Any) -> dict[str, Any]:
    return asdict(measure(make_font(path / "font.ttf", **how).read_bytes()))


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"guide_lines": True}, "guide-lines"),
        ({"characters": "abc", "guide_lines": True}, "guide-lines"),
        ({"bar": "dotted"}, "dotted-or-outlined"),
        ({"bar": "outlined"}, "dotted-or-outlined"),
        ({"unicase": True}, "unicase"),
        ({"redrawn_capitals": 0.97}, "unicase"),
        ({"redrawn_capitals": 0.5}, "unicase"),
        ({"same_as": ICONS}, "dingbats"),
        ({"same_as": {digit: ICONS[digit] for digit in "0123456789"}}, "dingbats"),
        ({"same_as": OTHER_CODES}, "dingbats"),  # letters of another script in the places of ASCII
        ({"x_height": 60, "thickness": 12, "width": 60}, "absurd-scale"),
        ({"thickness": 12}, "hairline"),
        ({"thickness": 200, "width": 700}, "heavy"),
        ({"space": 20, "thickness": 40}, "narrow-space"),
        ({"blank": EVERYDAY}, "no-ink"),
        ({"same_as": dict.fromkeys("abcdefghijklmn", "o")}, "one-picture"),
        ({"coloured": True}, "colour"),
        ({"family": "NanumGothicCoding"}, "refused: typeface, not handwriting"),
    ],
)
def test_a_face_with_a_defect_may_not_write(tmp_path: Path, how: dict[str, Any], expected: str) -> None:
    assert verdict(measured(tmp_path, **how)) == expected


@pytest.mark.parametrize(
    "how",
    [
        {"joined": True, "space": 1400},  # inked from edge to edge, but not in one row
        {"bar": "rough"},
        {"same_as": {"l": "I", "o": "O"}},
        {"same_as": {c: ICONS[c] for c in "QXZ347"}},
        {"x_height": 200, "thickness": 30, "width": 175},
        {"thickness": 26},
        {"thickness": 100, "width": 450},
        {"space": 60, "thickness": 40},  # the blank is narrow, the gap is plain
        {"blank": "qz"},
        {"same_as": dict.fromkeys("avxz", "o")},
        {"weight_axis": True},
        {"family": "Nanum Gothic"},
        {"slant": 0.3},
        {"characters": "abc"},
    ],
    ids=str,
)
def test_a_face_that_nearly_has_a_defect_may_write(tmp_path: Path, how: dict[str, Any]) -> None:
    assert verdict(measured(tmp_path, **how)) == "ok"


@pytest.mark.parametrize(
    ("how", "note"),
    [
        ({"characters": EVERYDAY.replace("?", "")}, "missing-basic"),
        ({"characters": EVERYDAY + "‘’“”‚„‹›«»–—…€£§"}, "missing-typographic"),
        ({"blank": "q"}, "undrawn"),
        ({"ascent": 600}, "ink-outside-metrics"),
        ({"bar": "rough"}, "rough-outlines"),
        ({"characters": EVERYDAY + "жшюя", "advances": dict.fromkeys("жшюя", 1000)}, "full-width"),
    ],
)
def test_what_keeps_a_face_from_nothing_is_noted(tmp_path: Path, how: dict[str, Any], note: str) -> None:
    face = measured(tmp_path, **how)
    assert note in notes(face)
    assert verdict(face) == "ok"


def test_a_sound_face_has_no_notes_and_misses_nothing(tmp_path: Path) -> None:
    face = measured(tmp_path, characters=EVERYDAY + "‘’“”‚„‹›«»–—…€£§°жшюя")
    assert notes(face) == ()
    assert missing(face) == ""
    assert missing(measured(tmp_path)) == "‘’“”‚„‹›«»–—…€£§°"


def test_full_width_letters_are_told_apart(tmp_path: Path) -> None:
    face = measured(tmp_path, characters=EVERYDAY + "жшюя", advances=dict.fromkeys("жшюя", 1000))
    assert set(face["wide"]) == set("жшюя")
    assert set(face["characters"]) == set(EVERYDAY + " ")


def test_a_face_that_spoils_the_measures_is_told_that_alone(tmp_path: Path) -> None:
    assert defects(measured(tmp_path, guide_lines=True, thickness=12)) == ("guide-lines",)
    assert set(defects(measured(tmp_path, unicase=True, space=20, thickness=40))) == {
        "unicase",
        "narrow-space",
    }


def covered(path: Path, **how: Any) -> set[str]:
    """Of :data:`LATIN`, what a font that maps all of it is found not to draw."""
    face = measured(path, **{"characters": LATIN, **how})
    assert set(face["characters"]) | set(face["undrawn"]) == set(LATIN + " ")
    return set(face["undrawn"])


def test_fault_13_a_character_that_is_mapped_but_empty_is_not_covered(tmp_path: Path) -> None:
    assert covered(tmp_path, blank="qzé") == set("qzé")


@pytest.mark.parametrize("placeholder", ["boxed", "own box", "question mark"])
def test_fault_14_a_character_that_shows_a_placeholder_is_not_covered(
    tmp_path: Path, placeholder: str
) -> None:
    wrong = "èÑö§"
    how: dict[str, Any] = {"same_as": dict.fromkeys(wrong, BOX if placeholder == "own box" else "?")}
    if placeholder == "boxed":
        how = {"boxed": wrong}
    assert covered(tmp_path, **how) == set(wrong)


def test_fault_15_an_empty_notdef_hides_nothing(tmp_path: Path) -> None:
    how: dict[str, Any] = {"empty_notdef": True, "characters": EVERYDAY.replace("q", ""), "blank": "z"}
    face = measured(tmp_path, **how)
    assert set(face["characters"]) == set(EVERYDAY + " ") - set("qz")


@pytest.mark.parametrize(
    ("same_as", "wrong"),
    [
        ({"é": "e", "À": "A"}, "éÀ"),  # no accent
        ({"é": "è"}, "éè"),  # the label of one of them lies
        ({"é": "É"}, "é"),
        ({"É": "é"}, "É"),
        ({"a": "A"}, "a"),
        ({"A": "a"}, "A"),
        ({"l": "L"}, "l"),
    ],
    ids=str,
)
def test_accents_and_case_that_are_drawn_wrong_are_not_covered(
    tmp_path: Path, same_as: dict[str, str], wrong: str
) -> None:
    assert covered(tmp_path, same_as=same_as) == set(wrong)


@pytest.mark.parametrize(
    "alike",
    [{"l": "I", "1": "I"}, {"Ρ": "P", "Α": "A", "А": "A"}, {"Ї": "Ï", "Ϊ": "Ï"}, {"ş": "ș"}, {"\u212b": "Å"}],
    ids=str,
)
def test_characters_that_look_alike_by_nature_are_covered(tmp_path: Path, alike: dict[str, str]) -> None:
    characters = "".join(dict.fromkeys(LATIN + "ÏŞÅ" + "".join(alike) + "".join(alike.values())))
    assert measured(tmp_path, characters=characters, same_as=alike)["undrawn"] == ""


def test_fault_16_small_letters_drawn_as_capitals_are_told(tmp_path: Path) -> None:
    for how in ({"unicase": True}, {"redrawn_capitals": 0.97}, {"redrawn_capitals": 0.5}):
        assert verdict(measured(tmp_path, **how)) == "unicase"


def test_fault_17_bitmap_colour_and_variable_fonts_are_drawn_right_or_refused(tmp_path: Path) -> None:
    bitmaps = make_bitmap_font(tmp_path / "bitmaps.ttf")
    assert verdict(asdict(measure(bitmaps.read_bytes()))) == "bitmap-only"
    assert verdict(measured(tmp_path, coloured=True)) == "colour"
    variable = measured(tmp_path, weight_axis=True)
    assert verdict(variable) == "ok"
    assert variable["characters"] == measured(tmp_path)["characters"]


def test_the_accents_of_the_test_letters_have_pictures_of_their_own() -> None:
    assert all(unicodedata.normalize("NFC", c) == c for c in LATIN)
