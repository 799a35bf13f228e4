"""The batches of an epoch: every line once, one width a batch, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from pretrain.batches import bucket_widths, plan_epoch, scaled_widths
from pretrain.settings import BatchSettings
from recognize.preprocessing import Preprocessing
from tests.pretrain.conftest import ToyLines

SETTINGS = BatchSettings(lines=8, pixels=300, window=2)


@pytest.fixture
def lines() -> ToyLines:
    return ToyLines(201, shards=7)


@pytest.fixture
def widths(lines: ToyLines, preprocessing: Preprocessing) -> np.ndarray:
    return bucket_widths(scaled_widths(lines, preprocessing), preprocessing)


def test_every_line_comes_once_an_epoch(lines: ToyLines, widths: np.ndarray) -> None:
    for epoch in range(3):
        plan = plan_epoch(widths, lines.groups, SETTINGS, 5, epoch)
        assert sorted(np.concatenate(plan)) == list(range(201))


def test_a_batch_has_one_padded_width_and_keeps_to_its_budget(lines: ToyLines, widths: np.ndarray) -> None:
    for batch in plan_epoch(widths, lines.groups, SETTINGS, 5, 0):
        assert len(set(widths[batch])) == 1
        assert len(batch) <= 8
        assert len(batch) * widths[batch[0]] <= 300


def test_the_plan_depends_on_seed_and_epoch_alone(lines: ToyLines, widths: np.ndarray) -> None:
    def plan(seed: int, epoch: int) -> list[list[int]]:
        return [batch.tolist() for batch in plan_epoch(widths, lines.groups, SETTINGS, seed, epoch)]

    assert plan(5, 1) == plan(5, 1)
    assert plan(5, 1) != plan(5, 2)
    assert plan(5, 1) != plan(6, 1)


def test_lines_of_a_window_come_before_those_of_the_next(lines: ToyLines, widths: np.ndarray) -> None:
    """Few shards are in memory at a time; lines left waiting for company are the exception."""
    plan = plan_epoch(widths, lines.groups, SETTINGS, 5, 0)
    spread = [[k for k, batch in enumerate(plan) if shard in lines.groups[batch]] for shard in range(7)]
    early = sorted(min(batches) for batches in spread)
    assert early[2] > 3, "the third shard must not begin with the first batches"


def test_lines_wider_than_the_model_are_left_out(lines: ToyLines) -> None:
    narrow = Preprocessing(height=16, bucket=24, max_width=40)
    widths = bucket_widths(scaled_widths(lines, narrow), narrow)
    planned = set(np.concatenate(plan_epoch(widths, lines.groups, SETTINGS, 0, 0)).tolist())
    assert planned == set(np.flatnonzero(lines.sizes[:, 1] <= 40).tolist())


def test_a_curriculum_begins_with_the_narrowest_lines_and_loses_none(
    lines: ToyLines, widths: np.ndarray
) -> None:
    settings = SETTINGS.model_copy(update={"curriculum": 0.5})
    plan = plan_epoch(widths, lines.groups, settings, 5, 0)
    assert sorted(np.concatenate(plan)) == list(range(201))
    first = [widths[batch[0]] for batch in plan[: len(plan) // 2]]
    assert first == sorted(first)
    assert max(first) <= min(widths[batch[0]] for batch in plan[len(plan) // 2 :])


def test_planned_widths_are_those_that_reading_pads_to(lines: ToyLines, preprocessing: Preprocessing) -> None:
    lines.sizes = np.array([[h, w] for h in (7, 16, 33, 64) for w in (1, 13, 50, 95, 201)])
    planned = bucket_widths(scaled_widths(lines, preprocessing), preprocessing).tolist()
    scaled = [preprocessing.scaled_width(h, w) for h, w in lines.sizes.tolist()]
    limit = preprocessing.max_width
    assert planned == [0 if width > limit else preprocessing.bucket_width(width) for width in scaled]
