"""From pixels to image tokens: one token a column of the last feature map.

Letters: B batch, W pixels across, C channels, Y rows of the feature map, I = its columns, d model width. The
flattening is channel-major (index = c*Y + y): it is part of the weight format.
"""

from __future__ import annotations

from typing import Literal, Protocol

from torch import Tensor, nn

from models.efficientnet import CHANNELS, STRIDE, efficientnet_v2_s

EmbedderName = Literal["efficientnet_v2_s", "residual_cnn"]


class Embedder(Protocol):
    """(B, 1, height, W) -> (B, I, d); ``stride`` pixels across make one token: I = ceil(W / stride)."""

    stride: int

    def __call__(self, pixels: Tensor) -> Tensor: ...


class EfficientNetEmbedder(nn.Module):
    """EfficientNetV2-S and one linear layer from its flattened columns (DRetHTR, section 3)."""

    stride = STRIDE[1]

    def __init__(self, height: int, width: int, dropout: float) -> None:
        super().__init__()
        self.features = efficientnet_v2_s(dropout)
        self.project = nn.Linear(CHANNELS * -(-height // STRIDE[0]), width)

    def forward(self, pixels: Tensor) -> Tensor:
        tokens: Tensor = self.project(self.features(pixels).flatten(1, 2).transpose(1, 2))
        return tokens


class ResidualEmbedder(nn.Module):
    """A small residual CNN that learns in minutes on a CPU: three levels, rows halved thrice, columns
    twice."""

    stride = 4

    def __init__(
        self, height: int, width: int, dropout: float, channels: tuple[int, int, int] = (32, 64, 128)
    ) -> None:
        super().__init__()
        low, middle, high = channels
        self.features = nn.Sequential(
            _conv(1, low, 2),
            _BasicBlock(low),
            _conv(low, middle, 2),
            _BasicBlock(middle),
            _BasicBlock(middle),
            _conv(middle, high, (2, 1)),
            _BasicBlock(high),
            _BasicBlock(high),
            nn.Dropout(dropout),
        )
        self.project = nn.Linear(high * -(-height // 8), width)

    def forward(self, pixels: Tensor) -> Tensor:
        tokens: Tensor = self.project(self.features(pixels).flatten(1, 2).transpose(1, 2))
        return tokens


def _conv(channels_in: int, channels_out: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


class _BasicBlock(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.relu(x + self.second(self.first(x)))
