"""Training speed: updates of the CPU-sized model on lines of the demo's size, in each precision the
machine has."""

from __future__ import annotations

import statistics
import time

from pipelines.bench.figure import Figure

UPDATES = 5
LINES, WIDTH, CHARACTERS = 32, 256, 18


def measure() -> list[Figure]:
    """Lines a second through forward, backward and update of ``drethtr-nano``; the loader is left out."""
    import torch

    from pretrain.machine import use_bf16

    device = torch.device("cpu")
    figures = [_figure("fp32"), *([_figure("bf16")] if use_bf16("auto", device) else [])]
    if len(figures) == 2:
        ratio = figures[1].value / figures[0].value
        figures.append(Figure("bf16 to fp32", ratio, "times", 1.0, True, "same updates on this machine"))
    return figures


def _figure(precision: str) -> Figure:
    import torch

    from models.registry import create
    from pretrain.loader import Batch
    from pretrain.loop import update
    from pretrain.optimiser import make_optimiser
    from pretrain.settings import TrainSettings
    from pretrain.state import TrainState

    settings = TrainSettings.parse(
        {"precision": precision, "steps": 100, "losses": {"columns": 1.0, "attention": 1.0}}, "bench"
    )
    torch.manual_seed(0)
    model = create(settings.model, vocabulary=87)
    left = torch.linspace(0, WIDTH - 12, CHARACTERS)
    spans = torch.full((LINES, CHARACTERS + 1, 2), float("nan"))
    spans[:, :CHARACTERS] = torch.stack([left, left + 10], 1)
    tokens = torch.randint(4, 87, (LINES, CHARACTERS + 1))
    batch = Batch(
        torch.randn(LINES, 1, model.config.height, WIDTH),
        torch.full((LINES,), WIDTH),
        tokens,
        tokens,
        torch.full((LINES,), CHARACTERS),
        spans,
        tuple(map(str, range(LINES))),
        0,
        0,
    )
    state = TrainState(model, make_optimiser(model, settings.optimiser), None)
    times = []
    for _ in range(UPDATES + 1):
        started = time.perf_counter()
        update(state, batch, settings)
        times.append(time.perf_counter() - started)
    rates = [LINES / seconds for seconds in times[1:]]
    spread = f"{min(rates):.0f} to {max(rates):.0f}, {LINES} lines of {WIDTH} x {model.config.height} pixels"
    return Figure(
        f"nano, {precision}, {torch.get_num_threads()} threads",
        statistics.median(rates),
        "lines/s",
        compared=spread,
    )
