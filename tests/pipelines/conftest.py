"""One Ray on this machine for all tests that want it, for its start takes ten seconds."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from pipelines.executors import Executor, RayExecutor


@pytest.fixture(scope="session")
def _ray_ends() -> Iterator[None]:
    yield
    import ray

    ray.shutdown()


@pytest.fixture
def ray_cluster(_ray_ends: None) -> None:
    """A connection to a local Ray with two cores."""
    import ray

    if not ray.is_initialized():
        ray.init(num_cpus=2, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Executor:
    """The executor a test is parametrised with."""
    if isinstance(request.param, RayExecutor):
        request.getfixturevalue("ray_cluster")
    return request.param
