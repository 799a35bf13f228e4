"""The proof: every reason can be provoked, what lies aside counts for nothing, the sums are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fonts.hand import Hand
from synth.hand.raster import DrawnLine
from synth.output import OutputSettings
from synth.proof import ProofSettings, prove_drawing, prove_picture
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample, Rejected
from tests.synth.hands import line, make_hand

TEXT = "The 3 jugs"
PROOF, OUTPUT = ProofSettings(), OutputSettings(margin=2)
Picture = np.ndarray[Any, np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


@pytest.fixture
def drawn(hand: Hand) -> DrawnLine:
    made = render(line(TEXT), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample)
    return DrawnLine(~made.image, made.boxes, None)


def reason(
    image: Picture, drawn: DrawnLine, aside: np.ndarray | None = None, text: str = TEXT, **more: Any
) -> str | None:
    struck, settings = more.pop("struck", ()), PROOF.model_copy(update=more)
    fault = prove_picture(image, drawn, aside, text, settings, struck)
    return fault.reason if fault else None


def drawing(drawn: DrawnLine, text: str = TEXT, order: np.ndarray | None = None, **more: Any) -> str | None:
    order = np.arange(len(text)) if order is None else order
    fault = prove_drawing(drawn, text, order, 20.0, PROOF.model_copy(update=more), OUTPUT)
    return fault.reason if fault else None


def on_paper(drawn: DrawnLine, paper: float = 220.0, ink: float = 60.0) -> Picture:
    return np.rint(paper + drawn.coverage / 255.0 * (ink - paper)).astype(np.uint8)


def inside(drawn: DrawnLine, index: int) -> tuple[slice, slice]:
    left, top, right, bottom = drawn.boxes[index]
    return slice(top, bottom), slice(left, right)


def test_a_clean_drawing_and_its_picture_pass(drawn: DrawnLine) -> None:
    assert drawing(drawn) is None
    assert reason(~drawn.coverage, drawn) is None
    assert reason(on_paper(drawn), drawn) is None


def test_fault_28_no_picture_without_size_ink_or_contrast(hand: Hand, drawn: DrawnLine) -> None:
    for text in ("", " ", "   "):
        nothing = render(line(text), hand, load_recipe("plain"), 0, 0)
        assert isinstance(nothing, Rejected) and nothing.reason == "no-ink"
    assert reason(np.full_like(drawn.coverage, 255), drawn) == "low-contrast"
    assert reason(np.zeros_like(drawn.coverage), drawn) == "low-contrast"
    assert reason(np.zeros((0, 0), np.uint8), drawn) == "resized"
    assert reason(on_paper(drawn)[:, 1:], drawn) == "resized"
    assert drawing(replace(drawn, inkless=2)) == "no-ink"
    assert drawing(drawn, ink_share=(0.9, 1.0)) == "ink-share"
    assert drawing(replace(drawn, coverage=np.zeros_like(drawn.coverage))) == "ink-share"


def _faded(image: Picture, _: DrawnLine) -> Picture:
    return (200 + 0.1 * image.astype(float)).astype(np.uint8)


def _noisy(image: Picture, _: DrawnLine) -> Picture:
    noise = np.random.default_rng(0).normal(0, 250, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _without_the_first_letter(image: Picture, drawn: DrawnLine) -> Picture:
    image[inside(drawn, 0)] = 220
    return image


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (_faded, "low-contrast"),
        (_noisy, "unreadable"),
        (_without_the_first_letter, "lost-letter"),
    ],
)
def test_fault_29_what_cannot_be_read_is_refused_by_name(
    drawn: DrawnLine, damage: Callable[[Picture, DrawnLine], Picture], expected: str
) -> None:
    assert reason(damage(on_paper(drawn), drawn), drawn, contrast=20.0) == expected


def test_ink_in_the_margin_is_clipped_ink(drawn: DrawnLine) -> None:
    for place in ((0, 30), (-1, 30), (30, 1), (30, -2)):
        coverage = drawn.coverage.copy()
        coverage[place] = 1
        assert drawing(replace(drawn, coverage=coverage)) == "clipped-ink"


@pytest.mark.parametrize("box", [(-1, 5, 9, 9), (5, -1, 9, 9), (5, 5, 9999, 9), (5, 5, 9, 65), (9, 5, 5, 9)])
def test_boxes_outside_the_picture_are_refused(drawn: DrawnLine, box: tuple[int, ...]) -> None:
    boxes = drawn.boxes.copy()
    boxes[1] = box
    assert drawing(replace(drawn, boxes=boxes)) == "boxes-outside"


def test_boxes_run_in_the_order_in_which_the_line_is_read(drawn: DrawnLine) -> None:
    backwards = replace(drawn, boxes=drawn.boxes[::-1])
    assert drawing(backwards) == "boxes-disordered"
    assert drawing(backwards, order=np.arange(len(TEXT))[::-1]) is None


def test_marks_that_share_their_letters_box_are_in_order(tmp_path: Path) -> None:
    made = render(
        line("ne\u0301e\u0301n"), make_hand(tmp_path / "h.ttf", "en\u0301"), load_recipe("plain"), 0, 0
    )
    assert isinstance(made, LineSample), made
    assert made.boxes[1].tolist() == made.boxes[2].tolist()


def test_strokes_that_lie_aside_are_neither_ink_nor_paper(drawn: DrawnLine) -> None:
    image, aside = on_paper(drawn), np.zeros(drawn.coverage.shape, np.bool_)
    left = int(drawn.boxes[4, 0])
    aside[:, left : left + 40] = drawn.coverage[:, left : left + 40] == 0  # a black field around two letters
    image[aside] = 0
    assert reason(image, drawn) is not None
    assert reason(image, drawn, aside) is None


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_the_grey_of_a_filled_outline_does_not_matter(drawn: DrawnLine, grey: int) -> None:
    near = cv2.dilate(drawn.coverage, np.ones((7, 7), np.uint8)) > 0
    image = on_paper(drawn)
    image[~near] = grey
    assert reason(image, drawn, ~near) is None


def test_a_letter_that_other_strokes_hide_is_refused_unless_it_is_crossed_out(drawn: DrawnLine) -> None:
    aside = np.zeros(drawn.coverage.shape, np.bool_)
    aside[inside(drawn, 4)] = True
    image = on_paper(drawn)
    image[aside] = 60
    assert reason(image, drawn, aside) == "hidden-letter"
    assert reason(image, drawn, aside, struck=((4, 5),)) is None
    assert reason(image, drawn, aside, struck=((5, 6),)) == "hidden-letter"
    assert reason(image, drawn, np.ones_like(aside)) == "hidden-letter"


def test_a_stroke_through_a_letter_does_not_hide_it(drawn: DrawnLine) -> None:
    aside = np.zeros(drawn.coverage.shape, np.bool_)
    aside[30:33] = True
    image = on_paper(drawn)
    image[aside] = 60
    assert reason(image, drawn, aside) is None


def measured(image: Picture, drawn: DrawnLine, aside: np.ndarray) -> tuple[float, float]:
    """Contrast and likeness, by the definitions, pixel by pixel."""
    seen, cover = ~aside, drawn.coverage / 255.0
    body = seen & (drawn.coverage > int(0.6 * drawn.coverage[seen].max()))
    paper = seen & (drawn.coverage == 0)
    contrast = float(np.median(image[paper]) - np.median(image[body]))
    return contrast, -float(np.corrcoef(cover[seen], image[seen])[0, 1])


@pytest.mark.parametrize("index", range(6))
def test_the_sums_are_those_of_a_slow_count_over_pixels(hand: Hand, index: int) -> None:
    made = render(line(TEXT), hand, load_recipe("demo", ["output.height=64"]), 1, index, keep_clean=True)
    assert isinstance(made, LineSample) and made.clean is not None
    drawn, aside = DrawnLine(~made.clean, made.boxes, None), np.zeros(made.image.shape, np.bool_)
    aside[:, 40:50] = index % 2 > 0
    loose: dict[str, Any] = {"contrast": 0.0, "likeness": 0.0, "letter_seen": 0.0, "letter_visible": 0.0}
    contrast, likeness = measured(made.image, drawn, aside)
    for name, value, slack, expected in (
        ("contrast", contrast, 0.6, "low-contrast"),
        ("likeness", likeness, 1e-6, "unreadable"),
    ):
        assert reason(made.image, drawn, aside, **loose | {name: value - slack}) is None
        assert reason(made.image, drawn, aside, **loose | {name: value + slack}) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.3, None), (0.75, "lost-letter")])
def test_most_of_a_letter_is_seen(drawn: DrawnLine, share: float, expected: str | None) -> None:
    image, (rows, columns) = on_paper(drawn), inside(drawn, 8)  # the u
    ink = np.cumsum(np.square(drawn.coverage[rows, columns].astype(float)).sum(0))
    gone = int(np.searchsorted(ink, share * ink[-1]))
    image[rows, columns][:, :gone] = 220
    assert reason(image, drawn, likeness=0.0) == expected


def test_a_dot_that_is_not_seen_is_a_lost_mark(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "accents.ttf", "aoà")
    made = render(line("o à o"), hand, load_recipe("plain"), 0, 0)
    assert isinstance(made, LineSample)
    drawn = DrawnLine(~made.image, made.boxes, None)
    _, pieces = cv2.connectedComponents(
        (drawn.coverage[:, slice(*drawn.boxes[2, [0, 2]])] > 31).view(np.uint8)
    )
    assert pieces.max() == 2, "the accent stands apart"
    image = on_paper(drawn)
    assert reason(image, drawn, text="o à o") is None
    top, bottom = (np.flatnonzero((pieces == number).any(1)) for number in (1, 2))
    assert top.max() < bottom.min()
    image[: top.max() + 1, slice(*drawn.boxes[2, [0, 2]])] = 220
    assert reason(image, drawn, text="o à o") == "lost-mark"
