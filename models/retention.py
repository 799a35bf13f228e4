"""Retention: a softmax-free attention with a decay, in its three equal forms, and the schedules of the decay.

Source: Sun et al., "Retentive Network" (parallel, recurrent and chunk form), with the changes of DRetHTR: no
phases, no group norm, no gate, scores scaled by 1/sqrt(h), the decay normalised by the square root of its row
sum ("d_norm").

Letters: B batch, H heads, T text tokens, C chunk, h head width, L layers. Everything about the decay is
computed in float32 or wider: in bfloat16 a state with g = 0.998 is 16 % off after 94 steps.

This module knows nothing of images, layers or weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor


def retnet_gamma(layers: int, heads: int) -> Tensor:
    """The original schedule, equal in all layers: 1 - exp(linspace(ln 1/32, ln 1/512, H)). (L, H),
    float64."""
    return (1 - _retnet_gap(heads)).repeat(layers, 1)


def small_gamma(layers: int, heads: int, scale: float = 0.86) -> Tensor:
    """Short memory in all layers: the original schedule lowered by ``scale`` (Table 6, "small gamma"). (L,
    H)."""
    return retnet_gamma(layers, heads) - scale


def headwise_gamma(layers: int, heads: int, scale: float = 0.86) -> Tensor:
    """Memory that grows from head to head: (1 - s - 1/32) + s*k/(H-1) (Table 6). (L, H)."""
    k = torch.arange(heads, dtype=torch.float64) / max(heads - 1, 1)
    return (1 - scale - 1 / 32 + scale * k).repeat(layers, 1)


def layerwise_gamma(layers: int, heads: int, scale: float = 0.86) -> Tensor:
    """Memory that grows from layer to layer, eq. (10): 1 - s*(1 - l/(L-1)) - exp(linspace(...)). (L, H).

    With one layer l/(L-1) is taken as 1, which gives the original schedule.
    """
    depth = torch.arange(layers, dtype=torch.float64) / (layers - 1) if layers > 1 else torch.ones(1).double()
    return retnet_gamma(layers, heads) - scale * (1 - depth)[:, None]


GAMMA_SCHEDULES: Final[dict[str, Callable[[int, int], Tensor]]] = {
    "retnet": retnet_gamma,
    "small": small_gamma,
    "head": headwise_gamma,
    "layer": layerwise_gamma,
}


def decay_matrix(gamma: Tensor, length: int, d_norm: bool = True) -> Tensor:
    """D[n, m] = g^(n-m) for n >= m, else 0, eq. (2); with ``d_norm`` each row divided by sqrt of its sum.

    Computed from differences in log space: g^n alone underflows, and 0 * inf would give NaN in the backward
        pass.

    Args:
        gamma: (H,), each in (0, 1).
        length: T.

    Returns:
        (H, T, T), float32 or wider.
    """
    log_gamma = torch.log(gamma.to(torch.promote_types(gamma.dtype, torch.float32)))
    n = torch.arange(length, device=gamma.device)
    distance = n[:, None] - n[None, :]
    powers = torch.exp(distance.clamp(min=0) * log_gamma[:, None, None])
    decay = torch.where(distance >= 0, powers, 0.0)
    return decay / decay.sum(-1, keepdim=True).sqrt() if d_norm else decay


def bidirectional_decay(gamma: Tensor, length: int, d_norm: bool = True) -> Tensor:
    """The image prior g^|n-m|, with ``d_norm`` divided by the square root of its row sum. (H, I, I)."""
    log_gamma = torch.log(gamma.to(torch.promote_types(gamma.dtype, torch.float32)))
    n = torch.arange(length, device=gamma.device)
    decay = torch.exp((n[:, None] - n[None, :]).abs() * log_gamma[:, None, None])
    return decay / decay.sum(-1, keepdim=True).sqrt() if d_norm else decay


def retention_parallel(q: Tensor, k: Tensor, v: Tensor, gamma: Tensor, d_norm: bool = True) -> Tensor:
    """((q k^T / sqrt(h)) * D) v for whole sequences, eq. (3). q, k, v: (B, H, T, h) -> (B, H, T, h)."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return (scores * decay_matrix(gamma, q.shape[-2], d_norm)).to(v.dtype) @ v


