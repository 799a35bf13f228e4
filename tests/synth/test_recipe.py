"""Recipes: every shipped one loads, and what is wrong in one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import DataError, UsageError
from synth.recipe import RECIPES, load_recipe

SHIPPED = sorted(path.stem for path in RECIPES.glob("*.yaml"))


def test_the_recipes_that_others_rely_on_are_shipped() -> None:
    assert {"plain", "demo", "worn"} <= set(SHIPPED)


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
        ("hand.x_height=[0,0]", "above 0"),
        ("ink.pens={felt: 0}", "needs a weight above 0"),
    ],
)
def test_a_wrong_setting_is_refused_with_help(override: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("[", r"\[")):
        load_recipe("demo", [override])


def test_an_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'demo'"):
        load_recipe("deno")


def test_a_recipe_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mine\.yaml"):
        load_recipe(str(tmp_path / "mine.yaml"))
