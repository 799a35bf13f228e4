"""The camera: every effect is repeatable, visible when strong, and leaves strokes where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from common.seeds import stream
from fonts.hand import Hand
from synth.camera.effects import EFFECTS, CameraSettings, photograph
from synth.recipe import load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


@pytest.fixture(scope="module")
def page(hand: Hand) -> np.ndarray:
    recipe = load_recipe("plain", ["paper.level=[225,225]", "ink.level=[40,40]", "hand.x_height=[0.4,0.4]"])
    made = render(line("The 3 jugs"), hand, recipe, 0, 0)
    assert isinstance(made, LineSample)
    return made.image.astype(np.float32)


def taken(page: np.ndarray, seed: int = 1, **settings: object) -> tuple[np.ndarray, list[dict[str, object]]]:
    parsed = CameraSettings.parse(settings, "test")
    return photograph(page, parsed, stream(0, 9, "page"), stream(0, seed, "camera"))


def always(strength: float) -> dict[str, object]:
    return {"probability": 1, "strength": [strength, strength]}


def test_every_effect_is_a_setting_and_happens_in_the_order_of_the_settings() -> None:
    assert list(EFFECTS) == list(CameraSettings.model_fields)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_an_effect_is_repeatable_visible_and_in_place(page: np.ndarray, name: str, strength: float) -> None:
    before = page.copy()
    first, applied = taken(page, **{name: always(strength)})
    again, _ = taken(page, **{name: always(strength)})
    assert applied == [{"name": name, "strength": strength}]
    assert np.array_equal(before, page), "the input was changed"
    assert np.array_equal(first, again) and first.shape == page.shape and first.dtype == np.uint8
    assert strength < 1 or np.abs(first - page).max() > 8
    for seed in range(1, 6):
        made, _ = taken(page, seed, **{name: always(strength)})
        assert np.corrcoef(made.ravel(), page.ravel())[0, 1] > 0.7


@pytest.mark.parametrize("shape", [(9, 40), (16, 3000), (40, 8)])
def test_fault_33_our_effects_take_pictures_of_any_size(shape: tuple[int, int]) -> None:
    everything = {name: always(1.0) for name in EFFECTS}
    made, applied = taken(np.full(shape, 220, np.float32), **everything)
    assert made.shape == shape and [effect["name"] for effect in applied] == list(EFFECTS)


def test_an_effect_without_chance_is_never_applied(page: np.ndarray) -> None:
    made, applied = taken(page)
    assert np.array_equal(made, page) and applied == []


def test_one_effect_does_not_shift_another(page: np.ndarray) -> None:
    blank = np.full_like(page, 128)
    alone, _ = taken(blank, noise=always(0.5))
    both, applied = taken(blank, noise=always(0.5), light=always(0.0), jpeg={"probability": 0})
    assert len(applied) == 2 and np.array_equal(alone, both)


def test_the_lines_of_a_page_share_their_effects_but_not_their_noise(page: np.ndarray) -> None:
    settings = {
        name: {"probability": 0.5, "strength": [0.1, 0.4]} for name in ("tone", "noise", "grain", "blur")
    }
    first, of_first = taken(page, 1, **settings)
    other, of_other = taken(page, 2, **settings)
    assert of_first == of_other and not np.array_equal(first, other)


@pytest.mark.parametrize("name", ["binarise", "adaptive", "ragged", "broken"])
def test_black_and_white_is_nearly_that(page: np.ndarray, name: str) -> None:
    made, _ = taken(page, **{name: always(0.3)})
    assert np.isin(made, (0, 255)).mean() > 0.7


def test_jpeg_blocks_lie_elsewhere_from_line_to_line(page: np.ndarray) -> None:
    made = {taken(page, seed, jpeg=always(1.0))[0].tobytes() for seed in range(5)}
    assert len(made) > 1


@pytest.mark.parametrize(("recipe", "share"), [("plain", 0.0), ("demo", 0.05), ("worn", 0.25)])
def test_few_samples_of_a_shipped_recipe_are_rejected(
    hand: Hand, recipe: str, share: float, tmp_path: Path
) -> None:
    settings = load_recipe(recipe)
    made = [render(line("The 3 jugs, gone"), hand, settings, 2, index) for index in range(60)]
    assert sum(not isinstance(sample, LineSample) for sample in made) <= share * len(made)
