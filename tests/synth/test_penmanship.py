"""What a variant does to a rendered line: another writer, the same letters, proof and boxes that hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from common.cache import SizedCache
from common.files import sha256_file
from fonts.hand import Axis, Hand, Variant
from fonts.variants import vary
from synth.hand import shaping
from synth.hand.geometry import place
from synth.hand.letters import letters_of
from synth.hand.penmanship import deform, form
from synth.hand.settings import HandSettings
from synth.hand.shaping import FONT_TABLES, shape
from synth.output import OutputSettings
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import MOVED, line, make_hand

STILL = OutputSettings(height=128, margin=2)
SIZE = HandSettings(x_height=(0.2, 0.2))
ALTERNATE = "feature ss01 { sub uni0061 by uni006F; } ss01;"


def points(hand: Hand, text: str) -> list[np.ndarray]:
    """The placed points of every glyph, in x-heights, each from its own left edge and the common baseline."""
    shaped = shape(text, hand)
    placed = place(shaped, hand.x_height, SIZE, STILL, *map(np.random.default_rng, (0, 1)), hand.variant)
    sizes = np.cumsum([len(glyph.outline.points) for glyph in shaped.glyphs])[:-1]
    drawn = [part for part in np.split(placed.points, sizes) if len(part)]
    return [np.stack((p[:, 0], placed.baseline - p[:, 1]), axis=1) / placed.x_height for p in drawn]


def as_variant(hand: Hand, **fields: object) -> Hand:
    return replace(hand, id=hand.id + "~1", variant=Variant(1, seed=7, **fields))  # type: ignore[arg-type]


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return make_hand(tmp_path / "h.ttf", EVERYDAY + "é")


def test_proof_and_boxes_hold_for_variants_that_are_moved_in_every_way(hand: Hand) -> None:
    for number in range(12):
        varied = vary(replace(hand, traits=replace(hand.traits, joined=number % 2)), number)
        made = render(line("A quick, fair job by 12 foxes"), varied, MOVED, 3, number)
        assert isinstance(made, LineSample), made
        assert made.provenance["font"] == varied.id
        left, top, right, bottom = made.boxes.T
        assert (left >= 0).all() and (right <= made.image.shape[1]).all() and (top <= bottom).all()


def test_a_variant_is_another_writer_and_the_same_one_every_time(hand: Hand) -> None:
    plain = load_recipe("plain")
    pictures: dict[int, np.ndarray] = {}
    for number in (0, 1, 2, 1):
        made = render(line("hand and hand"), vary(hand, number), plain, 0, 0)
        assert isinstance(made, LineSample)
        assert np.array_equal(pictures.setdefault(number, made.image), made.image)
    shapes = {picture.shape for picture in pictures.values()}
    assert len(shapes) > 1 or not np.array_equal(pictures[0], pictures[1])


def centred(part: np.ndarray) -> np.ndarray:
    return part - [part[:, 0].mean(), 0.0]


@pytest.mark.parametrize("joined", [True, False])
def test_a_letter_is_formed_alike_at_every_place_and_unlike_other_letters(hand: Hand, joined: bool) -> None:
    as_is = points(hand, "anan")
    varied = points(as_variant(hand, joined=joined, deformation=0.1), "anan")
    moved = [centred(one) - centred(other) for one, other in zip(varied, as_is, strict=True)]
    assert np.allclose(moved[0], moved[2], atol=1e-3) and np.allclose(moved[1], moved[3], atol=1e-3)
    assert np.abs(moved[0]).max() > 0.01
    assert not np.allclose(moved[0][:4], moved[1][:4], atol=1e-2)


def test_an_accent_leaves_the_letter_beneath_as_it_is(hand: Hand) -> None:
    varied = as_variant(hand, deformation=0.1)
    bare, accented = points(varied, "e")[0], points(varied, "é")[0]
    assert len(accented) > len(bare)
    assert np.allclose(centred(accented[: len(bare)]), centred(bare), atol=1e-3)


def test_joined_letters_keep_their_edges_and_letters_that_stand_alone_do_not(hand: Hand) -> None:
    letters = letters_of(shape("nn", hand), 1 / 400)
    edges_and_middle = (0.0, letters.width[0], letters.width[0] / 2)
    points = np.array([edges_and_middle * 2, (0.3, 0.7, 0.5) * 2], np.float32)
    letters = replace(letters, sizes=np.array([3, 3]))
    for joined in (True, False):
        variant = Variant(1, seed=7, joined=joined, deformation=0.1)
        own = deform(points, replace(letters, joined=joined), 0.1, np.random.default_rng(0))
        for moved in (np.abs(form(points, letters, variant)).max(0), np.abs(own).max(0)):
            assert (moved[[0, 1, 3, 4]] < 1e-6).all() == joined
            assert moved[2] > 1e-3


def test_heights_change_above_and_below_but_not_between(hand: Hand) -> None:
    before = points(hand, "xhg")
    after = points(as_variant(hand, ascenders=1.25, descenders=0.7), "xhg")
    assert np.allclose(after[0][:, 1], before[0][:, 1], atol=0.02)
    assert after[1][:, 1].max() > before[1][:, 1].max() + 0.1
    assert after[2][:, 1].min() > before[2][:, 1].min() + 0.1
    for index in range(3):  # monotone: nothing changes places
        order = np.argsort(before[index][:, 1])
        assert (np.diff(after[index][order, 1]) > -1e-6).all()


def test_slant_width_weight_and_spacing_do_what_they_say(hand: Hand) -> None:
    def extent(**fields: object) -> float:
        drawn = np.concatenate(points(as_variant(hand, **fields), "nnnn"))
        return float(np.ptp(drawn[:, 0]))

    plain = extent()
    assert extent(width=1.2) == pytest.approx(1.2 * plain, rel=0.01)
    assert extent(spacing=0.1) == pytest.approx(plain + 0.3, abs=0.01)
    assert extent(weight=0.05) == pytest.approx(plain + 0.05, abs=0.03)
    assert extent(slant=10.0) > plain + 0.1


def test_spacing_runs_leftwards_where_the_text_does(tmp_path: Path) -> None:
    hebrew = make_hand(tmp_path / "b.ttf", "אבגד")
    made = render(line("אב גד"), as_variant(hebrew, spacing=0.2, joined=False), load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample)
    assert (np.diff((made.boxes[:, 0] + made.boxes[:, 2]) / 2) < 0).all()


def test_a_feature_gives_letters_another_form(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "f.ttf", EVERYDAY, ALTERNATE)
    usual = shape("ab", hand).glyphs[0].outline
    other = shape("ab", as_variant(hand, features=("ss01",))).glyphs[0].outline
    assert usual is shape("ab", hand).glyphs[0].outline
    assert not np.array_equal(usual.points, other.points)


def variable(path: Path) -> Hand:
    """A font with an axis that makes n wider and moves its advance."""
    hand = make_hand(path, EVERYDAY)
    font = TTFont(path)
    builder = FontBuilder(font=font)
    builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    glyph = font["glyf"]["uni006E"]
    coordinates = glyph.getCoordinates(font["glyf"])[0]
    wider = [(round(x * 0.3), 0) for x, _ in coordinates] + [(0, 0), (120, 0), (0, 0), (0, 0)]
    builder.setupGvar({"uni006E": [TupleVariation({"wght": (0.0, 1.0, 1.0)}, wider)]})
    font.save(path)
    return replace(hand, sha256=sha256_file(path), axes=(Axis("wght", 100, 400, 900),))


def test_an_axis_moves_outlines_and_advances_and_leaves_the_font_as_it_is_alone(tmp_path: Path) -> None:
    hand = variable(tmp_path / "v.ttf")
    usual = shape("nn", hand)
    broad = shape("nn", as_variant(hand, axes=(("wght", 900.0),)))
    assert np.ptp(broad.glyphs[0].outline.points[:, 0]) > 1.2 * np.ptp(usual.glyphs[0].outline.points[:, 0])
    assert broad.glyphs[1].origin[0] > usual.glyphs[1].origin[0]
    again = shape("nn", hand)
    assert again.glyphs[1].origin == usual.glyphs[1].origin


def test_variants_of_one_font_share_it_and_axes_stay_bounded(
    tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts = SizedCache[Any](20 * FONT_TABLES)
    monkeypatch.setattr(shaping, "_FONTS", fonts)
    for number in range(20):
        shape("n", vary(hand, number))
    assert len(fonts) == 1
    axed = variable(tmp_path / "v.ttf")
    for number in range(40):
        shape("n", vary(axed, number))
    assert 10 <= len(fonts) < 20
