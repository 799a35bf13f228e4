"""Augraphy behind its wall: seeded, alone with its generators, within a budget, skipped where it fails."""

from __future__ import annotations

import random

import numpy as np
import pytest

from common.seeds import stream
from synth.camera.augraphy_effects import EFFECTS, AugraphySettings, apply_augraphy
from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand

PLENTY = 1000.0


@pytest.fixture
def page() -> np.ndarray:
    page = np.full((48, 320), 225, np.uint8)
    page[12:36, 10:310:12] = page[20:24, 20:300] = 40
    return page


def only(name: str, chance: float = 1.0) -> AugraphySettings:
    return AugraphySettings.parse({name: chance, "budget_ms": PLENTY}, name)


@pytest.mark.parametrize("name", EFFECTS)
def test_fault_30_seed_0_gives_the_same_picture_twice(page: np.ndarray, name: str) -> None:
    before = page.copy()
    first, records = apply_augraphy(page, only(name), stream(0, 0, "augraphy"))
    np.random.seed(5)  # noqa: NPY002 what Augraphy reads
    random.seed(5)
    again, _ = apply_augraphy(page, only(name), stream(0, 0, "augraphy"))
    assert np.array_equal(first, again) and np.array_equal(page, before)
    assert records == [{"name": f"augraphy.{EFFECTS[name].kind}", "chance": 1.0}]
    others = [apply_augraphy(page, only(name), stream(0, index, "augraphy"))[0] for index in range(1, 6)]
    assert any(not np.array_equal(first, other) for other in others)
    assert min(np.corrcoef(made.ravel(), page.ravel())[0, 1] for made in (first, *others)) > 0.7


def test_fault_32_the_global_generators_stay_where_they_were(page: np.ndarray) -> None:
    everything = AugraphySettings.parse(dict.fromkeys(EFFECTS, 1) | {"budget_ms": PLENTY}, "all")
    before = random.getstate(), np.random.get_state()  # noqa: NPY002 compared, not used
    apply_augraphy(page, everything, stream(0, 3, "augraphy"))
    assert random.getstate() == before[0]
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(one, other) for one, other in zip(before[1], after, strict=True))


@pytest.mark.parametrize("shape", [(9, 40), (16, 3000), (40, 8)])
def test_fault_33_odd_pictures_give_a_like_picture_or_say_what_was_skipped(shape: tuple[int, int]) -> None:
    everything = AugraphySettings.parse(dict.fromkeys(EFFECTS, 1) | {"budget_ms": PLENTY}, "all")
    result, records = apply_augraphy(np.full(shape, 220, np.uint8), everything, stream(0, 3, "augraphy"))
    assert result.shape == shape and result.dtype == np.uint8
    assert len(records) == len(EFFECTS)


def test_fault_33_an_effect_that_fails_is_skipped_and_named(
    page: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    import augraphy

    def fail(self: object, image: np.ndarray) -> np.ndarray:
        raise ValueError("made for pages")

    monkeypatch.setattr(augraphy.InkBleed, "__call__", fail)
    result, records = apply_augraphy(page, only("ink_bleed"), stream(0, 0, "augraphy"))
    assert np.array_equal(result, page)
    assert records == [{"name": "augraphy.InkBleed", "chance": 1.0, "skipped": "ValueError: made for pages"}]


def test_an_effect_that_changes_the_size_is_skipped(
    page: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    import augraphy

    monkeypatch.setattr(augraphy.InkBleed, "__call__", lambda self, image: image[1:])
    result, records = apply_augraphy(page, only("ink_bleed"), stream(0, 0, "augraphy"))
    assert result.shape == page.shape and "skipped" in records[0]


def test_the_expected_cost_stays_within_the_budget() -> None:
    wanted = {"ink_bleed": 0.5, "noise_texture": 0.4, "budget_ms": 0.5}
    chances = AugraphySettings.parse(wanted, "test").chances
    cost = sum(chance * EFFECTS[name].cost for name, chance in chances.items())
    assert cost == pytest.approx(0.5)
    assert chances["ink_bleed"] / chances["noise_texture"] == pytest.approx(0.5 / 0.4)
    rich = AugraphySettings.parse(wanted | {"budget_ms": PLENTY}, "test")
    assert rich.chances == {"ink_bleed": 0.5, "noise_texture": 0.4}
    assert AugraphySettings.parse(wanted | {"budget_ms": 0}, "test").chances["ink_bleed"] == 0


def test_effects_happen_as_often_as_the_budget_leaves(page: np.ndarray) -> None:
    half = AugraphySettings(ink_mottling=1, budget_ms=EFFECTS["ink_mottling"].cost / 2)
    happened = [apply_augraphy(page, half, stream(0, n, "augraphy"))[1] for n in range(200)]
    assert 70 < sum(map(len, happened)) < 130
    assert {record["chance"] for records in happened for record in records} == {0.5}


def test_what_augraphy_did_stands_in_the_sample(tmp_path_factory: pytest.TempPathFactory) -> None:
    hand = make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")
    made = render(line("The 3 jugs"), hand, Recipe(augraphy=only("subtle_noise")), 0, 0)
    assert isinstance(made, LineSample)
    assert made.provenance["effects"] == [{"name": "augraphy.SubtleNoise", "chance": 1.0}]
