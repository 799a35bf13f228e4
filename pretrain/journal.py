"""The log of a run: one JSON line an event, and TensorBoard beside it where it is installed.

After a resume the journal is cut back to the step that was restored, so no step stands in it twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any

from common.files import write_atomic

FILE_NAME = "metrics.jsonl"


class Journal:
    """Appends events to ``metrics.jsonl`` and numbers to TensorBoard.

    Args:
        folder: of the run.
        step: the step a run starts from; later events of an earlier try are dropped.
        board: also write TensorBoard files.
    """

    def __init__(self, folder: Path, step: int, board: bool = True) -> None:
        self.path = folder / FILE_NAME
        events = [event for event in read_events(folder) if event["step"] <= step]
        write_atomic(self.path, "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events))
        self._file = self.path.open("a", encoding="utf-8")
        self._board = _open_board(folder / "tensorboard", step) if board else None

    def event(self, kind: str, step: int, **values: Any) -> None:
        """Write one event, such as ``train`` or ``validation``; numbers also go to TensorBoard."""
        self._file.write(json.dumps({"event": kind, "step": step, **values}, ensure_ascii=False) + "\n")
        self._file.flush()
        if self._board is not None:
            for name, value in values.items():
                if isinstance(value, int | float):
                    self._board.add_scalar(f"{kind}/{name}", value, step)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if self._board is not None:
            self._board.close()


def read_events(folder: Path) -> list[dict[str, Any]]:
    """All events of a run in order; a last line cut by a crash is left out."""
    path = folder / FILE_NAME
    if not path.is_file():
        return []
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return events


def _open_board(folder: Path, step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1)
