"""The catalogue: every face found, what it draws, whether it may write; and the choice of a hand for a text.

Built once from folders (:mod:`fonts.probe` does the measuring) and kept in the user's cache: a plain JSON
file that workers can load by path. The catalogue itself opens no font.
"""

from __future__ import annotations

import functools
import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from common.errors import DataError, InkmillError
from common.files import cache_dir, fingerprint, sha256_file, write_atomic
from fonts import probe as probing
from fonts.design import clusters, held_out
from fonts.folders import added_folders
from fonts.hand import Hand, HandSplit
from fonts.licence import UNKNOWN, face_licence
from fonts.supply import SUFFIXES, sync
from fonts.verdict import OK, verdict

_FORMAT = 1
_TRIES = 32
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Catalogue:
    """All faces that were found.

    Attributes:
        hands: usable and rejected, ordered by family, style and id; a rejected hand's verdict says why.
    """

    hands: tuple[Hand, ...]

    @functools.cached_property
    def fingerprint(self) -> str:
        """16 hex digits, equal for equal hands, wherever their files lie."""
        return fingerprint(
            sorted(
                [h.id, h.sha256, h.verdict, h.design, h.split, h.x_height, "".join(sorted(h.characters))]
                for h in self.hands
            )
        )

    def usable(self, split: HandSplit) -> tuple[Hand, ...]:
        """The hands of a split that may write."""
        return tuple(hand for design in self._designs[split] for hand in design)

    def choose(self, rng: np.random.Generator, text: str, split: HandSplit) -> Hand | None:
        """A hand that draws every character of ``text``: uniform over designs, then over the design's files.

        Returns:
            None if no hand of the split covers the text.
        """
        designs = self._designs[split]
        if not designs:
            return None
        wanted = frozenset(text)
        for _ in range(_TRIES):
            if covering := _covering(designs[rng.integers(len(designs))], wanted):
                return covering[rng.integers(len(covering))]
        able = [covering for design in designs if (covering := _covering(design, wanted))]
        if not able:
            return None
        covering = able[rng.integers(len(able))]
        return covering[rng.integers(len(covering))]

    def write(self, path: Path) -> None:
        """Write the catalogue as JSON; character sets that several hands share are written once."""
        alphabets = {c: n for n, c in enumerate(dict.fromkeys(hand.characters for hand in self.hands))}
        record = {
            "format": _FORMAT,
            "alphabets": ["".join(sorted(characters)) for characters in alphabets],
            "hands": [_row(hand, alphabets[hand.characters]) for hand in self.hands],
        }
        write_atomic(path, json.dumps(record, ensure_ascii=False))

    @functools.cached_property
    def _designs(self) -> dict[HandSplit, tuple[tuple[Hand, ...], ...]]:
        grouped: dict[HandSplit, dict[str, list[Hand]]] = {split: {} for split in get_args(HandSplit)}
        for hand in self.hands:
            if hand.verdict == OK:
                grouped[hand.split].setdefault(hand.design, []).append(hand)
        return {split: tuple(map(tuple, designs.values())) for split, designs in grouped.items()}


def default_catalogue(progress: Callable[[int, int], None] | None = None) -> Catalogue:
    """The catalogue of the fetched fonts and of the folders that the user has added.

    Fonts are fetched if they are not there. Where that is impossible, the user's own folders are enough.
    """
    folders = added_folders()
    try:
        folders = (sync(), *folders)
    except InkmillError as error:
        if not folders:
            raise
        _log.warning("Only the added font folders are used. %s", error)
    return build_catalogue(folders, progress=progress)


