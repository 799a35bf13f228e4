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
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import DataError, InkmillError
from common.files import cache_dir, fingerprint, sha256_file, write_atomic
from fonts import probe as probing
from fonts.choice import HandChoice
from fonts.design import clusters, held_out
from fonts.folders import added_folders
from fonts.hand import Axis, Hand, HandSplit, Traits
from fonts.kinds import USUAL, Kinds, kind_of
from fonts.licence import UNKNOWN, face_licence
from fonts.supply import SUFFIXES, sync
from fonts.verdict import OK, verdict

_FORMAT = 2
_RULES = ("verdict.py", "refusals.yaml", "design.py", "licence.py", "kinds.py", "kinds.yaml")
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
            sorted([*_row(h, 0)[:3], *_row(h, 0)[4:], "".join(sorted(h.characters))] for h in self.hands)
        )

    def usable(self, split: HandSplit) -> tuple[Hand, ...]:
        """The fonts of a split that may write."""
        return tuple(hand for hand in self.hands if hand.verdict == OK and hand.split == split)

    def choose(
        self,
        rng: np.random.Generator,
        text: str,
        split: HandSplit,
        variants: int = 0,
        kinds: Kinds = USUAL,
    ) -> Hand | None:
        """A hand that draws every character of ``text``; see :class:`fonts.choice.HandChoice`.

        Returns:
            None if no hand of the split covers the text.
        """
        return self.choice(split, kinds).draw(rng, text, variants)

    def choice(self, split: HandSplit, kinds: Kinds = USUAL) -> HandChoice:
        """What draws the hands of a split; made once."""
        if (split, kinds) not in self._choices:
            self._choices[split, kinds] = HandChoice(self.usable(split), kinds)
        return self._choices[split, kinds]

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
    def _choices(self) -> dict[tuple[HandSplit, Kinds], HandChoice]:
        return {}


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


def _row(hand: Hand, alphabet: int) -> list[Any]:
    return [
        *(hand.id, hand.family, hand.style, str(hand.path), hand.face, hand.sha256, hand.licence),
        *(alphabet, hand.x_height, hand.design, hand.split, hand.verdict, hand.kind),
        *(astuple(hand.traits), hand.axes, hand.features),
    ]


def _hand(row: list[Any], alphabets: list[frozenset[str]]) -> Hand:
    *named, alphabet, x_height, design, split, verdict, kind, traits, axes, features = row
    identity, family, style, path, face, sha256, licence = named
    return Hand(
        *(identity, family, style, Path(path), face, sha256, licence, alphabets[alphabet]),
        *(x_height, design, split, verdict, kind),
        traits=Traits(*traits),
        axes=tuple(Axis(*axis) for axis in axes),
        features=tuple(features),
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
    return fingerprint([sha256_file(room / name) for name in _RULES])


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
    traits = _traits(face)
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
        kind=kind_of(face["family"], traits),
        traits=traits,
        axes=tuple(Axis(*axis) for axis in face.get("axes", ())),
        features=tuple(face.get("features", ())),
    )


def _traits(face: Mapping[str, Any]) -> Traits:
    unknown = Traits()
    return Traits(
        slant=face.get("slant", unknown.slant),
        stroke=face["stroke_x"] or unknown.stroke,
        width=face.get("width_x", unknown.width),
        contrast=face.get("contrast", unknown.contrast),
        joined=face.get("joined", unknown.joined),
        space=face["space"],
    )


def _bad_hand(sha: str, path: Path, fault: str) -> Hand:
    return Hand(
        sha[:16], path.stem, "", path, 0, sha, UNKNOWN, frozenset(), 0.0, "", "train", f"bad file: {fault}"
    )