@dataclass(frozen=True, slots=True)
class RetentionState:
    """What a retention head remembers: a matrix of fixed size, whatever the number of tokens read.

    Attributes:
        memory: S, (B, H, h, h), float32 or wider.
        position: tokens read so far, (B,), int64; rows may stand at different positions.
    """

    memory: Tensor
    position: Tensor

    def select(self, rows: Tensor) -> RetentionState:
        """The state with its rows taken in the order of ``rows`` (B',): what beam search and batching
        reorder."""
        return RetentionState(self.memory.index_select(0, rows), self.position.index_select(0, rows))


def empty_state(batch: int, heads: int, head_width: int, like: Tensor) -> RetentionState:
    """S = 0 at position 0, on the device of ``like`` and at least in float32."""
    dtype = torch.promote_types(like.dtype, torch.float32)
    return RetentionState(
        torch.zeros(batch, heads, head_width, head_width, dtype=dtype, device=like.device),
        torch.zeros(batch, dtype=torch.int64, device=like.device),
    )


def retention_step(
    q: Tensor, k: Tensor, v: Tensor, gamma: Tensor, state: RetentionState, d_norm: bool = True
) -> tuple[Tensor, RetentionState]:
    """One token: S_n = g S_(n-1) + k_n^T v_n; out = q_n S_n / sqrt(h), eq. (9). q, k, v: (B, H, h) -> (B, H,
    h).

    The paper's (9) lacks the 1/sqrt(h) of its (7); without it the two forms differ.
    """
    dtype = state.memory.dtype
    g = gamma.to(dtype)
    memory = g[:, None, None] * state.memory + k.to(dtype)[..., :, None] * v.to(dtype)[..., None, :]
    out = torch.einsum("bhi,bhij->bhj", q.to(dtype), memory) / math.sqrt(q.shape[-1])
    if d_norm:
        out = out / _decay_sum(g, state.position).sqrt()[..., None]
    return out.to(v.dtype), RetentionState(memory, state.position + 1)


def retention_chunk(
    q: Tensor, k: Tensor, v: Tensor, gamma: Tensor, state: RetentionState, d_norm: bool = True
) -> tuple[Tensor, RetentionState]:
    """A chunk of C tokens after those in ``state``: parallel inside, recurrent between. q, k, v: (B, H, C,
    h).

    out_i = sum_(j<=i) g^(i-j) (q_i.k_j) v_j + g^(i+1) q_i S;  S' = g^C S + sum_j g^(C-1-j) k_j^T v_j.
    """
    dtype = state.memory.dtype
    q_, k_, v_, g = q.to(dtype), k.to(dtype), v.to(dtype), gamma.to(dtype)
    chunk = q.shape[-2]
    i = torch.arange(chunk, device=q.device)
    inside = ((q_ @ k_.transpose(-1, -2)) * decay_matrix(g, chunk, d_norm=False)) @ v_
    before = _powers(g, i + 1)[..., None] * (q_ @ state.memory)
    out = (inside + before) / math.sqrt(q.shape[-1])
    if d_norm:
        position = state.position[:, None] + i  # (B, C)
        out = out / _decay_sum(g, position).transpose(1, 2).sqrt()[..., None]
    tail = _powers(g, chunk - 1 - i)[..., None] * k_
    memory = (
        _powers(g, torch.tensor([chunk], device=q.device))[..., None] * state.memory
        + tail.transpose(-1, -2) @ v_
    )
    return out.to(v.dtype), RetentionState(memory, state.position + chunk)


def _retnet_gap(heads: int) -> Tensor:
    return torch.exp(torch.linspace(math.log(1 / 32), math.log(1 / 512), heads, dtype=torch.float64))


def _powers(gamma: Tensor, exponents: Tensor) -> Tensor:
    """g^e: (H,), (C,) -> (H, C), through logarithms."""
    return torch.exp(torch.log(gamma)[:, None] * exponents)


def _decay_sum(gamma: Tensor, position: Tensor) -> Tensor:
    """z_n = sum_(m<=n) g^(n-m) = (1 - g^(n+1)) / (1 - g). position (..., ) -> (..., H), 0-based."""
    exponent = (position + 1)[..., None] * torch.log(gamma)
    return -torch.expm1(exponent) / (1 - gamma)
