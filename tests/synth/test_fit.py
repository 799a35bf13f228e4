"""Fitting recipes: measures follow the truth, recipes follow measures, and judges are honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from common.errors import DataError
from corpora.handwriting.record import HandwrittenLine
from fonts.hand import Hand, Traits
from synth.fit.comparison import Seen, held_apart, looked_at
from synth.fit.distances import distances, mean_distance
from synth.fit.fitting import Measured, fit, measure_lines, mixture
from synth.fit.ground import Rules, breaks_of
from synth.fit.judge import Exhibits, examined, judge, judge_by_looks
from synth.fit.knobs import KNOBS, as_settings, first_values
from synth.fit.look import NAMES, LineLook, as_row, measure
from synth.fit.strokes import joined_of
from synth.fit.writing import write_all
from synth.hand.aim import AimSettings, aimed
from synth.hand.settings import HandSettings
from synth.recipe import Recipe
from tests.synth.hands import make_hand
from tests.synth.real_lines import Drawn

TEXTS = ("a jug quickly filled", "boxing wizards jump", "five dozen liquor jugs", "pack my box", "vex hymn")


def look(**drawn: float) -> LineLook:
    line = replace(Drawn(), **drawn)  # type: ignore[arg-type]
    return measure(line.picture(), line.text)


@pytest.mark.parametrize(
    ("setting", "values", "measured", "scale", "tolerance"),
    [
        ("slant", (-15.0, 0.0, 20.0, 40.0), "slant", 1.0, 5.0),
        ("stroke", (2.0, 3.0, 5.0), "stroke", 64.0, 0.8),
        ("x_height", (14.0, 20.0, 26.0), "x_height", 64.0, 4.0),
        ("baseline", (40.0, 44.0, 50.0), "baseline", 64.0, 3.0),
        ("paper", (150.0, 200.0, 240.0), "paper", 1.0, 1.0),
        ("ink", (10.0, 60.0, 100.0), "ink", 1.0, 12.0),
        ("noise", (1.0, 3.0, 6.0), "fine", 1.155, 1.0),  # what a mean of four leaves is taken off
        ("side", (5.0, 12.0, 30.0), "left", 64.0, 3.0),
        ("gap", (16.0, 26.0, 40.0), "word_gap", 64.0, 8.0),
        ("ruled", (0.0, 40.0, 80.0), "ruling", 1.0, 12.0),
    ],
)
def test_a_measure_follows_the_truth(
    setting: str, values: tuple[float, ...], measured: str, scale: float, tolerance: float
) -> None:
    found = [scale * getattr(look(**{setting: value}), measured) for value in values]
    assert np.abs(np.array(found) - values).max() <= tolerance, found


@pytest.mark.parametrize(
    ("setting", "values", "measured", "direction"),
    [
        ("blur", (0.0, 0.8, 1.6), "sharpness", -1),
        ("shade", (0.0, 8.0, 20.0), "unevenness", 1),
        ("fading", (0.0, 0.3, 0.6), "fading", 1),
        ("noise", (0.0, 2.0, 6.0), "mottling", 1),
        ("noise", (0.0, 1.0, 4.0), "flat", -1),
        ("pitch", (9.0, 12.0, 16.0), "advance", 1),
        ("paper", (220.0, 253.0, 255.0), "white", 1),
    ],
)
def test_a_measure_grows_with_its_cause(
    setting: str, values: tuple[float, ...], measured: str, direction: int
) -> None:
    found = [getattr(look(**{setting: value}), measured) for value in values]
    assert (direction * np.diff(found) >= 0).all() and found[0] != found[-1], found


def test_a_measure_is_of_the_line_not_of_its_size() -> None:
    small, large = (
        measure(np.kron(Drawn().picture(), np.ones((by, by))).astype(np.uint8), Drawn().text) for by in (1, 2)
    )
    assert abs(small.slant - large.slant) < 3 and abs(small.x_height - large.x_height) < 0.02
    assert abs(small.stroke - large.stroke) < 0.01


@pytest.mark.parametrize(
    ("picture", "text", "told"),
    [
        (np.full((64, 300), 200, np.uint8), "nothing", "no ink"),
        (np.zeros((4, 300), np.uint8), "flat", "cannot be measured"),
        (Drawn().picture(), "  ", "0 words"),
    ],
)
def test_what_cannot_be_measured_is_refused(picture: np.ndarray, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        measure(picture, text)


def test_a_knob_moves_towards_the_real_line_and_stays_in_bounds() -> None:
    for knob in KNOBS:
        middle = min(max(1.0, knob.low), knob.high)
        up, down = knob.turned(middle, 2.0, 1.0), knob.turned(middle, 1.0, 2.0)
        assert (up - down) * knob.gain > 0 and knob.low <= min(up, down) <= max(up, down) <= knob.high
        assert knob.turned(middle, float("nan"), 1.0) == middle


def test_an_aim_is_reached_by_every_hand(hands: list[Hand]) -> None:
    aim = AimSettings(pen=(0.1, 0.12), slant=(5, 5), width=(1.2, 1.2))
    for hand in hands:
        moves = aimed(HandSettings(), aim, hand)
        assert hand.traits.stroke + moves.weight[1] == pytest.approx(0.12)
        assert hand.traits.slant + moves.slant[0] == pytest.approx(5)
        assert hand.traits.width * moves.stretch[0] == pytest.approx(1.2)
    assert aimed(HandSettings(), AimSettings(), hands[0]) == HandSettings()


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> list[Hand]:
    folder = tmp_path_factory.mktemp("hands")
    return [
        replace(
            make_hand(folder / f"Made {n}.ttf", thickness=40 + 10 * n, slant=4.0 * n),
            traits=Traits(slant=4.0 * n, stroke=0.1 + 0.025 * n),
        )
        for n in range(3)
    ]


@pytest.fixture
def choose(hands: list[Hand]) -> Callable[[np.random.Generator, str], Hand]:
    return lambda rng, *_: hands[rng.integers(len(hands))]


TRUTH = Recipe.parse(
    {
        "hand": {"x_height": [0.3, 0.34], "drift": [0.0, 0.04]},
        "aim": {"slant": [18, 24], "pen": [0.14, 0.18]},
        "ink": {"level": [60, 90]},
        "paper": {"level": [185, 205], "grain": [2, 3]},
        "output": {"side": [0.1, 0.2]},
    },
    "what the real lines are made with",
)


def real_lines(choose: Callable[[np.random.Generator, str], Hand], count: int) -> list[HandwrittenLine]:
    samples, _ = write_all(TEXTS, TRUTH, choose, 3, count)
    return [
        HandwrittenLine(f"line{n}", s.text, "train", lambda image=s.image: image, f"writer{n % 4}")
        for n, s in enumerate(samples)
    ]


def test_a_fitted_recipe_is_nearer_to_the_lines_than_its_start(
    choose: Callable[[np.random.Generator, str], Hand],
) -> None:
    real, faults = measure_lines(real_lines(choose, 12), 12, 0)
    assert not faults
    start = Recipe.parse({"paper": {"level": [245, 250]}}, "start")
    fitted = fit(real, choose, start, looks=8, rounds=4, hands=2)
    assert len(fitted.looks) == 8 and fitted == fit(real, choose, start, looks=8, rounds=4, hands=2)
    looks = {}
    for name, recipe in (("start", start), ("fitted", fitted)):
        samples, _ = write_all(TEXTS, recipe, choose, 9, 24)
        looks[name] = [measure(sample.image, sample.text) for sample in samples]
    truth = [one.look for one in real]
    before, after = (mean_distance(distances(truth, looks[name]))[0] for name in ("start", "fitted"))
    assert after < 0.6 * before
    for measured, within in (("slant", 6), ("paper", 4), ("ink", 15), ("stroke", 0.015)):
        middle, wanted = (
            np.median([getattr(one, measured) for one in side]) for side in (looks["fitted"], truth)
        )
        assert abs(middle - wanted) < within, measured


def test_looks_go_together_as_the_lines_do(choose: Callable[[np.random.Generator, str], Hand]) -> None:
    dark, light = Drawn(paper=150.0, ink=20.0), Drawn(paper=240.0, ink=110.0)
    lines = [
        HandwrittenLine(f"{n}", TEXTS[3], "train", lambda d=d: d.picture(), f"{n}")
        for n, d in enumerate((dark, light) * 2)
    ]
    real = [Measured(line, measure(line.load(), line.text)) for line in lines]
    fitted = fit(real, choose, looks=4, rounds=3, hands=2)
    pages = [mixture(fitted, [one]).page(np.random.default_rng(0)) for one in fitted.looks]
    levels = sorted((page.paper.level[0], page.ink.level[0]) for page in pages)
    assert levels[0][0] < 170 < 220 < levels[-1][0] and levels[0][1] < levels[-1][1]


def test_lines_that_show_nothing_are_told(choose: Callable[[np.random.Generator, str], Hand]) -> None:
    empty = HandwrittenLine("blank", "word", "train", lambda: np.full((64, 200), 220, np.uint8))
    found, faults = measure_lines([*real_lines(choose, 2), empty], 9, 0)
    assert len(found) == 2 and "blank" in faults[0]
    with pytest.raises(DataError, match="None of 1 lines can be measured"):
        measure_lines([empty], 9, 0)


def test_every_writer_comes_before_any_comes_twice(
    choose: Callable[[np.random.Generator, str], Hand],
) -> None:
    found, _ = measure_lines(real_lines(choose, 12), 4, 0)
    assert {one.line.writer for one in found} == {f"writer{n}" for n in range(4)}


def test_held_lines_are_by_other_writers(choose: Callable[[np.random.Generator, str], Hand]) -> None:
    lines = real_lines(choose, 12)
    learn, held = held_apart(lines, "validation", 0)
    assert held and not {line.writer for line in learn} & {line.writer for line in held}
    told = [replace(line, split="validation") for line in lines[:3]] + lines[3:]
    learn, held = held_apart(told, "validation", 0)
    assert [line.id for line in held] == ["line0", "line1", "line2"] and len(learn) == 9


def test_distances_are_nothing_between_equals_and_grow() -> None:
    lines = [look(noise=float(n), slant=2.0 * n) for n in range(6)]
    assert mean_distance(distances(lines, lines)) == (0.0, 0.0)
    moved = {one.name: one for one in distances(lines, [replace(one, slant=one.slant + 50) for one in lines])}
    assert moved["slant"].apart == 1.0 and moved["slant"].moved > 5 and moved["paper"].moved == 0
    assert as_row(lines[0]).shape == (len(NAMES),)


def exhibits(count: int, **drawn: float) -> Exhibits:
    line = replace(Drawn(), **drawn)  # type: ignore[arg-type]
    pictures = [line.picture(seed) for seed in range(2 * count)]
    return Exhibits(pictures[:count], pictures[count:])


def test_a_judge_sees_what_is_plain_and_judges_again_alike() -> None:
    fine, coarse = exhibits(8, noise=2.0), exhibits(8, noise=9.0)
    seen, again = (judge(fine, coarse, steps=12) for _ in range(2))
    assert seen.error < 0.1 and seen.order < 0.05 and seen.low <= seen.error <= seen.high
    assert np.array_equal(seen.real, again.real) and np.array_equal(seen.ours, again.ours)


@pytest.mark.slow
def test_a_judge_guesses_where_nothing_is_to_be_seen() -> None:
    lines = exhibits(48, noise=2.0)
    first, second = (Exhibits(lines.learn[half::2], lines.held[half::2]) for half in (0, 1))
    assert judge(first, second, steps=40).error > 0.25


def test_a_judge_needs_lines_of_both_sides() -> None:
    with pytest.raises(DataError, match="at least 8 lines"):
        judge(exhibits(4), exhibits(8), steps=1)


def test_a_judge_of_measures_errs_on_equals_alone() -> None:
    def looks(seeds: range, noise: float) -> list[LineLook]:
        line = Drawn(noise=noise)
        return looked_at([(line.picture(seed), line.text) for seed in seeds], counter()).looks

    real = looks(range(20), 3.0), looks(range(20, 40), 3.0)
    apart = judge_by_looks(real, (looks(range(40, 60), 8.0), looks(range(60, 80), 8.0)))
    alike = judge_by_looks(real, (looks(range(40, 60), 3.0), looks(range(60, 80), 3.0)))
    assert apart and apart.error < 0.05
    assert alike and alike.error > 0.2
    few = real[0][:19], real[1]
    assert judge_by_looks(few, few) is None


def counter() -> Counter[str]:
    return Counter()


def test_an_error_weighs_both_sides_alike() -> None:
    verdict = examined(np.array([0.9, 0.1]), np.array([0.9, 0.9, 0.9, 0.1]))
    assert verdict.error == pytest.approx((0.5 + 0.25) / 2)
    assert verdict.order == pytest.approx((3 * 0.5 + 3 * 0 + 1 + 0.5) / 8)


def test_what_is_not_measurable_is_counted() -> None:
    drops = counter()
    seen = looked_at([(np.full((64, 200), 220, np.uint8), "word"), (Drawn().picture(), Drawn().text)], drops)
    assert isinstance(seen, Seen) and len(seen.looks) == 1 and drops == {"not measurable": 1}


@pytest.mark.parametrize(("joins", "share"), [((), 0.0), ((1,), 1 / 3), ((0, 1, 2), 1.0)])
def test_letters_that_hang_together_are_told_by_the_pieces_of_ink(
    joins: tuple[int, ...], share: float
) -> None:
    ink = np.zeros((64, 80), np.bool_)
    for letter in range(4):
        ink[20:40, 20 * letter : 20 * letter + 12] = True
        ink[8:12, 20 * letter + 4 : 20 * letter + 8] = True  # a dot is no letter
    for letter in joins:
        ink[30, 20 * letter : 20 * letter + 24] = True
    assert joined_of(ink, (20.0, 40.0), 4, 1) == pytest.approx(share)
    assert np.isnan(joined_of(ink, (20.0, 40.0), 1, 1))


def test_a_broken_rule_is_told_from_an_even_one() -> None:
    paper = np.ones((64, 200), np.bool_)
    darkness = np.zeros((64, 200), np.float32)
    rules = Rules(np.array([0.5]), np.array([50]))
    darkness[50] = 0.5
    assert breaks_of(darkness, paper, rules) == pytest.approx(0)
    darkness[50, ::2] = 0
    assert breaks_of(darkness, paper, rules) == pytest.approx(1)
    assert np.isnan(breaks_of(darkness, paper, Rules(np.empty(0), np.empty(0, np.intp))))
    assert np.isnan(breaks_of(darkness, ~paper, rules))


def test_writing_of_the_other_side_is_seen_on_the_paper() -> None:
    line = Drawn()
    picture = line.picture()
    haunted = np.minimum(picture, np.where(line.picture()[:, ::-1] < 150, 180, 255)).astype(np.uint8)
    assert measure(haunted, line.text).ghosts > measure(picture, line.text).ghosts + 0.02


def test_judges_of_measures_bear_what_no_line_has() -> None:
    looks = [look(noise=float(n)) for n in np.linspace(0, 7, 20)]
    assert all(np.isnan(one.breaks) for one in looks)
    verdict = judge_by_looks((looks, looks), (looks, looks))
    assert verdict and 0 <= verdict.error <= 1


@pytest.mark.parametrize(("breaks", "ruled"), [(0.3, 1.0), (1.2, 0.0), (float("nan"), 0.0)])
def test_only_what_runs_through_is_fitted_as_a_printed_rule(breaks: float, ruled: float) -> None:
    line = replace(look(ruled=60.0), breaks=breaks)
    assert as_settings(first_values(line), line, 64)["paper"]["ruling"]["probability"] == ruled


def test_a_look_wishes_for_hands_as_joined_and_as_shaded_as_the_line() -> None:
    line = replace(look(), joined=0.8, swelling=2.5)
    wished = as_settings(first_values(line), line, 64)["writers"]
    assert wished == {"joined": [0.8, 0.8], "contrast": [2.5, 2.5]}
    alone = replace(line, joined=float("nan"))
    assert as_settings(first_values(alone), alone, 64)["writers"]["joined"] == [0.5, 0.5]
