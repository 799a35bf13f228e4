"""The batches of an epoch: a pure function of (seed, epoch, widths of the lines in that epoch).

Shards are permuted and read a window at a time; the lines of a window are shuffled together and cut into
batches of one padded width, which depends on the line and the epoch alone. What does not fill a batch waits
for the next window. Every line comes exactly once an epoch, so the state of the loader is two numbers: epoch
and batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from common.seeds import stream
from pretrain.lines import LineSet
from pretrain.settings import BatchSettings
from recognize.preprocessing import Preprocessing


def scaled_widths(lines: LineSet, preprocessing: Preprocessing) -> NDArray[np.int64]:
    """The prepared width of every line, (n,); 0 for lines wider than the model takes."""
    scaled = np.rint(lines.sizes[:, 1] * preprocessing.height / lines.sizes[:, 0]).astype(np.int64)
    return np.where(scaled > preprocessing.max_width, 0, np.maximum(scaled, 1))


def bucket_widths(widths: NDArray[np.int64], preprocessing: Preprocessing) -> NDArray[np.int64]:
    """The padded widths, (n,), of pictures of these widths; 0 stays 0."""
    padded = -(-widths // preprocessing.bucket) * preprocessing.bucket
    return np.minimum(padded, preprocessing.max_width)


def plan_epoch(
    widths: NDArray[np.int64], groups: NDArray[np.int64], settings: BatchSettings, seed: int, epoch: int
) -> list[NDArray[np.int64]]:
    """Cut an epoch into batches of line numbers.

    Args:
        widths: (n,) padded widths; lines of width 0 are left out.
        groups: (n,) shard of every line.
    """
    rng = stream(seed, epoch, "order")
    shards = rng.permutation(np.unique(groups))
    curriculum = settings.curriculum if epoch == 0 else 0.0
    batches: list[NDArray[np.int64]] = []
    waiting: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(shards), settings.window):
        chosen = np.flatnonzero(np.isin(groups, shards[start : start + settings.window]) & (widths > 0))
        full = list(_cut(rng.permutation(chosen), widths, waiting, settings))
        batches += [full[i] for i in rng.permutation(len(full))]
    rest = [np.array(members) for members in waiting.values() if members]
    batches += [rest[i] for i in rng.permutation(len(rest))]
    return _short_first(batches, widths, curriculum)


def _cut(
    order: Iterable[int], widths: NDArray[np.int64], waiting: dict[int, list[int]], settings: BatchSettings
) -> Iterator[NDArray[np.int64]]:
    for i in order:
        width = int(widths[i])
        members = waiting[width]
        members.append(int(i))
        if len(members) >= max(1, min(settings.lines, settings.pixels // width)):
            yield np.array(members)
            waiting[width] = []


def _short_first(
    batches: list[NDArray[np.int64]], widths: NDArray[np.int64], share: float
) -> list[NDArray[np.int64]]:
    """Sort the first ``share`` of the batches of an epoch from narrow to wide, taking the narrowest of
    all."""
    if not share:
        return batches
    count = round(share * len(batches))
    order = sorted(range(len(batches)), key=lambda i: int(widths[batches[i][0]]))
    first = set(order[:count])
    return [batches[i] for i in order[:count]] + [batch for i, batch in enumerate(batches) if i not in first]
