"""What stands around a line: it is seen, it is by the line's pen, and the label stays what is to be read."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.errors import UsageError
from common.seeds import stream
from fonts.catalogue import Catalogue
from fonts.hand import Hand
from synth.colour import LUMINANCE
from synth.hand.geometry import PlacedLine
from synth.hand.raster import draw_outlines
from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample, Rejected
from synth.surroundings.corrections import HASH, correct
from synth.surroundings.cut import cut
from synth.surroundings.pen import eased, pen_width, trace
from synth.surroundings.settings import SurroundingsSettings
from synth.surroundings.stamps import stamp
from synth.surroundings.strikes import STRIKES, strike
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import HEBREW, MOVED, line, make_hand

TEXT = "The 3 jugs, quickly gone by bright day"
TEXTS = (
    TEXT,
    "a",
    "of an ox",
    "it's 50-60/kg!",
    "e\u0301te\u0301 cafe\u0301",
    "नमस्ते दुनिया",
    "שלום עולם",
    "# 12",
)


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf", EVERYDAY + HEBREW)


def recipe(**surroundings: Any) -> Recipe:
    settings = {
        "lines_per_page": 4,
        "hand": {"x_height": [0.3, 0.3]},
        "output": {"height": 64, "side": [0.1, 0.2]},
        "surroundings": surroundings,
    }
    return Recipe.parse(settings, "a page")


def made(text: str, hand: Hand, settings: Recipe, index: int = 0) -> LineSample:
    sample = render(line(text), hand, settings, 3, index, keep_clean=True)
    assert isinstance(sample, LineSample), sample
    return sample


def foreign(sample: LineSample) -> np.ndarray:
    """Ink that is none of the line's letters."""
    return (sample.image < 128) & ~letters(sample)


def letters(sample: LineSample) -> np.ndarray:
    assert sample.clean is not None
    return sample.clean < 255


def test_neighbours_reach_in_from_above_and_below_and_move_no_box(hand: Hand) -> None:
    bare, near = recipe(), recipe(neighbours=1, pitch=[1.9, 2.6], depth=[-0.5, 0])
    above = below = 0
    for index in range(20):
        alone, sample = (made("gypsy jolly dibble fjord", hand, each, index) for each in (bare, near))
        assert not foreign(alone).any()
        assert np.array_equal(alone.boxes, sample.boxes) and np.array_equal(letters(alone), letters(sample))
        above += bool(foreign(sample)[:8].any())
        below += bool(foreign(sample)[-8:].any())
    assert above >= 12 and below >= 12


def test_small_letters_of_neighbours_stay_as_far_off_as_the_recipe_says(hand: Hand) -> None:
    for index in range(20):
        assert not foreign(made("sauce nervous", hand, recipe(neighbours=1, depth=[-0.5, -0.5]), index)).any()
    seen = [
        foreign(made("sauce nervous", hand, recipe(neighbours=1, depth=[0.5, 0.5], pitch=[1.9, 1.9]), index))
        for index in range(8)
    ]
    assert sum(plane.any() for plane in seen) >= 6


def test_neighbours_far_off_cost_nothing_to_the_picture(hand: Hand) -> None:
    alone, sample = (made(TEXT, hand, each) for each in (recipe(), recipe(neighbours=1, pitch=[9, 9])))
    assert np.array_equal(alone.image, sample.image)


def test_whole_pages_are_written_close_or_are_not(hand: Hand) -> None:
    settings = recipe(neighbours=0.5, pitch=[1.9, 1.9], depth=[0.2, 0.2])
    crowded = [foreign(made("the guy by a bygone dog", hand, settings, index)).any() for index in range(48)]
    assert set(np.reshape(crowded, (12, 4)).sum(1).tolist()) == {0, 4}


