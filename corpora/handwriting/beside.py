"""``ln:PATH`` and ``pairs:PATH``: pictures with their transcription in a text file beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from common.errors import DataError
from corpora.handwriting.labels import SPLIT_NAMES, normalise, read_utf8, split_files
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
LABELS = (".gt.txt", ".txt")


def read_list(
    path: Path, policy: Policy, asked: Split | None = None, pictures: str | None = None
) -> list[HandwrittenLine]:
    """The lines of ``.ln`` lists: one picture name a line, the text in a ``.txt`` of the same name.

    Args:
        path: a list, or a folder with train.ln, val.ln, test.ln.
        policy: what to do with lines that cannot be used.
        asked: the split of a lone list whose name tells none.
        pictures: the folder of the pictures; the list's own folder or its ``lines`` where None.

    Raises:
        DataError: missing list, or a line that ``policy`` refuses; names file and line.
    """
    lines = []
    for listing, split in split_files(path, ".ln", asked):
        folders = [Path(pictures)] if pictures else [listing.parent, listing.parent / "lines"]
        for number, row in enumerate(read_utf8(listing).splitlines(), start=1):
            if name := row.strip():
                where = f"{listing} line {number}"
                picture = next((p for folder in folders if (p := folder / name).is_file()), folders[0] / name)
                lines.append(_line(picture, Path(name).with_suffix("").as_posix(), split, where, policy))
    return [line for line in lines if line is not None]


def read_pairs(path: Path, policy: Policy, asked: Split | None = None) -> list[HandwrittenLine]:
    """The pictures of a folder with ``.gt.txt`` or ``.txt`` beside each, sorted by name.

    Sub-folders named train, val (valid, validation, dev) and test are splits; a folder without them is one
    split, the one asked for, else train.

    Raises:
        DataError: no folder, no picture in it, or a line that ``policy`` refuses.
    """
    if not path.is_dir():
        raise DataError(
            f"{path} is no folder", "a folder of pictures with .gt.txt or .txt beside each", "check the path"
        )
    folders = [(path / name, split) for name, split in SPLIT_NAMES.items() if (path / name).is_dir()]
    lines = [
        _line(picture, picture.relative_to(path).with_suffix("").as_posix(), split, str(picture), policy)
        for folder, split in folders or [(path, asked or "train")]
        for picture in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    ]
    if not lines:
        raise DataError(
            f"The folder {path} holds no pictures", f"files ending in {', '.join(PICTURES)}", "check the path"
        )
    return [line for line in lines if line is not None]


def _line(picture: Path, name: str, split: Split, where: str, policy: Policy) -> HandwrittenLine | None:
    if not picture.is_file():
        policy.refuse(
            "missing-picture", where, f"the picture {picture} does not exist", "check name and folder"
        )
        return None
    label = _label_of(picture, LABELS)
    if label is None:
        found = f"{picture} has no text beside it ({' or '.join(LABELS)})"
        policy.refuse("missing-label", where, found, "write its transcription")
        return None
    text = normalise(read_utf8(label), str(label))
    if not text:
        policy.refuse("empty-label", where, f"{label} is empty", "write the transcription")
        return None
    return HandwrittenLine(name, text, split, partial(load_grey, picture), origin={"file": str(picture)})


def _label_of(picture: Path, endings: Sequence[str]) -> Path | None:
    candidates = (picture.with_name(picture.stem + ending) for ending in endings)
    return next((path for path in candidates if path.is_file()), None)
