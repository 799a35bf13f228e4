"""Settings of the demo. Presets are YAML files in ``presets/``: ``demo``, and ``tiny`` to see every
station in a minute."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from common.settings import Settings, load

PRESETS = Path(__file__).parent / "presets"


class DemoSettings(Settings):
    """How much of everything.

    Attributes:
        train_lines, validation_lines, test_lines: rendered; the last two in hands never seen in training.
        lines_per_shard: lines in a shard.
        source, alphabet, target, recipe: what is written, and how it looks.
        benchmark: SPEC of the real handwriting that is fine-tuned on.
        pretrain, finetune: presets; the lists are ``key=value`` overrides of them.
        workers: rendering processes; 0 takes all cores.
        seed: of rendering; the test lines come from the next but one.
        shown: samples shown in the report.
    """

    train_lines: int = Field(32000, ge=1)
    validation_lines: int = Field(200, ge=1)
    test_lines: int = Field(500, ge=1)
    lines_per_shard: int = Field(1000, ge=1)
    source: str = "builtin:en"
    alphabet: str = "en"
    target: str = "demo"
    recipe: str = "demo"
    benchmark: str = "digits:"
    pretrain: str = "demo"
    pretrain_set: tuple[str, ...] = ()
    finetune: str = "finetune"
    finetune_set: tuple[str, ...] = ()
    workers: int = Field(0, ge=0)
    seed: int = Field(0, ge=0)
    shown: int = Field(40, ge=1)


def load_settings(name: str, overrides: Iterable[str] = ()) -> DemoSettings:
    """A preset by name, or a YAML file, with ``key=value`` overrides."""
    return load(DemoSettings, name, PRESETS, overrides)
