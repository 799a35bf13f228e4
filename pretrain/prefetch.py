"""Prepares items ahead of their use, in a background thread that ends with the consumer."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

T = TypeVar("T")


def prefetch(items: Iterator[T], ahead: int) -> Generator[T, None, None]:
    """Yield ``items`` in order, at most ``ahead`` of them prepared; what they raise is raised here."""
    ready: queue.Queue[T | _Failure | None] = queue.Queue(ahead)
    stop = threading.Event()

    def put(item: T | _Failure | None) -> None:
        while not stop.is_set():
            with contextlib.suppress(queue.Full):
                ready.put(item, timeout=0.2)
                return

    def produce() -> None:
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:  # handed over to the consumer
            put(_Failure(error))

    thread = threading.Thread(target=produce, name="prefetch", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        stop.set()
        thread.join()


class _Failure:
    """What the producer died of."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
