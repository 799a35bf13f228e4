"""Degradations: every one is repeatable, visible when strong, and leaves strokes where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from common.seeds import stream
from fonts.hand import Hand
from synth.camera.augraphy_effects import AugraphySettings, apply_augraphy
from synth.camera.effects import CameraSettings, photograph
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand

OURS = list(CameraSettings.model_fields)
AUGRAPHY = list(AugraphySettings.model_fields)


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


def page(hand: Hand) -> np.ndarray:
    recipe = load_recipe("plain", ["paper.level=[225,225]", "ink.level=[40,40]", "hand.x_height=[0.4,0.4]"])
    made = render(line("The 3 jugs"), hand, recipe, 0, 0)
    assert isinstance(made, LineSample)
    return made.image


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_an_effect_is_repeatable_visible_and_in_place(hand: Hand, name: str, strength: float) -> None:
    clean = page(hand)
    settings = CameraSettings.parse({name: {"probability": 1, "strength": [strength, strength]}}, name)
    before = clean.astype(np.float32)
    first, applied = photograph(before, settings, stream(0, 9, "page"), stream(0, 1, "camera"))
    again, _ = photograph(clean.astype(np.float32), settings, stream(0, 9, "page"), stream(0, 1, "camera"))
    assert applied == [{"name": name, "strength": strength}]
    assert np.array_equal(before, clean), "the input was changed"
    assert np.array_equal(first, again) and first.shape == clean.shape and first.dtype == np.uint8
    assert not np.array_equal(first, clean)
    assert np.corrcoef(first.ravel(), clean.ravel())[0, 1] > 0.7


def test_an_effect_without_chance_is_never_applied(hand: Hand) -> None:
    clean = page(hand)
    result, applied = photograph(
        clean.astype(np.float32), CameraSettings(), stream(0, 9, "page"), stream(0, 0, "camera")
    )
    assert np.array_equal(result, clean) and applied == []


@pytest.mark.parametrize("name", AUGRAPHY)
def test_augraphy_obeys_the_seed_even_seed_0(hand: Hand, name: str) -> None:
    clean = page(hand)
    settings = AugraphySettings.parse({name: 1}, name)
    first, records = apply_augraphy(clean, settings, stream(0, 0, "augraphy"))
    again, _ = apply_augraphy(clean, settings, stream(0, 0, "augraphy"))
    assert np.array_equal(first, again)
    assert len(records) == 1 and "skipped" not in records[0]
    others = [apply_augraphy(clean, settings, stream(0, index, "augraphy"))[0] for index in range(1, 6)]
    assert any(not np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("shape", [(9, 40), (16, 3000), (40, 8)])
def test_augraphy_on_odd_pictures_gives_a_like_picture_or_says_what_it_skipped(
    shape: tuple[int, int],
) -> None:
    everything = AugraphySettings.parse(dict.fromkeys(AUGRAPHY, 1), "all")
    result, records = apply_augraphy(np.full(shape, 220, np.uint8), everything, stream(0, 3, "augraphy"))
    assert result.shape == shape and result.dtype == np.uint8
    assert len(records) == len(AUGRAPHY)


def test_an_augraphy_effect_that_fails_is_skipped_and_named(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    import augraphy

    def fail(self: object, image: np.ndarray) -> np.ndarray:
        raise ValueError("made for pages")

    monkeypatch.setattr(augraphy.InkBleed, "__call__", fail)
    clean = page(hand)
    result, records = apply_augraphy(clean, AugraphySettings(ink_bleed=1), stream(0, 0, "augraphy"))
    assert np.array_equal(result, clean)
    assert records == [{"name": "augraphy.InkBleed", "skipped": "ValueError: made for pages"}]


def test_an_augraphy_effect_that_changes_the_size_is_skipped(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    import augraphy

    monkeypatch.setattr(augraphy.InkBleed, "__call__", lambda self, image: image[1:])
    clean = page(hand)
    result, records = apply_augraphy(clean, AugraphySettings(ink_bleed=1), stream(0, 0, "augraphy"))
    assert result.shape == clean.shape and "skipped" in records[0]


def test_what_augraphy_did_stands_in_the_sample(hand: Hand) -> None:
    recipe = Recipe(augraphy=AugraphySettings(subtle_noise=1))
    made = render(line("The 3 jugs"), hand, recipe, 0, 0)
    assert isinstance(made, LineSample)
    assert made.provenance["effects"] == [{"name": "augraphy.SubtleNoise"}]


@pytest.mark.parametrize(("recipe", "share"), [("plain", 0.0), ("demo", 0.05), ("worn", 0.25)])
def test_few_samples_of_a_shipped_recipe_are_rejected(
    hand: Hand, recipe: str, share: float, tmp_path: Path
) -> None:
    settings = load_recipe(recipe)
    made = [render(line("The 3 jugs, gone"), hand, settings, 2, index) for index in range(60)]
    assert sum(not isinstance(sample, LineSample) for sample in made) <= share * len(made)
