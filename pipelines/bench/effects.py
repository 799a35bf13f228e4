"""What every pen and effect costs on a line of 64 x 900 pixels, and what a station does when off.

By CPU time of the one process, at strength 0.6, every call with other streams. Augraphy is measured
through the wall that makes its effects repeatable, so what the wall costs is in their figures.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from pipelines.bench.figure import Figure
from synth.effects import Chances, Field

CALLS = 40
REPEATS = 5
STRENGTH = 0.6
X_HEIGHT = 20.0
MEASURED = f"CPU time, 64 x 900, strength {STRENGTH}, median of {REPEATS} x {CALLS} calls"

Call = Callable[[int], object]


def measure() -> list[Figure]:
    """Milliseconds a line by effect; takes about a minute."""
    import cv2

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [
            Figure(name, _milliseconds(call), "ms/line", None, False, MEASURED)
            for name, call in _calls(drawn_line())
        ]
    finally:
        cv2.setNumThreads(threads)


def drawn_line() -> NDArray[np.uint8]:
    """Coverage of a line of script, uint8, (64, 900); drawn without a font file."""
    import cv2

    coverage = np.zeros((64, 900), np.uint8)
    text = "The quick brown fox jumps over the lazy dog"
    cv2.putText(coverage, text, (14, 42), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.05, 255, 2, cv2.LINE_AA)
    return coverage


def _calls(coverage: NDArray[np.uint8]) -> Iterator[tuple[str, Call]]:
    """What is measured, by name; each is called with a number that its streams depend on."""
    from synth.camera.augraphy_effects import EFFECTS as AUGRAPHY
    from synth.camera.augraphy_effects import AugraphySettings, apply_augraphy
    from synth.camera.effects import EFFECTS as CAMERA
    from synth.camera.effects import CameraSettings, photograph
    from synth.paper.piece import Piece
    from synth.paper.sheet import EFFECTS as PAPER

    bare = np.full(coverage.shape, 225, np.float32)
    page = bare - coverage * np.float32(180 / 255)
    image, piece = page.astype(np.uint8), Piece(coverage, X_HEIGHT)

    def own(name: str, effect: Callable[..., object], before: Field, *given: object) -> Call:
        return lambda number: effect(before.copy(), STRENGTH, Chances(name, number, number), *given)

    def foreign(settings: AugraphySettings) -> Call:
        return lambda number: apply_augraphy(image, settings, stream(0, number, "augraphy"))

    yield from _inks(coverage)
    for name, effect in PAPER.items():
        yield f"paper.{name}", own(name, effect, bare, piece)
    for name, effect in CAMERA.items():
        yield f"camera.{name}", own(name, effect, page)
    for name in AUGRAPHY:
        yield f"augraphy.{name}", foreign(AugraphySettings.parse({name: 1, "budget_ms": 1000}, name))
    off, kept, rng = CameraSettings(), stream(0, 0, "page"), stream(0, 0, "line")
    yield "camera, everything off", lambda _: photograph(page, off, kept, rng)


def _inks(coverage: NDArray[np.uint8]) -> Iterator[tuple[str, Call]]:
    """Every pen, and every effect of even ink."""
    from synth.colour import LUMINANCE
    from synth.hand.geometry import PlacedLine
    from synth.ink.pens import PENS
    from synth.ink.settings import InkSettings
    from synth.ink.writing import EFFECTS, apply_ink

    height, width = coverage.shape
    pressure = np.linspace(0.8, 1.2, width, dtype=np.float32)
    placed = PlacedLine(np.zeros((2, 0), np.float32), X_HEIGHT, 42.0, width, height, {}, pressure)

    def written(**settings: object) -> Call:
        ink = InkSettings.parse(settings, "bench")
        return lambda number: apply_ink(
            coverage, placed, ink, LUMINANCE, stream(0, number, "page"), stream(0, number, "line")
        )

    always = {"probability": 1, "strength": [STRENGTH, STRENGTH]}
    for pen in PENS:
        yield f"ink, {pen}", written(pens={pen: 1}, texture=1)
    for effect in (*EFFECTS, "blots"):
        yield f"ink.{effect}", written(pens={"quill": 1}, **{effect: always})
    yield "ink, even", written()


def _milliseconds(call: Call) -> float:
    """CPU time of a call; the first one, which may load or build something, is not counted."""
    call(0)
    spent = []
    for repeat in range(REPEATS):
        begin = time.process_time()
        for number in range(CALLS):
            call(repeat * CALLS + number)
        spent.append(1000 * (time.process_time() - begin) / CALLS)
    return statistics.median(spent)
