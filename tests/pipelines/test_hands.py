"""Hands in a run: variants write and are recorded, their font is in the manifest once, and no text is tried
for ever."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from common.errors import DataError
from corpora.text_line import TextLine
from fonts.catalogue import Catalogue
from fonts.hand import HandSplit, Traits
from pipelines.executors import InlineExecutor
from pipelines.mill import InkMill, OpenMill
from pipelines.plan import RenderPlan
from pipelines.render import render_dataset, render_shard
from shards.store import open_store
from synth.recipe import Recipe, load_recipe
from tests.pipelines.fake_mill import make_plan
from tests.synth.hands import make_hand


@dataclass(frozen=True)
class Lines:
    """Every third line cannot be written by any font."""

    hopeless: str = "日本"

    def line(self, index: int, _attempt: int) -> TextLine:
        return TextLine(self.hopeless if index % 3 == 0 else f"line {index}", "test", index)


def mill_of(catalogue: Catalogue, lines: Lines) -> OpenMill:
    def open_it(plan: RenderPlan) -> InkMill:
        sampler: Any = lines
        return InkMill(plan, sampler, catalogue, ("test",), "abc")

    return open_it


def plan_of(folder: Path, **settings: object) -> RenderPlan:
    return make_plan(folder, **{"lines": 12, "recipe": load_recipe("plain"), "attempts": 4, **settings})


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tuple(make_hand(tmp_path / f"{n}.ttf", slant=0.1 * n) for n in range(3)))


def fonts_of(tar: bytes) -> list[str]:
    names = []
    with tarfile.open(fileobj=io.BytesIO(tar)) as file:
        for member in file.getmembers():
            if member.name.endswith(".json") and (record := file.extractfile(member)):
                names.append(json.loads(json.loads(record.read())["provenance"])["font"])
    return names


def test_fault_22_a_line_no_font_can_write_is_tried_a_few_times_counted_and_left_out(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    shard = render_shard(plan_of(tmp_path), 0, mill_of(catalogue, Lines()))
    assert shard.record.entry.drops == {"no-hand": 2 * 4}  # lines 0 and 3 of five, four attempts each
    assert (shard.record.entry.missing, shard.record.entry.samples) == (2, 3)
    nobody = Catalogue(())
    with pytest.raises(DataError, match="no-hand 20"):
        render_shard(plan_of(tmp_path), 0, mill_of(nobody, Lines()))


def test_variants_are_recorded_with_every_line_and_their_font_once(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, variants=50)
    out = str(tmp_path / "out")
    manifest = render_dataset(plan, out, InlineExecutor(), mill=mill_of(catalogue, Lines()))
    ids = {hand.id for hand in catalogue.hands}
    assert {font.id for font in manifest.fonts} <= ids
    assert sum(font.samples for font in manifest.fonts) == manifest.samples == 8
    written = [name for entry in manifest.shards for name in fonts_of(open_store(out).get(entry.name))]
    assert len(written) == 8 and any("~" in name for name in written)
    assert {name.partition("~")[0] for name in written} == {font.id for font in manifest.fonts}
    assert manifest.settings["variants"] == 50


@pytest.mark.parametrize("split", ["train", "validation"])
def test_held_out_hands_never_write_training_lines_varied_or_not(
    catalogue: Catalogue, tmp_path: Path, split: HandSplit
) -> None:
    first, *others = catalogue.hands
    divided = Catalogue((replace(first, split="validation"), *others))
    shard = render_shard(plan_of(tmp_path, hands=split, variants=9), 0, mill_of(divided, Lines()))
    fonts = {name.partition("~")[0] for name in fonts_of(shard.tar)}
    assert fonts == {first.id} if split == "validation" else first.id not in fonts


def test_other_variants_or_kinds_are_another_plan(tmp_path: Path) -> None:
    kinds = load_recipe("plain", kinds="brush=0")
    plans = [plan_of(tmp_path), plan_of(tmp_path, variants=3), plan_of(tmp_path, recipe=kinds)]
    assert len({plan.fingerprint for plan in plans}) == 3


def test_the_hands_of_a_line_are_those_that_its_look_wishes_for(catalogue: Catalogue, tmp_path: Path) -> None:
    apart, joined, _ = (replace(hand, traits=Traits(joined=n)) for n, hand in enumerate(catalogue.hands))
    mill = mill_of(Catalogue((apart, joined)), Lines())
    for wished, font in ((0.0, apart.id), (1.0, joined.id)):
        look = {"settings": {"writers": {"joined": [wished, wished]}}}
        for recipe in ({"writers": look["settings"]["writers"]}, {"looks": [look]}):
            shard = render_shard(plan_of(tmp_path, recipe=Recipe.parse(recipe, "test"), variants=0), 0, mill)
            assert set(fonts_of(shard.tar)) == {font}
