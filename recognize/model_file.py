"""A model as one file: weights, shape, alphabet, preprocessing and where it comes from, in a safetensors
file.

The JSON beside the weights sits in the file's own metadata, so a model is whole or absent and loading needs
no pickle.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from common.errors import DataError
from common.files import atomic_path
from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR, DRetHTRConfig
from recognize.preprocessing import Preprocessing

FORMAT = 1
FILE_NAME = "model.safetensors"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What a model file holds.

    Attributes:
        model: in evaluation mode, on the CPU, float32.
        card: JSON-able facts: training data, metrics, settings, versions.
    """

    model: DRetHTR
    alphabet: Alphabet
    preprocessing: Preprocessing
    card: dict[str, Any] = field(default_factory=dict)


def save_model(path: Path, content: ModelFile, weights: dict[str, Tensor] | None = None) -> Path:
    """Write a model whole; ``path`` may be a folder. ``weights`` replace the model's own (an average over
    training)."""
    from safetensors.torch import save

    target = path if path.suffix == ".safetensors" else path / FILE_NAME
    header = {
        "format": FORMAT,
        "architecture": content.model.config.to_json(),
        "alphabet": content.alphabet.to_json(),
        "preprocessing": content.preprocessing.model_dump(mode="json"),
        "card": content.card,
    }
    state = weights or content.model.state_dict()
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    with atomic_path(target) as temporary:
        temporary.write_bytes(save(tensors, metadata={"inkmill": json.dumps(header, ensure_ascii=False)}))
    return target


def load_model(path: Path) -> ModelFile:
    """Read a model file, or the one in a folder.

    Raises:
        DataError: missing, cut, not a model of ours, or weights that do not fit the shape it states.
    """
    from safetensors import SafetensorError, safe_open

    source = model_path(path)
    if not source.is_file():
        raise DataError(
            f"There is no model at {source}", "a .safetensors file written by pretrain or finetune"
        )
    try:
        with safe_open(source, framework="pt") as file:
            metadata = file.metadata() or {}
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise DataError(
            f"{source} cannot be read ({error})", "a whole model file", "copy or train it again"
        ) from None
    if "inkmill" not in metadata:
        raise DataError(
            f"{source} holds weights but no inkmill header", "a file written by pretrain or finetune"
        )
    header = json.loads(metadata["inkmill"])
    if header["format"] > FORMAT:
        raise DataError(
            f"{source} has model format {header['format']}",
            f"format {FORMAT} or older",
            "use a newer inkmill",
        )
    model = DRetHTR(DRetHTRConfig(**header["architecture"]))
    load_weights(model, weights, str(source))
    return ModelFile(
        model.eval(),
        Alphabet.from_json(header["alphabet"]),
        Preprocessing.parse(header["preprocessing"], str(source)),
        header["card"],
    )


def model_path(path: Path) -> Path:
    """The model file that ``path`` names: itself, or the one in that folder."""
    return path / FILE_NAME if path.is_dir() else path


def load_weights(model: torch.nn.Module, weights: dict[str, Tensor], name: str) -> None:
    """Load weights that must fit exactly.

    Raises:
        DataError: lists what is missing, unexpected or of another shape; the model is then unchanged.
    """
    own = model.state_dict()
    faults = [f"missing {key}" for key in own.keys() - weights.keys()]
    faults += [f"unexpected {key}" for key in weights.keys() - own.keys()]
    faults += [
        f"{key} is {tuple(weights[key].shape)} instead of {tuple(own[key].shape)}"
        for key in own.keys() & weights.keys()
        if own[key].shape != weights[key].shape
    ]
    if faults:
        shown = ", ".join(sorted(faults)[:8]) + (f" and {len(faults) - 8} more" if len(faults) > 8 else "")
        raise DataError(
            f"The weights in {name} do not fit the model: {shown}", "weights of the same architecture"
        )
    model.load_state_dict(weights)
