"""``page:PATH`` and ``alto:PATH``: lines of transcribed pages, each cut out of its page when asked for.

The picture of a page is looked for beside its XML file, one folder up, and in folders for pictures there; by
the name that the file tells, else by the name of the file itself. Cropping reads the lines of a page most
quickly one after the other: the pictures of the last few pages are kept.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError, UsageError
from corpora.handwriting.alto import read_alto
from corpora.handwriting.crop import MODES, Mode, Shape, cut
from corpora.handwriting.labels import normalise, split_folders
from corpora.handwriting.layout import Layout, LayoutLine
from corpora.handwriting.page_shapes import Mended, mend
from corpora.handwriting.page_xml import read_page_xml
from corpora.handwriting.paths import find_picture
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.splits import draw_splits
from corpora.handwriting.xml_file import ForeignXml

Reader = Callable[[Path], Layout]
PICTURE_FOLDERS = ("images", "Images", "image", "img", "jpg", "jpeg", "png", "tif", "tiff", "scans")
NAME_SPLITS = "move the pages into the sub-folders train, val and test"
KEPT_PAGES = 4  # pictures in memory, at most 89 MB each
SAME_SHAPE = 0.03  # how much the proportions of a picture and its page may differ


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is asked of pages.

    Attributes:
        crop: how lines are cut out.
        types: only lines of these types; all where None.
        pictures: the folder of the pictures, instead of the usual ones.
    """

    crop: Mode = "line"
    types: frozenset[str] | None = None
    pictures: Path | None = None


def read_page(
    path: Path, policy: Policy, crop: str = "line", types: str | None = None, pictures: str | None = None
) -> list[HandwrittenLine]:
    """The lines of PAGE XML files.

    Args:
        path: an XML file or a folder of them, at any depth; sub-folders train, val and test are splits.
        policy: what to do with lines that cannot be used.
        crop: ``line`` (straight, on clean paper), ``polygon`` or ``box``.
        types: types of lines to read, with commas between them.
        pictures: the folder of the pictures.

    Raises:
        UsageError: an unknown way to crop.
        DataError: missing or faulty files, or a line that ``policy`` refuses.
    """
    return _read(path, policy, read_page_xml, _wanted(crop, types, pictures))


def read_alto_pages(
    path: Path, policy: Policy, crop: str = "line", types: str | None = None, pictures: str | None = None
) -> list[HandwrittenLine]:
    """The lines of ALTO files; arguments and errors are those of :func:`read_page`."""
    return _read(path, policy, read_alto, _wanted(crop, types, pictures))


def page_lines(
    file: Path, name: str, split: Split, layout: Layout, policy: Policy, wanted: Wanted
) -> list[HandwrittenLine]:
    """The usable lines of one page, in reading order.

    Args:
        file: the XML file, for messages and to look for the picture.
        name: the id of the page.
        split: of all its lines.
        layout: what the file tells.
        policy: what to do with lines that cannot be used.
        wanted: how to cut them, and which.

    Raises:
        DataError: a line that ``policy`` refuses, or a control character in a transcription.
    """
    chosen = [line for line in layout.lines if wanted.types is None or line.kind in wanted.types]
    picture = _picture(file, layout, wanted)
    if picture is None:
        told = f"the picture {layout.picture or file.stem} is not found"
        policy.refuse(
            "missing-picture", str(file), told, "put it beside the file, or name its folder: ?pictures=DIR"
        )
        return []
    load = partial(load_line, picture, layout.size, mode=wanted.crop)
    shapes = mend([(line.polygon, line.baseline) for line in chosen])
    found = (
        _record(line, mended, file, name, split, load, policy)
        for line, mended in zip(chosen, shapes, strict=True)
    )
    return [line for line in found if line is not None]


def load_line(
    picture: Path, size: tuple[float, float] | None, shape: Shape, where: str, mode: Mode
) -> NDArray[np.uint8]:
    """Cut a line out of the picture of its page.

    Args:
        picture: of the page.
        size: (width, height) of the page in the units of the shape, or None for pixels.
        shape: of the line.
        where: file and line, for messages.
        mode: as for :func:`corpora.handwriting.crop.cut`.

    Raises:
        DataError: the picture cannot be read, has other proportions than the page, or the line lies outside.
    """
    page = _open_page(picture, size)
    try:
        return cut(page, _scaled(shape, size, page), mode)
    except DataError as error:
        raise DataError(f"{where}: {error.found}", error.expected, error.remedy) from None


