"""Blanks are seen: however narrow the font's, and however they wander, words stand clear of each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand

TEXT = "on an urn a nun ran on"
WANDERING = Recipe.parse(
    {
        "hand": {"x_height": [0.35, 0.35], "word_space": [0.5, 2.5], "word_wander": [0.6, 0.6]},
        "output": {"height": 64},
    },
    "words that wander",
)


def test_the_paper_between_words_is_clear_and_bounded(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "hand.ttf")
    blanks = [place for place, character in enumerate(TEXT) if character == " "]
    for index in range(20):
        made = render(line(TEXT), hand, WANDERING, 3, index)
        assert isinstance(made, LineSample)
        x_height = np.median([made.boxes[place, 3] - made.boxes[place, 1] for place in (0, 3)])
        clear = [(made.boxes[b + 1, 0] - made.boxes[b - 1, 2]) / x_height for b in blanks]
        assert min(clear) > 0.35 and max(clear) < 2.7
