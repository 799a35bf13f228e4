"""The three forms of retention agree, and its decays are the paper's. Letters as in `models.retention`."""

from __future__ import annotations

import pytest
import torch

from models.retention import (
    GAMMA_SCHEDULES,
    decay_matrix,
    empty_state,
    layerwise_gamma,
    retention_chunk,
    retention_parallel,
    retention_step,
)

BASE = {
    0: (0.109, 0.138),
    1: (0.187, 0.216),
    5: (0.500, 0.529),
    8: (0.734, 0.764),
    10: (0.891, 0.920),
    11: (0.969, 0.998),
}
SMALL = {0: (0.109, 0.138), 1: (0.395, 0.425), 2: (0.682, 0.711), 3: (0.969, 0.998)}


def qkv(length: int, dtype: torch.dtype = torch.float64) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(length)
    return [torch.randn(2, 4, length, 8, generator=generator, dtype=dtype) for _ in range(3)]


@pytest.mark.parametrize(("layers", "heads", "table"), [(12, 12, BASE), (4, 8, SMALL)])
def test_layerwise_gamma_has_the_values_of_equation_10(layers: int, heads: int, table: dict) -> None:
    gamma = layerwise_gamma(layers, heads)
    for layer, (low, high) in table.items():
        assert gamma[layer].min() == pytest.approx(low, abs=6e-4)
        assert gamma[layer].max() == pytest.approx(high, abs=6e-4)


def test_one_layer_takes_the_original_schedule() -> None:
    assert torch.equal(layerwise_gamma(1, 8), GAMMA_SCHEDULES["retnet"](1, 8))


@pytest.mark.parametrize("schedule", GAMMA_SCHEDULES)
@pytest.mark.parametrize("d_norm", [True, False])
@pytest.mark.parametrize("length", [1, 2, 7, 96])
def test_parallel_recurrent_and_chunk_agree_in_float64(schedule: str, d_norm: bool, length: int) -> None:
    gamma = GAMMA_SCHEDULES[schedule](3, 4)[-1]
    q, k, v = qkv(length)
    whole = retention_parallel(q, k, v, gamma, d_norm)

    state = empty_state(2, 4, 8, q)
    steps = []
    for n in range(length):
        out, state = retention_step(q[:, :, n], k[:, :, n], v[:, :, n], gamma, state, d_norm)
        steps.append(out)
    torch.testing.assert_close(torch.stack(steps, 2), whole, rtol=0, atol=1e-10)

    state = empty_state(2, 4, 8, q)
    parts = []
    for start in range(0, length, 5):
        part = slice(start, start + 5)
        out, state = retention_chunk(q[:, :, part], k[:, :, part], v[:, :, part], gamma, state, d_norm)
        parts.append(out)
    torch.testing.assert_close(torch.cat(parts, 2), whole, rtol=0, atol=1e-10)


def test_float32_stays_within_1e_5() -> None:
    gamma = layerwise_gamma(3, 4)[-1]
    q, k, v = qkv(96, torch.float32)
    state = empty_state(2, 4, 8, q)
    out = torch.empty_like(v)
    for n in range(96):
        out[:, :, n], state = retention_step(q[:, :, n], k[:, :, n], v[:, :, n], gamma, state)
    torch.testing.assert_close(out, retention_parallel(q, k, v, gamma), rtol=1e-5, atol=1e-5)


def test_rows_of_a_state_may_stand_at_different_positions() -> None:
    gamma = layerwise_gamma(3, 4)[-1]
    q, k, v = qkv(6)
    whole = retention_parallel(q, k, v, gamma)
    state = empty_state(2, 4, 8, q)
    for n in range(3):
        _, state = retention_step(q[:, :, n], k[:, :, n], v[:, :, n], gamma, state)
    late, fresh = state.select(torch.tensor([0])), empty_state(1, 4, 8, q)
    both = type(state)(torch.cat([late.memory, fresh.memory]), torch.cat([late.position, fresh.position]))
    rows = [torch.stack([t[0, :, 3], t[1, :, 0]]) for t in (q, k, v)]
    out, _ = retention_step(*rows, gamma, both)
    torch.testing.assert_close(out[0], whole[0, :, 3])
    torch.testing.assert_close(out[1], whole[1, :, 0])


def test_strong_decay_over_long_texts_gives_no_nan() -> None:
    gamma = torch.tensor([0.1, 0.1, 0.1, 0.1])
    q, k, v = (t.requires_grad_() for t in qkv(512, torch.float32))
    retention_parallel(q, k, v, gamma).sum().backward()
    assert all(bool(torch.isfinite(t.grad).all()) for t in (q, k, v))


def test_normalised_decay_has_rows_of_unit_energy_at_gamma_one_half() -> None:
    decay = decay_matrix(torch.tensor([0.5], dtype=torch.float64), 4, d_norm=True)[0]
    last = torch.tensor([0.125, 0.25, 0.5, 1.0], dtype=torch.float64)
    torch.testing.assert_close(decay[3], last / last.sum().sqrt())
    assert decay[0, 1:].abs().max() == 0


def test_the_state_of_the_base_model_has_the_size_the_paper_states() -> None:
    assert empty_state(10, 12, 64, torch.zeros(1)).memory.numel() == 491_520
