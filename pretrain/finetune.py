"""Fine-tuning: a pretrained model, or a fresh one for comparison, learns from real handwriting."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import fingerprint, sha256_file
from corpora.alphabet import Alphabet
from corpora.handwriting.record import HandwrittenLine
from corpora.handwriting.spec import read_lines
from pretrain.alphabet_change import change_alphabet, plan_change
from pretrain.build import fresh_model, preprocessing_of
from pretrain.lines import RealLines
from pretrain.loop import Outcome, Task, train
from pretrain.run_folder import claim
from pretrain.settings import TrainSettings
from recognize.model_file import ModelFile, load_model, model_path

log = logging.getLogger("inkmill")


def finetune(
    spec: str,
    out: Path,
    settings: TrainSettings,
    init: Path | None,
    resume: bool = False,
    title: str = "Fine-tuning",
) -> Outcome:
    """Train on the ``train`` split of ``spec``, select on its ``validation`` split. The test split is not
    looked at.

    Args:
        spec: real handwriting, such as ``tsv:PATH`` or ``digits:``.
        init: a model file to start from; None starts from random weights, with the data's alphabet.
        resume: go on with an interrupted run in ``out``.

    Raises:
        DataError: no lines in a split, characters the model lacks with resize=fail, a folder that holds
            another run.
    """
    training, validation = (_lines(spec, split) for split in ("train", "validation"))
    wanted = Alphabet.from_texts(line.text for line in (*training, *validation))
    start = _start(init, wanted, settings)
    data_facts = {
        "training": _fingerprint(training),
        "validation": _fingerprint(validation),
        "init": sha256_file(model_path(init))[:16] if init else None,
    }
    claim(out, settings, data_facts, resume)
    card: dict[str, Any] = {
        "kind": "fine-tuned",
        "spec": spec,
        "lines": {"training": len(training), "validation": len(validation)},
        "data": data_facts,
        "init": start.card or None,
        "settings": settings.model_dump(mode="json"),
    }
    sets = RealLines(training), RealLines(validation)
    task = Task(*sets, start.alphabet, start.preprocessing, settings, out, card, title)
    return train(start.model, task, resume)


def _lines(spec: str, split: Any) -> list[HandwrittenLine]:
    lines = read_lines(spec, split)
    if not lines:
        raise DataError(f"{spec} has no line in its {split} split", "at least one", "check the split files")
    return lines


def _fingerprint(lines: list[HandwrittenLine]) -> str:
    return fingerprint([[line.id, line.text] for line in lines])


def _start(init: Path | None, wanted: Alphabet, settings: TrainSettings) -> ModelFile:
    """What training begins with; a pretrained model keeps its own preprocessing."""
    if init is None:
        model = fresh_model(settings, wanted)
        return ModelFile(model, wanted, preprocessing_of(model, settings))
    found = load_model(init)
    change = plan_change(found.alphabet, wanted, settings.resize)
    log.info("Alphabet: %s", change)
    model = change_alphabet(found.model, found.alphabet, change, settings.seed)
    return ModelFile(model, change.alphabet, found.preprocessing, found.card)
