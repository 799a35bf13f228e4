"""Models by name. One implementation, sizes by config."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from models.drethtr import DRetHTR, DRetHTRConfig

# width, layers, heads and feed_forward of base and small: DRetHTR, section 4.
MODELS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "drethtr-base": {},
        "drethtr-small": {"width": 1024, "layers": 4, "heads": 8, "feed_forward": 4096},
        "drethtr-nano": {
            "embedder": "residual_cnn",
            "height": 40,
            "max_image_tokens": 512,
            "image_positions": "sinusoidal",
            "width": 192,
            "layers": 3,
            "heads": 4,
            "feed_forward": 576,
            "key_mask": True,
            "final_norm": True,
            "backbone_dropout": 0.0,
            "embedding_dropout": 0.0,
            "dropout": 0.0,
            "embedding_scale": 0.5,
            "name_columns": True,
        },
    }
)


def model_config(name: str, vocabulary: int, **changes: Any) -> DRetHTRConfig:
    """The config of a named model for a vocabulary, with single settings changed.

    Raises:
        KeyError: there is no such model.
    """
    return DRetHTRConfig(vocabulary=vocabulary, **{**MODELS[name], **changes})


def create(name: str, vocabulary: int, **changes: Any) -> DRetHTR:
    """A freshly initialised model by name."""
    return DRetHTR(model_config(name, vocabulary, **changes))
