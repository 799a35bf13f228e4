"""Runs one function over many items in worker processes, here or on Ray; what comes back is the same.

An executor knows nothing of lines or shards. It keeps a bounded number of items in flight, gives a worker one
thread for its numerics, notices at once when a worker dies, tries that item again a few times, and leaves no
process behind.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from common.errors import EnvironmentProblem, UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")

ATTEMPTS = 3  # a worker may die for want of memory; an item that kills three is at fault itself
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

log = logging.getLogger("inkmill.executors")


class Executor(Protocol):
    """How a function is applied to items."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Generator[tuple[Item, Result], None, None]:
        """Yield ``(item, result)`` as results come, in any order; ``items`` is read only as workers are free.

        An exception of ``function`` ends the whole run. A worker that dies costs an attempt of its item; what
        has used up its attempts is named when all others are done.

        Raises:
            EnvironmentProblem: workers died on an item again and again.
        """
        ...


@dataclass(frozen=True)
class InlineExecutor:
    """In this very process, one after the other: for trials and small things."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Generator[tuple[Item, Result], None, None]:
        """See :class:`Executor`."""
        return ((item, function(item)) for item in items)


@dataclass(frozen=True)
class LocalExecutor:
    """Worker processes on this machine.

    Attributes:
        workers: number of processes.
        attempts: how often an item is tried when its worker dies.
    """

    workers: int = 2
    attempts: int = ATTEMPTS

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Generator[tuple[Item, Result], None, None]:
        """See :class:`Executor`."""
        todo = _Tries(items, self.attempts)
        idle = deque(_Worker() for _ in range(self.workers))
        busy: dict[Future[Result], tuple[_Worker, Item]] = {}
        try:
            while True:
                while idle and (next_item := todo.take()):
                    worker = idle.popleft()
                    busy[worker.submit(function, next_item[0])] = (worker, next_item[0])
                if not busy:
                    break
                done, _ = wait(busy, return_when=FIRST_COMPLETED)
                for future in done:
                    worker, item = busy.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        worker.stop()
                        idle.append(_Worker())
                        todo.died(item)
                        continue
                    idle.append(worker)
                    yield item, result
        finally:
            for worker in [*idle, *(worker for worker, _ in busy.values())]:
                worker.stop()
        todo.report()


@dataclass(frozen=True)
class RayExecutor:
    """Ray tasks of one core each.

    Attributes:
        workers: tasks in flight; None takes as many as the cluster has cores.
        address: a running cluster; None uses the one that this process is connected to, else starts one
            here and ends it afterwards.
        attempts: how often an item is tried when its worker or node dies.
    """

    workers: int | None = None
    address: str | None = None
    attempts: int = ATTEMPTS

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Generator[tuple[Item, Result], None, None]:
        """See :class:`Executor`."""
        import ray

        started = not ray.is_initialized()
        if started:
            self._start(ray)
        try:
            yield from self._map(ray, function, items)
        finally:
            if started:
                ray.shutdown()

    def _start(self, ray: Any) -> None:
        if self.address and ":" in self.address:
            _reach(self.address)
        local = {} if self.address else {"num_cpus": self.workers, "include_dashboard": False}
        try:
            ray.init(
                address=self.address,
                logging_level=logging.ERROR,
                log_to_driver=False,
                **local,
            )
        except (ConnectionError, RuntimeError, OSError) as error:
            raise EnvironmentProblem(
                f"Ray could not be reached or started: {error}",
                remedy="check the address, or use --executor local",
            ) from None

    def _map(
        self, ray: Any, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Generator[tuple[Item, Result], None, None]:
        # Ray gives a task of one core OMP_NUM_THREADS=1. Its own retries are off: attempts are
        # counted, and told of, in the same way by both executors.
        task = ray.remote(num_cpus=1, max_retries=0)(_pinned)
        limit = self.workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
        todo = _Tries(items, self.attempts)
        busy: dict[Any, Item] = {}
        while True:
            while len(busy) < limit and (next_item := todo.take()):
                busy[task.remote(function, next_item[0])] = next_item[0]
            if not busy:
                break
            done, _ = ray.wait(list(busy))
            for reference in done:
                item = busy.pop(reference)
                try:
                    result = ray.get(reference)
                except (
                    ray.exceptions.WorkerCrashedError,
                    ray.exceptions.NodeDiedError,
                    ray.exceptions.OutOfMemoryError,
                ):
                    todo.died(item)
                    continue
                except ray.exceptions.RayTaskError as error:
                    raise error.cause from None
                yield item, result
        todo.report()


def _reach(address: str) -> None:
    """Knock at HOST:PORT first: Ray itself would try for minutes and then end the process."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(
            f"There is no Ray cluster at {address} ({error})",
            "HOST:PORT of a running cluster",
            "check the address, or use --executor local",
        ) from None


