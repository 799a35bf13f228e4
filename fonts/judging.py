"""From measured files to hands: names, licence, verdict, kind, design and split of every face.

Pure but for the licence texts and the list of joined fonts that lie beside the fonts; no font is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from common.files import sha256_bytes
from fonts.design import Face, designs
from fonts.family import tidy
from fonts.folders import allowed
from fonts.hand import Axis, Hand, Traits
from fonts.kinds import kind_of
from fonts.licence import ALLOWED, UNKNOWN, face_licence
from fonts.probe import Probe
from fonts.supply import FAMILIES
from fonts.verdict import OK, verdict

LICENCE = "licence"  # the verdict on a font that is sound, and under none of the allowed licences


def judge(
    files: Mapping[str, Path],
    probes: Mapping[str, Probe],
    unreadable: Mapping[Path, str],
    folders: Sequence[Path],
) -> tuple[Hand, ...]:
    """The hands of all files, ordered by family, style and id.

    Args:
        files: SHA-256 -> path.
        probes: SHA-256 -> what was measured.
        unreadable: files and folders that were left out -> why.
        folders: where the files were found; those of later ones change nothing about earlier ones' hands.
    """
    joined = _joined(folders)
    free = [folder.absolute() for folder in folders if allowed(UNKNOWN, folder)]
    hands: list[Hand] = []
    signatures: list[str] = []
    for sha, path in sorted(files.items()):  # by hash: a design is named after its lowest member
        probe, named = probes[sha], joined.get(path, {})
        if probe.fault:
            hands.append(_bad_hand(sha, path, f"bad file: {probe.fault}"))
            signatures.append("")
        for number, face in enumerate(probe.faces):
            licence = named.get("licence") or face_licence(face["licences"], path)
            hand = _measured_hand(sha, path, number, {**face, **named}, licence)
            if hand.verdict == OK and licence not in ALLOWED and not _lies_in(path, free):
                hand = replace(hand, verdict=LICENCE)
            hands.append(hand)
            signatures.append(face["signature"])
    for path, why in sorted(unreadable.items()):
        hands.append(_bad_hand(sha256_bytes(bytes(path)), path, f"unreadable: {why}"))
        signatures.append("")
    divided = _divided(hands, signatures, folders)
    return tuple(sorted(divided, key=lambda hand: (hand.family.casefold(), hand.style, hand.id)))


def _joined(folders: Sequence[Path]) -> dict[Path, dict[str, str]]:
    """The names of fonts that were joined from parts: inside they are neutral, as licences ask."""
    names: dict[Path, dict[str, str]] = {}
    for listed in (folder / FAMILIES for folder in folders):
        if listed.is_file():
            told = json.loads(listed.read_text(encoding="utf-8"))
            for name, row in told.items():
                path = (listed.parent / name).absolute()
                names[path] = {key: row[key] for key in ("family", "style", "licence")}
    return names


def _lies_in(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _measured_hand(sha: str, path: Path, number: int, face: Mapping[str, Any], licence: str) -> Hand:
    traits = Traits(
        slant=face["slant"],
        stroke=face["stroke_x"],
        width=face["width_x"],
        contrast=face["contrast"],
        joined=face["joined"],
        space=face["space"],
    )
    return Hand(
        id=sha[:16] + (f"-{number}" if number else ""),
        family=face["family"],
        style=face["style"],
        path=path,
        face=number,
        sha256=sha,
        licence=licence,
        characters=frozenset(face["characters"] + face["wide"]),
        x_height=face["x_height"],
        design="",
        split="train",
        verdict=verdict(face),
        kind=kind_of(face["family"], traits),
        traits=traits,
        axes=tuple(Axis(*axis) for axis in face["axes"]),
        features=tuple(face["features"]),
        wide=frozenset(face["wide"]),
    )


def _bad_hand(sha: str, path: Path, said: str) -> Hand:
    return Hand(sha[:16], tidy(path.stem), "", path, 0, sha, UNKNOWN, frozenset(), 0.0, "", "train", said)


def _divided(hands: Sequence[Hand], signatures: Sequence[str], folders: Sequence[Path]) -> list[Hand]:
    """Design and split, which folders named later do not change; whole designs are held out."""
    width = max(map(len, signatures))
    found = designs(
        [
            Face(hand.id, hand.family, bits.ljust(width, "0"), _layer(hand.path, folders), hand.verdict == OK)
            for hand, bits in zip(hands, signatures, strict=True)
        ]
    )
    return [
        replace(
            hand,
            design=design,
            split="validation" if hand.verdict == OK and design in found.held_out else "train",
        )
        for hand, design in zip(hands, found.of, strict=True)
    ]


def _layer(path: Path, folders: Sequence[Path]) -> int:
    """Which of the folders, the first one, a file lies in."""
    return next(n for n, folder in enumerate(folders) if path.is_relative_to(folder.absolute()))
