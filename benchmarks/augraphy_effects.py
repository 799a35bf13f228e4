"""Which effects of Augraphy make sense on a line: every class is tried on a line of 64 x 900 pixels.

    python benchmarks/augraphy_effects.py docs/synth.md

prints a row a class and writes the table between the two marks in the document. A class is usable if it gives
a picture of the same size, the same one for the same seed, leaves strokes where they are, changes something
and compiles nothing. Times are CPU time of one core, default arguments, the median of calls after the first.
"""

from __future__ import annotations

import inspect
import random
import re
import signal
import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import write_atomic
from pipelines.bench.effects import drawn_line
from synth.camera.augraphy_effects import EFFECTS

SEEDS = 6
PATIENCE = 60  # seconds a class
STRETCHES = 9  # of 100 pixels
INKED = 20  # least standard deviation of a stretch that is written on
STRAY = 0.75  # least correlation of a stretch with the line before it
FAINT = 0.3  # least change, grey levels on average
MARKS = "<!-- augraphy: begin -->\n", "<!-- augraphy: end -->\n"
HEADINGS = "| class | ms | repeatable | likeness | change | verdict | here |\n|---|---|---|---|---|---|---|\n"
HERE = {  # what stands in its place, or why nothing does
    "BadPhotoCopy": "camera.broken",
    "BindingsAndFasteners": "not: covers letters",
    "BleedThrough": "paper.show_through",
    "Brightness": "camera.overexposure",
    "ColorPaper": "paper.tint",
    "ColorShift": "not: made for colours",
    "DepthSimulatedBlur": "camera.blur",
    "DirtyRollers": "camera.banding",
    "Folding": "paper.folds",
    "Gamma": "camera.tone",
    "InkShifter": "not: moves strokes",
    "Jpeg": "camera.jpeg",
    "LightingGradient": "camera.shadow",
    "LowLightNoise": "camera.noise",
    "NoisyLines": "camera.scratches",
    "PageBorder": "paper.edges",
    "Rescale": "camera.low_resolution",
    "ShadowCast": "camera.shadow",
    "Stains": "paper.stains",
}
HELPERS = {"AugmentationSequence", "Function", "Interop", "OneOf", "ImageOverlay"}  # call other effects


def line() -> NDArray[np.uint8]:
    """Dark script on light paper."""
    return np.asarray(225 - 0.75 * drawn_line(), np.uint8)


def classes() -> list[str]:
    """The names of Augraphy's effects."""
    import augraphy
    from augraphy.base.augmentation import Augmentation

    kinds = inspect.getmembers(augraphy, inspect.isclass)
    return [
        name
        for name, kind in kinds
        if issubclass(kind, Augmentation) and name not in {"Augmentation", *HELPERS}
    ]


def run(name: str, image: NDArray[np.uint8], seed: int) -> Any:
    """The effect's result from seeded global generators."""
    import augraphy

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 what Augraphy reads
    return getattr(augraphy, name)(p=1)(image.copy())


def judge(name: str, image: NDArray[np.uint8]) -> tuple[str, ...]:
    """The row of a class."""
    results, spent, seeds = [], [], [*range(SEEDS)]
    try:
        for seed in [*seeds, *seeds]:
            begin = time.process_time()
            results.append(run(name, image, seed))
            spent.append(1000 * (time.process_time() - begin))
    except Exception as error:  # foreign code; what it raises is its row
        return name, "", "", "", "", f"fails: {type(error).__name__}"
    cost = f"{statistics.median(spent[1:]):.1f}"
    if not all(isinstance(made, np.ndarray) and made.shape == image.shape for made in results):
        return name, cost, "", "", "", "no picture of this kind"
    repeatable = all(
        np.array_equal(first, again) for first, again in zip(results[:SEEDS], results[SEEDS:], strict=True)
    )
    likeness = min(likeness_of(made, image) for made in results)
    change = statistics.mean(float(np.abs(made - image.astype(float)).mean()) for made in results)
    verdict = _verdict(name, repeatable, likeness, change, spent[0])
    return name, cost, "yes" if repeatable else "no", f"{likeness:.2f}", f"{change:.1f}", verdict


def likeness_of(made: NDArray[np.uint8], image: NDArray[np.uint8]) -> float:
    """The least correlation of a stretch of the result with the line before it; 0 where it is blank."""
    pairs = zip(np.split(made, STRETCHES, axis=1), np.split(image, STRETCHES, axis=1), strict=True)
    return min(
        float(np.corrcoef(after.ravel(), before.ravel())[0, 1]) if after.std() else 0.0
        for after, before in pairs
        if before.std() > INKED
    )


def _verdict(name: str, repeatable: bool, likeness: float, change: float, first: float) -> str:
    import augraphy

    source = inspect.getsource(sys.modules[getattr(augraphy, name).__module__])
    if re.search(r"@n?jit", source) and first > 500:
        return "compiles"
    if not repeatable:
        return "not repeatable"
    if change < FAINT:
        return "not visible on a line"
    if likeness < STRAY:
        return "moves or hides strokes"
    return "usable"


def _give_up(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Try every class, print its row, write the table."""
    import cv2

    warnings.simplefilter("ignore")
    cv2.setNumThreads(1)
    signal.signal(signal.SIGALRM, _give_up)
    image, rows = line(), []
    here = HERE | {effect.kind: f"augraphy.{name}" for name, effect in EFFECTS.items()}
    for name in classes():
        signal.alarm(PATIENCE)
        rows.append("| " + " | ".join((*judge(name, image), here.get(name, ""))) + " |\n")
        signal.alarm(0)
        sys.stdout.write(rows[-1])
    if len(sys.argv) > 1:
        document = Path(sys.argv[1])
        text = document.read_text(encoding="utf-8")
        before, after = text.partition(MARKS[0])[0], text.partition(MARKS[1])[2]
        write_atomic(document, before + MARKS[0] + HEADINGS + "".join(rows) + MARKS[1] + after)


if __name__ == "__main__":
    main()
