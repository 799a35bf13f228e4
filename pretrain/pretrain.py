"""Pretraining: a fresh model learns from a rendered data set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common.errors import DataError
from corpora.alphabet import describe_all, load_alphabet
from pretrain.build import fresh_model, preprocessing_of
from pretrain.lines import ShardLines
from pretrain.loop import Outcome, Task, train
from pretrain.run_folder import claim
from pretrain.settings import TrainSettings
from shards.store import open_store


def pretrain(
    data: str,
    validation: str,
    out: Path,
    settings: TrainSettings,
    resume: bool = False,
    title: str = "Pretraining",
) -> Outcome:
    """Train a fresh model on the data set at ``data``; select by the one at ``validation`` (held-out hands).

    Args:
        data, validation: store URLs of finished data sets.
        out: folder of the run.
        resume: go on with an interrupted run in ``out``.

    Raises:
        DataError: no finished data set, a label outside the alphabet, a folder that holds another run.
    """
    alphabet = load_alphabet(settings.alphabet)
    lines = ShardLines(open_store(data), settings.batches.window)
    held_out = ShardLines(open_store(validation), settings.batches.window)
    for part, url in ((lines, data), (held_out, validation)):
        if foreign := set(part.manifest.alphabet).difference(alphabet.characters):
            raise DataError(
                f"The data set at {url} uses {len(foreign)} characters that the alphabet "
                f"'{settings.alphabet}' lacks: {describe_all(foreign)}",
                "labels within the alphabet",
                "render with --alphabet, or set alphabet to the one that was rendered with",
            )
    model = fresh_model(settings, alphabet)
    data_facts = {"training": lines.manifest.fingerprint, "validation": held_out.manifest.fingerprint}
    claim(out, settings, data_facts, resume)
    card: dict[str, Any] = {
        "kind": "pretrained",
        "data": data_facts,
        "settings": settings.model_dump(mode="json"),
    }
    task = Task(lines, held_out, alphabet, preprocessing_of(model, settings), settings, out, card, title)
    return train(model, task, resume)
