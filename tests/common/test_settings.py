"""Settings: presets, overrides, and refusals that name the nearest right thing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from common.errors import DataError, UsageError
from common.settings import Settings, apply_overrides, load


class Ink(Settings):
    darkness: float = 0.8


class Recipe(Settings):
    height: int = 64
    ink: Ink = Ink()


@pytest.fixture
def presets(tmp_path: Path) -> Path:
    (tmp_path / "demo.yaml").write_text("height: 48\nink: {darkness: 0.5}\n")
    return tmp_path


def test_a_preset_with_overrides(presets: Path) -> None:
    recipe = load(Recipe, "demo", presets, ["ink.darkness=0.25"])
    assert (recipe.height, recipe.ink.darkness) == (48, 0.25)


def test_a_file_by_path(presets: Path) -> None:
    assert load(Recipe, str(presets / "demo.yaml"), Path("nowhere")).height == 48


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["heigth=3"], "did you mean 'height'"),
        (["ink.darknes=3"], "did you mean 'darkness'"),
        (["height=tall"], "height"),
        (["height"], "has no '='"),
        (["height.x=3"], "not a group"),
    ],
)
def test_a_wrong_override_is_refused_by_name(presets: Path, overrides: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        load(Recipe, "demo", presets, overrides)


def test_an_unknown_preset_names_the_nearest(presets: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'demo'"):
        load(Recipe, "dem", presets)


@pytest.mark.parametrize("content", ["[1, 2]", "a: [", "\udcff"])
def test_a_file_that_is_no_settings_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=r"bad\.yaml"):
        load(Recipe, str(path), tmp_path)


def test_a_key_that_stands_twice_is_refused_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("height: 3\nink: {darkness: 1}\nheight: 4\n")
    with pytest.raises(DataError, match=r"twice\.yaml .* line 3: 'height' stands there twice"):
        load(Recipe, str(path), tmp_path)


def test_what_is_written_is_what_was_resolved(presets: Path, tmp_path: Path) -> None:
    recipe = load(Recipe, "demo", presets, ["height=32"])
    recipe.write(tmp_path / "used.yaml")
    assert load(Recipe, str(tmp_path / "used.yaml"), presets) == recipe
    assert yaml.safe_load((tmp_path / "used.yaml").read_text())["ink"] == {"darkness": 0.5}


def test_overrides_leave_the_original_alone() -> None:
    values = {"ink": {"darkness": 1}}
    assert apply_overrides(values, ["ink.darkness=2"]) == {"ink": {"darkness": 2}}
    assert values == {"ink": {"darkness": 1}}


def test_equal_settings_have_equal_fingerprints() -> None:
    assert Recipe().fingerprint == Recipe(height=64).fingerprint != Recipe(height=65).fingerprint