def _wanted(crop: str, types: str | None, pictures: str | None) -> Wanted:
    mode = next((mode for mode in MODES if mode == crop), None)
    if mode is None:
        raise UsageError(f"There is no way to crop called '{crop}'", f"one of: {', '.join(MODES)}")
    kinds = frozenset(types.split(",")) if types else None
    return Wanted(mode, kinds, Path(pictures).expanduser() if pictures else None)


def _read(path: Path, policy: Policy, parse: Reader, wanted: Wanted) -> list[HandwrittenLine]:
    if path.is_file():
        pages: list[tuple[Path, str, Split | None]] = [(path, path.stem, None)]
    else:
        pages = [
            (file, file.relative_to(path).with_suffix("").as_posix(), split)
            for folder, split in split_folders(path)
            for file in sorted(folder.rglob("*.xml"))
        ]
    if not pages:
        raise DataError(
            f"{path} holds no XML files", "files ending in .xml, or a folder of them", "check the path"
        )
    foreign: list[ForeignXml] = []
    lines = [
        line
        for file, name, split in pages
        if (layout := _layout(file, parse, foreign))
        for line in page_lines(file, name, split or "train", layout, policy, wanted)
    ]
    if len(foreign) == len(pages):
        raise foreign[0]
    if foreign:
        policy.notes.append(f"{path}: {len(foreign)} XML files of another kind are left out.")
    _note_mended(path, lines, policy)
    told = any(split for _, _, split in pages)
    return lines if told else draw_splits(lines, str(path), NAME_SPLITS, policy)


def _layout(file: Path, parse: Reader, foreign: list[ForeignXml]) -> Layout | None:
    """The layout of a file; None for XML of another kind, such as METS, which may lie between the pages."""
    try:
        return parse(file)
    except ForeignXml as error:
        foreign.append(error)
        return None


def _note_mended(path: Path, lines: Iterable[HandwrittenLine], policy: Policy) -> None:
    flags = [bool(line.origin["mended"]) for line in lines]
    if any(flags):
        policy.notes.append(
            f"{path}: {sum(flags):,} of {len(flags):,} polygons are thin or missing and were widened along "
            "their baselines."
        )


def _record(
    line: LayoutLine,
    mended: Mended | None,
    file: Path,
    page: str,
    split: Split,
    load: Callable[..., NDArray[np.uint8]],
    policy: Policy,
) -> HandwrittenLine | None:
    where = f"{file} {line.id}"
    text = normalise(line.text or "", where)
    if not text:
        policy.refuse("empty-label", where, "the line has no transcription", "write it, or remove the line")
        return None
    if mended is None:
        found = "the line has neither polygon nor baseline nor box"
        policy.refuse("missing-shape", where, found, "draw it, or remove the line")
        return None
    return HandwrittenLine(
        id=f"{page}/{line.id}",
        text=text,
        split=split,
        load=partial(load, mended.shape, where),
        page=page,
        origin={"file": str(file), "line": line.id, "type": line.kind, "mended": mended.widened},
    )


def _picture(file: Path, layout: Layout, wanted: Wanted) -> Path | None:
    around = (file.parent, file.parent.parent)
    usual = [*around, *(folder / name for folder in around for name in PICTURE_FOLDERS)]
    folders = [wanted.pictures] if wanted.pictures else usual
    told = Path(layout.picture.replace("\\", "/")).name  # never a path: what leads out is not followed
    if exact := next((path for folder in folders if told and (path := folder / told).is_file()), None):
        return exact
    return (find_picture(folders, Path(told).stem) if told else None) or find_picture(folders, file.stem)


@functools.lru_cache(maxsize=KEPT_PAGES)
def _open_page(picture: Path, size: tuple[float, float] | None) -> NDArray[np.uint8]:
    """The picture of a page, turned as its coordinates are."""
    page = load_grey(picture)
    if size and not _fits(page, size):
        page = load_grey(picture, upright=False)
    if size and not _fits(page, size):
        raise DataError(
            f"{picture} has {page.shape[1]} x {page.shape[0]} pixels, its page {size[0]:g} x {size[1]:g}",
            "the same proportions",
            "check that the picture is that of the page",
        )
    page.setflags(write=False)
    return page


def _fits(page: NDArray[np.uint8], size: tuple[float, float]) -> bool:
    return abs(page.shape[1] / page.shape[0] * size[1] / size[0] - 1) < SAME_SHAPE


def _scaled(shape: Shape, size: tuple[float, float] | None, page: NDArray[np.uint8]) -> Shape:
    """The shape in pixels."""
    if size is None or size == (page.shape[1], page.shape[0]):
        return shape
    factor = np.array([page.shape[1] / size[0], page.shape[0] / size[1]], np.float32)
    return Shape(shape.polygon * factor, None if shape.baseline is None else shape.baseline * factor)
