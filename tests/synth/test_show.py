"""What is shown of a line: its stations, every effect that the settings know, real lines among ours."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from common.errors import DataError
from common.seeds import stream
from fonts.hand import Hand
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample
from synth.show.effects import STATIONS, effect_panels, switches
from synth.show.gallery import Panel
from synth.show.real_or_ours import mixed, solution, write_quiz
from synth.show.steps import step_panels
from tests.synth.hands import line, make_hand

SHORT = line("A jug, why")


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


@pytest.fixture(scope="module")
def panels(hand: Hand) -> dict[str, Panel]:
    return shown(hand, load_recipe("demo"))


def shown(hand: Hand, recipe: Recipe) -> dict[str, Panel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("synth.show.effects.REPEATS", 1)
        return {panel.title.split()[0]: panel for panel in effect_panels(SHORT, hand, recipe)}


def test_the_last_step_is_the_sample_itself(hand: Hand) -> None:
    recipe = load_recipe("demo")
    steps = step_panels(SHORT, hand, recipe, seed=3, index=2)
    sample = render(SHORT, hand, recipe, 3, 2)
    assert isinstance(sample, LineSample)
    assert np.array_equal(steps[-1].pictures[0], sample.image)
    names = [step.title.split()[0] for step in steps]
    assert names[0] == "letters" and names[-1] == "proof" and {"ink", "paper", "camera"} < set(names)
    assert all(re.search(r"\d\.\d\d ms", step.title) for step in steps)


def test_steps_of_a_refused_sample_say_why(hand: Hand) -> None:
    recipe = load_recipe("demo", ["proof.contrast=256"])
    assert "refused: low-contrast" in step_panels(SHORT, hand, recipe)[-1].title


def test_a_hand_that_draws_nothing_is_told(hand: Hand) -> None:
    with pytest.raises(DataError, match="draws nothing of"):
        step_panels(line("日本"), hand, load_recipe("plain"))


def test_every_effect_of_the_settings_is_on_the_sheet() -> None:
    names = {switch.name for switch in switches(load_recipe("demo"))}
    settings = load_recipe("plain").model_dump()
    for station in STATIONS:
        effects = {f"{station}.{name}" for name, value in settings[station].items() if _is_effect(value)}
        assert effects <= names
    assert {"ink.pens", "surroundings.polygon", "paper.ruling", "camera.blur", "paper.grain"} <= names


def _is_effect(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"probability", "strength"}


def test_effects_change_the_picture_that_stands_before_them(panels: dict[str, Panel]) -> None:
    before = panels["without"].pictures[0]
    assert np.ptp(before) > 0
    for name in (
        "camera.blur",
        "camera.low_contrast",
        "paper.stains",
        "ink.fading",
        "surroundings.underline",
    ):
        first, *after = panels[name].pictures
        assert np.array_equal(first, before)
        assert all(not np.array_equal(one, before) for one in after)
    assert (
        len(panels["camera.blur"].pictures) == 3
        and "strength 0.3, strength 0.9" in panels["camera.blur"].title
    )


def test_effects_tell_strength_and_cost(panels: dict[str, Panel]) -> None:
    assert all(re.search(r"([+-]\d+\.\d\d|about 0) ms$", panel.title) for panel in panels.values())


def test_what_acts_only_with_another_setting_is_shown_with_it(panels: dict[str, Panel]) -> None:
    assert not [panel.title for panel in panels.values() if "nothing by itself" in panel.title]
    for name in ("ink.dips", "paper.coarseness", "surroundings.neighbours"):
        first, *after = panels[name].pictures
        assert not any(np.array_equal(picture, first) for picture in after)


def test_every_way_of_crossing_out_is_told_apart(panels: dict[str, Panel]) -> None:
    _, *after = panels["surroundings.strikes"].pictures
    assert len({picture.tobytes() for picture in after}) == len(after) == 5


def test_an_effect_that_is_refused_says_so(hand: Hand) -> None:
    panels = shown(hand, load_recipe("demo", ["proof.contrast=100"]))
    assert "strength 0.9 (low-contrast" in panels["camera.low_contrast"].title
    assert "(" not in panels["camera.blur"].title


@pytest.mark.parametrize("name", ["demo", "archive"])
def test_a_recipe_that_is_a_mixture_has_its_effects_too(name: str) -> None:
    recipe = load_recipe(name)
    assert isinstance(recipe, Recipe) and len(list(switches(recipe))) > 30


def test_real_and_ours_are_mixed_alike_for_a_seed() -> None:
    real = [(np.full((30, 60 + n), 200, np.uint8), f"real {n}") for n in range(6)]
    ours = [(np.full((64, 90 + n), 100, np.uint8), f"ours {n}") for n in range(6)]
    first, again, other = (mixed(real, ours, 64, stream(seed, 0, "order")) for seed in (1, 1, 2))
    assert [one.note for one in first] == [one.note for one in again] != [one.note for one in other]
    assert sorted(one.note for one in first) == sorted(note for _, note in real + ours)
    assert all(one.picture.shape[0] == 64 and one.real == one.note.startswith("real") for one in first)
    numbers = [int(number) for number in solution(first).split()]
    assert len(numbers) == 6 and all(first[number - 1].real for number in numbers)


def test_the_quiz_hides_its_solution_until_it_is_asked_for(tmp_path: Path) -> None:
    specimens = mixed(
        [(np.full((64, 60), 200, np.uint8), "page <7>")],
        [(np.full((64, 90), 100, np.uint8), "font b")],
        64,
        stream(0, 0, "order"),
    )
    write_quiz(specimens, tmp_path / "q.html", "Which are real?")
    page = (tmp_path / "q.html").read_text(encoding="utf-8")
    assert page.count("<details>") == 2 and "<details open" not in page
    assert "page &lt;7&gt;" in page and "Which are real?" in page
    assert page.count('data-answer="real"') == page.count('data-answer="ours"') == 1
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", page)
    alts = re.findall(r'alt="([^"]*)"', page)
    assert alts == ["line 1", "line 2"]  # what is read aloud gives nothing away
    write_quiz(specimens, tmp_path / "q.png", "Which are real?")
    assert (tmp_path / "q.png").stat().st_size > 0
