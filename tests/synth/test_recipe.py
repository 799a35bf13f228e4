"""Recipes: every shipped one loads, and what is wrong in one is told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from common.errors import DataError, UsageError
from common.seeds import stream
from synth.hand.settings import HandSettings
from synth.recipe import RECIPES, Recipe, by_kinds, load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.synth.hands import line, make_hand

BENCHMARKS = ("iam", "rimes", "read2016", "bentham", "lam", "archive")
SHIPPED = sorted(path.stem for path in RECIPES.glob("*.yaml"))


def test_the_recipes_that_others_rely_on_are_shipped() -> None:
    assert {"plain", "demo", "worn", *BENCHMARKS} <= set(SHIPPED)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_look_says_what_is_known_and_what_is_assumed(name: str) -> None:
    lines = (RECIPES / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    head = " ".join(line for line in lines if line.startswith("#"))
    assert "Known" in head and "Assumed: " in head and "`inkmill fit SPEC`" in head


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_draws_nearly_every_line(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name)
    hand = make_hand(tmp_path / "hand.ttf", thickness=60)
    made = [render(line("The 3 jugs, (quickly) gone"), hand, recipe, 5, 8 * n) for n in range(20)]
    drawn = [sample for sample in made if isinstance(sample, LineSample)]
    assert len(drawn) >= 17, made
    assert all(sample.image.shape[0] == recipe.output.height for sample in drawn)


def test_a_mixture_has_its_looks_as_often_as_they_weigh() -> None:
    recipe = load_recipe("archive")
    pages = Counter(recipe.page(stream(1, number, "look")).fingerprint for number in range(2000))
    weights = sorted(look.weight for look in recipe.looks)
    assert len(pages) == len(weights)
    for count, weight in zip(sorted(pages.values()), weights, strict=True):
        assert abs(count / 2000 - weight / sum(weights)) < 0.04


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_survives_being_written_and_read(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name)
    recipe.write(tmp_path / "recipe.yaml")
    again = load_recipe(str(tmp_path / "recipe.yaml"))
    assert again == recipe and again.fingerprint == recipe.fingerprint


def test_an_override_changes_the_fingerprint() -> None:
    changed = load_recipe("demo", ["output.height=48", "camera.blur.probability=0"])
    assert changed.output.height == 48 and changed.camera.blur.probability == 0
    assert changed.fingerprint != load_recipe("demo").fingerprint


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("output.heigth=40", "did you mean 'height'"),
        ("camera.blurr.probability=1", "did you mean 'blur'"),
        ("augraphy.ink_bled=1", "did you mean 'ink_bleed'"),
        ("ink.pens.balpoint=1", "did you mean 'ballpoint'"),
        ("hand.slant=[10,-10]", "the lower bound comes first"),
        ("camera.blur.probability=2", "less than or equal to 1"),
        ("output.height=3", "greater than or equal to 16"),
        ("output.margin=30", "margins take more than half"),
        ("hand.x_height=[0,0]", "greater than 0"),
        ("ink.pens={felt: 0}", "needs a weight above 0"),
        ("hand.x_height=[.nan,0.3]", "finite number"),
        ("hand.x_height=[.inf,.inf]", "finite number"),
        ("paper.level=300", "two numbers, [least, greatest]"),
        ("camera.blur=0.5", "should be {probability, strength}"),
        ("paper={level: [1,2], level: [2,3]}", "'level' stands there twice"),
        ("paper={level: [1,2]", "not readable YAML: line 1"),
    ],
)
def test_a_wrong_setting_is_refused_with_help(override: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("[", r"\[")):
        load_recipe("demo", [override])


def test_a_setting_of_the_hand_that_an_aim_overrules_is_refused() -> None:
    with pytest.raises(UsageError, match=r"hand\.slant does nothing where aim\.slant is set"):
        load_recipe("iam", ["hand.slant=[1,2]"])
    assert load_recipe("iam", ["hand.slant=[1,2]", "aim.slant=null"]).hand.slant == (1, 2)


def test_weights_that_are_named_are_all_there_are_in_looks_too() -> None:
    look = "looks=[{settings: {surroundings: {strikes: {blob: 1}}}}]"
    recipe = load_recipe("plain", ["surroundings.strikes={line: 1}", "ink.pens={pencil: 1}", look])
    assert [name for name, weight in recipe.surroundings.strikes if weight] == ["line"]
    assert [name for name, weight in recipe.ink.pens if weight] == ["pencil"]
    assert [name for name, weight in recipe.pages[0].surroundings.strikes if weight] == ["blob"]
    assert recipe.pages[0].ink.pens == recipe.ink.pens


def test_an_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'demo'"):
        load_recipe("deno")


def test_a_recipe_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mine\.yaml"):
        load_recipe(str(tmp_path / "mine.yaml"))


def test_stated_kinds_go_before_those_of_the_recipe_in_every_look() -> None:
    recipe = Recipe.parse(
        {
            "writers": {"kinds": {"formal": 0.2}, "joined": [0.5, 1]},
            "looks": [{"settings": {"writers": {"joined": [0, 0]}}}],
        },
        "test",
    )
    kinds = by_kinds(recipe, "brush=0")
    for page in (kinds, *kinds.pages):
        assert (page.writers.kinds.formal, page.writers.kinds.brush) == (0.2, 0)
    assert kinds.writers.joined == (0.5, 1) and kinds.pages[0].writers.joined == (0, 0)
    assert by_kinds(recipe, "") is recipe
    assert load_recipe("plain", kinds="formal=3").writers.kinds.formal == 3


@pytest.mark.parametrize("name", [*HandSettings.model_fields])
def test_no_trait_of_the_hand_is_without_bounds(name: str) -> None:
    for value in (-80.0, 80.0):
        with pytest.raises(UsageError, match=f"hand.{name}.*should be"):
            load_recipe("plain", [f"hand.{name}=[{value}, {value}]"])