def build_catalogue(
    folders: Sequence[Path],
    workers: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Catalogue:
    """Measure and judge every font file under ``folders``; what was measured before is not measured again.

    Args:
        folders: searched with all their sub-folders for .ttf, .otf, .ttc and .woff2, in upper or lower case.
        workers: number of measuring processes; 0 takes one a core.
        progress: told (files measured, files to measure).

    Raises:
        DataError: a folder is missing, or there is no font file in any of them.
    """
    files = _unique_files(folders)
    key = fingerprint(
        [_FORMAT, probing.VERSION, _rules_hash(), {sha: str(path) for sha, path in files.items()}]
    )
    cached = cache_dir() / "fonts" / f"catalogue-{key}.json"
    if cached.is_file():
        return load_catalogue(cached)
    probes = probing.probe_files(files, workers or os.cpu_count() or 1, progress=progress)
    catalogue = _judged(files, probes)
    catalogue.write(cached)
    return catalogue


def load_catalogue(path: Path) -> Catalogue:
    """Read what :meth:`Catalogue.write` wrote.

    Raises:
        DataError: the file is missing, damaged or of another format.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] != _FORMAT:
            raise DataError(
                f"The catalogue {path} has format {record['format']}",
                f"format {_FORMAT}",
                "delete it and build it anew",
            )
        alphabets = [frozenset(characters) for characters in record["alphabets"]]
        return Catalogue(tuple(_hand(row, alphabets) for row in record["hands"]))
    except OSError as error:
        raise DataError(f"The catalogue {path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DataError(
            f"The catalogue {path} is damaged ({type(error).__name__}: {error})", remedy="build it anew"
        ) from None


def _covering(design: tuple[Hand, ...], wanted: frozenset[str]) -> list[Hand]:
    return [hand for hand in design if wanted <= hand.characters]


def _row(hand: Hand, alphabet: int) -> list[Any]:
    return [
        *(hand.id, hand.family, hand.style, str(hand.path), hand.face, hand.sha256, hand.licence),
        *(alphabet, hand.x_height, hand.design, hand.split, hand.verdict),
    ]


def _hand(row: list[Any], alphabets: list[frozenset[str]]) -> Hand:
    identity, family, style, path, face, sha256, licence, alphabet, x_height, design, split, said = row
    return Hand(
        identity,
        family,
        style,
        Path(path),
        face,
        sha256,
        licence,
        alphabets[alphabet],
        x_height,
        design,
        split,
        said,
    )


def _unique_files(folders: Sequence[Path]) -> dict[str, Path]:
    """SHA-256 -> the first path with that content."""
    unique: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise DataError(
                f"The font folder {folder} does not exist",
                "a folder",
                "check the path, or `inkmill fonts remove` it",
            )
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in SUFFIXES and file.is_file():
                unique.setdefault(_hash(file), file.absolute())
    if not unique:
        raise DataError(
            f"There is no font in {', '.join(map(str, folders)) or 'no folder at all'}",
            "files ending in " + ", ".join(sorted(SUFFIXES)),
            "run `inkmill fonts sync` or `inkmill fonts add DIR`",
        )
    return unique


def _hash(file: Path) -> str:
    try:
        return sha256_file(file)
    except OSError as error:
        raise DataError(
            f"The font {file} cannot be read: {error.strerror}", remedy="let it be read, or remove it"
        ) from None


@functools.cache
def _rules_hash() -> str:
    """Changes with the rules, so that a cached catalogue never outlives them."""
    room = Path(__file__).parent
    return fingerprint(
        [sha256_file(room / name) for name in ("verdict.py", "refusals.yaml", "design.py", "licence.py")]
    )


def _judged(files: Mapping[str, Path], probes: Mapping[str, probing.Probe]) -> Catalogue:
    hands: list[Hand] = []
    signatures: list[str] = []
    for sha, path in sorted(files.items()):  # by hash: a design is named after its lowest member
        probe = probes[sha]
        if probe.fault:
            hands.append(_bad_hand(sha, path, probe.fault))
            signatures.append("")
        for number, face in enumerate(probe.faces):
            hands.append(_measured_hand(sha, path, number, face))
            signatures.append(face["signature"])
    width = max(map(len, signatures))
    firsts = clusters([s.ljust(width, "0") for s in signatures], [hand.family for hand in hands])
    hands = [replace(hand, design=hands[first].id) for hand, first in zip(hands, firsts, strict=True)]
    counted = Counter(hand.design for hand in hands if hand.verdict == OK)
    validation = held_out(counted)
    split = [replace(hand, split="validation" if hand.design in validation else "train") for hand in hands]
    return Catalogue(tuple(sorted(split, key=lambda h: (h.family.casefold(), h.style, h.id))))


def _measured_hand(sha: str, path: Path, number: int, face: Mapping[str, Any]) -> Hand:
    return Hand(
        id=sha[:16] + (f"-{number}" if number else ""),
        family=face["family"],
        style=face["style"],
        path=path,
        face=number,
        sha256=sha,
        licence=face_licence(face["licences"], path),
        characters=frozenset(face["characters"]),
        x_height=face["x_height"],
        design="",
        split="train",
        verdict=verdict(face),
    )


def _bad_hand(sha: str, path: Path, fault: str) -> Hand:
    return Hand(
        sha[:16], path.stem, "", path, 0, sha, UNKNOWN, frozenset(), 0.0, "", "train", f"bad file: {fault}"
    )
