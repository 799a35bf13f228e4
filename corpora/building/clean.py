"""Stage one: the parts of a source become cleaned paragraphs with their keys, in segments on disk.

What does not pass is counted by reason and kept up to a bound. Nothing here depends on another part, so parts
run in any order and on any machine.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import write_json
from corpora.alphabet import UNKNOWN
from corpora.building.judge import Judge, Verdicts
from corpora.building.mill import CleanTask, Mill
from corpora.building.segment import SegmentWriter
from corpora.cleaning import Cleaned
from corpora.raw_text import Loss, TextBatch, first_losses
from corpora.sources import read_part_batches

SEGMENT, CHARACTERS = 250_000, 1 << 25  # paragraphs and characters after which a segment ends
PORTION = 1 << 18  # characters that are looked at together: bounded memory, and quick
_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON may hold lone ones, which no file can


def clean_task(mill: Mill, task: CleanTask) -> dict[str, Any]:
    """Clean some parts of a source; what an earlier run has finished is only looked up.

    Returns:
        Counts, losses, costs and the list of segments.
    """
    facts = mill.cleaned(task.name) / "facts.json"
    if not facts.is_file():
        write_json(facts, _Cleaning(mill, task).run())
    found: dict[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
    return found


class _Cleaning:
    """One task at work."""

    def __init__(self, mill: Mill, task: CleanTask) -> None:
        self._mill, self._task = mill, task
        self._judge = Judge(mill)
        self._passed = self._paragraphs = self._place = 0
        self._document: tuple[int, int] | None = None
        self._dropped: Counter[str] = Counter()
        self._edited: Counter[str] = Counter()
        self._foreign: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._losses: list[Loss] = []
        self._segments: list[list[Any]] = []

    def run(self) -> dict[str, Any]:
        segment = self._new_segment()
        try:
            for part, batch in self._portions():
                verdicts = self._judge.decide(batch.texts)
                self._cut_to_limit(verdicts)
                with self._judge.timed("write"):
                    self._write(segment, batch, part, verdicts)
                    if segment.rows >= SEGMENT or segment.characters >= CHARACTERS:
                        self._close(segment)
                        segment = self._new_segment()
                if self._passed == self._task.limit:
                    break
        except BaseException:
            segment.discard()
            raise
        with self._judge.timed("write"):
            self._close(segment)
        return {
            "passed": self._passed,
            "paragraphs": self._paragraphs + self._lost.total(),
            "dropped": dict(self._dropped + self._lost),
            "edited": dict(self._edited),
            "foreign": dict(self._foreign),
            "losses": [asdict(loss) for loss in self._losses],
            "segments": self._segments,
            "costs": dict(self._judge.costs),
        }

    def _portions(self) -> Iterator[tuple[int, TextBatch]]:
        """(part, paragraphs): batches, divided so that memory is bounded."""
        losses: list[Loss] = []
        for number, part in enumerate(self._task.parts):
            batches = read_part_batches(part, losses)
            while True:
                begin = time.process_time()
                batch = next(batches, None)
                self._judge.costs["read"] += time.process_time() - begin
                self._note(losses)
                if batch is None:
                    break
                if batch.texts:
                    yield from ((number, portion) for portion in _divide(batch))

    def _note(self, losses: list[Loss]) -> None:
        """Take over what was lost: a badly damaged file may lose more lines than memory holds."""
        self._lost.update(loss.reason for loss in losses)
        if losses:
            self._losses = first_losses([*self._losses, *losses])
            losses.clear()

    def _cut_to_limit(self, verdicts: Verdicts) -> None:
        """Forget what stands behind the last paragraph that is still wanted."""
        if self._task.limit is None:
            return
        staying = verdicts.staying
        if len(staying) > (room := self._task.limit - self._passed):
            end = staying[room - 1] + 1
            del verdicts.texts[end:], verdicts.reasons[end:]
            verdicts.changed = {k: result for k, result in verdicts.changed.items() if k < end}
            verdicts.bands = verdicts.bands[:room]

    def _write(self, segment: SegmentWriter, batch: TextBatch, part: int, verdicts: Verdicts) -> None:
        places = self._places(part, batch.documents[: len(verdicts.texts)])
        for result in verdicts.changed.values():
            foreign = result.removed if isinstance(result, Cleaned) else result.foreign
            self._foreign.update(_SURROGATE.sub(UNKNOWN, foreign))
        for k, reason in enumerate(verdicts.reasons):
            if reason:
                self._dropped[reason] += 1
                if segment.rejects.wants(reason):
                    segment.rejects.add(reason, batch.texts[k], verdicts.detail(k), batch.source)
            elif isinstance(cleaned := verdicts.changed.get(k), Cleaned):
                self._edited.update(cleaned.edits)
        staying = verdicts.staying
        self._paragraphs += len(verdicts.texts)
        self._passed += len(staying)
        segment.add([verdicts.texts[k] for k in staying], places[staying], verdicts.bands, batch.source)

    def _places(self, part: int, documents: list[int]) -> NDArray[np.int64]:
        """Running numbers: neighbours in a document differ by one, across its border by two."""
        first = 1 if self._document == (part, documents[0]) else 2
        places = self._place + np.cumsum(np.diff(documents, prepend=documents[0]).astype(bool) + 1)
        places += first - 1
        self._place, self._document = int(places[-1]), (part, documents[-1])
        return places

    def _new_segment(self) -> SegmentWriter:
        path = self._mill.cleaned(f"{self._task.name}/{len(self._segments):04d}")
        return SegmentWriter(path, self._mill.options.rejects)

    def _close(self, segment: SegmentWriter) -> None:
        name = f"{self._task.name}/{segment.path.name}"
        self._segments.append([name, segment.rows, segment.finish()])


def _divide(batch: TextBatch) -> Iterator[TextBatch]:
    """A batch in runs of about PORTION characters."""
    if sum(map(len, batch.texts)) <= PORTION:
        yield batch
        return
    begin = size = 0
    for k, text in enumerate(batch.texts):
        size += len(text)
        if size > PORTION or k == len(batch.texts) - 1:
            yield TextBatch(batch.texts[begin : k + 1], batch.documents[begin : k + 1], batch.source)
            begin, size = k + 1, 0
