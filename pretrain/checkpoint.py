"""Checkpoints: everything a run needs to go on, whole and self-checking.

A checkpoint is ``step-00001000.pt`` with its hash beside it. The newest complete one is found; cut or altered
ones are passed over with a warning. Loading never runs code from the file.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch

from common.errors import DataError
from common.files import atomic_path, sha256_file, write_atomic

log = logging.getLogger(__name__)


def save(folder: Path, step: int, state: dict[str, Any], keep: int) -> Path:
    """Write the checkpoint of ``step`` and remove all but the newest ``keep``."""
    path = folder / f"step-{step:08d}.pt"
    with atomic_path(path) as temporary:
        _write(temporary, state)
        digest = sha256_file(temporary)
    write_atomic(_hash_path(path), digest)
    for old in _all(folder)[:-keep]:
        old.unlink()
        _hash_path(old).unlink(missing_ok=True)
    return path


def load_newest(folder: Path) -> dict[str, Any] | None:
    """The state of the newest complete checkpoint; None where there is no checkpoint at all.

    Raises:
        DataError: there are checkpoints, and every one is cut or altered.
    """
    found = _all(folder)
    for path in reversed(found):
        if _is_whole(path):
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            return state
        log.warning("%s is cut or altered; going back to the checkpoint before it", path)
    if found:
        raise DataError(
            f"None of the {len(found)} checkpoints in {folder} is whole",
            "a checkpoint with the hash that was written beside it",
            f"delete {folder} to start again",
        )
    return None


def _write(path: Path, state: dict[str, Any]) -> None:
    with path.open("wb") as file:
        try:
            torch.save(state, file)
        except RuntimeError as error:  # torch hides that the disk is full
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


def _is_whole(path: Path) -> bool:
    expected = _hash_path(path)
    return expected.is_file() and expected.read_text().strip() == sha256_file(path)


def _all(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*.pt"))


def _hash_path(path: Path) -> Path:
    return path.with_suffix(".sha256")
