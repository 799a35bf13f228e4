"""``ln:PATH`` and ``pairs:PATH``: pictures with their transcription in a text file beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from common.errors import DataError
from corpora.handwriting.labels import normalise, read_text, split_files, split_folders
from corpora.handwriting.paths import PICTURES, inside
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.splits import draw_splits

LABELS = (".gt.txt", ".txt")
NAME_SPLITS = "divide it into train.ln, val.ln and test.ln"


def read_list(
    path: Path, policy: Policy, pictures: str | None = None, encoding: str | None = None
) -> list[HandwrittenLine]:
    """The lines of ``.ln`` lists: one picture name a line, the text in a ``.txt`` of the same name.

    Args:
        path: a list, or a folder with train.ln, val.ln, test.ln; a lone list whose name tells no split gets
            them drawn.
        policy: what to do with lines that cannot be used.
        pictures: the folder of the pictures; the list's own folder or its ``lines`` where None.
        encoding: of lists and texts; UTF-8 where None.

    Raises:
        DataError: missing list, a name that leads out of the folder, or a line that ``policy`` refuses; names
            file and line.
    """
    return [
        line
        for listing, split in split_files(path, ".ln")
        for line in _read_listing(listing, split, policy, pictures, encoding)
    ]


def read_pairs(
    path: Path, policy: Policy, encoding: str | None = None, labels: str | None = None
) -> list[HandwrittenLine]:
    """The pictures of a folder with ``.gt.txt`` or ``.txt`` beside each, sorted by name.

    Sub-folders named train, val (valid, validation, dev) and test are splits. A folder without them that has
    such a name itself is that split; in any other the splits are drawn.

    Args:
        path: the folder of the pictures.
        policy: what to do with lines that cannot be used.
        encoding: of the texts; UTF-8 where None.
        labels: the folder of the texts, in the same sub-folders; beside the pictures where None.

    Raises:
        DataError: no folder, no picture in it, or a line that ``policy`` refuses.
    """
    if not path.is_dir():
        raise DataError(
            f"{path} is no folder", "a folder of pictures with .gt.txt or .txt beside each", "check the path"
        )
    texts = Path(labels).expanduser() if labels else path
    found = [
        _line(picture, texts / name, name, split or "train", str(picture), policy, encoding)
        for folder, split in split_folders(path)
        for picture in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
        for name in [picture.relative_to(path)]
    ]
    if not found:
        raise DataError(
            f"The folder {path} holds no pictures", f"files ending in {', '.join(PICTURES)}", "check the path"
        )
    lines = [line for line in found if line is not None]
    remedy = "move the pictures into the sub-folders train, val and test"
    told = any(split for _, split in split_folders(path))
    return lines if told else draw_splits(lines, str(path), remedy, policy)


def _read_listing(
    listing: Path, split: Split | None, policy: Policy, pictures: str | None, encoding: str | None
) -> list[HandwrittenLine]:
    folders = [Path(pictures).expanduser()] if pictures else [listing.parent, listing.parent / "lines"]
    lines = []
    for number, row in enumerate(read_text(listing, encoding).splitlines(), start=1):
        if name := row.strip():
            where = f"{listing} line {number}"
            candidates = [inside(folder, name, where) for folder in folders]
            picture = next((path for path in candidates if path.is_file()), candidates[0])
            if line := _line(picture, picture, Path(name), split or "train", where, policy, encoding):
                lines.append(line)
    return lines if split else draw_splits(lines, str(listing), NAME_SPLITS, policy)


def _line(
    picture: Path, beside: Path, name: Path, split: Split, where: str, policy: Policy, encoding: str | None
) -> HandwrittenLine | None:
    if not picture.is_file():
        policy.refuse(
            "missing-picture",
            where,
            f"the picture {picture} does not exist",
            "mend its name, name the folder with ?pictures=DIR, or remove the line",
        )
        return None
    label = _label_of(beside, LABELS)
    if label is None:
        place = "beside it" if beside == picture else f"in {beside.parent}"
        found = f"{picture} has no text {place} ({' or '.join(LABELS)})"
        policy.refuse("missing-label", where, found, "write its transcription, or remove the picture")
        return None
    text = normalise(read_text(label, encoding), str(label))
    if not text:
        policy.refuse(
            "empty-label", where, f"{label} is empty", "write the transcription, or remove the picture"
        )
        return None
    identifier = name.with_suffix("").as_posix()
    return HandwrittenLine(
        identifier, text, split, partial(load_grey, picture), origin={"file": str(picture)}
    )


def _label_of(picture: Path, endings: Sequence[str]) -> Path | None:
    candidates = (picture.with_name(picture.stem + ending) for ending in endings)
    return next((path for path in candidates if path.is_file()), None)
