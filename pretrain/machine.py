"""What a machine should compute with: device and precision."""

from __future__ import annotations

import torch

from common.errors import EnvironmentProblem


def choose_device(name: str) -> torch.device:
    """The device of that name; ``auto`` takes a GPU where there is one.

    Raises:
        EnvironmentProblem: ``cuda`` was asked for and there is none.
    """
    found = torch.cuda.is_available()
    if name == "cuda" and not found:
        raise EnvironmentProblem(
            "There is no CUDA device", "one, for device=cuda", "set device=cpu or device=auto"
        )
    return torch.device("cuda" if found and name != "cpu" else "cpu")


def use_bf16(precision: str, device: torch.device) -> bool:
    """Whether to compute in bfloat16: where asked for, or with ``auto`` where the machine does so itself."""
    if precision != "auto":
        return precision == "bf16"
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
