"""Hands for tests: generated fonts with kerning, ligatures, marks or right-to-left letters."""

from __future__ import annotations

from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont

from common.files import sha256_file
from corpora.text_line import TextLine
from fonts.hand import Hand
from synth.recipe import Recipe
from tests.fonts.make_font import EVERYDAY, UNITS, make_font

X_HEIGHT = 400
HEBREW = "אבגדהו"
MOVED = Recipe.parse(
    {
        "hand": {
            "x_height": [0.3, 0.4], "stretch": [0.8, 1.3], "slant": [-12, 20], "rotation": [-3, 3],
            "weight": [-0.03, 0.15], "word_space": [0.7, 2.0], "drift": [0.1, 0.4], "wobble": [0.02, 0.15],
            "jitter": [0.02, 0.08],
        },
        "output": {"height": 64, "side": [0, 0.5]},
    },
    "a hand that moves in every way",
)  # fmt: skip


def make_hand(
    path: Path, characters: str = EVERYDAY, features: str = "", claims: str = "", **font: object
) -> Hand:
    """A generated font as a hand.

    Args:
        path: font file to write.
        characters: what it draws, besides the blank.
        features: OpenType features, in the syntax of feature files; glyphs are named ``uni0066``.
        claims: characters the catalogue wrongly says it draws.
        font: further arguments of ``make_font``.
    """
    make_font(path, characters, x_height=X_HEIGHT, **font)  # type: ignore[arg-type]
    if features:
        built = TTFont(path)
        addOpenTypeFeaturesFromString(built, features)
        built.save(path)
    sha = sha256_file(path)
    drawn = frozenset(characters + claims + " ")
    return Hand(
        sha[:16], path.stem, "Regular", path, 0, sha, "OFL-1.1", drawn, X_HEIGHT / UNITS, sha[:16], "train"
    )


def line(text: str) -> TextLine:
    """A text to write."""
    return TextLine(text, "test", 7, ("cut",))
