"""Runs the demo's stations in order and writes what they found."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from common.errors import DataError
from common.files import write_json
from common.progress import say
from corpora.corpus import Corpus
from fonts.catalogue import Catalogue
from pipelines.demo.settings import DemoSettings
from pipelines.demo.stations import Reading, Stations
from shards.manifest import Manifest

SETTINGS = "settings.yaml"
SYNTHETIC = "synthetic lines in hands never seen"
VERSIONS = (
    "inkmill",
    "torch",
    "numpy",
    "pillow",
    "uharfbuzz",
    "freetype-py",
    "opencv-python",
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


def run_demo(settings: DemoSettings, out: Path) -> Demo:
    """Run every station; what is finished stays, what was interrupted goes on.

    Raises:
        DataError: ``out`` holds a demo of other settings.
        KeyboardInterrupt: stopped; the same call goes on.
    """
    from pipelines.demo.report import write_demo_report

    _claim(settings, out)
    stations = Stations(settings, out)
    say("1 of 7: fonts. Open handwriting fonts are fetched, checked and probed.")
    catalogue = stations.fonts()
    say("2 of 7: text. English prose that this machine already has is cleaned.")
    corpus = stations.corpus()
    say("3 of 7: rendering. Lines are written in many hands on worn paper and packed into shards.")
    parts = {
        "train": (settings.train_lines, "train", settings.seed),
        "validation": (settings.validation_lines, "validation", settings.seed + 1),
        "test": (settings.test_lines, "validation", settings.seed + 2),
    }
    manifests = {part: stations.render(part, *how) for part, how in parts.items()}
    say("4 of 7: pretraining. A small DRetHTR learns to read the rendered lines.")
    pretrained = stations.pretrain()
    say("5 of 7: fine-tuning. It goes on with real handwriting; so does a model that starts from nothing.")
    tuned = stations.finetune("finetune", pretrained=True)
    fresh = stations.finetune("from-scratch", pretrained=False)
    say("6 of 7: reading. The test lines are read, once.")
    test, real = f"shards:{stations.shards('test')}", settings.benchmark
    read = stations.read
    readings = {
        (SYNTHETIC, "before pretraining"): read(stations.untrained(), test, "synthetic, untrained"),
        (SYNTHETIC, "after pretraining"): read(pretrained, test, "synthetic, pretrained", out / "pretrain"),
        (real, "after pretraining"): read(pretrained, real, "real, pretrained", out / "pretrain"),
        (real, "after fine-tuning"): read(tuned, real, "real, fine-tuned", out / "finetune"),
        (real, "from random weights"): read(fresh, real, "real, from random weights", out / "from-scratch"),
    }
    demo = Demo(stations, catalogue, corpus, manifests, readings)
    write_json(out / "results.json", results(demo))
    say("7 of 7: the report is written.")
    write_demo_report(out / "report.html", demo)
    return demo


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


def _claim(settings: DemoSettings, out: Path) -> None:
    path = out / SETTINGS
    if path.is_file():
        from pipelines.demo.settings import load_settings

        if load_settings(str(path)) != settings:
            raise DataError(
                f"{out} holds a demo of other settings",
                "the settings it was begun with",
                "name another folder with --out",
            )
        return
    if out.is_dir() and any(out.iterdir()):
        raise DataError(
            f"{out} is not empty and holds no demo",
            "an empty or new folder",
            "name another folder with --out",
        )
    settings.write(path)
