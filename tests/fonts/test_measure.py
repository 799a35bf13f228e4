"""What a face is measured to be: its characters, its scale, and what makes it another hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from fonts.measure import measure
from fonts.sfnt import font_bytes
from fonts.verdict import verdict
from tests.fonts.make_font import ASCII_LETTERS, EVERYDAY, make_font

FEATURES = "languagesystem DFLT dflt; languagesystem latn dflt; "


def measured(path: Path, **how: Any) -> dict[str, Any]:
    return asdict(measure(make_font(path / "font.ttf", **how).read_bytes()))


def test_a_sound_font_covers_exactly_what_it_draws(tmp_path: Path) -> None:
    face = measured(tmp_path, characters=EVERYDAY + "éàç€")
    assert set(face["characters"]) == set(EVERYDAY + "éàç€ ")
    assert face["undrawn"] == ""
    assert verdict(face) == "ok"
    assert (face["family"], face["style"]) == ("Test Hand", "Regular")


@pytest.mark.parametrize("x_height", [200, 400, 600])
def test_x_height_is_measured_from_ink(tmp_path: Path, x_height: int) -> None:
    assert measured(tmp_path, x_height=x_height)["x_height"] == pytest.approx(x_height / 1000, abs=0.02)


def test_a_font_without_latin_letters_has_a_scale_too(tmp_path: Path) -> None:
    face = measured(tmp_path, characters="жшю0123")
    assert face["x_height"] > 0.1
    assert set(face["characters"]) == set("жшю0123 ")


@pytest.mark.parametrize(("slant", "degrees"), [(0.0, 0.0), (0.2, 11.3), (0.5, 26.6), (-0.2, -11.3)])
def test_slant_is_read_off_the_upright_strokes(tmp_path: Path, slant: float, degrees: float) -> None:
    assert measured(tmp_path, slant=slant)["slant"] == pytest.approx(degrees, abs=1.5)


def test_stroke_space_and_width_are_in_x_heights(tmp_path: Path) -> None:
    face = measured(tmp_path, x_height=400, thickness=60, width=350, space=200)
    assert face["stroke_x"] == pytest.approx(60 / 400, abs=0.03)
    assert face["space"] == pytest.approx(200 / 400, abs=0.02)
    assert face["width_x"] == pytest.approx(470 / 400, abs=0.03)
    assert face["contrast"] == pytest.approx(1.0, abs=0.2)


def test_a_broad_nib_has_more_contrast_than_a_round_pen(tmp_path: Path) -> None:
    assert measured(tmp_path, bar="broad")["contrast"] > 1.7 > measured(tmp_path)["contrast"]


def test_joined_letters_touch_and_others_do_not(tmp_path: Path) -> None:
    assert measured(tmp_path, joined=True)["joined"] == 1.0
    assert measured(tmp_path)["joined"] == 0.0


def test_only_features_that_change_the_picture_of_a_letter_are_told(tmp_path: Path) -> None:
    features = FEATURES + (
        "feature ss01 { sub uni0061 by a.other; } ss01;"
        "feature ss02 { sub uni0062 by b.same; } ss02;"
        "feature ss03 { sub uni0035 by a.other; } ss03;"  # a digit
        "feature ss04 { sub uni0061 by box; sub uni0065 by box; sub uni006E by box; } ss04;"  # no letters
        "feature liga { sub uni0061 uni0062 by a.other; } liga;"
    )
    alternates = {"a.other": ("a", 1.1), "b.same": ("b", 1.0), "box": ("\u2610", 1.0)}
    face = measured(tmp_path, alternates=alternates, features=features)
    assert face["features"] == ("ss01",)
    assert face["alternates"] == 0


def test_letters_that_take_turns_are_counted(tmp_path: Path) -> None:
    turns = FEATURES + "feature calt { sub uni0061 uni0061' by a.other; } calt;"
    assert measured(tmp_path, alternates={"a.other": ("a", 1.1)}, features=turns)["alternates"] == 1


def test_a_variable_font_is_measured_at_its_default_and_tells_its_axes(tmp_path: Path) -> None:
    variable, static = measured(tmp_path, weight_axis=True), measured(tmp_path)
    assert variable["axes"] == (("wght", 400.0, 400.0, 700.0),)
    assert {**variable, "axes": ()} == static


@pytest.mark.parametrize("flavour", ["woff", "woff2"])
def test_a_packed_font_is_measured_as_the_plain_one(tmp_path: Path, flavour: str) -> None:
    font = TTFont(make_font(tmp_path / "plain.ttf", weight_axis=True, characters=ASCII_LETTERS))
    font.flavor = flavour
    font.save(tmp_path / f"packed.{flavour}")
    plain = measure(font_bytes(tmp_path / "plain.ttf"))
    assert measure(font_bytes(tmp_path / f"packed.{flavour}")) == plain


def test_points_are_counted_a_letter(tmp_path: Path) -> None:
    assert measured(tmp_path)["points"] < 20 < 1000 < measured(tmp_path, bar="rough")["points"]


def test_letters_are_read_and_icons_are_not(tmp_path: Path) -> None:
    letters = measured(tmp_path)
    assert letters["legible"] > 0.6
    assert letters["digits_legible"] > 0.5
    assert letters["capitals"] < 0.3
    icons = measured(tmp_path, same_as={c: chr(0x2600 + 7 * n) for n, c in enumerate(EVERYDAY)})
    assert icons["legible"] < 0.1
    assert measured(tmp_path, redrawn_capitals=0.97)["capitals"] > 0.6
    assert measured(tmp_path, characters="abc")["legible"] == 1.0  # too few to tell
