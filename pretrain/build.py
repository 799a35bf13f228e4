"""What pretraining and fine-tuning set up alike: model, preprocessing, folder of the run."""

from __future__ import annotations

from pathlib import Path

import torch

from common.errors import DataError, UsageError, nearest
from common.seeds import derive
from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR
from models.registry import MODELS, create
from pretrain.journal import FILE_NAME
from pretrain.settings import TrainSettings
from recognize.preprocessing import Preprocessing


def fresh_model(settings: TrainSettings, alphabet: Alphabet) -> DRetHTR:
    """A model with weights drawn from the seed.

    Raises:
        UsageError: no such model, or a change that its config refuses.
    """
    if settings.model not in MODELS:
        raise UsageError(f"There is no model '{settings.model}'", nearest(settings.model, MODELS))
    torch.manual_seed(derive(settings.seed, 0, "weights") % 2**63)
    try:
        return create(settings.model, alphabet.size, **settings.changes)
    except (TypeError, ValueError) as error:
        raise UsageError(f"The model '{settings.model}' cannot be built: {error}") from None


def preprocessing_of(model: DRetHTR, settings: TrainSettings) -> Preprocessing:
    """The preprocessing that fits a model."""
    return Preprocessing(
        height=model.config.height,
        bucket=settings.bucket,
        max_width=model.max_width,
        stretch=settings.stretch,
    )


def prepare_folder(folder: Path, settings: TrainSettings, resume: bool) -> None:
    """Make the folder of a run and write its resolved settings.

    Raises:
        DataError: it holds a run already and ``resume`` was not asked for.
    """
    if (folder / FILE_NAME).exists() and not resume:
        raise DataError(
            f"{folder} holds a training run already",
            "an empty or new folder, or --resume",
            "add --resume to go on with it, or name another folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    settings.write(folder / "settings.yaml")
