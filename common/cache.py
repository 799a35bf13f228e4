"""What was used last, as much of it as fits into a number of bytes.

`functools.lru_cache` counts entries; entries of very unequal size need this. Not for threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class SizedCache(Generic[V]):
    """Values by key, the longest unused of them forgotten where they would take too much.

    Args:
        limit: bytes; one value larger than this is kept alone.
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._taken = limit, 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], tuple[V, int]]) -> V:
        """The value of a key; ``make`` gives it and its size in bytes where it is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        value, size = make()
        self._taken += size
        while self._kept and self._taken > self._limit:
            self._taken -= self._kept.popitem(last=False)[1][1]
        self._kept[key] = value, size
        return value
