"""Figures of the fonts room: what a font costs to measure, a catalogue to load, look-alikes to find, hands to
choose and variants to write."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pipelines.bench.figure import Figure

if TYPE_CHECKING:
    from fonts.catalogue import Catalogue

_FILES = 48
_CHOICES = 5_000
_REPEATS = 5
_FACES = 12_000
_VARIED = 120  # lines
_TEXT = "The quick brown fox jumps over 12 dogs"


def measure() -> list[Figure]:
    """Measure on the default catalogue (fetched fonts and added folders); takes a few seconds."""
    from fonts.catalogue import default_catalogue

    catalogue = default_catalogue()
    return [
        *(_probe(catalogue), _load(catalogue), _again(), _designs()),
        *(_choose(catalogue), _variants(catalogue)),
    ]


def _probe(catalogue: Catalogue) -> Figure:
    from fonts.measure import measure as measure_face
    from fonts.sfnt import font_bytes

    hands = catalogue.hands[:: max(1, len(catalogue.hands) // _FILES)][:_FILES]
    times = []
    for hand in (hands[0], *hands):  # the first one pays for the imports
        start = time.process_time()
        measure_face(font_bytes(hand.path), hand.face)
        times.append(1000 * (time.process_time() - start))
    times = times[1:]
    compared = f"processor time, {len(hands)} files; {min(times):.0f} to {max(times):.0f} ms"
    return Figure("measure a font", median(times), "ms", 45.0, False, compared)


def _load(catalogue: Catalogue) -> Figure:
    from fonts.catalogue import load_catalogue

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.json"
        catalogue.write(path)
        size = path.stat().st_size / 1024
        return _figure(
            "load a catalogue", lambda: load_catalogue(path), f"{len(catalogue.hands)} hands, {size:.0f} KiB"
        )


def _again() -> Figure:
    from fonts.catalogue import default_catalogue

    return _figure(
        "default catalogue, second run", default_catalogue, "looks at every file, measures none", 1000.0
    )


def _designs() -> Figure:
    """Faces of random shapes, twenty look-alikes a design: the worst case, as all have as much ink."""
    import numpy as np

    from common.seeds import stream
    from fonts.design import Face, designs

    rng = stream(0, 0, "bench")
    shapes = np.repeat(rng.random((_FACES // 20, 18 * 256)) < 0.3, 20, axis=0)
    shapes ^= rng.random(shapes.shape) < 0.005
    names = map(str, range(_FACES))
    faces = [
        Face(name, name, np.packbits(shape).tobytes().hex())
        for name, shape in zip(names, shapes, strict=True)
    ]
    seconds = _seconds(lambda: designs(faces))
    return Figure("find look-alikes", seconds, "s", None, False, f"{_FACES} faces, one run")


def _variants(catalogue: Catalogue) -> Figure:
    """Lines by variants and by the fonts as they are, in turn."""
    from common.seeds import stream
    from corpora.text_line import TextLine
    from fonts.variants import vary
    from synth.recipe import load_recipe
    from synth.render import render

    recipe, line = load_recipe("demo"), TextLine(_TEXT, "bench", 0)
    fonts = [hand for i in range(_VARIED) if (hand := catalogue.choose(stream(0, i, "hand"), _TEXT, "train"))]
    varied = [vary(hand, 1 + number % 8) for number, hand in enumerate(fonts)]
    times: dict[str, list[float]] = {"font": [], "variant": []}
    for _ in range(_REPEATS + 1):  # the first opens the fonts
        for kind, hands in zip(times, (fonts, varied), strict=True):
            start = time.process_time()
            for number, hand in enumerate(hands):
                render(line, hand, recipe, 0, number)
            times[kind].append(1000 * (time.process_time() - start) / len(hands))
    font, variant = (median(found[1:]) for found in times.values())
    compared = f"processor time, demo recipe; {font:.2f} ms by the font as it is"
    return Figure("a line by a variant", variant, "ms", None, False, compared)


def _choose(catalogue: Catalogue) -> Figure:
    from common.seeds import stream

    def choices() -> None:
        rng = stream(0, 0, "bench")
        for _ in range(_CHOICES):
            catalogue.choose(rng, _TEXT, "train")

    rates = [_CHOICES / _seconds(choices) for _ in range(_REPEATS)]
    compared = f"{len(_TEXT)} characters; {min(rates):.0f} to {max(rates):.0f}"
    return Figure("choose a hand", median(rates), "hands/s", 20_000, True, compared)


def _figure(name: str, work: Callable[[], object], compared: str, target: float | None = None) -> Figure:
    times = [1000 * _seconds(work) for _ in range(_REPEATS)]
    return Figure(
        name, median(times), "ms", target, False, f"{compared}; {min(times):.0f} to {max(times):.0f} ms"
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
