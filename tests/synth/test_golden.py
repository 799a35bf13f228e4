"""Golden pictures: what the recipes draw stays what it was, as the eye sees it.

Pictures are compared after a blur, so that a library that rounds otherwise breaks nothing and a glyph that
moves or vanishes does. The recipes are the tests' own, for the shipped ones may be tuned.
``python -m tests.synth.test_golden`` draws them anew, to be looked at and committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fonts.hand import Hand
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import MOVED, line, make_hand

FOLDER = Path(__file__).parent / "golden"
WRITTEN = Recipe.parse(
    {
        "hand": {"x_height": [0.35, 0.35], "slant": [6, 6], "jitter": [0.02, 0.02], "drift": [0.1, 0.1]},
        "ink": {"pens": {"fountain": 1}, "level": [60, 60], "flow": [0.3, 0.3], "texture": 1},
        "paper": {"level": [225, 225], "grain": [3, 3], "shading": [4, 4], "ruling": {"probability": 1}},
    },
    "ink on ruled paper",
)
SCANNED = Recipe.parse(
    {
        "hand": {"x_height": [0.35, 0.35]},
        "ink": {"pens": {"pencil": 1}, "level": [70, 70], "texture": 1},
        "paper": {"level": [215, 215], "stains": {"probability": 1}},
        "camera": {name: {"probability": 1, "strength": [0.3, 0.3]} for name in ("blur", "noise", "jpeg")},
    },
    "a pencil, scanned",
)
GOLDEN = {
    "plain": (load_recipe("plain"), "The jug, 3 days"),
    "moved": (MOVED, "quickly gone; why?"),
    "written": (WRITTEN, "The 3 jugs, (quickly) gone"),
    "scanned": (SCANNED, "No. 42 of May & June"),
}
BLUR = 1.5  # pixels
NEAR, FAR = 4.0, 40.0  # grey levels after the blur: on average, and in the worst place


def drawn(name: str, hand: Hand) -> np.ndarray:
    recipe, text = GOLDEN[name]
    for attempt in range(8):
        made = render(line(text), hand, recipe, 1, 5, attempt=attempt)
        if isinstance(made, LineSample):
            return made.image
    raise AssertionError(made)


def distance(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Mean and greatest difference of two blurred pictures, grey levels."""
    difference = np.abs(
        cv2.GaussianBlur(first.astype(np.float32), (0, 0), BLUR)
        - cv2.GaussianBlur(second.astype(np.float32), (0, 0), BLUR)
    )
    return float(difference.mean()), float(difference.max())


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf", EVERYDAY)


@pytest.mark.parametrize("name", GOLDEN)
def test_fault_35_golden_pictures_look_as_they_did(hand: Hand, name: str) -> None:
    found, golden = drawn(name, hand), np.asarray(Image.open(FOLDER / f"{name}.png"))
    assert found.shape == golden.shape, "another size; draw them anew if this is meant"
    mean, worst = distance(found, golden)
    assert mean < NEAR and worst < FAR, f"{mean:.1f} and {worst:.1f}; draw them anew if this is meant"


@pytest.mark.parametrize("change", ["a letter is lost", "a letter moved", "a pixel's rounding"])
def test_fault_35_the_distance_tells_a_fault_from_rounding(hand: Hand, change: str) -> None:
    golden = np.asarray(Image.open(FOLDER / "plain.png"))
    other = golden.copy()
    if change == "a letter is lost":
        other[:, 40:60] = 255
    elif change == "a letter moved":
        other[:, 40:80] = np.roll(golden[:, 40:80], 4, axis=0)
    else:
        noise = np.random.default_rng(0).integers(-2, 3, golden.shape)
        other = np.clip(golden + noise, 0, 255).astype(np.uint8)
    mean, worst = distance(golden, other)
    assert (mean < NEAR and worst < FAR) == (change == "a pixel's rounding")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        writer = make_hand(Path(folder) / "hand.ttf", EVERYDAY)
        for name in GOLDEN:
            Image.fromarray(drawn(name, writer)).save(FOLDER / f"{name}.png", optimize=True)
