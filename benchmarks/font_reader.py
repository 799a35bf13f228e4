"""Fits the reader of single letters (``fonts/reader.json``) on the sound fonts of a folder; for maintainers.

    python benchmarks/font_reader.py LIBRARY [--write]

Prints how many characters it reads right in families that it was not fitted on (five parts, split by the
first word of the family's folder), and that of the least legible face and of the median one.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import sha256_file, write_atomic
from fonts.measure import pictured
from fonts.probe import probe_files
from fonts.reader import CHARACTERS, WEIGHTS, Vectors, alike, describe, pack
from fonts.sfnt import font_bytes
from fonts.verdict import OK, verdict

_PARTS = 5


@dataclass(frozen=True)
class Samples:
    """Described pictures (N, features), the characters they show, the faces and series they come from."""

    vectors: Vectors
    characters: NDArray[Any]
    faces: NDArray[Any]
    series: NDArray[Any]


def main() -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(description="Fit the reader of single letters.")
    parser.add_argument("library", type=Path)
    parser.add_argument("--write", action="store_true", help="write fonts/reader.json")
    arguments = parser.parse_args()
    samples = _samples(arguments.library)
    right = _held_out(samples)
    by_face = [right[samples.faces == face].mean() for face in np.unique(samples.faces)]
    sys.stdout.write(
        f"{len(by_face)} sound faces, {len(right)} pictures: {right.mean():.1%} read right in families not "
        f"fitted on; by face at least {min(by_face):.0%}, half of them {np.median(by_face):.0%}\n"
    )
    if arguments.write:
        write_atomic(WEIGHTS, pack(_fitted(samples, np.full(len(right), True))))


def _samples(library: Path) -> Samples:
    hashes = {sha256_file(path): path for path in sorted(library.rglob("*.[to]tf"))}
    probes = probe_files(hashes, os.cpu_count() or 1)
    vectors, characters, faces, series = [], [], [], []
    for sha, path in hashes.items():
        if probes[sha].fault or verdict(probes[sha].faces[0]) != OK:
            continue
        face = probes[sha].faces[0]
        pictures, x_pixels = pictured(font_bytes(path), face["characters"], face["x_height"])
        vectors.append(describe(pictures, x_pixels, face["slant"]))
        characters += [CHARACTERS.index(c) for c in pictures]
        faces += [sha] * len(pictures)
        series += [path.parent.name.partition("-")[0]] * len(pictures)
    return Samples(np.concatenate(vectors), np.array(characters), np.array(faces), np.array(series))


def _held_out(samples: Samples) -> NDArray[np.bool_]:
    """Whether each picture is read right by weights that its series had no part in."""
    names = np.unique(samples.series)
    right = np.zeros(len(samples.characters), bool)
    for part in range(_PARTS):
        held = np.isin(samples.series, names[part::_PARTS])
        weights = _fitted(samples, ~held)
        best = (samples.vectors[held] @ weights[:-1] + weights[-1]).argmax(axis=1)
        read = alike("".join(CHARACTERS[n] for n in best))
        shown = alike("".join(CHARACTERS[n] for n in samples.characters[held]))
        right[held] = np.array(list(read)) == np.array(list(shown))
    return right


def _fitted(samples: Samples, chosen: NDArray[np.bool_]) -> Vectors:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.05)
    model.fit(samples.vectors[chosen], samples.characters[chosen])
    return np.concatenate([model.coef_.T, model.intercept_[None]]).astype(np.float32)


if __name__ == "__main__":
    main()
