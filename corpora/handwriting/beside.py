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
from corpora.handwriting.splits import draw_splits

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
LABELS = (".gt.txt", ".txt")
NAME_SPLITS = "divide it into train.ln, val.ln and test.ln"


def read_list(path: Path, policy: Policy, pictures: str | None = None) -> list[HandwrittenLine]:
    """The lines of ``.ln`` lists: one picture name a line, the text in a ``.txt`` of the same name.

    Args:
        path: a list, or a folder with train.ln, val.ln, test.ln; a lone list whose name tells no split gets
            them drawn.
        policy: what to do with lines that cannot be used.
        pictures: the folder of the pictures; the list's own folder or its ``lines`` where None.

    Raises:
        DataError: missing list, or a line that ``policy`` refuses; names file and line.
    """
    return [
        line
        for listing, split in split_files(path, ".ln")
        for line in _read_listing(listing, split, policy, pictures)
    ]


def read_pairs(path: Path, policy: Policy) -> list[HandwrittenLine]:
    """The pictures of a folder with ``.gt.txt`` or ``.txt`` beside each, sorted by name.

    Sub-folders named train, val (valid, validation, dev) and test are splits. A folder without them that has
    such a name itself is that split; in any other the splits are drawn.

    Raises:
        DataError: no folder, no picture in it, or a line that ``policy`` refuses.
    """
    if not path.is_dir():
        raise DataError(
            f"{path} is no folder", "a folder of pictures with .gt.txt or .txt beside each", "check the path"
        )
    folders = [(path / name, split) for name, split in SPLIT_NAMES.items() if (path / name).is_dir()]
    own = SPLIT_NAMES.get(path.absolute().name.lower())
    found = [
        _line(picture, picture.relative_to(path).with_suffix("").as_posix(), split, str(picture), policy)
        for folder, split in folders or [(path, own or "train")]
        for picture in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    ]
    if not found:
        raise DataError(
            f"The folder {path} holds no pictures", f"files ending in {', '.join(PICTURES)}", "check the path"
        )
    lines = [line for line in found if line is not None]
    remedy = "move the pictures into the sub-folders train, val and test"
    return lines if folders or own else draw_splits(lines, str(path), remedy, policy)


def _read_listing(
    listing: Path, split: Split | None, policy: Policy, pictures: str | None
) -> list[HandwrittenLine]:
    folders = [Path(pictures)] if pictures else [listing.parent, listing.parent / "lines"]
    lines = []
    for number, row in enumerate(read_utf8(listing).splitlines(), start=1):
        if name := row.strip():
            where = f"{listing} line {number}"
            picture = next((p for folder in folders if (p := folder / name).is_file()), folders[0] / name)
            identifier = Path(name).with_suffix("").as_posix()
            if line := _line(picture, identifier, split or "train", where, policy):
                lines.append(line)
    return lines if split else draw_splits(lines, str(listing), NAME_SPLITS, policy)


def _line(picture: Path, name: str, split: Split, where: str, policy: Policy) -> HandwrittenLine | None:
    if not picture.is_file():
        policy.refuse(
            "missing-picture",
            where,
            f"the picture {picture} does not exist",
            "mend its name, name the folder with ?pictures=DIR, or remove the line",
        )
        return None
    label = _label_of(picture, LABELS)
    if label is None:
        found = f"{picture} has no text beside it ({' or '.join(LABELS)})"
        policy.refuse("missing-label", where, found, "write its transcription, or remove the picture")
        return None
    text = normalise(read_utf8(label), str(label))
    if not text:
        policy.refuse(
            "empty-label", where, f"{label} is empty", "write the transcription, or remove the picture"
        )
        return None
    return HandwrittenLine(name, text, split, partial(load_grey, picture), origin={"file": str(picture)})


def _label_of(picture: Path, endings: Sequence[str]) -> Path | None:
    candidates = (picture.with_name(picture.stem + ending) for ending in endings)
    return next((path for path in candidates if path.is_file()), None)
