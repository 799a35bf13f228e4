"""Decoding speed: the recurrent form per character, greedy and with beams, and whether its cost grows with
the length."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipelines.bench.figure import Figure

if TYPE_CHECKING:
    from models.drethtr import DRetHTR

REPEATS = 3
LINES = 16
WIDTH = 320
SHORT, LONG = 16, 128


def measure() -> list[Figure]:
    """Figures of ``drethtr-nano`` on this machine, random weights that never end a text, so that lengths
    are exact."""
    import torch

    from corpora.alphabet import EOS
    from models.registry import create
    from recognize.decode import beam, greedy

    torch.manual_seed(0)
    model = create("drethtr-nano", vocabulary=87).eval()
    with torch.inference_mode():
        model.output.weight[EOS] = 0  # never the largest of many random logits
        memory = model.encode(torch.randn(LINES, 1, 40, WIDTH), torch.full((LINES,), WIDTH))
        one = memory.select(torch.tensor([0]))
        short = _seconds(lambda: greedy(model, memory, SHORT))
        long = _seconds(lambda: greedy(model, memory, LONG))
        again = _seconds(lambda: _parallel(model, SHORT))
        single = _seconds(lambda: greedy(model, one, SHORT))
        beams = _seconds(lambda: beam(model, memory, 5, SHORT))
    per_character = 1000 / (LINES * SHORT)
    spread = f"{LINES} lines together, median of {REPEATS}"
    return [
        Figure("greedy, a character", short * per_character, "ms", None, False, spread),
        Figure(
            "greedy, a character of a single line", single * 1000 / SHORT, "ms", None, False, "one line alone"
        ),
        Figure("5 beams, a character", beams * per_character, "ms", None, False, spread),
        Figure("5 beams to greedy", beams / short, "times", 5.0, False, "same lines, same length"),
        Figure(
            f"a character of {LONG} to one of {SHORT}",
            long / LONG / (short / SHORT),
            "times",
            1.3,
            False,
            "constant cost a character is 1",
        ),
        Figure(
            "whole texts again and again to recurrent",
            again / short,
            "times",
            None,
            True,
            f"{SHORT} characters, the picture too",
        ),
    ]


def _parallel(model: DRetHTR, length: int) -> None:
    """What decoding would cost without a state: the parallel form over all tokens so far, at every step."""
    import torch

    pixels, widths = torch.randn(LINES, 1, 40, WIDTH), torch.full((LINES,), WIDTH)
    for t in range(1, length + 1):
        model(pixels, widths, torch.full((LINES, t), 5))


def _seconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)
