"""The paper: every effect is repeatable, visible when strong, spares the ink; noise is cut from a bank."""

from __future__ import annotations

import numpy as np
import pytest

from common.seeds import stream
from synth.colour import LUMINANCE, RESPONSES, Response
from synth.hand.geometry import PlacedLine
from synth.noise import BANK, smooth_noise, white_noise
from synth.paper.sheet import EFFECTS, PaperSettings, lay_ink, make_paper

SHAPE = 64, 600


def coverage(shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Uprights of different distances, no two stretches alike."""
    strokes = np.zeros(shape, np.uint8)
    places = np.cumsum(np.arange(5, 40)) % max(1, shape[1] - 8) + 4
    for place in places[places < shape[1]]:
        strokes[shape[0] // 3 : -shape[0] // 3, place : place + 3] = 255
    return strokes


def placed(shape: tuple[int, int]) -> PlacedLine:
    height, width = shape
    return PlacedLine(np.empty((0, 2), np.float32), 0.3 * height, 0.65 * height, width, height, {}, None)


def sheet(
    seed: int = 1, shape: tuple[int, int] = SHAPE, response: Response = LUMINANCE, **settings: object
) -> tuple[np.ndarray, dict[str, object]]:
    parsed = PaperSettings.parse({"level": [220, 220], **settings}, "test")
    streams = stream(0, 9, "page"), stream(0, seed, "paper")
    return make_paper(coverage(shape), placed(shape), parsed, response, *streams)


def always(strength: float) -> dict[str, object]:
    return {"probability": 1, "strength": [strength, strength]}


def test_every_effect_is_a_setting_and_happens_in_the_order_of_the_settings() -> None:
    assert [name for name in PaperSettings.model_fields if name in EFFECTS] == list(EFFECTS)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_an_effect_is_repeatable_and_visible_but_leaves_the_ink_to_be_read(
    name: str, strength: float
) -> None:
    first, record = sheet(**{name: always(strength)})
    again, _ = sheet(**{name: always(strength)})
    assert record["effects"] == [{"name": name, "strength": strength}]
    assert first.dtype == np.float32 and np.array_equal(first, again)
    assert (
        strength < 1
        or max(np.abs(sheet(seed, **{name: always(1.0)})[0] - 220).max() for seed in range(5)) > 4
    )
    opacity = coverage() / np.float32(255)
    for seed in range(5):
        made, _ = sheet(seed, **{name: always(strength)})
        there = made > 100  # not what lies beyond the end of the sheet
        page = lay_ink(made, opacity, 40.0)
        assert np.corrcoef(page[there], opacity[there])[0, 1] < -0.7


@pytest.mark.parametrize("name", ["edges", "holes"])
def test_damage_keeps_away_from_letters(name: str) -> None:
    for seed in range(30):
        made, _ = sheet(seed, **{name: always(1.0)})
        assert made[coverage() > 0].min() > 0.6 * 220


@pytest.mark.parametrize("shape", [(9, 40), (16, 3000), (40, 8)])
def test_fault_33_effects_take_sheets_of_any_size(shape: tuple[int, int]) -> None:
    made, record = sheet(shape=shape, **{name: always(1.0) for name in EFFECTS})
    assert made.shape == shape and np.isfinite(made).all()
    assert len(record["effects"]) == len(EFFECTS)  # type: ignore[arg-type]


def test_the_other_side_is_no_mirror_image_of_the_line() -> None:
    for seed in range(20):
        made, _ = sheet(seed, show_through=always(1.0))
        for view in (coverage(), coverage()[:, ::-1], coverage()[::-1]):
            assert abs(np.corrcoef(made.ravel(), view.ravel())[0, 1]) < 0.4


def test_a_bare_sheet_is_its_level_and_pages_keep_their_paper() -> None:
    made, record = sheet()
    assert np.ptp(made) == 0 and made[0, 0] == 220 and record["effects"] == []
    drawn = [sheet(seed, level=[150, 250], grain=[1, 5], tint=[0, 1])[1] for seed in (1, 2)]
    assert drawn[0] == drawn[1] and 150 <= drawn[0]["level"] <= 250  # type: ignore[operator]


def test_tinted_paper_is_darker_for_blue_and_lighter_for_red() -> None:
    blue, eye, red = (
        sheet(response=RESPONSES[name], tint=[1, 1])[0].mean() for name in ("blue", "luminance", "red")
    )
    assert blue < 190 < eye < red and eye == pytest.approx(220, abs=1)
    assert sheet(response=RESPONSES["blue"])[0].mean() == pytest.approx(220)


def test_grain_has_the_strength_asked_for_and_coarser_grain_is_wider() -> None:
    fine, coarse = (sheet(grain=[6, 6], coarseness=share)[0] for share in (0.0, 1.0))
    assert fine.std() == pytest.approx(6, rel=0.1) and coarse.std() == pytest.approx(6, rel=0.2)

    def steps(made: np.ndarray) -> float:
        return float(np.diff(made, axis=1).std())

    assert steps(coarse) < 0.6 * steps(fine)


def test_noise_is_repeatable_of_unit_variance_and_differs_from_place_to_place() -> None:
    first, again, other = (white_noise(stream(0, n, "noise"), SHAPE) for n in (1, 1, 2))
    assert np.array_equal(first, again) and first.dtype == np.float32 and first.shape == SHAPE
    assert abs(first.mean()) < 0.03 and first.var() == pytest.approx(1, abs=0.05)
    assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 0.05
    first += 1000
    assert white_noise(stream(0, 1, "noise"), SHAPE).max() < 10, "the bank itself was changed"


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0, 5.0, 20.0, 200.0])
def test_smooth_noise_has_its_scale(scale: float) -> None:
    made = np.stack([smooth_noise(stream(0, n, "noise"), SHAPE, scale) for n in range(40)])
    assert made.var() == pytest.approx(1, abs=0.25)
    apart = round(3 * scale)
    if apart < SHAPE[1] / 2:
        alike = np.corrcoef(made[:, :, apart:].ravel(), made[:, :, :-apart].ravel())[0, 1]
        assert abs(alike) < 0.3
    near = np.corrcoef(made[:, :, 1:].ravel(), made[:, :, :-1].ravel())[0, 1]
    assert scale < 1.3 or near > 0.15


def test_a_picture_larger_than_the_bank_has_no_seam() -> None:
    made = smooth_noise(stream(0, 1, "noise"), (BANK[0] + 40, BANK[1] + 500), 4.0)
    steps = np.abs(np.diff(made, axis=1)).mean(axis=0)
    assert steps.max() < 2 * np.median(steps)


def test_even_ink_on_an_even_sheet_is_what_it_is_on_any_sheet_and_takes_no_plane() -> None:
    bare, _ = sheet()
    assert bare.base is not None and bare.base.size == 1
    page = lay_ink(bare, coverage(), 31.7)
    assert page.dtype == np.uint8
    for opacity in (coverage(), coverage() / np.float32(255)):
        assert np.abs(lay_ink(bare.copy(), opacity, 31.7) - page).max() <= 0.51
