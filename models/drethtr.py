"""DRetHTR: a decoder-only retentive network that reads a line of handwriting.

An embedder turns the picture's columns into image tokens; image tokens and text tokens then run as two
streams through the same layers (ARMF and a feed-forward net, pre-norm). Training sees whole texts at once;
decoding carries one state of fixed size a layer, so every character costs the same. Both use the same image
stream.

Letters: B batch, R rows that share an image (beams), W pixels across, I image tokens, T text tokens, d width,
L layers, H heads, V vocabulary. Where the paper leaves a choice open, a named setting says so; docs/model.md
gives the reasons.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from models.armf import ARMF, ImagePrior
from models.embedder import EfficientNetEmbedder, Embedder, EmbedderName, ResidualEmbedder
from models.retention import GAMMA_SCHEDULES, RetentionState, empty_state


@dataclass(frozen=True, kw_only=True, slots=True)
class DRetHTRConfig:
    """The shape of a model and every choice that changes its function.

    Attributes:
        vocabulary: V, characters and the four specials.
        embedder: the network that makes image tokens.
        height: rows of the picture in pixels.
        max_image_tokens: the widest picture, in image tokens.
        image_positions: learned table, or fixed sinusoids.
        width, layers, heads, feed_forward: d, L, H and the hidden width of the feed-forward net.
        gamma: schedule of the decay over layers and heads.
        d_norm: divide the decay by the square root of its row sum (not in the paper, on in what it reports).
        image_prior: how the decay acts between image tokens.
        key_mask: padded columns are no keys. The paper always pads to full width and masks nothing.
        final_norm: one more layer norm before the output.
        backbone_dropout, embedding_dropout, dropout: in the embedder, on the tokens, in the layers.
        position_scale, embedding_scale: standard deviation of the learned image positions and of the
            character embeddings at the start.
        name_columns: in training, the output layer also names the character of every image column, from
            what the last layer's text rows read. Teaches the image stream; reading does not use it.
    """

    vocabulary: int
    embedder: EmbedderName = "efficientnet_v2_s"
    height: int = 64
    max_image_tokens: int = 140
    image_positions: Literal["learned", "sinusoidal"] = "learned"
    width: int = 768
    layers: int = 12
    heads: int = 12
    feed_forward: int = 3072
    gamma: Literal["retnet", "small", "head", "layer"] = "layer"
    d_norm: bool = True
    image_prior: ImagePrior = "mul_post"
    key_mask: bool = False
    final_norm: bool = False
    backbone_dropout: float = 0.3
    embedding_dropout: float = 0.1
    dropout: float = 0.3
    position_scale: float = 0.02
    embedding_scale: float = 0.02
    name_columns: bool = False

    def __post_init__(self) -> None:
        if self.vocabulary < 5:
            raise ValueError(
                f"vocabulary = {self.vocabulary}: four specials and at least one character are needed"
            )
        for name in ("width", "layers", "heads", "feed_forward", "max_image_tokens", "height"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)} must be at least 1")
        if self.width % self.heads or self.width % 2:
            raise ValueError(f"width = {self.width} must be even and a multiple of heads = {self.heads}")
        for name in ("backbone_dropout", "embedding_dropout", "dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)} must be in [0, 1)")

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the file beside the weights."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImageMemory:
    """A picture as the text stream sees it: keys and values of every layer, each (B, H, I, h), and which
    columns are real."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    mask: Tensor | None
    tokens: Tensor

    def select(self, images: Tensor) -> ImageMemory:
        """The pictures in the order of ``images`` (B',)."""

        def take(tensor: Tensor) -> Tensor:
            return tensor.index_select(0, images)

        mask = None if self.mask is None else take(self.mask)
        return ImageMemory(
            tuple(map(take, self.keys)), tuple(map(take, self.values)), mask, take(self.tokens)
        )


