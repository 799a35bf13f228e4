"""AdamW with decay where it belongs, and the average of the weights over training."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pretrain.settings import OptimiserSettings


def make_optimiser(model: nn.Module, settings: OptimiserSettings) -> torch.optim.AdamW:
    """AdamW; matrices and kernels decay; norms, biases, embeddings and positions do not."""
    decayed: list[nn.Parameter] = []
    free: list[nn.Parameter] = []
    embeddings = {id(p) for m in model.modules() if isinstance(m, nn.Embedding) for p in m.parameters()}
    for name, parameter in model.named_parameters():
        plain = parameter.ndim < 2 or id(parameter) in embeddings or name == "image_positions"
        (free if plain else decayed).append(parameter)
    groups = [
        {"params": decayed, "weight_decay": settings.weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, settings.beta2), fused=True)


class Average:
    """An exponential moving average of a model's state; young averages follow faster.

    Attributes:
        state: averaged parameters and buffers, by name; counters are copied as they are.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take over a saved average, onto the device that this one is on."""
        for name, tensor in state.items():
            self.state[name].copy_(tensor)

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """Take in the model after update ``step`` (0-based)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        floats: list[Tensor] = []
        news: list[Tensor] = []
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                floats.append(self.state[name])
                news.append(tensor)
            else:
                self.state[name].copy_(tensor)
        torch._foreach_lerp_(floats, news, 1 - decay)
