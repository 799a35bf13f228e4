"""The catalogue: every face found, what it draws, whether it may write; and the choice of a hand for a text.

Built once from folders (:mod:`fonts.probe` does the measuring) and kept in the user's cache: a plain JSON
file that workers can load by path. The catalogue itself opens no font.
"""

from __future__ import annotations

import functools
import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import DataError, InkmillError, UsageError, nearest
from common.files import cache_dir, fingerprint, sha256_file, write_atomic
from fonts import probe as probing
from fonts.choice import HandChoice
from fonts.family import plain
from fonts.files import SUFFIXES, FontFiles, font_files
from fonts.folders import added_folders, allowed
from fonts.hand import Axis, Hand, HandSplit, Traits
from fonts.judging import judge
from fonts.licence import UNKNOWN
from fonts.supply import sync
from fonts.verdict import OK
from fonts.writers import ANY, Writers

_FORMAT = 3
_RULES = (
    *("verdict.py", "refusals.yaml", "design.py", "family.py", "families.yaml", "licence.py"),
    *("judging.py", "kinds.py", "kinds.yaml"),
)
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

    def of_family(self, family: str) -> Catalogue:
        """The hands of one family.

        Raises:
            UsageError: there is none of that name.
        """
        names = {plain(hand.family): hand.family for hand in self.hands}
        if plain(family) not in names:
            raise UsageError(f"There is no family '{family}'", nearest(family, names.values(), 10))
        return Catalogue(tuple(hand for hand in self.hands if plain(hand.family) == plain(family)))

    def choose(
        self,
        rng: np.random.Generator,
        text: str,
        split: HandSplit,
        variants: int = 0,
        writers: Writers = ANY,
    ) -> Hand | None:
        """A hand that draws every character of ``text``; see :class:`fonts.choice.HandChoice`.

        Returns:
            None if no hand of the split covers the text.
        """
        return self.choice(split).draw(rng, text, writers, variants)

    def choice(self, split: HandSplit) -> HandChoice:
        """What draws the hands of a split; made once."""
        if split not in self._choices:
            self._choices[split] = HandChoice(self.usable(split))
        return self._choices[split]

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
    def _choices(self) -> dict[HandSplit, HandChoice]:
        return {}


def one_a_design(hands: Sequence[Hand], limit: int = 0) -> list[Hand]:
    """One usable font of every design, the regular style if there is one, in the order of the designs' ids.

    Args:
        hands: any.
        limit: of designs; 0 takes all.
    """
    usable = sorted(
        (hand for hand in hands if hand.verdict == OK), key=lambda h: (h.style == "Regular", h.id)
    )
    face_of = {hand.design: hand for hand in usable}
    return [face_of[design] for design in sorted(face_of)][: limit or None]


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
        folders: searched with all their sub-folders; see :mod:`fonts.files`.
        workers: number of measuring processes; 0 takes one a core.
        progress: told (files measured, files to measure).

    Raises:
        DataError: a folder is missing, or there is no font file in any of them.
    """
    found = font_files(folders)
    if not found.unique and not found.unreadable:
        raise DataError(
            f"There is no font in {', '.join(map(str, folders)) or 'no folder at all'}",
            "files ending in " + ", ".join(sorted(SUFFIXES)),
            "run `inkmill fonts sync` or `inkmill fonts add DIR`",
        )
    cached = cache_dir() / "fonts" / f"catalogue-{_key(found, folders)}.json"
    if cached.is_file():
        return load_catalogue(cached)
    probes = probing.probe_files(found.unique, workers or os.cpu_count() or 1, progress=progress)
    catalogue = Catalogue(judge(found.unique, probes, found.unreadable, folders))
    catalogue.write(cached)
    return catalogue


def load_catalogue(path: Path) -> Catalogue:
    """Read what :meth:`Catalogue.write` wrote.

    Raises:
        DataError: the file is missing, damaged or of another format.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
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
        *(astuple(hand.traits), hand.axes, hand.features, "".join(sorted(hand.wide))),
    ]


def _hand(row: list[Any], alphabets: list[frozenset[str]]) -> Hand:
    *named, alphabet, x_height, design, split, verdict, kind, traits, axes, features, wide = row
    identity, family, style, path, face, sha256, licence = named
    return Hand(
        *(identity, family, style, Path(path), face, sha256, licence, alphabets[alphabet]),
        *(x_height, design, split, verdict, kind),
        traits=Traits(*traits),
        axes=tuple(Axis(*axis) for axis in axes),
        features=tuple(features),
        wide=frozenset(wide),
    )


def _key(found: FontFiles, folders: Sequence[Path]) -> str:
    """Changes with files, measures and rules, so that no catalogue outlives them."""
    places = {sha256: str(path) for sha256, path in found.unique.items()}
    order = [str(folder.absolute()) for folder in folders]
    unreadable = {str(path): why for path, why in found.unreadable.items()}
    free = [str(folder.absolute()) for folder in folders if allowed(UNKNOWN, folder)]
    return fingerprint([_FORMAT, probing.VERSION, _rules_hash(), places, unreadable, order, free])


@functools.cache
def _rules_hash() -> str:
    room = Path(__file__).parent
    return fingerprint([sha256_file(room / name) for name in _RULES])
