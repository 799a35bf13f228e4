"""Paragraphs of a text data set, from the Hugging Face hub or a local folder, streamed by ``datasets``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common.errors import DataError, UsageError, nearest
from corpora.raw_text import RawText
from corpora.textfiles import paragraphs, pick_column


def read(
    target: str, column: str | None = None, split: str = "train", config: str | None = None
) -> Iterator[RawText]:
    """The paragraphs of ``NAME`` or ``NAME:CONFIG``; a row is a document.

    Args:
        target: name on the hub or a local folder, optionally ``:CONFIG``.
        column: the column with the text; the first usual name where None.
        split: the split to read.
        config: the configuration, instead of after the colon.

    Raises:
        UsageError: no such split, configuration or column.
        DataError: no such data set, or it cannot be reached.
    """
    name, _, after = (target, "", "") if Path(target).is_dir() else target.partition(":")
    rows = _open(name, config or after or None, split)
    return _read(f"hf:{target}", rows, column)


def _open(name: str, config: str | None, split: str) -> Any:
    import datasets

    if name.startswith(("/", ".", "~")) and not Path(name).is_dir():  # the hub is not asked for a path
        raise DataError(f"The data set folder {name} does not exist", "a local folder", "check the path")
    try:
        splits = datasets.load_dataset(name, config, streaming=True)
    except ValueError as error:
        raise UsageError(
            f"The data set {name} cannot be opened with the configuration {config}: {error}"
        ) from None
    except (OSError, RuntimeError) as error:  # not found, no network, damaged files
        raise DataError(
            f"The data set {name} cannot be opened: {_first_line(error)}",
            "the name of a data set on the hub, or a local folder",
            "check the name and the network",
        ) from None
    if split not in splits:
        raise UsageError(f"The data set {name} has no split '{split}'", nearest(split, map(str, splits)))
    return splits[split]


def _read(source: str, rows: Any, column: str | None) -> Iterator[RawText]:
    name = None
    for document, row in enumerate(rows):
        name = name or pick_column(list(row), column, source)
        if isinstance(row[name], str):
            yield from (RawText(text, source, document) for text in paragraphs(row[name]))
    if name is None:
        raise DataError(f"The data set {source} is empty", "at least one row")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
