"""``hf:NAME``: data sets of the Hugging Face hub, or local, with a column of pictures and one of texts.

The library ``datasets`` keeps the rows in files that are mapped into memory: texts are read at once, pictures
when asked for. With ``?limit=N`` nothing is kept on disk: the first N rows of every split are streamed, and
their pictures stay in memory as the bytes they came as.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError, UsageError, nearest
from corpora.handwriting.labels import SPLIT_NAMES, normalise
from corpora.handwriting.pictures import decode_grey, load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split

IMAGE_NAMES = ("image", "img", "picture", "line_image", "im", "jpg", "png")
TEXT_NAMES = ("text", "transcription", "transcript", "ground_truth", "gt", "label", "sentence", "txt")
WRITER_NAMES = ("writer", "writer_id", "author")


def read_hub(
    path: Path,
    policy: Policy,
    config: str | None = None,
    image: str | None = None,
    text: str | None = None,
    writer: str | None = None,
    limit: str | None = None,
) -> list[HandwrittenLine]:
    """The rows of all splits called train, validation (val, dev) or test, in their order.

    Args:
        path: a name on the hub such as ``Teklia/IAM-line``, or a local folder.
        policy: what to do with rows that cannot be used.
        config: the configuration, where there are several.
        image: the column of pictures; found by kind and name where None.
        text: the column of texts, found likewise.
        writer: the column of writers, found by name.
        limit: stream only so many rows of every split.

    Raises:
        UsageError: no such column, configuration or limit.
        DataError: no such data set, it cannot be reached, no split of a known name, or a row that ``policy``
            refuses.
    """
    if limit is not None and not limit.isdigit():
        raise UsageError(f"The limit '{limit}' is no number", "how many rows of every split, such as 100")
    name = str(path)
    splits = _open(name, config, streaming=limit is not None)
    known = {split: SPLIT_NAMES[split.lower()] for split in splits if split.lower() in SPLIT_NAMES}
    if not known:
        raise DataError(f"{name} has the splits {', '.join(splits)}", f"one of: {', '.join(SPLIT_NAMES)}")
    if others := [split for split in splits if split not in known]:
        policy.notes.append(f"{name}: the splits {', '.join(others)} are left out.")
    lines: list[HandwrittenLine] = []
    for split, kind in known.items():
        columns = _columns(name, splits[split].features, image, text, writer)
        rows = _undecoded(splits[split].select_columns(list(columns.values())), columns["image"])
        taken = list(islice(rows, int(limit))) if limit else rows
        lines += _lines(f"{name} {split}", taken, columns, kind, policy)
    return lines


def load_row(rows: Sequence[Mapping[str, Any]], row: int, column: str, where: str) -> NDArray[np.uint8]:
    """The picture in a column of a row: uint8 grey, (height, width).

    Raises:
        DataError: it holds no picture.
    """
    cell = rows[row][column]
    if isinstance(cell, Mapping) and cell.get("bytes") is None and cell.get("path"):
        return load_grey(Path(cell["path"]))
    content = cell.get("bytes") if isinstance(cell, Mapping) else cell
    if not isinstance(content, bytes):
        raise DataError(
            f"{where}: the column {column} holds {type(content).__name__}", "the bytes of a picture"
        )
    return decode_grey(content, where)


def _open(name: str, config: str | None, streaming: bool) -> Any:
    import datasets

    if name.startswith(("/", ".", "~")) and not Path(name).is_dir():  # the hub is not asked for a path
        raise DataError(f"The data set folder {name} does not exist", "a local folder", "check the path")
    try:
        return datasets.load_dataset(name, config, streaming=streaming)
    except ValueError as error:
        raise UsageError(
            f"The data set {name} cannot be opened with the configuration {config}: {error}"
        ) from None
    except (OSError, RuntimeError) as error:  # not found, no network, damaged files
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise DataError(
            f"The data set {name} cannot be opened: {reason}",
            "the name of a data set on the hub, or a local folder",
            "check the name and the network",
        ) from None


def _columns(
    name: str, features: Mapping[str, Any] | None, image: str | None, text: str | None, writer: str | None
) -> dict[str, str]:
    """The column of each role."""
    kinds = {column: type(kind).__name__ for column, kind in (features or {}).items()}
    strings = [
        c for c, kind in (features or {}).items() if getattr(kind, "dtype", "") in ("string", "large_string")
    ]
    pictures = [c for c, kind in kinds.items() if kind == "Image"] or [c for c in IMAGE_NAMES if c in kinds]
    texts = [c for c in TEXT_NAMES if c in strings]
    found = {
        "image": _role(name, "image", image, pictures, kinds),
        "text": _role(name, "text", text, texts, kinds),
    }
    writers = [c for c in WRITER_NAMES if c in kinds]
    return found | ({"writer": _role(name, "writer", writer, writers, kinds)} if writer or writers else {})


def _role(name: str, role: str, asked: str | None, found: Sequence[str], there: Iterable[str]) -> str:
    if asked:
        if asked not in there:
            raise UsageError(f"{name} has no column '{asked}'", nearest(asked, there))
        return asked
    if not found:
        raise UsageError(
            f"{name}: no column looks like the {role}", f"name it: ?{role}=; {nearest(role, there)}"
        )
    return found[0]


def _undecoded(rows: Any, column: str) -> Any:
    """The rows with pictures as bytes, where the column says that they are pictures."""
    import datasets

    if not isinstance(rows.features[column], datasets.Image):
        return rows
    return rows.cast_column(column, datasets.Image(decode=False))


def _lines(
    source: str, rows: Any, columns: Mapping[str, str], split: Split, policy: Policy
) -> Iterable[HandwrittenLine]:
    texts = _column(rows, columns["text"])
    writers = _column(rows, columns["writer"]) if "writer" in columns else [None] * len(texts)
    for row, (raw, writer) in enumerate(zip(texts, writers, strict=True)):
        where = f"{source} row {row}"
        text = normalise(raw or "", where)
        if not text:
            policy.refuse("empty-label", where, "the text is empty", "ask for ?empty-label=skip")
            continue
        load = partial(load_row, rows, row, columns["image"], where)
        who = None if writer is None else str(writer)
        yield HandwrittenLine(f"{split}-{row:06d}", text, split, load, who, origin={"row": row})


def _column(rows: Any, name: str) -> list[Any]:
    return [row[name] for row in rows] if isinstance(rows, list) else list(rows[name])
