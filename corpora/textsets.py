"""Paragraphs of a text data set, from the Hugging Face hub or a local folder, streamed by ``datasets``.

Its shards are the parts. A data set of the hub is read at one revision, asked for once; a hub that does not
answer is noticed before ``datasets`` begins its patient attempts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from common.errors import DataError, UsageError, nearest
from corpora.raw_text import Loss, SourcePart, TextBatch
from corpora.rows import pick_column, row_batches

ROWS = 1000
ANSWER_S = 5.0


def plan(
    target: str, column: str | None = None, split: str = "train", config: str | None = None
) -> list[SourcePart]:
    """The shards of ``NAME`` or ``NAME:CONFIG``.

    Args:
        target: name on the hub or a local folder, optionally ``:CONFIG``.
        column: the column with the text; the first usual name where None.
        split: the split to read.
        config: the configuration, instead of after the colon.

    Raises:
        UsageError: no such split or configuration.
        DataError: no such data set, or it cannot be reached.
    """
    name, config = _name(target, config)
    revision = _revision(name)
    shards = _open(name, config, split, revision).num_shards
    return [
        SourcePart("set", f"hf:{target}", name, shard, shard + 1, column, split, config, revision)
        for shard in range(shards)
    ]


def read(part: SourcePart, losses: list[Loss]) -> Iterator[TextBatch]:
    """The paragraphs of one shard.

    Raises:
        UsageError: the column is not there.
        DataError: the data set is gone, damaged, or the hub does not answer any more.
    """
    rows = _open(part.place, part.config, part.split or "train", part.revision)
    rows = rows.shard(rows.num_shards, part.start).with_format("arrow")
    return row_batches(_texts(rows, part, losses), part.source)


def identify(target: str, split: str = "train", config: str | None = None) -> Any:
    """The revision on the hub, or the files of a local folder with their times."""
    name, config = _name(target, config)
    if revision := _revision(name):
        return revision
    files = _builder(name, config, None).config.data_files or {}
    return [
        [str(file), *stamp]
        for file, stamp in zip(files.get(split, ()), files[split].origin_metadata, strict=True)
    ]


def _name(target: str, config: str | None) -> tuple[str, str | None]:
    name, _, after = (target, "", "") if Path(target).is_dir() else target.partition(":")
    if name.startswith(("/", ".", "~")) and not Path(name).expanduser().is_dir():
        raise DataError(f"The data set folder {name} does not exist", "a local folder", "check the path")
    return name, config or after or None


def _revision(name: str) -> str | None:
    """The newest revision of a data set on the hub; None for a local folder."""
    if Path(name).expanduser().is_dir():
        return None
    from huggingface_hub import HfApi
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError

    try:
        return HfApi().dataset_info(name, timeout=ANSWER_S).sha
    except (RepositoryNotFoundError, HFValidationError) as error:
        gated = isinstance(error, GatedRepoError)
        raise DataError(
            f"The data set {name} {'asks for your consent' if gated else 'does not exist'} on the hub",
            "the name of a data set on the hub, or a local folder",
            "accept its terms on the hub and log in" if gated else "check the name",
        ) from None
    except _failures() as error:
        raise DataError(
            f"The hub does not answer for the data set {name}: {_first_line(error)}",
            "a hub that can be reached, or a local folder",
            "check the network",
        ) from None


def _open(name: str, config: str | None, split: str, revision: str | None) -> Any:
    """The rows of a split, streamed."""
    builder = _pinned_builder(name, config, revision) if revision else _builder(name, config, None)
    try:
        splits = builder.as_streaming_dataset()
    except _failures() as error:
        raise _unreadable(name, error) from None
    if split not in splits:
        raise UsageError(f"The data set {name} has no split '{split}'", nearest(split, map(str, splits)))
    return splits[split]


def _builder(name: str, config: str | None, revision: str | None) -> Any:
    import datasets

    try:
        return datasets.load_dataset_builder(str(Path(name).expanduser()), config, revision=revision)
    except _failures() as error:
        if isinstance(error, ValueError):
            raise UsageError(
                f"The data set {name} cannot be opened with the configuration {config}: {_first_line(error)}"
            ) from None
        raise _unreadable(name, error) from None


@lru_cache(maxsize=1)
def _pinned_builder(name: str, config: str | None, revision: str) -> Any:
    """One revision never changes, and listing its files takes the hub seconds for every shard."""
    return _builder(name, config, revision)


def _texts(rows: Any, part: SourcePart, losses: list[Loss]) -> Iterator[str | None]:
    name, number = None, 0
    try:
        for table in rows.iter(ROWS):
            name = name or pick_column(table.column_names, part.column, part.source)
            for cell in table.column(name).to_pylist():
                if not isinstance(cell, str):
                    losses.append(Loss(part.source, number, "not-text", type(cell).__name__))
                yield cell if isinstance(cell, str) else None
                number += 1
    except _failures() as error:
        raise _unreadable(part.place, error, f" at row {number:,} of shard {part.start}") from None


def _unreadable(name: str, error: Exception, where: str = "") -> DataError:
    return DataError(
        f"The data set {name} cannot be read{where}: {_first_line(error)}",
        "a whole data set, and a hub that answers",
        "check the data set and the network, then run the same command again",
    )


def _failures() -> tuple[type[Exception], ...]:
    """What a hub that fails and damaged files raise, whichever http library the hub's client uses."""
    import datasets
    import pyarrow as pa

    loaded = (getattr(sys.modules.get(name), "HTTPError", None) for name in ("httpx", "httpx2"))
    errors = [error for error in loaded if error is not None]
    return OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError, pa.ArrowException, *errors


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
