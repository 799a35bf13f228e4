"""Reading picture files: ordinary pictures in, one prediction or one clear fault each, in the order given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from corpora.handwriting.pictures import load_grey
from recognize.prediction import Prediction
from recognize.preprocessing import check
from recognize.recognizer import Recognizer

CHUNK = 64


def read_files(
    recognizer: Recognizer, paths: Sequence[Path], beams: int = 1, invert: bool = False
) -> Iterator[tuple[Path, Prediction | DataError]]:
    """Read files chunk by chunk; a fault belongs to its file and stops nothing.

    Args:
        invert: the writing is lighter than its ground.
    """
    for start in range(0, len(paths), CHUNK):
        part = paths[start : start + CHUNK]
        found = [_load(recognizer, path, invert) for path in part]
        good = [(i, picture) for i, picture in enumerate(found) if not isinstance(picture, DataError)]
        names = [str(part[i]) for i, _ in good]
        predictions = recognizer.read([picture for _, picture in good], beams, names=names)
        results: dict[int, Prediction] = {i: p for (i, _), p in zip(good, predictions, strict=True)}
        for i, path in enumerate(part):
            fault = found[i]
            yield path, fault if isinstance(fault, DataError) else results[i]


def _load(recognizer: Recognizer, path: Path, invert: bool) -> NDArray[np.uint8] | DataError:
    try:
        picture = load_grey(path)
        if invert:
            picture = 255 - picture
        check(picture, recognizer.preprocessing, str(path))
    except DataError as fault:
        return fault
    return picture