@pytest.mark.parametrize("kind", ["single", "double", "wavy"])
def test_words_are_underlined_below_their_letters(hand: Hand, kind: str) -> None:
    weights = dict.fromkeys(("single", "double", "wavy"), 0.0) | {kind: 1.0}
    for index in range(8):
        sample = made("sauce nervous ox", hand, recipe(underline=1, underlines=weights), index)
        baseline = int(np.median(sample.boxes[sample.boxes[:, 0] < sample.boxes[:, 2], 3]))
        ink = foreign(sample)
        assert ink.any() and not ink[: baseline - 2].any()
        strokes = (np.diff(ink.astype(int), axis=0) == 1).sum(0).max()
        assert strokes >= (2 if kind == "double" else 1)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("policy", ["drop", "hash"])
def test_a_correction_leaves_the_label_readable_in_what_is_written(text: str, policy: str) -> None:
    settings = SurroundingsSettings(correction=1, correction_label=policy)
    for number in range(40):
        manuscript = correct(text, settings, stream(1, number, "test"))
        shown = [manuscript.written[start:stop] for start, stop in manuscript.places]
        assert len(shown) == len(manuscript.label)
        struck = [manuscript.written[start:stop] for start, stop in manuscript.struck]
        assert [
            part for part, character in zip(shown, manuscript.label, strict=True) if part != character
        ] == (struck if policy == "hash" else [])
        assert set(manuscript.written) <= set(text + " ")  # who can write the line can write the mistake
        assert all(word and not any(c.isspace() for c in word) for word in struck)
        marks = len(struck) if policy == "hash" else 0
        assert len(manuscript.label) == len(text) + 2 * marks
        assert manuscript.label.count(HASH) == text.count(HASH) + marks


@pytest.mark.parametrize("mark", ["-", "=", "\N{NOT SIGN}"])
def test_a_word_that_breaks_off_is_never_a_mistake(mark: str) -> None:
    settings = SurroundingsSettings(correction=1.0)
    made = [correct(f"the royal mail{mark}", settings, stream(0, n, "correct")) for n in range(60)]
    struck = {one.written[slice(*stretch)] for one in made for stretch in one.struck}
    assert struck and not [word for word in struck if word.startswith("ma")]


def test_no_correction_is_made_unasked() -> None:
    manuscript = correct(TEXT, SurroundingsSettings(), stream(1, 1, "test"))
    assert (manuscript.written, manuscript.label, manuscript.struck) == (TEXT, TEXT, ())


def test_marks_are_not_torn_from_their_letters() -> None:
    settings = SurroundingsSettings(correction=1)
    for number in range(200):
        ((start, stop),) = correct("e\u0301te\u0301s", settings, stream(1, number, "test")).struck or (
            (0, 1),
        )
        word = correct("e\u0301te\u0301s", settings, stream(1, number, "test")).written[start:stop]
        assert not word.startswith("\u0301") and "t\u0301" not in word


@pytest.mark.parametrize("kind", list(STRIKES))
def test_a_struck_word_is_struck_and_nothing_else_is(hand: Hand, kind: str) -> None:
    weights = dict.fromkeys(STRIKES, 0.0) | {kind: 1.0}
    struck = 0
    for index in range(12):
        sample = made("nervous sauce ox", hand, recipe(correction=1, strikes=weights), index)
        assert sample.text == "nervous sauce ox" and sample.clean is not None
        for left, top, right, bottom in sample.provenance["struck"]:
            struck += 1
            ink = foreign(sample)
            assert ink[top:bottom, left:right].any()
            ink[:, max(0, left - 12) : right + 12] = False
            assert not ink.any()
            own = (sample.boxes[:, 2] > left) & (sample.boxes[:, 0] < right)
            assert not own[
                sample.boxes[:, 0] < sample.boxes[:, 2]
            ].any()  # no letter of the label stands there
    assert struck >= 8


