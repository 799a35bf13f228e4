"""`render`: the picture shows its label, always the same one, and nothing else in the process notices."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from common.cache import SizedCache
from common.errors import DataError
from common.files import sha256_file
from fonts.hand import Hand
from synth.hand import shaping
from synth.hand.raster import INK
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample, Rejected
from tests.conftest import ROOT
from tests.fonts.make_font import EVERYDAY
from tests.synth.hands import MOVED, line, make_hand

TEXTS = ("a", "The 3 jugs, (quickly) gone; why?", "W" * 93, "jgqyÅŞ", 'say "a\\b" <c>&d', "it's 50-60/kg!")
CHARACTERS = EVERYDAY + "ÅŞ\\<>"


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf", CHARACTERS)


def sample(text: str, hand: Hand, recipe: Recipe = MOVED, seed: int = 3, index: int = 0) -> LineSample:
    result = render(line(text), hand, recipe, seed, index, keep_clean=True)
    assert isinstance(result, LineSample), result
    return result


def ink_of(made: LineSample) -> np.ndarray:
    assert made.clean is not None
    return 255 - made.clean >= INK


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("index", range(4))
def test_a_sample_keeps_its_promises(hand: Hand, text: str, index: int) -> None:
    made = sample(text, hand, index=index)
    assert made.text == text
    assert made.image.dtype == np.uint8
    assert made.image.shape[0] == 64
    assert made.clean is not None and made.clean.shape == made.image.shape
    assert made.boxes.dtype == np.int32 and made.boxes.shape == (len(text), 4)
    left, top, right, bottom = made.boxes.T
    blank = np.array([character == " " for character in text])
    assert left.min() >= 0 and top.min() >= 0
    assert right.max() <= made.image.shape[1] and bottom.max() <= made.image.shape[0]
    assert ((right > left) == ~blank).all() and ((bottom > top) == ~blank).all()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("index", range(6))
def test_ink_never_touches_the_border(hand: Hand, text: str, index: int) -> None:
    made = sample(text, hand, index=index)
    assert made.clean is not None
    margin = MOVED.output.margin
    inside = np.full(made.clean.shape, False)
    inside[margin:-margin, margin:-margin] = True
    assert (made.clean[~inside] == 255).all()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("index", range(6))
def test_boxes_hold_all_ink_and_fit_it(hand: Hand, text: str, index: int) -> None:
    made = sample(text, hand, index=index)
    ink = ink_of(made)
    covered = np.zeros_like(ink)
    for left, top, right, bottom in made.boxes:
        covered[top:bottom, left:right] = True
        if right > left:
            window = ink[top:bottom, left:right]
            assert window[0].any() and window[-1].any() and window[:, 0].any() and window[:, -1].any()
    assert not (ink & ~covered).any()


@pytest.mark.parametrize("character", "aAgjy1")
def test_the_box_of_an_isolated_letter_is_its_ink_to_the_pixel(hand: Hand, character: str) -> None:
    for index in range(5):
        made = sample(character, hand, index=index)
        rows, columns = np.nonzero(ink_of(made))
        assert made.boxes[0].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_the_boxes_of_letters_that_stand_apart_are_the_runs_of_inked_columns(hand: Hand) -> None:
    steady = load_recipe("plain")
    made = sample("nouvxz nozuv", hand, steady)
    inked = np.flatnonzero(np.diff(np.concatenate(([0], ink_of(made).any(0), [0]))))
    runs = inked.reshape(-1, 2).tolist()
    assert [box[[0, 2]].tolist() for box in made.boxes if box[0] < box[2]] == runs


def test_a_blank_stands_between_its_neighbours(hand: Hand) -> None:
    made = sample("no on", hand)
    (before, blank, after) = made.boxes[1:4]
    assert before[2] <= blank[0] == blank[2] <= after[0]
    assert blank[1] == blank[3]


def test_letters_have_the_asked_size_by_x_height_not_by_em(tmp_path: Path) -> None:
    recipe = load_recipe("plain", ["hand.x_height=[0.3,0.3]", "output.height=100"])
    made = sample("ooo", make_hand(tmp_path / "a.ttf"), recipe)
    _, top, _, bottom = made.boxes[1]
    assert bottom - top == pytest.approx(30, abs=1)


@pytest.mark.parametrize("height", [24, 40, 64, 128])
def test_height_is_a_setting_and_width_follows(hand: Hand, height: int) -> None:
    made = sample("The jug", hand, load_recipe("plain", [f"output.height={height}"]))
    assert made.image.shape[0] == height
    wide = sample("The jug and the jug", hand, load_recipe("plain", [f"output.height={height}"]))
    assert wide.image.shape[1] > 1.5 * made.image.shape[1]


def test_the_plain_recipe_is_black_on_white_and_tight(hand: Hand) -> None:
    made = sample("The jug", hand, load_recipe("plain"))
    assert made.clean is not None and np.array_equal(made.image, made.clean)
    rows = np.flatnonzero((made.image < 255).any(1))
    assert rows[0] <= 3 and rows[-1] >= 60


def test_every_occurrence_of_a_letter_differs(hand: Hand) -> None:
    made = sample("n n n n", hand, load_recipe("plain", ["hand.jitter=[0.05,0.05]", "hand.wobble=[0.1,0.1]"]))
    shapes = {made.image[top:bottom, left:right].tobytes() for left, top, right, bottom in made.boxes[::2]}
    assert len(shapes) == 4


def test_provenance_can_be_written_and_traced(hand: Hand) -> None:
    made = sample("The jug", hand, load_recipe("worn"), seed=5, index=11)
    record = json.loads(json.dumps(made.provenance))
    assert (record["seed"], record["index"], record["source"], record["document"]) == (5, 11, "test", 7)
    assert record["edits"] == ["cut"] and record["font"] == hand.id
    assert all(effect["name"] for effect in record["effects"])


def digest(hand: Hand, recipe: Recipe, index: int, seed: int = 0) -> str:
    made = render(line("The 3 jugs, gone"), hand, recipe, seed, index)
    content = (
        made.image.tobytes() + made.boxes.tobytes() if isinstance(made, LineSample) else repr(made).encode()
    )
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("recipe", ["demo", "worn"])
def test_same_bytes_in_any_order_and_whatever_the_global_generators_do(hand: Hand, recipe: str) -> None:
    settings = load_recipe(recipe)
    first = [digest(hand, settings, index) for index in range(12)]
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    cv2.setRNGSeed(99)
    backwards = [digest(hand, settings, index) for index in reversed(range(12))]
    assert first == backwards[::-1]
    assert len(set(first)) == 12
    assert first[0] != digest(hand, settings, 0, seed=1)


def test_same_bytes_in_another_process(hand: Hand) -> None:
    program = (
        "import sys; from pathlib import Path; from synth.recipe import load_recipe\n"
        "from tests.synth.hands import make_hand; from tests.synth.test_render import CHARACTERS, digest\n"
        "hand = make_hand(Path(sys.argv[1]), CHARACTERS)\n"
        "print(*[digest(hand, load_recipe('worn'), index) for index in (5, 3, 1)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(hand.path.with_name("copy.ttf"))],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    settings = load_recipe("worn")
    assert done.stdout.split() == [digest(hand, settings, index) for index in (5, 3, 1)]


def test_global_generators_are_left_as_they_were(hand: Hand) -> None:
    always = dict.fromkeys(Recipe().augraphy.model_dump(), 1.0) | {"budget_ms": 1000.0}
    recipe = Recipe.parse(
        {
            "hand": {"x_height": [0.3, 0.4]}, "ink": {"texture": 1}, "paper": {"level": [230, 240]},
            "camera": {name: {"probability": 1} for name in ("noise", "dust", "jpeg")},
            "augraphy": always, "proof": {"likeness": 0, "contrast": 0, "letter_contrast": 0},
        },
        "everything",
    )  # fmt: skip
    random.seed(4)
    np.random.seed(4)  # noqa: NPY002
    cv2.setRNGSeed(4)
    python, numpy = random.getstate(), np.random.get_state()[1].copy()  # noqa: NPY002
    expected = cv2.randu(np.zeros((4, 4), np.uint8), 0, 255).tobytes()
    cv2.setRNGSeed(4)
    made = sample("The jug", hand, recipe)
    assert len(made.provenance["effects"]) >= 3 + len(always) - 1
    assert random.getstate() == python
    assert np.array_equal(np.random.get_state()[1], numpy)  # noqa: NPY002
    assert cv2.randu(np.zeros((4, 4), np.uint8), 0, 255).tobytes() == expected


def test_another_attempt_is_another_draw_of_the_same_sample(hand: Hand) -> None:
    settings = load_recipe("demo")
    first, second, again = (render(line("jug"), hand, settings, 0, 1, attempt=number) for number in (0, 1, 1))
    assert isinstance(first, LineSample) and isinstance(second, LineSample) and isinstance(again, LineSample)
    assert first.image.tobytes() != second.image.tobytes() == again.image.tobytes()
    assert second.provenance["attempt"] == 1


@pytest.mark.parametrize(
    ("reason", "text", "overrides"),
    [
        ("uncovered", "naïve", []),
        ("missing-glyph", "a§", []),
        ("no-ink", "aµb", []),
        ("too-wide", "The jug", ["output.max_width=100"]),
        ("ink-share", "The jug", ["proof.ink_share=[0.9,1]"]),
        ("low-contrast", "The jug", ["paper.level=[230,230]", "ink.level=[205,205]"]),
        ("unreadable", "The jug", ["paper.grain=[90,90]", "paper.level=[128,128]"]),
        ("lost-letter", "The jug, a jug", ["proof.letter_contrast=0.99", "ink.flow=[0.8,0.8]"]),
    ],
)
def test_what_fails_the_proof_is_rejected_by_name(
    tmp_path: Path, reason: str, text: str, overrides: list[str]
) -> None:
    hand = make_hand(tmp_path / "h.ttf", EVERYDAY + "µא", claims="§", blank="µ")
    result = render(line(text), hand, load_recipe("plain", overrides), 1, 1)
    assert isinstance(result, Rejected), "a picture was made"
    assert result.reason == reason, result


def test_letters_out_of_order_are_rejected(tmp_path: Path) -> None:
    backwards = "feature kern { pos uni0062 <-1400 0 0 0>; } kern;"
    result = render(
        line("aab"), make_hand(tmp_path / "h.ttf", features=backwards), load_recipe("plain"), 1, 1
    )
    assert isinstance(result, Rejected) and result.reason == "boxes-disordered"


def test_a_font_that_changed_since_the_catalogue_is_refused(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf")
    make_hand(tmp_path / "h.ttf", thickness=90)
    with pytest.raises(DataError, match="not the one in the catalogue"):
        render(line("jug"), hand, load_recipe("plain"), 1, 1)


def test_a_broken_font_is_named(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "gone.ttf")
    hand.path.unlink()
    with pytest.raises(DataError, match=r"gone\.ttf"):
        render(line("jug"), hand, load_recipe("plain"), 1, 1)


def copied(hand: Hand, path: Path, padding: bytes) -> Hand:
    """The same font under another hash."""
    path.write_bytes(hand.path.read_bytes() + padding)
    return replace(hand, path=path, sha256=sha256_file(path))


@pytest.mark.slow
def test_fault_36_memory_and_open_files_stay_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("needs /proc")
    hands = [
        copied(make_hand(tmp_path / "hand.ttf"), tmp_path / f"{n}.ttf", bytes([n % 256, n // 256]))
        for n in range(120)
    ]
    monkeypatch.setattr(shaping, "_FONTS", SizedCache[Any](40 * shaping.FONT_TABLES))  # a third of them
    recipe = load_recipe("demo")

    def pages() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1])

    for index in range(200):
        render(line("The 3 jugs, gone"), hands[index % len(hands)], recipe, 0, index)
    before, files = pages(), len(list(Path("/proc/self/fd").iterdir()))
    for index in range(600):
        render(line("The 3 jugs, gone"), hands[index % len(hands)], recipe, 1, index)
    assert (pages() - before) * 4096 < 6e6
    assert len(list(Path("/proc/self/fd").iterdir())) == files
