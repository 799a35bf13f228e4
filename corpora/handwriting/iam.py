"""``iam:PATH``: the IAM database as it is downloaded: ``ascii/``, ``lines/``, ``xml/`` and lists of a split.

The transcription is the one in ``xml/`` where that is there; else that of ``ascii/lines.txt``, whose words
stand apart from their punctuation. Lines that IAM marks ``err`` are kept unless asked otherwise: the mark is
about the segmentation into words, and the published splits hold such lines.

Splits, by the lists that lie in the folder or in ``?lists=DIR``; ``?split=`` chooses where there are several:

    aachen    6,161 / 966 / 2,915 lines
    rwth      6,482 / 976 / 2,915 lines, with the lines that the former leaves out
    forms     747 / 115 / 336 forms with all their lines
    official  6,161 / 900 + 940 / 1,861 lines: the large writer-independent task of IAM itself
    own       any other lists, by their names: train, val or valid, test
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from common.errors import DataError, UsageError
from corpora.handwriting.known_lists import ENDINGS, KNOWN, list_hash, read_ids
from corpora.handwriting.labels import SPLIT_NAMES, normalise, read_text
from corpora.handwriting.paths import find_file, find_folder, find_picture, first_file, first_folder
from corpora.handwriting.pictures import load_grey
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.splits import draw_splits
from corpora.handwriting.xml_file import parse_xml

VARIANTS = ("aachen", "rwth", "forms", "official", "own")
WHOLE: dict[str, int] = {"aachen": 3, "rwth": 3, "forms": 3, "official": 4}  # lists a variant has
FIELDS = 9  # of a record in lines.txt: the last is the transcription, which may hold blanks
OWN_NAMES: dict[str, Split] = {
    **SPLIT_NAMES,
    "tr": "train",
    "va": "validation",
    "te": "test",
    "trainset": "train",
    "validationset1": "validation",
    "validationset2": "validation",
    "testset": "test",
}
NO_LISTS = ("lines.txt", "forms.txt", "words.txt", "sentences.txt")
NO_FOLDERS = ("lines", "xml", "ascii", "words", "sentences")
NAME_SPLITS = "put the lists of the split you follow into the folder, or name theirs with ?lists=DIR"


@dataclass(frozen=True, slots=True)
class _Record:
    """A line as the database tells it; ``where`` is its place there."""

    form: str
    text: str
    sound: bool
    where: str


@dataclass(frozen=True, slots=True)
class _List:
    """A list of ids and what it is."""

    path: Path
    ids: tuple[str, ...]
    variants: tuple[str, ...]
    split: Split


def read_iam(
    path: Path, policy: Policy, split: str | None = None, lists: str | None = None, text: str | None = None
) -> list[HandwrittenLine]:
    """The lines of IAM in the order of its own files.

    Args:
        path: the folder of the database.
        policy: what to do with lines that cannot be used.
        split: one of the splits above; needed only where lists of several are found.
        lists: the folder of the lists, if not ``path``.
        text: ``xml`` or ``ascii``: where transcriptions are taken from.

    Raises:
        UsageError: an unknown split or text.
        DataError: files are missing or faulty, a list names a line that is not there, no split is whole or
            several are, or a line that ``policy`` refuses.
    """
    if text not in (None, "xml", "ascii"):
        raise UsageError(f"IAM has no text '{text}'", "one of: ascii, xml")
    if split not in (None, *VARIANTS):
        raise UsageError(f"IAM has no split '{split}'", f"one of: {', '.join(VARIANTS)}")
    records, writers = _read_records(path, text, policy)
    chosen = _chosen(Path(lists).expanduser() if lists else path, split)
    told = _splits(chosen, records, path, policy)
    pictures = first_folder(path, ("lines",), "pictures of lines")
    lines = [
        line
        for name, record in records.items()
        if not chosen or name in told
        if (line := _line(name, record, told.get(name, "train"), writers, pictures, policy))
    ]
    return lines if chosen else draw_splits(lines, str(path), NAME_SPLITS, policy)


def _read_records(path: Path, text: str | None, policy: Policy) -> tuple[dict[str, _Record], dict[str, str]]:
    """Lines by id in the order of ``lines.txt``, and writers by form."""
    records = _ascii_records(first_file(path, ("ascii/lines.txt", "lines.txt"), "list of lines"))
    folder = None if text == "ascii" else find_folder(path, ("xml",))
    if folder is None and text != "xml":
        policy.notes.append(
            f"{path}: the text is that of lines.txt, where punctuation stands apart from words."
        )
        return records, _writers(path)
    texts, writers = _from_xml(folder or first_folder(path, ("xml",), "transcriptions in xml/"))
    return _with_texts(records, texts, policy), writers


def _ascii_records(path: Path) -> dict[str, _Record]:
    records = {}
    for number, row in enumerate(read_text(path).splitlines(), start=1):
        if not row.strip() or row.startswith("#"):
            continue
        fields = row.split(" ", FIELDS - 1)
        if len(fields) < FIELDS - 1 or fields[1] not in ("ok", "err"):
            raise DataError(
                f"{path} line {number} is no record of a line: {row[:60]!r}",
                "id, ok or err, six numbers, the transcription",
                "take the file as it comes with the database",
            )
        text = fields[FIELDS - 1] if len(fields) == FIELDS else ""
        form = fields[0].rpartition("-")[0]
        records[fields[0]] = _Record(form, text.replace("|", " "), fields[1] == "ok", f"{path} line {number}")
    return records


def _from_xml(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Transcriptions by line and writers by form."""
    texts, writers = {}, {}
    for file in sorted(folder.glob("*.xml")):
        form = parse_xml(file, "form")
        if writer := form.get("writer-id"):
            writers[form.get("id") or file.stem] = writer
        for line in form.iter("line"):
            texts[line.get("id", "")] = html.unescape(line.get("text", ""))
    return texts, writers


