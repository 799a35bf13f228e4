"""The folder of a training run: claimed by one run, left alone where it holds anything else.

``run.json`` says what the run is made of: the settings that decide its result, and its data by fingerprint. A
resumed run must match it; what differs is named. ``settings.yaml`` holds all settings, for people.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import write_json
from common.settings import differences
from pretrain.settings import TrainSettings

RUN = "run.json"
# Where and how often, not what: these may differ when a run is resumed.
_FREE = {"device", "threads", "log_every", "checkpoint_every", "keep"}


def claim(folder: Path, settings: TrainSettings, data: dict[str, Any], resume: bool) -> None:
    """Make the folder of a new run, or prove that it holds this one.

    Args:
        data: fingerprints of what is learnt from and begun with, JSON-able.
        resume: whether an earlier run may be gone on with.

    Raises:
        DataError: the folder holds other things, another run, or this one and ``resume`` was not asked for.
    """
    path = folder / RUN
    if not path.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise DataError(
                f"{folder} is not empty and holds no training run",
                "an empty or new folder",
                "name another folder",
            )
        write_json(path, {"settings": _deciding(settings), "data": data})
        settings.write(folder / "settings.yaml")
        return
    if not resume:
        raise DataError(
            f"{folder} holds a training run already",
            "an empty or new folder, or --resume",
            "add --resume to go on with it, or name another folder",
        )
    there = _read(path)
    now = {"settings": _deciding(settings), "data": data}
    if found := list(differences(there, now)):
        raise DataError(
            f"The run in {folder} was begun otherwise: {', '.join(found)}",
            "the settings and data it was begun with",
            "repeat them, or train into another folder",
        )


def _read(path: Path) -> dict[str, Any]:
    """What a run was begun with; settings that are newer than the run have their defaults."""
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
        return {**there, "settings": _deciding(TrainSettings.parse(there["settings"], str(path)))}
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} is cut or altered ({error})", "what a run was begun with", "train anew"
        ) from None


def _deciding(settings: TrainSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json", exclude=_FREE)
