"""How a hand moves along a line and over a page: what wanders, what holds, what never happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fonts.hand import Hand
from synth.hand.alternates import choose_forms
from synth.hand.direction import Run
from synth.hand.geometry import PlacedLine, place
from synth.hand.movement import CLOSEST
from synth.hand.raster import rasterise
from synth.hand.settings import HandSettings
from synth.hand.shaping import Cluster, Glyph, Outline, ShapedLine, shape
from synth.output import OutputSettings
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample, Rejected
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import line, make_hand

OUTPUT = OutputSettings(height=128, margin=2)
EVERYTHING: dict[str, Any] = {
    "slant": [-10, 20], "slant_wander": [3, 8], "size_wander": [0.05, 0.15], "weight": [-0.02, 0.08],
    "pressure": [0.1, 0.3], "word_space": [0.8, 1.8], "word_wander": [0.2, 0.6], "letter_space": [-0.2, 0.2],
    "letter_wander": [0.03, 0.1], "squeeze": [0.1, 0.4], "rotation": [-2, 2], "bend": [1, 5],
    "drift": [0.05, 0.15], "steps": [0.05, 0.2], "jitter": [0.02, 0.06], "deformation": [0.02, 0.08],
    "wobble": [0.02, 0.08], "alternates": [0.2, 0.8], "even": [0.3, 1], "ascenders": [1.1, 1.6],
    "descenders": [0.8, 1.5], "tremor": [0.01, 0.04],
}  # fmt: skip
STEADY_PEN = {"weight": (0, 0), "pressure": (0, 0), "even": (0, 0)}
TEXT = "all moving hands bend now and then"


def settings(**bounds: float) -> HandSettings:
    """A hand of one size that moves as told, always by the same amount."""
    fixed = {name: (value, value) for name, value in bounds.items()}
    return HandSettings.model_validate({"x_height": (0.2, 0.2)} | fixed)


def alone(hand: Hand) -> Hand:
    """The hand with letters that do not join."""
    return replace(hand, traits=replace(hand.traits, joined=0.0))


def written(hand: Hand, text: str, how: HandSettings, own: int = 1, page: int = 0) -> PlacedLine:
    return place(
        shape(text, hand, (), how.fine), hand.x_height, how, OUTPUT, *map(np.random.default_rng, (page, own))
    )


def boxes(hand: Hand, text: str, how: HandSettings, own: int = 1) -> np.ndarray:
    """The letters' boxes, in x-heights."""
    placed = written(hand, text, how, own)
    return rasterise(shape(text, hand, (), how.fine), placed).boxes / placed.x_height


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf", EVERYDAY + "ÅŞ\\<>", slant=0.1)


def bars(joined: bool) -> ShapedLine:
    """Twelve letters that are strokes from where the pen comes to where it goes: neighbours meet."""
    across = np.linspace(0, 400, 9)
    points = np.concatenate(
        [np.stack((across, 0 * across + 100), 1), np.stack((across[::-1], 0 * across + 160), 1)]
    )
    ends = np.array([len(points) - 1], np.int16)
    hair = np.zeros(len(points), np.float32)  # as thin as that, both edges are where the middle is
    outline = Outline(points, np.ones(len(points), np.uint8), ends, thickness=hair)
    glyphs = tuple(Glyph(outline, (400.0 * n, 0.0), 400.0, n) for n in range(12))
    clusters = tuple(Cluster(n, (1.0,), False, "n") for n in range(12))
    return ShapedLine(glyphs, clusters, False, (Run(0, 12, False),), 1000, joined, 0.1)


@pytest.mark.parametrize("joined", [True, False])
def test_joined_letters_stay_joined_whatever_the_hand_does(joined: bool) -> None:
    how = HandSettings.model_validate({"x_height": (0.2, 0.2)} | EVERYTHING | STEADY_PEN)
    for own in range(5):
        placed = place(bars(joined), 0.4, how, OUTPUT, *map(np.random.default_rng, (own, own)))
        letters = placed.points.reshape(12, 18, 2)
        ends, starts = letters[:-1, [8, 9]], letters[1:, [0, 17]]
        apart = np.abs(ends - starts).max() / placed.x_height
        assert (apart < 0.02) == joined, apart


