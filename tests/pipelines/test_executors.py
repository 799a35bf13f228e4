"""Executors: all results, bounded work in flight, deaths noticed and retried, nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.errors import DataError, EnvironmentProblem, UsageError
from pipelines.executors import Executor, InlineExecutor, LocalExecutor, RayExecutor, make_executor
from tests.pipelines import jobs

RAY = pytest.param(RayExecutor(2, attempts=2), id="ray", marks=pytest.mark.slow)
EXECUTORS = [
    pytest.param(InlineExecutor(), id="inline"),
    pytest.param(LocalExecutor(2, attempts=2), id="local"),
    RAY,
]
PROCESSES = EXECUTORS[1:]


@pytest.mark.parametrize("executor", EXECUTORS, indirect=True)
def test_every_item_comes_back_once_with_its_result(executor: Executor) -> None:
    assert dict(executor.map(jobs.square, range(7))) == {number: number**2 for number in range(7)}


@pytest.mark.parametrize("executor", EXECUTORS, indirect=True)
def test_a_fault_of_the_function_arrives_as_it_is(executor: Executor) -> None:
    with pytest.raises(DataError, match=r"three is not liked\. Expected: another number") as caught:
        list(executor.map(jobs.fail_on_three, range(6)))
    assert caught.value.remedy == "count differently"


@pytest.mark.parametrize("executor", PROCESSES, indirect=True)
def test_a_worker_that_dies_once_costs_nothing(executor: Executor, tmp_path: Path) -> None:
    traps = [tmp_path / name for name in "abc"]
    traps[1].touch()
    assert dict(executor.map(jobs.die_once, traps)) == {trap: trap.name for trap in traps}


@pytest.mark.parametrize("executor", PROCESSES, indirect=True)
def test_an_item_that_keeps_killing_is_named_and_the_others_are_done(executor: Executor) -> None:
    done: list[int] = []
    with pytest.raises(EnvironmentProblem, match="died 2 times each on 2; everything else is finished"):
        done.extend(item for item, _ in _recorded(executor.map(jobs.die_on_two, range(5)), done))
    assert sorted(done) == [0, 1, 3, 4]


def _recorded(results: Iterator[tuple[int, int]], done: list[int]) -> Iterator[tuple[int, int]]:
    for item, _ in results:
        done.append(item)
        yield from ()


@pytest.mark.parametrize("executor", PROCESSES, indirect=True)
def test_fault_34_a_worker_has_one_thread_and_another_process(executor: Executor) -> None:
    assert {result for _, result in executor.map(jobs.threads, range(3))} == {(1, "1")}
    assert os.getpid() not in {result for _, result in executor.map(jobs.process, range(3))}


def test_the_environment_of_the_caller_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "5")
    list(LocalExecutor(1).map(jobs.square, [1]))
    assert "OMP_NUM_THREADS" not in os.environ
    assert os.environ["MKL_NUM_THREADS"] == "5"


def test_items_are_read_only_as_workers_are_free() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = LocalExecutor(2).map(jobs.square, items())
    next(results)
    assert len(taken) <= 4
    results.close()
    assert multiprocessing.active_children() == []


def test_no_process_is_left() -> None:
    list(LocalExecutor(2).map(jobs.square, range(3)))
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_a_ray_that_was_started_for_a_run_ends_with_it() -> None:
    import ray

    ray.shutdown()
    assert dict(RayExecutor(1).map(jobs.square, [3])) == {3: 9}
    assert not ray.is_initialized()


def test_a_ray_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(EnvironmentProblem, match=r"no Ray cluster at 127\.0\.0\.1:1 "):
        list(RayExecutor(1, address="127.0.0.1:1").map(jobs.square, [3]))


@pytest.mark.parametrize(("name", "workers"), [("dask", 1), ("local", 0)])
def test_an_unknown_executor_or_no_worker_is_refused(name: str, workers: int) -> None:
    with pytest.raises(UsageError):
        make_executor(name, workers)


def test_an_address_is_for_ray_alone() -> None:
    with pytest.raises(UsageError, match="add --executor ray"):
        make_executor("local", 1, "10.0.0.1:6379")