def test_a_blob_hides_what_it_covers(hand: Hand) -> None:
    weights = dict.fromkeys(STRIKES, 0.0) | {"blob": 1.0}
    sample = made("nervous sauce ox", hand, recipe(correction=1, strikes=weights), 1)
    ((left, top, right, bottom),) = sample.provenance["struck"]
    assert (sample.image[top:bottom, left:right] < 128).mean() > 0.75


def test_hatching_covers_so_much_that_it_is_no_row_of_stems() -> None:
    boxes = np.array([[20 + 14 * place, 20, 33 + 14 * place, 40] for place in range(5)], np.int32)
    for seed in range(20):
        traced = trace(strike("hatching", boxes, 20.0, 2.2, np.random.default_rng(seed)))
        outlines, points = zip(*traced, strict=True)
        ink = draw_outlines(outlines, np.concatenate(points), (64, 120))
        assert (ink[22:38, 22:86] >= 128).mean() > 0.4


def test_the_mark_of_a_struck_word_has_its_box(hand: Hand) -> None:
    sample = made(TEXT, hand, recipe(correction=1, correction_label="hash"))
    assert sample.text.count(HASH) == 1 and len(sample.boxes) == len(sample.text)
    assert sample.boxes[sample.text.index(HASH)].tolist() == sample.provenance["struck"][0]
    middles = sample.boxes[:, [0, 2]].mean(1)
    assert (np.diff(middles) > 0).all()


def test_a_stamp_is_printed_on_the_sheet_and_says_where() -> None:
    placed = PlacedLine(np.zeros((1, 2), np.float32), 20.0, 44.0, 600, 64, {})
    sheet = np.full((64, 600), 240, np.float32)
    always = SurroundingsSettings(stamp=1)
    seen = 0
    for number in range(30):
        streams = stream(1, number, "page"), stream(1, number, "line")
        printed, mask = stamp(sheet, placed, always, LUMINANCE, *streams)
        assert mask is not None and mask.shape == sheet.shape
        assert (printed <= sheet).all() and printed.min() > 20
        assert sheet[~mask].mean() - printed[~mask].mean() < 3
        seen += bool(mask.any())
    assert seen >= 20
    _, mask = stamp(sheet, placed, SurroundingsSettings(), LUMINANCE, stream(1, 1, "a"), stream(1, 1, "b"))
    assert mask is None
    assert (sheet == 240).all()


@pytest.mark.parametrize(("fill", "level"), [("white", 255), ("paper", 200), ("black", 0)])
def test_a_polygon_keeps_all_ink_of_the_label(hand: Hand, fill: str, level: int) -> None:
    weights = dict.fromkeys(("white", "paper", "black"), 0.0) | {fill: 1.0}
    settings = SurroundingsSettings(polygon=1, polygon_fill=weights, polygon_margin=(0.0, 0.5))
    for index in range(12):
        sample = made(TEXT, hand, MOVED, index)
        assert sample.clean is not None
        coverage, image = 255 - sample.clean, np.full(sample.clean.shape, 200, np.uint8)
        height, width = sample.clean.shape
        placed = PlacedLine(np.zeros((1, 2), np.float32), 20.0, 44.0, width, height, {})
        page, own = stream(1, index, "page"), stream(1, index, "line")
        done, filled = cut(image, coverage, placed, settings, page, own)
        assert filled is not None and not (filled & (coverage > 0)).any()
        assert 0.03 < filled.mean() < 0.8
        assert (done[filled] == level).all() and (done[~filled] == 200).all()


def test_without_a_polygon_the_picture_is_the_same() -> None:
    image = np.zeros((8, 8), np.uint8)
    placed = PlacedLine(np.zeros((1, 2), np.float32), 4.0, 6.0, 8, 8, {})
    done, filled = cut(image, image, placed, SurroundingsSettings(), stream(1, 1, "a"), stream(1, 1, "b"))
    assert done is image and filled is None


