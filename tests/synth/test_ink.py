"""The ink: every pen keeps the letters, what varies does so visibly, and colours come before grey."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
import pytest

from common.errors import UsageError
from common.seeds import stream
from fonts.hand import Hand
from synth.colour import LUMINANCE, RESPONSES, ColourSettings, draw_response, grey
from synth.hand.geometry import PlacedLine
from synth.ink.inks import INKS, Inks
from synth.ink.pens import PENS
from synth.ink.settings import InkSettings
from synth.ink.writing import apply_ink
from synth.paper.sheet import lay_ink
from synth.ranges import pick
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand

X_HEIGHT = 20.0
EFFECTS = ("skips", "feathering", "fading", "blots", "dips")


def strokes(angle: float = 90.0, width: int = 900, thickness: int = 3) -> np.ndarray:
    """A row of straight strokes in one direction, degrees counterclockwise."""
    fine, middle = 4, 32
    canvas = np.zeros((64 * fine, width * fine), np.uint8)
    half = 12 * np.array([np.cos(np.deg2rad(angle)), -np.sin(np.deg2rad(angle))])
    for x in range(24, width - 20, 30):
        start, end = ((fine * (np.array([x, middle]) + way * half)).astype(int).tolist() for way in (-1, 1))
        cv2.line(canvas, start, end, 255, thickness * fine)
    return cv2.resize(canvas, (width, 64), interpolation=cv2.INTER_AREA)


def placed(coverage: np.ndarray, pressure: np.ndarray | None = None) -> PlacedLine:
    return PlacedLine(np.zeros((2, 0), np.float32), X_HEIGHT, 44.0, coverage.shape[1], 64, {}, pressure)


def ink(
    coverage: np.ndarray,
    settings: dict[str, Any],
    index: int = 0,
    response: str = "luminance",
    pressure: np.ndarray | None = None,
    page: int = 0,
) -> tuple[np.ndarray, float, dict[str, Any]]:
    opacity, level, record = apply_ink(
        coverage,
        placed(coverage, pressure),
        InkSettings.parse(settings, "test"),
        RESPONSES[response],
        stream(3, page, "page"),
        stream(3, index, "ink"),
    )
    return opacity / np.float32(255) if opacity.dtype == np.uint8 else opacity, level, record


def always(strength: float) -> dict[str, Any]:
    return {"probability": 1, "strength": [strength, strength]}


def with_pen(pen: str, **settings: Any) -> dict[str, Any]:
    return {"pens": {pen: 1}, "texture": 1} | settings


def thickness(opacity: np.ndarray, coverage: np.ndarray) -> float:
    """Of the strokes, against those of the coverage."""
    return float((opacity > 0.5).sum() / (coverage > 127).sum())


def darkness(opacity: np.ndarray, coverage: np.ndarray) -> float:
    return float(opacity[coverage == 255].mean())


def test_even_ink_covers_what_the_hand_covers() -> None:
    coverage = strokes()
    opacity, level, record = ink(coverage, {"level": [30, 30]})
    assert np.allclose(opacity, coverage / 255, atol=1e-6) and level == 30
    assert opacity.dtype == np.float32 and record == {
        "pen": "felt",
        "ink": None,
        "level": 30,
        "width": 0,
        "flow": 0,
    }


@pytest.mark.parametrize("pen", PENS)
@pytest.mark.parametrize("angle", [90, 45, 135])
def test_a_pen_is_repeatable_uneven_and_leaves_its_strokes_where_they_are(pen: str, angle: float) -> None:
    coverage = strokes(angle)
    before = coverage.copy()
    first, again, other = (ink(coverage, with_pen(pen), index)[0] for index in (0, 0, 1))
    assert np.array_equal(coverage, before), "the input was changed"
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.dtype == np.float32 and first.min() >= 0 and first.max() <= 1
    assert np.corrcoef(first.ravel(), coverage.ravel())[0, 1] > 0.8
    assert first[cv2.dilate(coverage, np.ones((9, 9))) == 0].max() == 0, "ink beside the strokes"
    assert first[coverage == 255].std() > 0.01
    assert darkness(first, coverage) > 0.5


@pytest.mark.parametrize("pen", PENS)
def test_hairlines_do_not_break(pen: str) -> None:
    hairline = np.zeros((64, 900), np.uint8)
    hairline[30] = 140
    opacity, _, _ = ink(hairline, with_pen(pen, width=[-0.1, -0.1]))
    assert opacity.max(0).min() > 0.02


def test_a_broad_nib_is_thick_across_its_edge_and_thin_along_it() -> None:
    along, across = strokes(PENS["broad"].angle), strokes(PENS["broad"].angle + 90)
    thin, thick = (thickness(ink(drawn, with_pen("broad"))[0], drawn) for drawn in (along, across))
    assert thick > 1.4 * thin
    even = [thickness(ink(drawn, with_pen("ballpoint"))[0], drawn) for drawn in (along, across)]
    assert even[0] == pytest.approx(even[1], rel=0.15)


def test_width_is_a_share_of_the_x_height() -> None:
    coverage = strokes(thickness=5)
    for growth in (-0.08, 0.08):
        opacity, _, _ = ink(coverage, {"width": [growth, growth]})
        grown = opacity[32].sum() - coverage[32].sum() / 255  # a row crosses every stroke once
        assert grown / len(range(24, 880, 30)) == pytest.approx(growth * X_HEIGHT, abs=0.3)


@pytest.mark.parametrize(("pen", "least"), [("pencil", 0.15), ("ballpoint", 0.08)])
def test_a_harder_press_is_darker(pen: str, least: float) -> None:
    coverage = strokes()
    pressure = np.where(np.arange(900) < 450, 0.6, 1.2).astype(np.float32)
    opacity, _, _ = ink(coverage, with_pen(pen), pressure=pressure)
    halves = [
        darkness(part, cover)
        for part, cover in zip(np.split(opacity, 2, 1), np.split(coverage, 2, 1), strict=True)
    ]
    assert halves[1] > halves[0] + least
    unmoved, _, _ = ink(coverage, with_pen(pen, pressure=0), pressure=pressure)
    assert np.array_equal(unmoved, ink(coverage, with_pen(pen))[0])


def test_a_dipped_pen_runs_dry_and_is_dipped_again() -> None:
    coverage = strokes(width=3000)
    opacity, _, record = ink(coverage, with_pen("quill", texture=0, dips=always(1)))
    profile = opacity.max(0)[coverage.max(0) == 255]
    steps = np.diff(profile)
    assert record["dips"] == 1 and profile.min() < 0.45 and profile.max() > 0.9
    assert (steps > 0.2).sum() >= 2, "dipped again"
    assert (steps < 0).sum() > 10 * (steps > 0.01).sum(), "dries slowly"


def test_a_ball_pen_is_not_dipped() -> None:
    coverage = strokes()
    opacity, _, record = ink(coverage, with_pen("ballpoint", dips=always(1)))
    assert "dips" not in record and np.array_equal(opacity, ink(coverage, with_pen("ballpoint"))[0])


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_is_visible_grows_with_its_strength_and_keeps_the_letters(effect: str) -> None:
    coverage = strokes()
    clean, _, plain = ink(coverage, with_pen("quill"))
    changes = []
    for strength in (0.2, 1.0):
        opacity, _, record = ink(coverage, with_pen("quill", **{effect: always(strength)}))
        assert record.pop(effect) == strength and record == plain
        assert np.corrcoef(opacity.ravel(), coverage.ravel())[0, 1] > 0.7
        changes.append(np.abs(opacity - clean).mean())
    assert 1e-4 < changes[0] < changes[1]


def test_an_effect_without_chance_never_happens() -> None:
    coverage = strokes()
    off = {effect: {"probability": 0, "strength": [1, 1]} for effect in EFFECTS}
    assert np.array_equal(ink(coverage, with_pen("quill", **off))[0], ink(coverage, with_pen("quill"))[0])


def test_blots_are_drops_of_full_ink_smaller_than_letters() -> None:
    coverage = strokes(thickness=2)
    for index in range(20):
        opacity, _, _ = ink(coverage, {"blots": always(1)}, index)
        drop = (opacity > coverage / 255 + 0.5).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(drop, np.ones((5, 5), np.uint8)))
        assert 1 <= len(stats) - 1 <= 6
        assert stats[1:, cv2.CC_STAT_HEIGHT].max() < 1.2 * X_HEIGHT


def test_the_lines_of_a_page_share_pen_ink_and_what_became_of_it() -> None:
    settings = {
        "pens": {"quill": 1, "ballpoint": 1, "pencil": 1}, "inks": {"iron_gall": 1, "blue": 1}, "texture": 1,
        "fading": {"probability": 0.5}, "skips": {"probability": 0.5}, "level": [0, 90], "flow": [0, 0.3],
    }  # fmt: skip
    pages = []
    for page in range(20):
        records = [ink(strokes(), settings, index, page=page)[2] for index in range(3)]
        assert records[0] == records[1] == records[2]
        pages.append(json.dumps(records[0]))
    assert len(set(pages)) == 20


def test_one_setting_moves_no_other() -> None:
    settings = {"pens": {"quill": 1, "felt": 1}, "inks": {"black": 1, "iron_gall": 1}, "flow": [0, 0.5]}
    for page in range(10):
        plain = ink(strokes(), settings, page=page)[2]
        faded = ink(strokes(), settings | {"fading": always(0.5), "texture": 1}, page=page)[2]
        assert faded == plain | {"fading": 0.5}


def test_one_effect_moves_no_other() -> None:
    coverage = strokes()
    effects = {effect: always(0.6) for effect in ("dips", "skips", "fading")}
    all_on, _, _ = ink(coverage, with_pen("quill", flow=[0.2, 0.2], **effects))
    for effect in effects:
        others = {name: value for name, value in effects.items() if name != effect}
        without, _, _ = ink(coverage, with_pen("quill", flow=[0.2, 0.2], **others))
        assert (all_on <= without + 1e-6).all() and (all_on < without - 0.01).any()


@pytest.mark.parametrize("pen", PENS)
def test_a_pen_holds_its_own_inks(pen: str) -> None:
    inks = dict.fromkeys(INKS, 1)
    seen = {ink(strokes(), with_pen(pen, inks=inks), page=page)[2]["ink"] for page in range(60)}
    assert seen == set(PENS[pen].inks)


def test_a_pen_without_any_offered_ink_takes_its_usual_one() -> None:
    _, level, record = ink(strokes(), with_pen("pencil", inks={"blue": 1}))
    assert record["ink"] == "graphite" and INKS["graphite"][0][0] <= level <= INKS["graphite"][1][2]


def test_inks_lie_between_their_colours_in_every_response() -> None:
    for name, (dark, light) in INKS.items():
        pen = next(pen for pen, kind in PENS.items() if name in kind.inks)
        for response in RESPONSES.values():
            bounds = sorted((grey(dark, response), grey(light, response)))
            for page in range(5):
                _, level, _ = ink(strokes(), with_pen(pen, inks={name: 1}), response=response.name, page=page)
                assert bounds[0] - 1e-6 <= level <= bounds[1] + 1e-6


def test_every_ink_is_offered_and_every_pen_weighed() -> None:
    assert set(Inks.model_fields) == set(INKS) == {name for pen in PENS.values() for name in pen.inks}
    assert set(InkSettings().pens.model_dump()) == set(PENS)


def test_blue_ink_is_dark_in_red_light_and_pale_in_blue() -> None:
    dark, pale = (
        ink(strokes(), with_pen("felt", inks={"blue": 1}), response=name)[1] for name in ("red", "blue")
    )
    assert pale > dark + 50


@pytest.mark.parametrize("name", RESPONSES)
def test_grey_before_the_picture_is_grey_after_it(name: str) -> None:
    response = RESPONSES[name]
    opacity, _, _ = ink(strokes(), with_pen("fountain"))
    ink_colour, paper = (40.0, 45.0, 120.0), (240.0, 226.0, 190.0)
    channels = [
        lay_ink(np.full(opacity.shape, light, np.float32), opacity, dark)
        for light, dark in zip(paper, ink_colour, strict=True)
    ]
    after = sum(share * channel for share, channel in zip(response.shares, channels, strict=True))
    before = lay_ink(
        np.full(opacity.shape, grey(paper, response), np.float32), opacity, grey(ink_colour, response)
    )
    assert np.allclose(before, after, atol=1e-3)


def test_responses_add_up_to_one_and_are_taken_as_often_as_they_weigh() -> None:
    assert all(sum(response.shares) == pytest.approx(1) for response in RESPONSES.values())
    assert set(ColourSettings.model_fields) == set(RESPONSES)
    settings = ColourSettings(luminance=3, red=1)
    names = [draw_response(settings, stream(0, index, "colour")).name for index in range(400)]
    assert names.count("red") == pytest.approx(100, abs=30) and set(names) == {"luminance", "red"}
    assert draw_response(ColourSettings(), stream(0, 0, "colour")) is LUMINANCE


def test_a_name_without_weight_is_never_picked() -> None:
    weights = {"never": 0.0, "often": 1.0, "nor this": 0.0}
    assert {pick(stream(0, index, "pick"), weights) for index in range(200)} == {"often"}


@pytest.mark.parametrize("settings", [{"pens": {"felt": 0}}, {"inks": {}}, {"inks": {"blak": 1}}])
def test_wrong_pens_and_inks_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"needs a weight above 0|did you mean 'black'"):
        InkSettings.parse(settings, "test")


@pytest.mark.parametrize("pen", PENS)
@pytest.mark.parametrize(
    ("height", "width", "x_height"), [(16, 40, 3.0), (16, 4096, 5.0), (512, 2400, 160.0)]
)
def test_ink_flows_at_every_size(pen: str, height: int, width: int, x_height: float) -> None:
    coverage = cv2.resize(strokes(width=300), (width, height), interpolation=cv2.INTER_AREA)
    line_ = PlacedLine(np.zeros((2, 0), np.float32), x_height, height / 2, width, height, {})
    settings = with_pen(pen, flow=[0.3, 0.3], **dict.fromkeys(EFFECTS, always(0.5)))
    opacity, _, _ = apply_ink(
        coverage,
        line_,
        InkSettings.parse(settings, "test"),
        LUMINANCE,
        stream(0, 0, "page"),
        stream(0, 0, "ink"),
    )
    assert opacity.shape == coverage.shape and np.isfinite(opacity).all()
    assert np.corrcoef(opacity.ravel(), coverage.ravel())[0, 1] > 0.5


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


@pytest.mark.parametrize("pen", PENS)
def test_few_lines_of_a_pen_are_rejected_with_everything_on(hand: Hand, pen: str) -> None:
    effects = {effect: {"probability": 0.5, "strength": [0.1, 0.5]} for effect in EFFECTS}
    inks = dict.fromkeys(INKS, 1) | {"faded_gall": 0.2}
    changes = [f"ink.{key}={json.dumps(value)}" for key, value in with_pen(pen, inks=inks, **effects).items()]
    recipe = load_recipe(
        "plain", ["paper.level=[225,240]", "hand.x_height=[0.3,0.4]", "output.fit=x-height", *changes]
    )
    made = [render(line("The 3 jugs, gone"), hand, recipe, 1, index) for index in range(40)]
    samples = [sample for sample in made if isinstance(sample, LineSample)]
    assert len(samples) >= 38
    json.dumps(samples[0].provenance)
    assert {sample.provenance["ink"]["pen"] for sample in samples} == {pen}
