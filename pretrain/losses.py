"""What training minimises: the next token, and three helpers that teach the image stream and the attention
where things are.

The mill knows the box of every character it drew. Two losses use that: one names the character of every image
column, the other pulls the last layer's attention onto the character that comes next. Real handwriting has no
boxes; there CTC takes the place of the first. PAD serves as the blank, so both losses
train the same head.

Letters: B batch, T text tokens, I image columns, V vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from corpora.alphabet import PAD
from models.drethtr import TrainingOutput
from pretrain.loader import Batch
from pretrain.settings import LossSettings

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Losses:
    """The parts of the loss, unweighted, as scalars; zero where a part does not apply."""

    text: Tensor
    columns: Tensor
    attention: Tensor
    ctc: Tensor

    def total(self, settings: LossSettings) -> Tensor:
        """The weighted sum that is minimised."""
        return (
            self.text
            + settings.columns * self.columns
            + settings.attention * self.attention
            + settings.ctc * self.ctc
        )

    def to_json(self) -> dict[str, float]:
        """Plain numbers for the log."""
        return {name: getattr(self, name).item() for name in ("text", "columns", "attention", "ctc")}


def losses(output: TrainingOutput, batch: Batch, stride: int, settings: LossSettings) -> Losses:
    """All parts for one batch; parts of weight 0 are not computed.

    Args:
        stride: pixels across of one image column.
    """
    logits = output.logits.float()
    text = F.cross_entropy(
        logits.flatten(0, 1),
        batch.targets.flatten(),
        ignore_index=PAD,
        label_smoothing=settings.label_smoothing,
    )
    zero = text.new_zeros(())
    columns = attention = ctc = zero
    known = ~torch.isnan(batch.spans[:, 0, 0])
    if output.columns is not None and settings.columns and bool(known.any()):
        columns = column_loss(output.columns[known].float(), batch, known, stride)
    if settings.attention and bool(known.any()):
        attention = attention_loss(output.attention[known].float(), batch.spans[known], stride)
    if output.columns is not None and settings.ctc and not bool(known.all()):
        ctc = ctc_loss(output.columns[~known].float(), batch, ~known, stride)
    return Losses(text, columns, attention, ctc)


def column_loss(logits: Tensor, batch: Batch, rows: Tensor, stride: int) -> Tensor:
    """Cross-entropy of the column names against the boxes; columns of padding do not count. ``logits``:
    (B', I, V)."""
    targets = column_targets(
        batch.spans[rows], batch.targets[rows], batch.widths[rows], logits.shape[1], stride
    )
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def column_targets(spans: Tensor, targets: Tensor, widths: Tensor, columns: int, stride: int) -> Tensor:
    """The class of every image column, (B, I): the character whose middle half covers the column's centre,
    else blank.

    A character too narrow for that takes the column nearest to its middle, so that none goes missing.

    Args:
        spans: (B, T, 2) left and right in pixels, NaN where there is no character.
        targets: (B, T) token ids.
        widths: (B,) real pixels across; columns beyond are ignored.
    """
    centre = (torch.arange(columns, device=spans.device) + 0.5) * stride
    middle = spans.mean(-1)
    quarter = (spans[..., 1] - spans[..., 0]) / 4
    inside = (centre - middle[..., None]).abs() <= quarter[..., None].clamp(
        min=stride / 2
    )  # (B, T, I); NaN is never inside
    owner = torch.where(inside, torch.arange(spans.shape[1], device=spans.device)[:, None] + 1, 0).amax(
        1
    )  # later wins
    classes = torch.cat([torch.full_like(targets[:, :1], PAD), targets], dim=1).gather(1, owner)
    return torch.where(centre < widths[:, None], classes, IGNORED)


def attention_loss(attention: Tensor, spans: Tensor, stride: int) -> Tensor:
    """-log of the attention that falls on the next character, half a column of grace on each side. (B, T,
    I), (B, T, 2)."""
    centre = (torch.arange(attention.shape[-1], device=spans.device) + 0.5) * stride
    grace = stride
    inside = (centre > spans[..., :1] - grace) & (centre < spans[..., 1:] + grace)
    known = ~torch.isnan(spans[..., 0])
    mass = (attention * inside).sum(-1)
    return -torch.log(mass[known].clamp(min=1e-4)).mean()


def ctc_loss(logits: Tensor, batch: Batch, rows: Tensor, stride: int) -> Tensor:
    """CTC of the column names, for lines without boxes; impossible alignments count as zero. ``logits``:
    (B', I, V)."""
    input_lengths = (-(-batch.widths[rows] // stride)).clamp(max=logits.shape[1])
    return F.ctc_loss(
        logits.log_softmax(-1).transpose(0, 1),
        batch.targets[rows],
        input_lengths,
        batch.lengths[rows],
        blank=PAD,
        zero_infinity=True,
    )