@pytest.mark.parametrize("width", [2, 3, 5, 8])
def test_the_pen_is_as_wide_as_its_strokes(width: int) -> None:
    rows, columns = np.mgrid[:100, :100]
    ring = np.abs(np.hypot(rows - 50, columns - 50) - 40) <= width / 2
    assert pen_width(ring.astype(np.uint8) * 255) == pytest.approx(width, rel=0.15)


def test_an_eased_path_meets_its_points() -> None:
    x, y = np.array((0.0, 4.0, 9.0)), np.array((1.0, 7.0, -2.0))
    path = eased(x, y, 5)
    assert path[[0, 5, 10]].tolist() == np.stack((x, y), axis=1).tolist()
    assert (np.diff(path[:, 0]) > 0).all()


def test_the_smallest_letters_are_surrounded_too(hand: Hand) -> None:
    settings = Recipe.parse(
        {
            "hand": {"x_height": [0.15, 0.15]},
            "output": {"height": 16, "margin": 1},
            "proof": dict.fromkeys(("contrast", "likeness", "letter_contrast", "letter_visible"), 0),
            "surroundings": {"neighbours": 1, "underline": 1, "correction": 1, "stamp": 1, "polygon": 1},
            "paper": {"ruling": {"probability": 1, "pitch": [0.001, 0.001], "margin": 1}},
        },
        "specks",
    )
    assert all(made("The 3 jugs", hand, settings, index).provenance["struck"] for index in range(8))


EVERYTHING = {"neighbours": 0.5, "underline": 0.2, "correction": 0.3, "stamp": 0.2, "polygon": 0.3}


def test_whatever_stands_around_the_same_sample_has_the_same_bytes(hand: Hand) -> None:
    settings = recipe(**EVERYTHING)
    first = [render(line(TEXT), hand, settings, 5, index) for index in range(12)]
    again = [render(line(TEXT), hand, settings, 5, index) for index in reversed(range(12))][::-1]
    for one, other in zip(first, again, strict=True):
        assert isinstance(one, LineSample) and isinstance(other, LineSample)
        assert one.image.tobytes() == other.image.tobytes() and one.boxes.tobytes() == other.boxes.tobytes()
        assert one.provenance == other.provenance


def test_what_stands_around_makes_few_lines_unreadable(hand: Hand) -> None:
    settings = recipe(**EVERYTHING)
    results = [render(line(TEXT), hand, settings, 5, index) for index in range(200)]
    assert sum(isinstance(result, Rejected) for result in results) < 6


def test_a_letter_under_strokes_of_others_is_rejected(hand: Hand) -> None:
    """Neighbours that are written right through the line."""
    settings = recipe(neighbours=1, depth=[2.6, 2.6], pitch=[0.1, 0.1])
    results = [render(line("mmmmmm mmmmm"), hand, settings, 5, index) for index in range(12)]
    reasons = {result.reason for result in results if isinstance(result, Rejected)}
    assert reasons == {"hidden-letter"}


def test_right_to_left_lines_have_neighbours_and_corrections(hand: Hand) -> None:
    settings = recipe(neighbours=1, correction=1, underline=1)
    sample = made("אבג דהו אבדה", hand, settings)
    assert sample.text == "אבג דהו אבדה" and foreign(sample).any()
    assert (sample.boxes[:, 0] >= 0).all() and (sample.boxes[:, 2] <= sample.image.shape[1]).all()


def test_a_mark_that_the_alphabet_lacks_is_refused_before_rendering(
    tmp_path: Path, hand: Hand, inkmill: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    Catalogue((hand,)).write(tmp_path / "catalogue.json")
    asked = ("--set", "surroundings.correction=0.1", "--set", "surroundings.correction_label=hash")
    common = ("preview", "--recipe", "plain", "-n", "1", "--catalogue", "catalogue.json", *asked)
    done = inkmill(*common, "--corpus", "builtin:numbers", "--alphabet", "digits")
    assert done.returncode == UsageError.exit_code, done.stdout
    assert HASH in done.stderr and "correction_label=drop" in done.stderr
