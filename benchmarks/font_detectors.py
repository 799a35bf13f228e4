"""Precision and recall of the defect detectors against a list of verdicts on a font library.

    python benchmarks/font_detectors.py INDEX.csv LIBRARY

INDEX.csv names font files relative to LIBRARY with the columns ``path``, ``drop`` and ``flags``, filled by
heuristics and eyes. Printed by kind: how many the index has, precision and recall as they stand, and the same
after the disagreements were looked at (``font_disagreements.yaml``: who is right and why). Every
disagreement follows with its reason.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from common.files import sha256_file
from fonts.probe import probe_files
from fonts.verdict import defects, notes

Row = Mapping[str, str]
Face = Mapping[str, Any]
Judged = Mapping[tuple[str, str], tuple[str, str]]  # (path, kind) -> (who is right, why)

_LATIN_1 = frozenset("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ")


@dataclass(frozen=True)
class Kind:
    """A kind of defect: what the index says of a file, and what the detector says of its face."""

    listed: Callable[[Row], bool]
    found: Callable[[Face], bool]


def _dropped(*words: str) -> Callable[[Row], bool]:
    return lambda row: any(word in row["drop"] for word in words)


def _flagged(word: str) -> Callable[[Row], bool]:
    return lambda row: word in row["flags"]


def _broken(rule: str) -> Callable[[Face], bool]:
    return lambda face: rule in defects(face)


def _noted(note: str) -> Callable[[Face], bool]:
    return lambda face: note in notes(face)


def _close(row: Row) -> bool:
    """Whether the blank is narrower than a third of the x-height; ruled lines spoil the index's x-height."""
    narrow = float(row["space"] or 0) < 0.32 * float(row["x_h"] or 0)
    return narrow and "guide lines" not in row["drop"]


def _refused(face: Face) -> bool:
    return defects(face)[:1] != () and defects(face)[0].startswith("refused: ")


KINDS = {
    "guide lines": Kind(_dropped("guide lines"), _broken("guide-lines")),
    "dotted, outlined, double strokes": Kind(_dropped("dotted", "outline"), _broken("dotted-or-outlined")),
    "all capitals, unicase": Kind(_dropped("caps"), _broken("unicase")),
    "hairline": Kind(_dropped("hairline"), _broken("hairline")),
    "mapped but blank": Kind(_flagged("blank:"), _broken("no-ink")),
    "missing basic characters": Kind(_flagged("missing-punct"), _noted("missing-basic")),
    "accent mapped but not drawn": Kind(
        _flagged("accent-not-drawn"), lambda face: not _LATIN_1.isdisjoint(face["undrawn"])
    ),
    "ink outside ascent and descent": Kind(_flagged("ink-outside"), _noted("ink-outside-metrics")),
    "words too close": Kind(_close, _broken("narrow-space")),
    "letters or digits are icons": Kind(_dropped("icons"), _broken("dingbats")),
    "rough outlines": Kind(_flagged("rough-outline"), _noted("rough-outlines")),
    "not handwriting": Kind(_dropped("not handwriting", "blackletter"), _refused),
}


def main() -> None:
    """Print the table and the disagreements."""
    parser = argparse.ArgumentParser(description="Detectors of font defects against a list of verdicts.")
    parser.add_argument("index", type=Path, help="CSV with path, drop and flags")
    parser.add_argument("library", type=Path, help="folder that the paths are relative to")
    arguments = parser.parse_args()
    with arguments.index.open(encoding="utf-8", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    faces, faults = _faces(arguments.library, rows)
    judged = _judged(faces)
    sys.stdout.writelines(f"{line}\n" for line in _report(rows, faces, faults, judged))


def _report(
    rows: Mapping[str, Row], faces: Mapping[str, Face], faults: Mapping[str, str], judged: Judged
) -> Iterator[str]:
    yield f"{len(rows)} files listed, {len(faces)} measured, {len(faults)} bad files {faults or ''}"
    yield "\n| kind | listed | found | precision | recall | looked at: precision | recall |"
    yield "|---|---|---|---|---|---|---|"
    for name, kind in KINDS.items():
        yield _line(name, kind, rows, faces, judged)
    for name, kind in KINDS.items():
        yield f"\n{name}:"
        for path in sorted(_disagreements(kind, rows, faces)):
            side = "listed, not found" if kind.listed(rows[path]) else "found, not listed"
            right, why = judged.get((path, name), ("nobody", "not looked at yet"))
            yield f"  {side}: {path}: {right} is right: {why}"


def _faces(library: Path, rows: Iterable[str]) -> tuple[dict[str, Face], dict[str, str]]:
    hashes = {path: sha256_file(library / path) for path in rows if (library / path).is_file()}
    probes = probe_files({sha: library / path for path, sha in hashes.items()}, os.cpu_count() or 1)
    faults = {path: probes[sha].fault for path, sha in hashes.items() if probes[sha].fault}
    return {path: probes[sha].faces[0] for path, sha in hashes.items() if path not in faults}, faults


def _judged(paths: Iterable[str]) -> Judged:
    looked_at = yaml.safe_load(
        Path(__file__).with_name("font_disagreements.yaml").read_text(encoding="utf-8")
    )
    return {
        (path, item["kind"]): (item["right"], item["why"])
        for item in looked_at
        for path in paths
        if any(fnmatch(path, pattern) for pattern in item["files"])
    }


def _disagreements(kind: Kind, rows: Mapping[str, Row], faces: Mapping[str, Face]) -> set[str]:
    return {path for path, face in faces.items() if kind.listed(rows[path]) != kind.found(face)}


def _line(
    name: str,
    kind: Kind,
    rows: Mapping[str, Row],
    faces: Mapping[str, Face],
    judged: Judged,
) -> str:
    listed = {path for path in faces if kind.listed(rows[path])}
    found = {path for path, face in faces.items() if kind.found(face)}
    corrected = {path for path in listed ^ found if judged.get((path, name), ("", ""))[0] == "detector"}
    figures = (*_precision_recall(listed, found), *_precision_recall(listed ^ corrected, found))
    return f"| {name} | {len(listed)} | {len(found)} | " + " | ".join(f"{f:.2f}" for f in figures) + " |"


def _precision_recall(true: set[str], found: set[str]) -> tuple[float, float]:
    both = len(true & found)
    return both / len(found) if found else 1.0, both / len(true) if true else 1.0


if __name__ == "__main__":
    main()
