"""Runs the demo's stations in order and writes what they found."""

from __future__ import annotations

from pathlib import Path

from common.errors import DataError
from common.files import write_json
from common.progress import say
from pipelines.demo.report import write_demo_report
from pipelines.demo.results import PRETRAINED, REAL, SCRATCH, SYNTHETIC, TUNED, UNTRAINED, Demo, results
from pipelines.demo.settings import DemoSettings, load_settings
from pipelines.demo.stations import Record, Stations

SETTINGS = "settings.yaml"


def run_demo(settings: DemoSettings, out: Path) -> Demo:
    """Run every station; what is finished stays, what was interrupted goes on.

    Raises:
        DataError: ``out`` holds a demo of other settings.
        KeyboardInterrupt: stopped; the same call goes on.
    """
    _claim(settings, out)
    stations = Stations(settings, out, Record.open(out))
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
    test, benchmark = f"shards:{stations.shards('test')}", settings.benchmark
    readings = {
        (SYNTHETIC, UNTRAINED): stations.read(stations.untrained(), test, "with random weights"),
        (SYNTHETIC, PRETRAINED): stations.read(pretrained, test, "after pretraining", out / "pretrain"),
        (REAL, PRETRAINED): stations.read(pretrained, benchmark, "real lines at once", out / "pretrain"),
        (REAL, TUNED): stations.read(tuned, benchmark, "real lines after fine-tuning", out / "finetune"),
        (REAL, SCRATCH): stations.read(
            fresh, benchmark, "real lines without pretraining", out / "from-scratch"
        ),
    }
    demo = Demo(stations, catalogue, corpus, manifests, readings)
    write_json(out / "results.json", results(demo))
    say("7 of 7: the report is written.")
    write_demo_report(out / "report.html", demo)
    return demo


def _claim(settings: DemoSettings, out: Path) -> None:
    path = out / SETTINGS
    if path.is_file():
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
