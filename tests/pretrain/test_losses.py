"""Losses that know where the characters are."""

from __future__ import annotations

import math

import pytest
import torch

from corpora.alphabet import PAD
from models.drethtr import TrainingOutput
from pretrain.loader import Batch
from pretrain.losses import IGNORED, attention_loss, column_targets, ctc_loss, losses
from pretrain.settings import LossSettings

NAN = math.nan
SPANS = torch.tensor([[[0.0, 12.0], [12.0, 15.0], [20.0, 28.0], [NAN, NAN]]])
TARGETS = torch.tensor([[5, 6, 7, 2]])


def batch(spans: torch.Tensor = SPANS) -> Batch:
    tokens = torch.tensor([[0, 5, 6, 7]])
    widths, lengths = torch.tensor([32]), torch.tensor([3])
    return Batch(torch.zeros(1, 1, 4, 40), widths, tokens, TARGETS, lengths, spans, ("k",), 0, 0)


def test_columns_are_named_by_the_character_over_them() -> None:
    # columns of 4 pixels: centres 2, 6, 10, 14, 18, 22, 26, 30, 34, 38
    found = column_targets(SPANS, TARGETS, torch.tensor([32]), 10, 4)[0].tolist()
    assert found == [PAD, 5, PAD, 6, PAD, 7, 7, PAD, IGNORED, IGNORED]


def test_a_hairline_character_still_gets_a_column() -> None:
    spans = torch.tensor([[[8.0, 8.5]]])
    found = column_targets(spans, torch.tensor([[9]]), torch.tensor([40]), 10, 4)[0].tolist()
    assert found.count(9) == 1


def test_attention_on_the_character_costs_nothing_and_beside_it_much() -> None:
    on, beside = torch.zeros(1, 4, 10), torch.zeros(1, 4, 10)
    for t, column in enumerate((1, 3, 5, 0)):
        on[0, t, column] = 1
        beside[0, t, 9] = 1
    assert attention_loss(on, SPANS, 4) == 0
    assert attention_loss(beside, SPANS, 4) > 9


def test_lines_without_boxes_take_ctc_and_nothing_else() -> None:
    generator = torch.Generator().manual_seed(0)
    output = TrainingOutput(
        torch.randn(1, 4, 8, generator=generator), torch.randn(1, 10, 8, generator=generator),
        torch.full((1, 4, 10), 0.1), None,
    )  # fmt: skip
    settings = LossSettings(columns=1, attention=1, ctc=1)
    with_boxes = losses(output, batch(), 4, settings)
    without = losses(output, batch(torch.full_like(SPANS, NAN)), 4, settings)
    assert with_boxes.ctc == 0 < with_boxes.columns
    assert without.columns == without.attention == 0 < without.ctc
    assert without.text == with_boxes.text
    assert float(without.total(settings)) == pytest.approx(float(without.text + without.ctc))


def test_ctc_of_a_sure_reading_is_small() -> None:
    sure = torch.full((1, 10, 8), -20.0)
    for column, token in enumerate((5, PAD, 6, PAD, 7, PAD, PAD, PAD, PAD, PAD)):
        sure[0, column, token] = 20.0
    assert ctc_loss(sure, batch(), torch.tensor([True]), 4) < 1e-3
    assert ctc_loss(-sure, batch(), torch.tensor([True]), 4) > 1
