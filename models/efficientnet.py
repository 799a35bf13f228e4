"""EfficientNetV2-S without its classifier, for one-channel lines, with torchvision's tensor names.

Tan & Le, "EfficientNetV2" (2021), Table 4. Differences from torchvision's ``efficientnet_v2_s().features``:
one input channel, and a stem that strides only downwards, so that a line keeps twice as many columns
(DRetHTR, section 3). Because the names are the same, ImageNet weights load once the stem's three input
channels are summed (:func:`sum_input_channels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

CHANNELS: Final = 1280
STEM_CHANNELS: Final = 24
STRIDE: Final = (32, 16)  # rows, columns


@dataclass(frozen=True, slots=True)
class _Stage:
    fused: bool
    expand: int
    stride: int
    channels_in: int
    channels_out: int
    blocks: int


_STAGES: Final = (
    _Stage(True, 1, 1, 24, 24, 2),
    _Stage(True, 4, 2, 24, 48, 4),
    _Stage(True, 4, 2, 48, 64, 4),
    _Stage(False, 4, 2, 64, 128, 6),
    _Stage(False, 6, 1, 128, 160, 9),
    _Stage(False, 6, 2, 160, 256, 15),
)


def efficientnet_v2_s(dropout: float = 0.3, stochastic_depth: float = 0.2) -> nn.Sequential:
    """The feature extractor: (B, 1, 64, W) -> (B, 1280, 2, ceil(W/16)).

    Args:
        dropout: element-wise, after every SiLU, inside squeeze-excite too (DRetHTR).
        stochastic_depth: chance that the last block is skipped; grows linearly from 0 with depth
            (torchvision's default).
    """
    layers: list[nn.Module] = [_conv(1, STEM_CHANNELS, 3, (2, 1), dropout=dropout)]
    total = sum(stage.blocks for stage in _STAGES)
    built = 0
    for stage in _STAGES:
        blocks = []
        for i in range(stage.blocks):
            channels_in = stage.channels_in if i == 0 else stage.channels_out
            stride = stage.stride if i == 0 else 1
            make = _fused_mbconv if stage.fused else _mbconv
            block = make(channels_in, stage.channels_out, stage.expand, stride, dropout)
            skip = stride == 1 and channels_in == stage.channels_out
            blocks.append(_Residual(block, skip, stochastic_depth * built / total))
            built += 1
        layers.append(nn.Sequential(*blocks))
    layers.append(_conv(_STAGES[-1].channels_out, CHANNELS, 1, dropout=dropout))
    return nn.Sequential(*layers)


def sum_input_channels(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """torchvision's weights for three channels made fit for one: the stem's input channels are summed."""
    name = "0.0.weight"
    return {
        key: value.sum(1, keepdim=True) if key.removeprefix("features.") == name else value
        for key, value in state.items()
    }


def _conv(
    channels_in: int,
    channels_out: int,
    kernel: int,
    stride: int | tuple[int, int] = 1,
    groups: int = 1,
    activate: bool = True,
    dropout: float = 0.0,
) -> nn.Sequential:
    """Convolution, batch norm (eps 1e-3) and, where asked for, SiLU with dropout after it."""
    layers: list[nn.Module] = [
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels_out, eps=1e-3),
    ]
    if activate:
        layers.append(nn.Sequential(nn.SiLU(), nn.Dropout(dropout)))
    return nn.Sequential(*layers)


def _fused_mbconv(
    channels_in: int, channels_out: int, expand: int, stride: int, dropout: float
) -> nn.Sequential:
    if expand == 1:
        return nn.Sequential(_conv(channels_in, channels_out, 3, stride, dropout=dropout))
    hidden = channels_in * expand
    return nn.Sequential(
        _conv(channels_in, hidden, 3, stride, dropout=dropout), _conv(hidden, channels_out, 1, activate=False)
    )


def _mbconv(channels_in: int, channels_out: int, expand: int, stride: int, dropout: float) -> nn.Sequential:
    hidden = channels_in * expand
    return nn.Sequential(
        _conv(channels_in, hidden, 1, dropout=dropout),
        _conv(hidden, hidden, 3, stride, groups=hidden, dropout=dropout),
        _SqueezeExcite(hidden, channels_in // 4, dropout),
        _conv(hidden, channels_out, 1, activate=False),
    )


class _SqueezeExcite(nn.Module):
    def __init__(self, channels: int, squeezed: int, dropout: float) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.activation = nn.Sequential(nn.SiLU(), nn.Dropout(dropout))

    def forward(self, x: Tensor) -> Tensor:
        scale = self.fc2(self.activation(self.fc1(x.mean((2, 3), keepdim=True))))
        return x * torch.sigmoid(scale)


class _Residual(nn.Module):
    """A block, added to its input where the shapes allow, then skipped for whole samples at random in
    training."""

    def __init__(self, block: nn.Sequential, skip: bool, drop: float) -> None:
        super().__init__()
        self.block, self.skip, self.drop = block, skip, drop

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.block(x)
        if not self.skip:
            return y
        if self.training and self.drop > 0:
            keep = torch.rand(x.shape[0], 1, 1, 1, device=x.device, dtype=torch.float32) >= self.drop
            y = y * (keep / (1 - self.drop)).to(y.dtype)
        return x + y
