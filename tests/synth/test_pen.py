"""The pen: outlines in fine steps, strokes measured and evened, tremor, and letters of any height."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fonts.hand import Hand, Traits
from synth.hand.aim import AimSettings, aimed
from synth.hand.direction import Run
from synth.hand.fine import stepped, thickness
from synth.hand.geometry import PlacedLine, place
from synth.hand.outline import Outline, refined
from synth.hand.penmanship import stretch_heights
from synth.hand.raster import draw_outlines, rasterise
from synth.hand.settings import HandSettings
from synth.hand.shaping import Cluster, Glyph, ShapedLine, shape
from synth.output import OutputSettings
from synth.recipe import Recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import X_HEIGHT, line, make_hand

OUTPUT = OutputSettings(height=200, margin=4)
UPRIGHT_THICK, UPRIGHT_THIN = 100, 30  # font units


def settings(**fixed: float) -> HandSettings:
    bounds: dict[str, Any] = {name: (value, value) for name, value in fixed.items()}
    return HandSettings.model_validate({"x_height": (0.25, 0.25)} | bounds)


def polygon(*contours: list[tuple[float, float]]) -> Outline:
    points = np.concatenate([np.array(contour, np.float64) for contour in contours])
    ends = np.cumsum([len(contour) for contour in contours]) - 1
    return Outline(points, np.ones(len(points), np.uint8), ends.astype(np.int16))


def ring(inner: tuple[float, float], kind: int = 0) -> Outline:
    """An o: a circle of conic (0) or cubic (2) arcs, and a hole that is an ellipse, so thick and thin."""
    angles = np.deg2rad(np.arange(0, 360, 45 if kind == 0 else 30))
    reach = np.full(len(angles), 1 / np.cos(np.deg2rad(22.5)))
    tags = np.zeros(len(angles), np.uint8)
    if kind == 2:  # an arc is begun by a point on the circle
        on = np.arange(len(angles)) % 3 == 0
        tags = np.where(on, 1, 2).astype(np.uint8)
        near = np.deg2rad(90 * (np.arange(len(angles)) // 3)) + np.arctan(0.5523) * (np.arange(12) % 3 == 1)
        angles = np.where(np.arange(12) % 3 == 2, near + np.deg2rad(90) - np.arctan(0.5523), near)
        reach = np.where(on, 1.0, np.hypot(1, 0.5523))
    circle = np.stack((np.cos(angles), np.sin(angles)), 1) * reach[:, None]
    points = np.concatenate((200 * circle, circle[::-1] * inner)) + 200
    kinds = np.concatenate((tags, tags[::-1]))
    if kind == 2:  # backwards, an arc ends in the point on the circle
        points[12:], kinds[12:] = np.roll(points[12:], 1, 0), np.roll(kinds[12:], 1)
    ends = np.array([len(angles) - 1, 2 * len(angles) - 1], np.int16)
    return Outline(points, kinds, ends)


def u_shape() -> Outline:
    """A thick upright, a thin one, and a thin bar that joins them below."""
    return polygon([(0, 0), (400, 0), (400, 400), (370, 400), (370, 30), (100, 30), (100, 400), (0, 400)])


def one_letter(outline: Outline, stroke: float = 0.15) -> ShapedLine:
    glyph = Glyph(refined([outline], X_HEIGHT)[0], (0.0, 0.0), 450.0, 0)
    return ShapedLine(
        (glyph,), (Cluster(0, (1.0,), False, "u"),), False, (Run(0, 1, False),), 1000, False, stroke
    )


def written(shaped: ShapedLine, how: HandSettings, seed: int = 0) -> PlacedLine:
    page, own = np.random.default_rng(seed), np.random.default_rng(seed)
    return place(shaped, X_HEIGHT / 1000, how, OUTPUT, page, own)


def runs(shaped: ShapedLine, how: HandSettings, at: float = 0.5) -> np.ndarray:
    """The widths of the strokes cut at a height, x-heights."""
    placed = written(shaped, how)
    row = rasterise(shaped, placed).coverage[round(placed.baseline - at * placed.x_height)] / 255.0
    inked = np.concatenate(([False], row > 0, [False]))
    starts, stops = (
        np.flatnonzero(np.diff(inked.astype(int)) > 0),
        np.flatnonzero(np.diff(inked.astype(int)) < 0),
    )
    return np.array([row[a:b].sum() for a, b in zip(starts, stops, strict=True)]) / placed.x_height


@pytest.mark.parametrize("outline", [ring((120, 120)), ring((120, 120), 2), u_shape()])
def test_short_steps_draw_the_same_shape(outline: Outline) -> None:
    points, ends = stepped(outline.points, outline.tags, outline.ends.astype(np.intp), 20)
    assert np.hypot(*(points - np.roll(points, 1, 0)).T)[1 : ends[0]].max() <= 20 * 1.001
    chain = Outline(points, np.ones(len(points), np.uint8), ends.astype(np.int16))
    pictures = [
        draw_outlines([each], (each.points / 4 + 5).astype(np.float32), (110, 110)).astype(float)
        for each in (outline, chain)
    ]
    assert pictures[0].sum() > 255 * 1000
    assert np.abs(pictures[0] - pictures[1]).max() <= 40 and np.abs(np.subtract(*pictures)).mean() < 0.5


def test_a_stroke_is_measured_at_every_point_of_it() -> None:
    huge, inverted = (
        Outline(each.points * scale, each.tags, each.ends)
        for each, scale in ((ring((80, 80)), (30, 30)), (u_shape(), (-1, 1)))
    )
    alone = refined([u_shape()], X_HEIGHT)[0]
    outline = refined([inverted, u_shape(), huge], X_HEIGHT)[1]  # whatever else is measured with it
    assert alone.thickness is not None and outline.thickness is not None
    assert np.array_equal(alone.thickness, outline.thickness)
    x, y = outline.points.T
    upper = (y > 120) & (y < 400)
    assert outline.thickness[upper & (x < 200)] == pytest.approx(UPRIGHT_THICK, abs=8)
    assert outline.thickness[upper & (x > 200)] == pytest.approx(UPRIGHT_THIN, abs=8)
    assert outline.thickness[(y < 40) & (x > 150) & (x < 350)] == pytest.approx(30, abs=8)


def test_strokes_are_measured_where_contours_overlap() -> None:
    crossed = polygon(
        [(0, 180), (400, 180), (400, 220), (0, 220)], [(180, 0), (220, 0), (220, 400), (180, 400)]
    )
    points, ends = stepped(crossed.points, crossed.tags, crossed.ends.astype(np.intp), 20)
    widths = thickness(points, ends, np.zeros(1, np.intp), X_HEIGHT)
    assert np.median(widths) == pytest.approx(40, abs=12) and widths.max() < 70


def test_an_even_pen_draws_thick_and_thin_strokes_alike() -> None:
    shaped = one_letter(u_shape())
    thick, thin = runs(shaped, settings())
    assert (thick, thin) == pytest.approx((0.25, 0.075), abs=0.01)
    half, all_even = runs(shaped, settings(even=0.5)), runs(shaped, settings(even=1))
    assert half == pytest.approx(((0.25 + 0.15) / 2, (0.075 + 0.13) / 2), abs=0.02)
    # A hairline grows by no more than three quarters.
    assert all_even == pytest.approx((0.15, 0.13), abs=0.02)


def test_an_even_pen_is_as_wide_as_aimed_at_and_breaks_no_hairline(tmp_path: Path) -> None:
    shaped = one_letter(u_shape())
    hand = make_hand(tmp_path / "h.ttf")
    hand = Hand(**{**vars_of(hand), "traits": Traits(stroke=0.15, contrast=3.0)})
    for even in (0.0, 1.0):
        how = aimed(settings(even=even), AimSettings(pen=(0.08, 0.08)), hand)
        thick, thin = runs(shaped, how)
        assert (thick < 0.11) == bool(even)
        if even:
            assert thin == pytest.approx(0.08, abs=0.02)


@pytest.mark.parametrize(("stroke", "contrast"), [(0.15, 3.0), (0.09, 4.0), (0.05, 2.0)])
def test_thinning_leaves_of_hairlines_what_is_seen(tmp_path: Path, stroke: float, contrast: float) -> None:
    hand = replace(make_hand(tmp_path / "h.ttf"), traits=Traits(stroke=stroke, contrast=contrast))
    growth = aimed(settings(), AimSettings(pen=(0.01, 0.01)), hand).weight[0]
    thin = 2 * stroke / (1 + contrast)
    assert growth <= 0 and thin + growth >= min(thin, 0.04) - 1e-9


def vars_of(hand: Hand) -> dict[str, Any]:
    return {name: getattr(hand, name) for name in hand.__dataclass_fields__}


@pytest.mark.parametrize("inner", [(170, 80), (80, 170), (150, 150)])
@pytest.mark.parametrize("pen", [-0.1, 0.0, 0.1])
def test_a_counter_stays_open_and_its_ring_closed(inner: tuple[float, float], pen: float) -> None:
    import cv2

    shaped = one_letter(ring(inner))
    ink = rasterise(shaped, written(shaped, settings(even=1, weight=pen))).coverage > 127
    padded = np.pad(~ink, 1, constant_values=True).astype(np.uint8)
    assert cv2.connectedComponents(padded)[0] - 1 == 2  # around it and inside
    assert cv2.connectedComponents(ink.astype(np.uint8))[0] - 1 == 1


def test_a_trembling_hand_moves_both_edges_of_a_stroke_together() -> None:
    bar = one_letter(polygon([(0, 0), (40, 0), (40, 400), (0, 400)]), stroke=0.1)
    still, moved = (
        rasterise(bar, written(bar, settings(tremor=tremor))).coverage / 255.0 for tremor in (0.0, 0.04)
    )
    rows = moved.sum(1) > 2
    rows &= still.sum(1) > 2
    still, moved = still[rows][3:-3], moved[rows][3:-3]
    columns = np.arange(moved.shape[1])
    middles = (moved * columns).sum(1) / moved.sum(1)
    assert 0.3 < middles.std() < 3 and (still * np.arange(still.shape[1])).sum(1).std() < 0.2
    assert moved.sum(1).std() < 0.6 * middles.std() * 2
    turns = np.flatnonzero(np.diff(np.sign(np.diff(middles))))
    assert 0.04 < np.median(np.diff(turns)) / 50 < 0.2  # half a wave, x-heights


def test_tremor_differs_from_place_to_place_and_line_to_line(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf")
    shaped = shape("nn", hand, (), True)
    first, second = (written(shaped, settings(tremor=0.03), seed).points for seed in (1, 2))
    one, other = np.split(first - first.mean(0), 2)
    assert np.abs((one - one.mean(0)) - (other - other.mean(0))).max() > 0.3
    assert not np.allclose(first, second, atol=0.3)


def test_ascenders_and_descenders_reach_as_far_as_told(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf")

    def reach(**factors: float) -> tuple[float, float]:
        shaped = shape("xhg", hand)
        placed = written(shaped, settings(**factors))
        points = placed.points[:, 1]
        assert points.min() >= OUTPUT.margin - 1e-3 and points.max() <= OUTPUT.height - OUTPUT.margin + 1e-3
        return (placed.baseline - points.min()) / placed.x_height, (
            points.max() - placed.baseline
        ) / placed.x_height

    (above, below), (higher, same), (alike, deeper) = reach(), reach(ascenders=1.5), reach(descenders=1.5)
    assert higher > above + 0.2 and same == pytest.approx(below, abs=0.01)
    assert deeper > below + 0.1 and alike == pytest.approx(above, abs=0.01)


def test_a_sample_by_an_even_trembling_hand_holds_what_samples_promise(tmp_path: Path) -> None:
    hand = make_hand(tmp_path / "h.ttf")
    moves = {"even": [1, 1], "tremor": [0.02, 0.02], "ascenders": [1.6, 1.6], "descenders": [1.6, 1.6]}
    recipe = Recipe.parse({"hand": {"x_height": [0.3, 0.3], **moves}}, "test")
    sample = render(line("a jug of ink"), hand, recipe, 3, 0)
    assert isinstance(sample, LineSample) and sample.text == "a jug of ink"
    assert sample.provenance["hand"]["even"] == 1 and sample.provenance["hand"]["ascenders"] == 1.6
    height, width = sample.image.shape
    assert (sample.boxes[:, :2] >= 0).all() and (sample.boxes[:, 2:] <= (width, height)).all()


def test_what_is_long_already_grows_little_and_nothing_changes_places() -> None:
    heights = np.linspace(-6, 7, 2000).astype(np.float32)
    for factor in (0.6, 1.8):
        moved = stretch_heights(heights, *np.full((2, 1), factor, np.float32))
        assert (np.diff(moved) > 0).all()
        change = np.abs(moved - heights) / np.maximum(np.maximum(heights - 1, -heights), 1e-3)
        assert change[heights.searchsorted(2)] > 2 * change[heights.searchsorted(5)] > 0
        assert change[(heights > 0) & (heights < 1)].max() == 0


def test_a_stroke_keeps_its_width_where_another_leaves_it() -> None:
    bars: list[tuple[float, float]] = [
        (0, 0),
        (60, 0),
        (60, 170),
        (300, 170),
        (300, 230),
        (60, 230),
        (60, 400),
        (0, 400),
    ]
    (letter,) = refined([polygon(bars)], X_HEIGHT)
    assert letter.thickness is not None and letter.thickness.max() < 72