@dataclass(frozen=True, slots=True)
class TrainingOutput:
    """What a teacher-forced pass yields.

    Attributes:
        logits: (B, T, V): the next token after each of the T given ones.
        columns: (B, I, V) logits of the character at every image column (1, PAD, is the blank), or None.
        attention: (B, T, I): the last layer's softmax over image columns, mean over heads.
        mask: (B, I) True where a column is real, or None.
    """

    logits: Tensor
    columns: Tensor | None
    attention: Tensor
    mask: Tensor | None


class _Layer(nn.Module):
    """Pre-norm ARMF and feed-forward net, shared by the image and the text stream."""

    def __init__(self, config: DRetHTRConfig, gamma: Tensor) -> None:
        super().__init__()
        d, f, p = config.width, config.feed_forward, config.dropout
        self.norm_mix = nn.LayerNorm(d)
        self.mix = ARMF(d, config.heads, gamma, config.d_norm, config.image_prior, p)
        self.norm_feed = nn.LayerNorm(d)
        self.feed = nn.Sequential(nn.Linear(d, f), nn.GELU(), nn.Dropout(p), nn.Linear(f, d), nn.Dropout(p))
        self.dropout = nn.Dropout(p)

    def image(self, x: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        mixed, keys, values = self.mix.image(self.norm_mix(x), mask)
        return self._residual(x, mixed), keys, values

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.mix.memory(self.norm_mix(x))

    def text(self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        mixed, attention = self.mix.text(self.norm_mix(x), keys, values, mask)
        return self._residual(x, mixed), attention

    def step(
        self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None, state: RetentionState
    ) -> tuple[Tensor, Tensor, RetentionState]:
        mixed, attention, state = self.mix.step(self.norm_mix(x), keys, values, mask, state)
        return self._residual(x, mixed), attention, state

    def _residual(self, x: Tensor, mixed: Tensor) -> Tensor:
        x = x + self.dropout(mixed)
        return x + self.feed(self.norm_feed(x))


class DRetHTR(nn.Module):
    """The recogniser. Pixels: (B, 1, height, W), ink = +1, paper = -1; ``widths`` (B,) real pixels across,
    before padding."""

    def __init__(self, config: DRetHTRConfig) -> None:
        super().__init__()
        self.config = config
        d = config.width
        make = {"efficientnet_v2_s": EfficientNetEmbedder, "residual_cnn": ResidualEmbedder}[config.embedder]
        self.embedder: Embedder = make(config.height, d, config.backbone_dropout)
        if config.image_positions == "learned":
            self.image_positions = nn.Parameter(torch.zeros(1, config.max_image_tokens, d))
        self.embedding = nn.Embedding(config.vocabulary, d)
        self.dropout = nn.Dropout(config.embedding_dropout)
        gammas = GAMMA_SCHEDULES[config.gamma](config.layers, config.heads)
        self.layers = nn.ModuleList(_Layer(config, gamma) for gamma in gammas)
        self.final_norm = nn.LayerNorm(d) if config.final_norm else nn.Identity()
        self.output = nn.Linear(d, config.vocabulary, bias=False)
        self._initialise()

    @property
    def max_width(self) -> int:
        """The widest picture in pixels."""
        return self.config.max_image_tokens * self.embedder.stride

    def forward(self, pixels: Tensor, widths: Tensor | None, tokens: Tensor) -> TrainingOutput:
        """Teacher-forced pass. ``tokens`` (B, T): BOS and the text; padding on the right is harmless
        (causal)."""
        memory, image = self._encode(pixels, widths)
        x = self._text_tokens(tokens, torch.arange(tokens.shape[1], device=tokens.device))
        attention = image
        for layer, keys, values in zip(self._stack, memory.keys, memory.values, strict=True):
            x, attention = layer.text(x, keys, values, memory.mask)
        columns = self.output(self.final_norm(image)) if self.config.name_columns else None
        return TrainingOutput(self.output(self.final_norm(x)), columns, attention.mean(1), memory.mask)

    def encode(self, pixels: Tensor, widths: Tensor | None = None) -> ImageMemory:
        """The image stream alone, eq. (8): run once a picture."""
        return self._encode(pixels, widths)[0]

    def start(self, memory: ImageMemory, rows: int = 1) -> tuple[RetentionState, ...]:
        """Empty states for ``rows`` hypotheses of every picture in ``memory``."""
        batch, heads, _, head_width = memory.keys[0].shape
        return tuple(empty_state(batch * rows, heads, head_width, memory.keys[0]) for _ in self.layers)

    def step(
        self, tokens: Tensor, memory: ImageMemory, states: tuple[RetentionState, ...]
    ) -> tuple[Tensor, Tensor, tuple[RetentionState, ...]]:
        """One token of every row, recurrently.

        Args:
            tokens: (B*R,) the last token of every row; the R rows of a picture stand together.

        Returns:
            logits (B*R, V), attention over image columns (B*R, I) of the last layer, the next states.
        """
        x = self._text_tokens(tokens, states[0].position)
        attention = x
        following = []
        for layer, keys, values, state in zip(self._stack, memory.keys, memory.values, states, strict=True):
            x, attention, state = layer.step(x, keys, values, memory.mask, state)
            following.append(state)
        return self.output(self.final_norm(x)), attention.mean(1), tuple(following)

    @property
    def _stack(self) -> list[_Layer]:
        return cast(list[_Layer], list(self.layers))

    def _encode(self, pixels: Tensor, widths: Tensor | None) -> tuple[ImageMemory, Tensor]:
        x = self.embedder(pixels)
        tokens, limit = x.shape[1], self.config.max_image_tokens
        if tokens > limit:
            raise ValueError(
                f"A picture {pixels.shape[-1]} pixels wide makes {tokens} image tokens; "
                f"this model takes {limit} ({self.max_width} pixels)"
            )
        mask = self._column_mask(widths, tokens)
        x = self.dropout(x + self._image_positions(x))
        keys, values = [], []
        for layer in self._stack[:-1]:
            x, k, v = layer.image(x, mask)
            keys.append(k)
            values.append(v)
        k, v = self._stack[-1].memory(x)  # nobody reads what the last layer would make of the image
        lengths = torch.full((x.shape[0],), tokens, device=x.device) if mask is None else mask.sum(1)
        return ImageMemory((*keys, k), (*values, v), mask, lengths), x

    def _image_positions(self, x: Tensor) -> Tensor:
        if self.config.image_positions == "learned":
            return self.image_positions[:, : x.shape[1]]
        return self._sinusoid(torch.arange(x.shape[1], device=x.device), x)

    def _column_mask(self, widths: Tensor | None, tokens: int) -> Tensor | None:
        if not self.config.key_mask or widths is None:
            return None
        lengths = -(-widths // self.embedder.stride)
        return torch.arange(tokens, device=widths.device)[None, :] < lengths[:, None]

    def _text_tokens(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """Embedding, dropout, then sinusoids added; not scaled by sqrt(d) (DRetHTR's released order)."""
        x: Tensor = self.dropout(self.embedding(tokens))
        return x + self._sinusoid(positions, x)

    def _sinusoid(self, positions: Tensor, like: Tensor) -> Tensor:
        """[sin | cos] halves with frequencies 10000^(-k/(d/2-1)). (..., ) -> (..., d)."""
        half = self.config.width // 2
        k = torch.arange(half, device=like.device, dtype=torch.promote_types(like.dtype, torch.float32))
        angles = positions[..., None] * torch.exp(-math.log(10000.0) * k / max(half - 1, 1))
        return torch.cat([angles.sin(), angles.cos()], dim=-1).to(like.dtype)

    def _initialise(self) -> None:
        """N(0, 0.02) for linear layers; the embedder's convolutions keep their own start."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.embedding.weight, std=self.config.embedding_scale)
        if self.config.image_positions == "learned":
            nn.init.normal_(self.image_positions, std=self.config.position_scale)