def test_a_still_hand_takes_nothing_from_the_stream(hand: Hand) -> None:
    first, second = (written(hand, TEXT, settings(), own=own).points for own in (1, 2))
    assert np.allclose(first[:, 0], second[:, 0])
    assert np.allclose(np.diff(first[:, 1]), np.diff(second[:, 1]), atol=1e-3)


def test_the_same_streams_write_the_same_line(hand: Hand) -> None:
    how = HandSettings.model_validate(EVERYTHING)
    first, second = (written(hand, TEXT, how) for _ in range(2))
    assert np.array_equal(first.points, second.points)
    assert first.pressure is not None and np.array_equal(first.pressure, second.pressure)


def test_a_writer_keeps_his_traits_over_a_page_and_lines_wander_about_them(hand: Hand) -> None:
    how = HandSettings.model_validate(EVERYTHING)
    first, second = (written(hand, TEXT, how, own=own, page=3) for own in (1, 2))
    assert first.drawn == second.drawn
    assert first.drawn != written(hand, TEXT, how, own=1, page=4).drawn
    assert first.points.shape == second.points.shape and not np.allclose(first.points, second.points, atol=1)


def test_lines_of_one_page_are_told_by_the_sample(hand: Hand) -> None:
    recipe = load_recipe("demo").model_copy(update={"lines_per_page": 3})
    made = [render(line("a jug of ink"), hand, recipe, 1, index) for index in range(6)]
    facts = [sample.provenance for sample in made if isinstance(sample, LineSample)]
    assert [fact["page"] for fact in facts] == [fact["index"] // 3 for fact in facts]
    assert len({str(fact["hand"]) for fact in facts}) == len({fact["page"] for fact in facts})


def shapes_of(hand: Hand, how: HandSettings, letters: str = "nnnnnn") -> np.ndarray:
    placed = written(hand, letters, how)
    parts = placed.points.reshape(len(letters), -1, 2)
    return parts - parts.min(1, keepdims=True)


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("setting", ["deformation", "jitter", "size_wander", "wobble"])
def test_no_two_occurrences_of_a_letter_are_alike(hand: Hand, setting: str, joined: bool) -> None:
    writer = hand if joined else alone(hand)
    still, moved = shapes_of(writer, settings()), shapes_of(writer, settings(**{setting: 0.06}))
    assert np.abs(still - still[0]).max() < 0.01
    apart = np.abs(moved[:, None] - moved[None]).max((2, 3))
    assert (apart[~np.eye(6, dtype=bool)] > 0.1).all()


def leaning(hand: Hand, how: HandSettings) -> np.ndarray:
    """The lean of every l, degrees."""
    placed = written(hand, "l" * 30, how)
    parts = placed.points.reshape(30, -1, 2)
    top, foot = parts[:, :, 1].argmin(1), parts[:, :, 1].argmax(1)
    rows = np.arange(30)
    across, down = (parts[rows, top] - parts[rows, foot]).T
    return np.degrees(np.arctan2(across, -down))


def test_slant_wanders_slowly_about_the_writers_own(hand: Hand) -> None:
    writer = alone(hand)
    still = leaning(writer, settings(slant=8))
    moved = leaning(writer, settings(slant=8, slant_wander=4))
    assert np.ptp(still) < 0.5
    off = moved - still.mean()
    assert 1.5 < off.std() < 8
    assert np.abs(np.diff(off)).mean() < 1.2 * off.std()  # letters beside each other lean alike


def gaps(found: np.ndarray, text: str) -> np.ndarray:
    """The room between words, x-heights."""
    return np.array([found[i + 1, 0] - found[i - 1, 2] for i, c in enumerate(text) if c == " "])


def test_every_gap_between_words_is_its_own_and_words_stay_apart(hand: Hand) -> None:
    text = "on no on no on no on no on no on no on no"
    even, uneven = (
        gaps(boxes(hand, text, settings()), text),
        gaps(boxes(hand, text, settings(word_wander=0.5)), text),
    )
    assert np.ptp(even) < 0.25
    assert 0.2 < np.log(uneven).std() < 1.0
    tight = gaps(boxes(hand, text, settings(word_wander=0.9, word_space=0.3)), text)
    assert tight.min() > CLOSEST * even.min() - 0.2


def test_one_setting_does_not_shift_what_another_draws(hand: Hand) -> None:
    writer = alone(hand)
    first = boxes(writer, TEXT, settings(word_wander=0.4))
    second = boxes(writer, TEXT, settings(word_wander=0.4, steps=0.15))
    assert np.allclose(gaps(first, TEXT), gaps(second, TEXT), atol=0.1)


@pytest.mark.parametrize("index", range(4))
def test_letters_come_close_until_they_touch_and_no_closer(hand: Hand, index: int) -> None:
    text, writer = "nononolmutinonon", alone(hand)
    apart = boxes(writer, text, settings(), index)
    close = boxes(writer, text, settings(letter_space=-0.8, slant_wander=3, size_wander=0.05), index)
    assert close[-1, 2] - close[0, 0] < apart[-1, 2] - apart[0, 0]
    assert (close[1:, 0] - close[:-1, 2] > -0.25).all()
    assert (np.diff(close[:, 0] + close[:, 2]) > 0).all()


def test_joined_letters_grow_wider_where_others_part(hand: Hand) -> None:
    usual, wide = (boxes(hand, "nnnn", settings(letter_space=space)) for space in (0.0, 0.3))
    assert ((wide[:3, 2] - wide[:3, 0]) > 1.1 * (usual[:3, 2] - usual[:3, 0])).all()


def test_a_line_that_runs_out_of_room_is_squeezed_at_its_end(hand: Hand) -> None:
    widths = [
        np.diff(boxes(hand, "n" * 40, settings(squeeze=0.4), own)[:, [0, 2]])[:, 0] for own in range(12, 40)
    ]
    shares = np.array([width[-3:].mean() / width[:8].mean() for width in widths])
    assert (shares < 1.05).all() and (shares < 0.85).any() and (shares > 0.95).any()


def test_the_baseline_bends_drifts_and_steps_at_words(hand: Hand) -> None:
    text = "no no no no no no no no"

    def feet(**how: float) -> np.ndarray:
        found = boxes(alone(hand), text, settings(**how))
        return np.array([found[i, 3] for i, c in enumerate(text) if c == "n"])

    straight = feet()
    assert np.ptp(straight) < 0.1
    for how in ({"bend": 8.0}, {"drift": 0.4}, {"steps": 0.3}):
        assert np.ptp(feet(**how)) > 0.15, how


def test_pressure_is_told_by_column_and_makes_strokes_broader(hand: Hand) -> None:
    writer = alone(hand)
    assert written(writer, TEXT, settings()).pressure is None
    placed = written(writer, "l" * 40, settings(pressure=0.4))
    pressure = placed.pressure
    assert pressure is not None and pressure.dtype == np.float32 and pressure.shape == (placed.width,)
    assert 0.6 < pressure.mean() < 1.4 and pressure.std() > 0.1
    found = rasterise(shape("l" * 40, writer), placed).boxes
    widths, middles = found[:, 2] - found[:, 0], (found[:, 0] + found[:, 2]) // 2
    assert np.corrcoef(widths, pressure[middles])[0, 1] > 0.6


@pytest.mark.parametrize("height", [40, 64])
@pytest.mark.parametrize("index", range(10))
def test_fault_23_ascenders_descenders_and_overhang_are_never_clipped(
    tmp_path: Path, height: int, index: int
) -> None:
    features = (
        "feature kern { pos uni006A <-180 0 -180 0>; } kern;"  # a j that reaches under the letter before
    )
    italic = make_hand(tmp_path / "i.ttf", EVERYDAY + "ÅŞ", features, slant=0.5)
    recipe = Recipe.parse(
        {"hand": EVERYTHING, "output": {"height": height, "margin": 3}}, "a hand that moves in every way"
    )
    made = render(line("jgqyÅŞ fjord (Åfj)"), italic, recipe, 2, index, keep_clean=True)
    assert isinstance(made, LineSample) and made.clean is not None, made
    inside = np.zeros(made.clean.shape, bool)
    inside[3:-3, 3:-3] = True
    assert (made.clean[~inside] == 255).all()


def test_fault_24_a_joined_script_is_shaped_as_a_whole(tmp_path: Path) -> None:
    features = """
    feature liga { sub uni0066 uni0066 uni0069 by uniFB03; sub uni0066 uni0069 by uniFB01; } liga;
    feature calt { sub uni006F' uni006E by uni004F; } calt;
    """
    hand = make_hand(tmp_path / "h.ttf", EVERYDAY + "ﬁﬃ", features)
    assert [len(shape(text, hand).glyphs) for text in ("fi", "ffi", "fix", "no")] == [1, 1, 2, 2]
    whole, single = shape("on", hand).glyphs[0].outline, shape("o", hand).glyphs[0].outline
    assert whole is shape("O", hand).glyphs[0].outline and whole is not single


@pytest.mark.parametrize("text", ["a\\b", 'say "it\'s"', "<i>&amp;</i>", "a & b < c > d"])
def test_fault_27_picture_and_label_agree_on_signs_that_are_code_elsewhere(hand: Hand, text: str) -> None:
    made = render(line(text), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample) and made.text == text and len(made.boxes) == len(text)
    assert len(shape(text, hand).glyphs) == len(text)


def test_fault_27_a_tab_is_refused_not_swallowed(hand: Hand) -> None:
    made = render(line("a\tb"), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, Rejected) and made.reason == "uncovered"


def other_forms(hand: Hand, text: str, share: float) -> list[int]:
    forms = choose_forms(text, hand, (share, share), *map(np.random.default_rng, (0, 1)))
    usual, other = shape(text, hand), shape(text, hand, forms)
    assert [cluster.start for cluster in other.clusters] == [cluster.start for cluster in usual.clusters]
    pairs = zip(usual.glyphs, other.glyphs, strict=True)
    return [place for place, (one, two) in enumerate(pairs) if one.outline is not two.outline]


def test_other_forms_are_chosen_for_occurrences_not_for_lines(tmp_path: Path) -> None:
    features = "feature ss01 { sub uni0061 by uni006F; sub uni0031 by uni006F; } ss01;"
    hand = replace(make_hand(tmp_path / "f.ttf", EVERYDAY, features), features=("ss01",))
    text = "1 a1 nana abra banana"
    letters = [place for place, character in enumerate(text) if character == "a"]
    assert other_forms(hand, text, 0.0) == []
    assert other_forms(hand, text, 1.0) == letters  # digits are left alone
    some = other_forms(hand, text, 0.5)
    assert 0 < len(some) < len(letters)
    assert other_forms(replace(hand, features=()), text, 1.0) == []


def test_wherever_a_hand_moves_samples_hold_their_promises(hand: Hand) -> None:
    recipe = Recipe.parse({"hand": EVERYTHING | {"x_height": [0.25, 0.4]}}, "everything")
    proven, reasons = 0, set()
    for index in range(40):
        made = render(line(TEXT), hand if index % 2 else alone(hand), recipe, 5, index)
        if isinstance(made, Rejected):
            reasons.add(made.reason)
            continue
        left, top, right, bottom = made.boxes.T
        assert made.text == TEXT and left.min() >= 0 and right.max() <= made.image.shape[1]
        assert top.min() >= 0 and bottom.max() <= made.image.shape[0]
        proven += 1
    assert proven > 30 and reasons <= {"lost-letter", "unreadable", "boxes-disordered"}
