"""ARMF, the fusion of attention and retention: softmax over image keys plus retention over text keys, one set
of weights.

DRetHTR eq. (7) to (10). Image rows never read text, so the N x N matrix of eq. (7) is never built: the image
stream runs alone (and is exactly the prefill of decoding), the text stream reads the image's keys and its own
past. The two parts of a text query are simply added: no gate, no joint normalisation, no group norm.

Letters: B batch, R rows that share an image (beams), H heads, h head width, d = H*h, I image tokens, T text
tokens.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.retention import RetentionState, bidirectional_decay, decay_matrix, retention_step

ImagePrior = Literal["none", "mul_post", "add_log"]


class ARMF(nn.Module):
    """Multi-head ARMF of one layer.

    Args:
        width: d.
        heads: H, a divisor of d.
        gamma: (H,) decays of this layer.
        d_norm: divide the decay by the square root of its row sum.
        image_prior: how g^|n-m| acts on the image-image block: not at all, multiplied after the softmax
            without renormalising (the paper's released form), or added to the scores as |n-m| ln g.
        dropout: on the weights [softmax | retention], as the paper does.
    """

    gamma: Tensor

    def __init__(
        self, width: int, heads: int, gamma: Tensor, d_norm: bool, image_prior: ImagePrior, dropout: float
    ) -> None:
        super().__init__()
        self.heads, self.d_norm, self.image_prior = heads, d_norm, image_prior
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("gamma", gamma.clone(), persistent=False)

    def image(self, x_bid: Tensor, mask_bi: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """The image stream: (B, I, d) -> output (B, I, d) and the keys and values (B, H, I, h) that text will
        read.

        ``mask_bi`` is True where a column is real; padded columns get weight 0 as keys.
        """
        q = self._split(self.query(x_bid))
        k, v = self.memory(x_bid)
        if self.image_prior == "mul_post":
            weights = torch.softmax(self._image_scores(q, k, mask_bi), dim=-1)
            weights = weights * bidirectional_decay(self.gamma, k.shape[-2], self.d_norm)
            mixed = self.dropout(weights).to(v.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(
                q,
                k,
                v,
                attn_mask=self._image_bias(q, mask_bi),
                dropout_p=self.dropout.p if self.training else 0.0,
            )
        return self._merge(mixed), k, v

    def memory(self, x_bid: Tensor) -> tuple[Tensor, Tensor]:
        """The keys and values of the image alone, (B, H, I, h) each."""
        return self._split(self.key(x_bid)), self._split(self.value(x_bid))

    def text(
        self, x_btd: Tensor, k_image: Tensor, v_image: Tensor, mask_bi: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """The text stream, whole sequences: (B, T, d) -> (B, T, d) and the softmax over image columns (B,
        H, T, I)."""
        q, k, v = self._split(self.query(x_btd)), self._split(self.key(x_btd)), self._split(self.value(x_btd))
        over_image = torch.softmax(self._image_scores(q, k_image, mask_bi), dim=-1)
        scores = (q @ k.transpose(-1, -2)).to(over_image.dtype) / math.sqrt(q.shape[-1])
        over_text = scores * decay_matrix(self.gamma, q.shape[-2], self.d_norm)
        mixed = self.dropout(over_image).to(v.dtype) @ v_image + self.dropout(over_text).to(v.dtype) @ v
        return self._merge(mixed), over_image

    def step(
        self, x_rd: Tensor, k_image: Tensor, v_image: Tensor, mask_bi: Tensor | None, state: RetentionState
    ) -> tuple[Tensor, Tensor, RetentionState]:
        """One token of every row: (B*R, d) -> (B*R, d), the softmax over image columns (B*R, H, I), the next
        state.

        The R rows of an image stand together; its keys and values are broadcast over them, never repeated.
        """
        rows, batch, (heads, head_width) = x_rd.shape[0], k_image.shape[0], (self.heads, k_image.shape[-1])
        q, k, v = (
            linear(x_rd).view(rows, heads, head_width) for linear in (self.query, self.key, self.value)
        )
        from_text, state = retention_step(q, k, v, self.gamma, state, self.d_norm)
        grouped = q.view(batch, rows // batch, heads, head_width).transpose(1, 2)  # (B, H, R, h)
        weights = torch.softmax(self._image_scores(grouped, k_image, mask_bi), dim=-1)
        from_image = (weights.to(v.dtype) @ v_image).transpose(1, 2).reshape(rows, heads, head_width)
        mixed = (from_text + from_image).view(rows, -1)
        return self.out(mixed), weights.transpose(1, 2).reshape(rows, heads, -1), state

    def _split(self, x_bnd: Tensor) -> Tensor:
        batch, tokens, width = x_bnd.shape
        return x_bnd.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)

    def _merge(self, x_bhnd: Tensor) -> Tensor:
        return self.out(x_bhnd.transpose(1, 2).flatten(2))

    def _image_scores(self, q: Tensor, k: Tensor, mask_bi: Tensor | None) -> Tensor:
        """q k^T / sqrt(h) in float32 or wider, minus infinity at padded columns."""
        scores = (q @ k.transpose(-1, -2)).to(torch.promote_types(q.dtype, torch.float32)) / math.sqrt(
            q.shape[-1]
        )
        return scores if mask_bi is None else scores.masked_fill(~mask_bi[:, None, None, :], float("-inf"))

    def _image_bias(self, q: Tensor, mask_bi: Tensor | None) -> Tensor | None:
        """What scaled_dot_product_attention adds to the scores: the logarithm of the prior and of the
        mask."""
        if self.image_prior == "none":
            return None if mask_bi is None else mask_bi[:, None, None, :]
        bias = torch.log(bidirectional_decay(self.gamma, q.shape[-2], d_norm=False))[None]
        if mask_bi is not None:
            bias = bias.masked_fill(~mask_bi[:, None, None, :], float("-inf"))
        return bias.to(q.dtype)
