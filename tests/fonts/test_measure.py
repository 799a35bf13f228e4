"""What a face is measured to draw, and the verdict on it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fonts.measure import measure
from fonts.verdict import verdict
from tests.fonts.make_font import EVERYDAY, make_font


def measured(path: Path, **how: Any) -> dict[str, Any]:
    return asdict(measure(make_font(path / "font.ttf", **how).read_bytes()))


def test_a_sound_font_covers_exactly_what_it_draws(tmp_path: Path) -> None:
    face = measured(tmp_path, characters=EVERYDAY + "éàç€")
    assert set(face["characters"]) == set(EVERYDAY + "éàç€ ")
    assert face["undrawn"] == ""
    assert verdict(face) == "ok"
    assert (face["family"], face["style"]) == ("Test Hand", "Regular")


@pytest.mark.parametrize(
    ("how", "missing"),
    [
        ({"blank": "qz"}, "qz"),
        ({"boxed": "0&"}, "0&"),
        ({"characters": EVERYDAY + "éÀ", "same_as": {"é": "e", "À": "A"}}, "éÀ"),
    ],
    ids=["mapped but blank", "mapped to the .notdef box", "accent not drawn"],
)
def test_what_the_font_maps_but_does_not_draw_is_not_covered(
    tmp_path: Path, how: dict[str, Any], missing: str
) -> None:
    face = measured(tmp_path, **how)
    assert set(face["undrawn"]) == set(missing)
    assert set(face["characters"]) == set(EVERYDAY + " ") - set(missing)


def test_two_letters_may_share_a_picture_when_neither_is_accented(tmp_path: Path) -> None:
    assert "l" in measured(tmp_path, same_as={"l": "I"})["characters"]


@pytest.mark.parametrize("x_height", [200, 400, 600])
def test_x_height_is_measured_from_ink(tmp_path: Path, x_height: int) -> None:
    assert measured(tmp_path, x_height=x_height)["x_height"] == pytest.approx(x_height / 1000, abs=0.02)


def test_a_font_without_latin_letters_has_a_scale_too(tmp_path: Path) -> None:
    face = measured(tmp_path, characters="жшю0123")
    assert face["x_height"] > 0.1
    assert set(face["characters"]) == set("жшю0123 ")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"guide_lines": True}, "guide-lines"),
        ({"unicase": True}, "unicase"),
        ({"thickness": 12}, "hairline"),
        ({"thickness": 200, "width": 700}, "heavy"),
        ({"x_height": 60, "thickness": 12, "width": 60}, "absurd-scale"),
        ({"blank": EVERYDAY}, "no-ink"),
        ({"same_as": dict.fromkeys("abcdefghijklmn", "o")}, "one-picture"),
        ({"family": "NanumGothicCoding"}, "refused: typeface, not handwriting"),
        ({"slant": 0.3}, "ok"),
        ({"characters": "abc"}, "ok"),
    ],
)
def test_verdicts(tmp_path: Path, how: dict[str, Any], expected: str) -> None:
    assert verdict(measured(tmp_path, **how)) == expected


def test_dots_and_outlines_are_told_from_letters(tmp_path: Path) -> None:
    face = measured(tmp_path)
    assert verdict({**face, "contours": 3.5}) == "dotted-or-outlined"
    assert face["contours"] < 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"scalable": False}, "bitmap-only"), ({"colour": True}, "colour"), ({"space": 0.2}, "narrow-space")],
)
def test_verdicts_on_faces_of_other_kinds(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    assert verdict({**measured(tmp_path), **change}) == expected
