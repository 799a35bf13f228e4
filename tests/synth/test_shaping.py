"""Whole-string shaping: kerning, ligatures, marks, right-to-left lines, and whose box is whose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from common.files import sha256_file
from synth.hand.shaping import BEARING, shape
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample, Rejected
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import HEBREW, MOVED, X_HEIGHT, line, make_hand

LIGATURE = "feature liga { sub uni0066 uni0069 by uniFB01; } liga;"
KERNING = "feature kern { pos uni0041 uni0056 -150; } kern;"
CONTEXT = "feature calt { sub uni006F' uni0078 by uni004F; } calt;"
MARK = """
feature mark {
    markClass uni0301 <anchor 200 0> @TOP;
    pos base uni0061 <anchor 230 450> mark @TOP;
} mark;
"""


def boxes(path: Path, text: str, features: str = "", characters: str = EVERYDAY) -> np.ndarray:
    made = render(line(text), make_hand(path, characters, features), load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample), made
    return made.boxes


def test_a_ligature_is_one_glyph_and_two_boxes(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf", EVERYDAY + "ﬁ", LIGATURE)
    shaped = shape("fix", hand)
    assert len(shaped.glyphs) == 2
    assert [(cluster.start, len(cluster.weights)) for cluster in shaped.clusters] == [(0, 2), (2, 1)]
    assert sum(shaped.clusters[0].weights) == pytest.approx(1)


@pytest.mark.parametrize("index", range(5))
def test_the_boxes_of_a_ligature_share_its_ink_without_overlap(tmp_path: Path, index: int) -> None:
    hand = make_hand(tmp_path / "h.ttf", EVERYDAY + "ﬁ", LIGATURE)
    made = render(line("fi"), hand, MOVED, 0, index, keep_clean=True)
    assert isinstance(made, LineSample) and made.clean is not None
    first, second = made.boxes
    columns = np.flatnonzero((made.clean < 200).any(0))
    assert first[0] <= columns[0] < first[2] <= second[0] < columns[-1] < second[2] + 1


def test_contextual_alternates_are_on(tmp_path: Path) -> None:
    assert boxes(tmp_path / "a.ttf", "ox", CONTEXT)[0][1] < boxes(tmp_path / "b.ttf", "ox")[1][1]


def test_kerning_moves_letters_together(tmp_path: Path) -> None:
    apart, kerned = boxes(tmp_path / "a.ttf", "AV"), boxes(tmp_path / "b.ttf", "AV", KERNING)
    assert kerned[1][0] - kerned[0][2] < apart[1][0] - apart[0][2]


def test_a_mark_stands_on_its_letter_and_is_inside_its_box(tmp_path: Path) -> None:
    made = boxes(tmp_path / "h.ttf", "xa\u0301x", MARK, EVERYDAY + "\u0301")
    bare, marked, mark = made[0], made[1], made[2]
    assert marked[1] < bare[1]
    assert mark[0] >= marked[0] - 1 and mark[2] <= marked[2] + 1


def test_right_to_left_text_keeps_its_label_and_runs_leftwards(tmp_path: Path) -> None:
    made = boxes(tmp_path / "h.ttf", "אב גד", characters=HEBREW)
    centres = (made[:, 0] + made[:, 2]) / 2
    assert (np.diff(centres) < 0).all()


def test_right_to_left_letters_are_drawn_by_their_own_glyphs(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf", HEBREW)
    made = render(line("אב"), hand, load_recipe("plain"), 0, 0)
    alone = render(line("א"), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample) and isinstance(alone, LineSample)
    pictures = []
    for whole in (made, alone):
        left, top, right, bottom = whole.boxes[0]
        pictures.append(whole.image[top:bottom, left:right] < 128)
    rows = min(picture.shape[0] for picture in pictures)
    columns = min(picture.shape[1] for picture in pictures)
    agree = (pictures[0][:rows, :columns] == pictures[1][:rows, :columns]).mean()
    assert agree > 0.9


def test_a_damaged_glyph_is_a_rejection_not_the_end_of_the_run(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf")
    content = bytearray(hand.path.read_bytes())
    table = TTFont(hand.path).reader.tables["glyf"]
    content[table.offset : table.offset + table.length] = b"\xff" * table.length
    hand.path.write_bytes(content)
    made = render(line("jug"), replace(hand, sha256=sha256_file(hand.path)), load_recipe("plain"), 0, 0)
    assert isinstance(made, Rejected) and made.reason == "bad-outline"


def test_letters_in_squares_are_set_close(tmp_path: Path) -> None:
    characters = EVERYDAY + "жшюя"
    close = make_hand(tmp_path / "close.ttf", characters)
    squares = make_hand(tmp_path / "squares.ttf", characters, advances=dict.fromkeys("жшюя", 1000))
    squares = replace(squares, wide=frozenset("жшюя"))
    gaps = 2 * BEARING * X_HEIGHT
    for glyph in shape("жшюя", squares).glyphs:
        left, right = glyph.outline.points[:, 0].min(), glyph.outline.points[:, 0].max()
        assert glyph.advance == pytest.approx(right - left + gaps)
    assert shape("jug", squares).glyphs[1].advance == shape("jug", close).glyphs[1].advance
