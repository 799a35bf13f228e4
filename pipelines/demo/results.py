"""What a demo has found, as one record and as JSON."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from corpora.corpus import Corpus
from fonts.catalogue import Catalogue
from pipelines.demo.stations import Reading, Stations
from shards.manifest import Manifest

# What was read, and with which model.
SYNTHETIC, REAL = "synthetic lines in hands never seen", "real handwriting"
UNTRAINED, PRETRAINED = "random weights", "pretrained"
TUNED, SCRATCH = "pretrained, then fine-tuned", "fine-tuned from random weights"
VERSIONS = (
    "inkmill",
    "torch",
    "numpy",
    "pillow",
    "uharfbuzz",
    "freetype-py",
    "opencv-python",
    "opencv-python-headless",
    "augraphy",
    "ray",
)


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything the report tells of.

    Attributes:
        manifests: of the rendered parts, by name.
        readings: the evaluations, by what was read and with which model.
    """

    stations: Stations
    catalogue: Catalogue
    corpus: Corpus
    manifests: dict[str, Manifest]
    readings: dict[tuple[str, str], Reading]


def results(demo: Demo) -> dict[str, Any]:
    """All figures of a demo as JSON."""
    settings = demo.stations.settings
    return {
        "figures": [
            {"data": data, "split": "test", "model": model, **reading.evaluation.to_json()}
            for (data, model), reading in demo.readings.items()
        ],
        "rendered": {
            part: {
                "lines": m.samples,
                "bytes": m.bytes,
                "dropped": m.drops,
                "missing": m.missing,
                "hands": len(m.fonts),
            }
            for part, m in demo.manifests.items()
        },
        "text": {"dropped": demo.corpus.counts.dropped, "documents": len(demo.corpus)},
        "fonts": {"all": len(demo.catalogue.hands), "refused": refused_fonts(demo.catalogue)},
        "seconds": {name: round(seconds, 1) for name, seconds in demo.stations.record.seconds.items()},
        "commands": demo.stations.record.commands,
        "settings": settings.model_dump(mode="json"),
        "versions": versions(),
    }


def refused_fonts(catalogue: Catalogue) -> dict[str, int]:
    """Fonts that may not write, counted by reason, most frequent first."""
    counts: dict[str, int] = {}
    for hand in catalogue.hands:
        if hand.verdict != "ok":
            counts[hand.verdict] = counts.get(hand.verdict, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def versions() -> dict[str, str]:
    """Python, the system, and the libraries that decide the result."""
    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in VERSIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