def _with_texts(
    records: Mapping[str, _Record], texts: Mapping[str, str], policy: Policy
) -> dict[str, _Record]:
    if missing := [name for name in records if name not in texts]:
        policy.notes.append(
            f"{len(missing):,} lines, {missing[0]} first, are not in xml/ and are read from lines.txt."
        )
    return {
        name: _Record(record.form, texts.get(name, record.text), record.sound, record.where)
        for name, record in records.items()
    }


def _writers(path: Path) -> dict[str, str]:
    """Writers by form, from ``forms.txt`` where it is there."""
    forms = find_file(path, ("ascii/forms.txt", "forms.txt"))
    rows = read_text(forms).splitlines() if forms else []
    fields = (row.split() for row in rows if row.strip() and not row.startswith("#"))
    return {form: writer for form, writer, *_ in fields}


def _chosen(folder: Path, split: str | None) -> list[_List]:
    """The lists of one split; none where there are none and none is asked for."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder", "a folder with the lists of a split", "check ?lists=")
    found = _lists(folder)
    by_variant = {
        variant: [each for each in found if variant in each.variants] for variant in (*WHOLE, "own")
    }
    whole = [
        variant
        for variant, lists in by_variant.items()
        if len(lists) >= WHOLE.get(variant, 1) and {each.split for each in lists} >= {"train", "test"}
    ]
    if split and split not in whole:
        there = ", ".join(each.path.name for each in by_variant[split]) or "none of them"
        raise DataError(
            f"{folder} does not hold all lists of the split '{split}': {there}",
            f"all {WHOLE.get(split, 3)} lists; whole is here: {', '.join(whole) or 'none'}",
            "get them from where the split was published, and name their folder with ?lists=DIR",
        )
    if found and not whole:
        raise DataError(
            f"{folder} holds lists, but all of no split: {', '.join(each.path.name for each in found)}",
            "at least lists for train and test",
            "add the others, or move these away to have splits drawn",
        )
    known = [variant for variant in whole if variant != "own"]
    if not split and len(known) > 1:
        raise DataError(
            f"{folder} holds lists of {len(known)} splits: {', '.join(known)}",
            "one, for they differ in their lines",
            f"choose one, such as ?split={known[0]}",
        )
    name = split or next(iter([*known, *whole]), None)
    return by_variant[name] if name else []


def _lists(folder: Path) -> list[_List]:
    """The lists in a folder and one folder below it, each content once."""
    below = [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name not in NO_FOLDERS]
    files = [
        file
        for place in [folder, *below]
        for file in sorted(place.iterdir())
        if file.suffix in ENDINGS and file.is_file() and file.name not in NO_LISTS
    ]
    lists: dict[str, _List] = {}
    for file in files:
        ids = tuple(read_ids(file))
        key = list_hash(ids)
        if known := KNOWN.get(key):
            lists.setdefault(key, _List(file, ids, known.variants, known.split))
        elif own := OWN_NAMES.get(file.stem.lower().rpartition("_")[2]):
            lists.setdefault(key, _List(file, ids, ("own",), own))
    return list(lists.values())


def _splits(
    lists: list[_List], records: Mapping[str, _Record], path: Path, policy: Policy
) -> dict[str, Split]:
    """The split of every line that is in one."""
    if not lists:
        return {}
    forms: dict[str, list[str]] = {}
    for name, record in records.items():
        forms.setdefault(record.form, []).append(name)
    told: dict[str, Split] = {}
    for each in lists:
        for name in each.ids:
            names = [name] if name in records else forms.get(name)
            if names is None:
                raise DataError(
                    f"{each.path} names {name}, which lines.txt does not have",
                    "ids of lines or forms of IAM",
                    "check that list and database belong together",
                )
            if twice := next((name for name in names if told.get(name, each.split) != each.split), None):
                raise DataError(
                    f"{each.path} names {twice}, which is in {told[twice]} too", "each line in one split"
                )
            told.update(dict.fromkeys(names, each.split))
    if left := len(records) - len(told):
        policy.notes.append(f"{path}: {left:,} of {len(records):,} lines are in no list of the split.")
    return told


def _line(
    name: str, record: _Record, split: Split, writers: Mapping[str, str], pictures: Path, policy: Policy
) -> HandwrittenLine | None:
    if not record.sound and policy.wrong_words != "keep":
        found = f"the words of {name} are marked as badly segmented"
        policy.refuse("wrong-words", record.where, found, "ask for ?wrong-words=keep")
        return None
    text = normalise(record.text, record.where)
    if not text:
        policy.refuse("empty-label", record.where, f"{name} has no text", "ask for ?empty-label=skip")
        return None
    nested = pictures / record.form.split("-")[0] / record.form
    picture = find_picture((nested, pictures), name)
    if picture is None:
        policy.refuse(
            "missing-picture",
            record.where,
            f"the picture {nested / name}.png does not exist",
            "unpack lines.tgz into lines/, or ask for ?missing-picture=skip",
        )
        return None
    return HandwrittenLine(
        name,
        text,
        split,
        partial(load_grey, picture),
        writers.get(record.form),
        record.form,
        {"file": str(picture), "words": "ok" if record.sound else "err"},
    )
