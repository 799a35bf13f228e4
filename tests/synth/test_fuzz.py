"""Random valid recipes on random lines in ten scripts: no crash, the label is what is drawn, or a refusal."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections import Counter

import numpy as np
import pytest

from common.seeds import stream
from fonts.hand import Hand
from synth import proof
from synth.hand.raster import INK
from synth.render import render
from synth.sample import LineSample, Rejected
from tests.synth.hands import line, make_hand
from tests.synth.random_recipes import random_recipe

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéüßçñÅŞ",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωΑΒΓΔΕάέή",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "devanagari": "अआइईउऊएकखगघचछजटडतदनपबमयरलवशसह",
    "thai": "กขคงจชซญดตถทนบปผพมยรลวสหอ",
    "georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրց",
    "cjk": "一二三上下中人大小山川日月木水火土가나다라마바사",
}
MARKS = "\u0301\u0308\u05b0\u064e"
EVERYWHERE = "0123456789.,;:!?'\"()-&/\\<>"
REASONS = set(re.findall(r"``([a-z-]+)``", f"{inspect.getdoc(render)} {inspect.getsource(proof)}"))


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Hand]:
    """One hand a script; all of them know digits and marks."""
    folder = tmp_path_factory.mktemp("fonts")
    return {
        name: make_hand(folder / f"{name}.ttf", characters + EVERYWHERE + MARKS)
        for name, characters in SCRIPTS.items()
    }


def random_text(rng: np.random.Generator) -> tuple[str, str]:
    """A script and a line in it; some lines have marks, digits, or letters of another script."""
    script = str(rng.choice(list(SCRIPTS)))
    letters = list(SCRIPTS[script] + (EVERYWHERE if rng.random() < 0.5 else ""))
    if rng.random() < 0.1:
        letters += list(MARKS)
    if rng.random() < 0.1:
        letters += list(SCRIPTS[str(rng.choice(list(SCRIPTS)))])
    words = ["".join(rng.choice(letters, rng.integers(1, 9))) for _ in range(rng.integers(1, 7))]
    return script, unicodedata.normalize("NFC", " ".join(words))


def check(made: LineSample, text: str, height: int) -> None:
    """The label is what is drawn."""
    assert made.clean is not None and made.clean.shape == made.image.shape and made.image.dtype == np.uint8
    assert made.image.shape[0] == height
    assert made.text == text or "#" in made.text
    assert made.boxes.shape == (len(made.text), 4)
    left, top, right, bottom = made.boxes.T
    assert left.min() >= 0 and top.min() >= 0
    assert right.max() <= made.image.shape[1] and bottom.max() <= height
    ink = 255 - made.clean >= INK
    covered = np.zeros_like(ink)
    for x, y, end, floor in [*made.boxes.tolist(), *made.provenance["struck"]]:
        covered[y:floor, x:end] = True
    assert not (ink & ~covered).any()
    for character, (x, y, end, floor) in zip(made.text, made.boxes.tolist(), strict=True):
        assert character == " " or ink[y:floor, x:end].any(), character


def fuzz(hands: dict[str, Hand], first: int, count: int) -> Counter[str]:
    """Render; what came of each."""
    outcome: Counter[str] = Counter()
    for number in range(first, first + count):
        rng = stream(11, number, "fuzz")
        recipe = random_recipe(rng)
        script, text = random_text(rng)
        try:
            made = render(line(text), hands[script], recipe, number, number, keep_clean=True)
            if isinstance(made, LineSample):
                check(made, text, recipe.output.height)
        except Exception as error:
            changed = recipe.model_dump(exclude_defaults=True)
            raise AssertionError(f"number {number}, {text!r}: {error!r}\n{changed}") from error
        if isinstance(made, Rejected):
            assert made.reason in REASONS, made
        outcome[made.reason if isinstance(made, Rejected) else "made"] += 1
    return outcome


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_recipes_on_random_lines(hands: dict[str, Hand], first: int) -> None:
    assert fuzz(hands, first, 20).total() == 20


@pytest.mark.slow
def test_a_thousand_random_recipes_on_random_lines(hands: dict[str, Hand]) -> None:
    outcome = fuzz(hands, 1000, 1000)
    assert outcome["made"] > 50, outcome
    assert len(outcome) >= 6, "one fault hides the others"
