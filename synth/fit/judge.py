"""The judge: a small network trained to tell real lines from synthetic ones, and how often it errs.

Both sides are prepared alike: one height, one round of JPEG, windows cut at random places. He is examined on
writers and hands that he has never seen; his verdict on a line is the mean over windows along
it. An error of 0.5 would mean that nobody can tell, 0 that every line gives itself away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.seeds import stream
from synth.fit.ground import HEIGHT, at_height
from synth.fit.look import LineLook, as_row

if TYPE_CHECKING:
    import torch

WINDOW = 256  # columns that the network sees at once
QUALITY = 80  # of the JPEG round
BATCH = 64
SETTLED = 8  # batches that the normalisation is taken from
LOOKS_AT = 5  # windows along a line in the examination
RESAMPLES = 1000
LEAST_LOOKS = 20  # of every side, for the trees to learn from; with fewer they say 0.5 of anything
LEAST_LINES = 8  # of every side, to learn from and to be examined on

Picture = NDArray[np.uint8]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a judge did.

    Attributes:
        error: share of the held-out lines on which it errs, both sides weighing the same.
        low, high: 95 % interval, lines drawn again.
        order: share of the pairs of a real and a synthetic line that he puts in the wrong order; depends on
            no threshold.
        real, ours: for every held-out line how synthetic it looks to him, 0 to 1.
    """

    error: float
    low: float
    high: float
    order: float
    real: Array
    ours: Array


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The lines of one side: those to learn from and those held out."""

    learn: Sequence[Picture]
    held: Sequence[Picture]


def judge(
    real: Exhibits,
    ours: Exhibits,
    steps: int = 300,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Train a network to tell both sides apart and examine it on the held-out lines.

    Args:
        real: pictures of real lines; the held ones by other writers.
        ours: synthetic ones; the held ones by other hands.
        steps: of training, 64 windows each.
        seed: of the network and of the windows.
        progress: is told the steps that are done.

    Raises:
        DataError: a side has too few lines.
    """
    import torch

    _enough(real, ours)
    learn = [[_shown(picture) for picture in side.learn] for side in (real, ours)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = _network()
        _train(net, learn, steps, stream(seed, 0, "judge"), progress)
    net.eval()
    return examined(
        *(np.array([_suspicion(net, _shown(line)) for line in side.held]) for side in (real, ours))
    )


def judge_by_looks(
    real: tuple[Sequence[LineLook], Sequence[LineLook]],
    ours: tuple[Sequence[LineLook], Sequence[LineLook]],
    seed: int = 0,
) -> Verdict | None:
    """The same question to boosted trees that see only the measures of ``synth.fit.look``.

    Args:
        real: looks of the lines to learn from, and of the held-out ones.
        ours: likewise.
        seed: of the trees.

    Returns:
        None where there are too few lines to learn anything from.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = [[np.nan_to_num(list(map(as_row, part)), nan=-1.0) for part in side] for side in (real, ours)]
    least = min(len(side[0]) for side in rows)
    if least < LEAST_LOOKS:
        return None
    seen = np.concatenate([side[0][:least] for side in rows])
    trees = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.08, random_state=seed)
    trees.fit(seen, np.repeat([0, 1], least))
    return examined(*(trees.predict_proba(side[1])[:, 1] for side in rows))


def examined(real: Array, ours: Array) -> Verdict:
    """The verdict over held-out lines, with an interval.

    Args:
        real: how synthetic every real line looked, 0 to 1.
        ours: likewise of the synthetic lines.
    """
    wrong = [(real >= 0.5).astype(np.float64), (ours < 0.5).astype(np.float64)]
    rng = stream(0, len(real), "judge/interval")
    drawn = np.mean(
        [side[rng.integers(len(side), size=(RESAMPLES, len(side)))].mean(1) for side in wrong], axis=0
    )
    low, high = np.percentile(drawn, [2.5, 97.5])
    pairs = np.sign(real[:, None] - ours[None, :])
    order = float((1 + pairs.mean()) / 2)
    error = float(np.mean([side.mean() for side in wrong]))
    return Verdict(error, float(low), float(high), order, real, ours)


def _enough(real: Exhibits, ours: Exhibits) -> None:
    least = min(len(part) for side in (real, ours) for part in (side.learn, side.held))
    if least < LEAST_LINES:
        raise DataError(
            f"A judge cannot learn from or be examined on {least} lines",
            f"at least {LEAST_LINES} lines of every side",
            "name a data set with more lines in its train and validation splits",
        )


def prepared(picture: Picture) -> Picture:
    """A picture as a judge is shown it: one height, one round of JPEG."""
    import cv2

    _, packed = cv2.imencode(".jpg", at_height(picture), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def _shown(picture: Picture) -> Picture:
    """Prepared, and at least one window wide."""
    line = prepared(picture)
    missing = WINDOW - line.shape[1]
    return np.pad(line, ((0, 0), (0, missing)), mode="wrap") if missing > 0 else line


def _network() -> torch.nn.Module:
    from torch import nn

    layers: list[nn.Module] = []
    for seen, made in ((1, 16), (16, 32), (32, 64), (64, 96)):
        layers += [nn.Conv2d(seen, made, 3, stride=2, padding=1), nn.BatchNorm2d(made), nn.ReLU()]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d((2, 1)), nn.Flatten(), nn.Dropout(0.2), nn.Linear(192, 1)
    )


def _train(
    net: torch.nn.Module,
    learn: Sequence[Sequence[Picture]],
    steps: int,
    rng: np.random.Generator,
    progress: Callable[[int], None] | None,
) -> None:
    """Binary cross-entropy on as many real as synthetic windows."""
    import torch

    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    wanted = torch.tensor([0.0, 1.0]).repeat_interleave(BATCH // 2)
    for _ in range(steps):
        logits = _logits(net, _drawn(learn, rng))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if progress:
            progress(1)
    _settle(net, [_drawn(learn, rng) for _ in range(SETTLED)])


def _settle(net: torch.nn.Module, batches: Sequence[Sequence[Picture]]) -> None:
    """Take the normalisation from the net as it is now: running means lag behind a short training, and a
    judge that is examined with them errs more than he need."""
    import torch

    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over what follows
    with torch.no_grad():
        for batch in batches:
            _logits(net, batch)


def _drawn(learn: Sequence[Sequence[Picture]], rng: np.random.Generator) -> list[Picture]:
    """A batch: windows at random places of random lines, real ones first."""
    return [
        _window(side[number], float(rng.random()))
        for side in learn
        for number in rng.integers(len(side), size=BATCH // 2)
    ]


def _window(line: Picture, place: float) -> Picture:
    left = round(place * (line.shape[1] - WINDOW))
    return line[:, left : left + WINDOW]


def _logits(net: torch.nn.Module, windows: Sequence[Picture]) -> torch.Tensor:
    import torch

    pixels = torch.from_numpy(np.stack(windows)).float().reshape(len(windows), 1, HEIGHT, WINDOW)
    answer: torch.Tensor = net(pixels / 127.5 - 1)[:, 0]
    return answer


def _suspicion(net: torch.nn.Module, line: Picture) -> float:
    """How synthetic a line looks: the mean over windows along it."""
    import torch

    with torch.no_grad():
        logits = _logits(net, [_window(line, place) for place in np.linspace(0, 1, LOOKS_AT)])
    return float(torch.sigmoid(logits.mean()))
