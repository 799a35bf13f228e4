"""Which precision a machine should compute in."""

from __future__ import annotations

import torch


def use_bf16(precision: str, device: torch.device) -> bool:
    """Whether to compute in bfloat16: where asked for, or with ``auto`` where the machine does so
    natively."""
    if precision != "auto":
        return precision == "bf16"
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
