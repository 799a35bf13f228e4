"""What pretraining and fine-tuning set up alike: the model and its preprocessing."""

from __future__ import annotations

import torch

from common.errors import UsageError, nearest
from common.seeds import derive
from corpora.alphabet import Alphabet
from models.drethtr import DRetHTR
from models.registry import MODELS, create
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
        invert=settings.invert,
        deslant=settings.deslant,
    )
