"""Search: greedy and beam decoding by the recurrent form.

Beams: finished hypotheses are frozen (PAD at no cost), the keys and values of a picture are shared by its
beams, and only the states are reordered. Without a length penalty the score of a hypothesis is its
log-probability, end mark included.

Letters: B pictures, R beams, V vocabulary. This module knows token ids, not characters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from common.errors import DataError
from corpora.alphabet import BOS, EOS, PAD, UNK
from models.drethtr import DRetHTR, ImageMemory


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One decoded sequence of a picture.

    Attributes:
        ids: token ids without BOS and EOS.
        log_probs: log-probability of each id.
        columns: the image column each id attended to most, as an image token index.
        end_log_prob: log-probability of the end mark; 0 where the limit cut the text.
        score: what it was ranked by.
        truncated: the length limit was reached before the end mark.
    """

    ids: tuple[int, ...]
    log_probs: tuple[float, ...]
    columns: tuple[int, ...]
    end_log_prob: float
    score: float
    truncated: bool


def length_limit(memory: ImageMemory) -> int:
    """More characters than columns is no reading: the default limit on decoded tokens.

    It counts padded columns too: padding depends on the line alone, so the limit does not depend on company.
    """
    return memory.keys[0].shape[-2] + 8


@torch.inference_mode()
def greedy(model: DRetHTR, memory: ImageMemory, limit: int | None = None) -> list[Hypothesis]:
    """The most probable token at every step, for every picture in ``memory``."""
    batch = memory.tokens.shape[0]
    limit = limit or length_limit(memory)
    states = model.start(memory)
    tokens = torch.full((batch,), BOS, device=memory.tokens.device)
    finished = torch.zeros(batch, dtype=torch.bool, device=tokens.device)
    steps: list[tuple[Tensor, Tensor, Tensor]] = []
    while len(steps) < limit and not bool(finished.all()):
        logits, attention, states = model.step(tokens, memory, states)
        best, tokens = _log_probs(logits).max(-1)
        tokens = torch.where(finished, PAD, tokens)
        steps.append((tokens, best, attention.argmax(-1)))
        finished = finished | (tokens == EOS)
    ids, log_probs, columns = (torch.stack(part, 1).tolist() for part in zip(*steps, strict=True))
    _refuse_nan(log_probs)
    return [_hypothesis(*row) for row in zip(ids, log_probs, columns, strict=True)]


@torch.inference_mode()
def beam(
    model: DRetHTR, memory: ImageMemory, beams: int, limit: int | None = None, length_penalty: float = 0.0
) -> list[list[Hypothesis]]:
    """The ``beams`` best hypotheses of every picture, best first; with one beam the same as :func:`greedy`.

    Args:
        length_penalty: hypotheses are finally ranked by log-probability / length**penalty.
    """
    batch, device = memory.tokens.shape[0], memory.tokens.device
    limit = limit or length_limit(memory)
    states = model.start(memory, beams)
    tokens = torch.full((batch * beams,), BOS, device=device)
    scores = torch.full((batch, beams), float("-inf"), device=device)
    scores[:, 0] = 0.0  # all beams are equal at first; one of them stands for all
    finished = torch.zeros(batch, beams, dtype=torch.bool, device=device)
    first_row = torch.arange(batch, device=device)[:, None] * beams
    history = _History(batch, beams, device)
    while history.length < limit and not bool(finished.all()):
        logits, attention, states = model.step(tokens, memory, states)
        log_probs = _log_probs(logits).view(batch, beams, -1)
        log_probs = torch.where(finished[..., None], _frozen(log_probs), log_probs)
        scores, choice = (scores[..., None] + log_probs).flatten(1).topk(beams, dim=1)
        parent, chosen = choice // log_probs.shape[-1], choice % log_probs.shape[-1]
        rows = (first_row + parent).flatten()
        gained = log_probs.flatten(1).gather(1, choice)
        history.add(parent, chosen, gained, attention.argmax(-1).index_select(0, rows).view(batch, beams))
        states = tuple(state.select(rows) for state in states)
        tokens = chosen.flatten()
        finished = finished.gather(1, parent) | (chosen == EOS)
    _refuse_nan(scores.tolist())
    found = [[_hypothesis(*row) for row in history.rows(picture)] for picture in range(batch)]
    return [_ranked(hypotheses, length_penalty) for hypotheses in found]


class _History:
    """Which token every beam chose at every step, kept in the order of the present beams."""

    def __init__(self, batch: int, beams: int, device: torch.device) -> None:
        self.ids = torch.zeros(batch, beams, 0, dtype=torch.int64, device=device)
        self.columns = torch.zeros_like(self.ids)
        self.log_probs = torch.zeros(batch, beams, 0, device=device)

    @property
    def length(self) -> int:
        return self.ids.shape[-1]

    def add(self, parent: Tensor, ids: Tensor, log_probs: Tensor, columns: Tensor) -> None:
        def follow(past: Tensor, new: Tensor) -> Tensor:
            index = parent[..., None].expand(-1, -1, past.shape[-1])
            return torch.cat([past.gather(1, index), new[..., None]], dim=-1)

        self.ids, self.columns = follow(self.ids, ids), follow(self.columns, columns)
        self.log_probs = follow(self.log_probs.to(log_probs.dtype), log_probs)

    def rows(self, picture: int) -> list[tuple[list[int], list[float], list[int]]]:
        parts = (self.ids[picture], self.log_probs[picture], self.columns[picture])
        return list(zip(*(part.tolist() for part in parts), strict=True))


def _log_probs(logits: Tensor) -> Tensor:
    """Log-probabilities in float32 or wider over what a text may hold: characters and the end mark."""
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32)).clone()
    logits[..., [BOS, PAD, UNK]] = float("-inf")
    return torch.log_softmax(logits, dim=-1)


def _refuse_nan(rows: list[list[float]]) -> None:
    if any(math.isnan(value) for row in rows for value in row):
        raise DataError(
            "The model answers with values that are not numbers",
            "a model whose training stayed finite",
            "read with an earlier checkpoint or another model",
        )


def _frozen(log_probs: Tensor) -> Tensor:
    """What a finished hypothesis may still do: PAD at no cost, nothing else."""
    frozen = torch.full_like(log_probs, float("-inf"))
    frozen[..., PAD] = 0.0
    return frozen


def _hypothesis(ids: list[int], log_probs: list[float], columns: list[int]) -> Hypothesis:
    length = ids.index(EOS) if EOS in ids else len(ids)
    end = log_probs[length] if length < len(ids) else 0.0
    return Hypothesis(
        tuple(ids[:length]),
        tuple(log_probs[:length]),
        tuple(columns[:length]),
        end,
        sum(log_probs[:length]) + end,
        truncated=length == len(ids),
    )


def _ranked(hypotheses: list[Hypothesis], length_penalty: float) -> list[Hypothesis]:
    rank: Callable[[Hypothesis], float] = lambda h: h.score / max(len(h.ids) + 1, 1) ** length_penalty  # noqa: E731
    return sorted((h for h in hypotheses if h.score > float("-inf")), key=rank, reverse=True)