def make_executor(name: str, workers: int, address: str | None = None) -> Executor:
    """The executor called ``local`` or ``ray``.

    Raises:
        UsageError: another name, or no worker.
    """
    if workers < 1:
        raise UsageError(f"{workers} workers can do nothing", "at least 1")
    if address and name != "ray":
        raise UsageError(f"The executor '{name}' has no address {address}", "ray", "add --executor ray")
    if name == "local":
        return LocalExecutor(workers)
    if name == "ray":
        return RayExecutor(workers, address)
    raise UsageError(f"There is no executor '{name}'", "local or ray")


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish, which the function that is yielded tells of; the second one is real.

    Outside the main thread, where signals do not arrive, nobody ever wishes.
    """
    wished: list[bool] = []

    def note(*_: Any) -> None:
        wished.append(True)
        log.warning("Finishing the shards at hand; press Ctrl-C again to stop at once.")
        signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:
        yield lambda: False
        return
    try:
        yield lambda: bool(wished)
    finally:
        signal.signal(signal.SIGINT, before)


class _Tries(Generic[Item]):
    """The items still to be tried, and how often each has cost a worker its life."""

    def __init__(self, items: Iterable[Item], attempts: int) -> None:
        self._items = iter(items)
        self._attempts = attempts
        self._again: deque[Item] = deque()
        self._deaths: Counter[Item] = Counter()

    def take(self) -> tuple[Item] | None:
        """The next item in a box, or None when there is none."""
        if self._again:
            return (self._again.popleft(),)
        return next(((item,) for item in self._items), None)

    def died(self, item: Item) -> None:
        """A worker died on this item."""
        self._deaths[item] += 1
        log.warning("A worker died on %s (attempt %d of %d).", item, self._deaths[item], self._attempts)
        if self._deaths[item] < self._attempts:
            self._again.append(item)

    def report(self) -> None:
        """Name the items that were given up."""
        lost = [str(item) for item, deaths in self._deaths.items() if deaths >= self._attempts]
        if lost:
            raise EnvironmentProblem(
                f"Workers died {self._attempts} times each on {', '.join(lost)}; everything else is finished",
                "workers that live: enough memory, and fonts and pictures that do not crash a library",
                "run the same command again with fewer workers; it makes only what is missing",
            )


class _Worker:
    """A pool of one process, so that a death is never put to the account of a neighbour."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_settle)
        with _environment(ONE_THREAD):  # inherited by the process that the first task starts
            self._pid = self._pool.submit(os.getpid)

    def submit(self, function: Callable[[Item], Result], item: Item) -> Future[Result]:
        """Hand over an item; only one at a time."""
        return self._pool.submit(function, item)

    def stop(self) -> None:
        """End the process at once and wait for it."""
        if self._pid.exception() is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)
        self._pool.shutdown(wait=True, cancel_futures=True)


def _settle() -> None:
    """Make this process a worker: deaf to Ctrl-C, gone with its parent, one thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    _pin()


def _leave_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _pin() -> None:
    import cv2

    cv2.setNumThreads(1)


def _pinned(function: Callable[[Item], Result], item: Item) -> Result:
    _pin()
    return function(item)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
