"""Random streams: a pure function of (seed, index, purpose), the same for ever, and nobody else's."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from common.seeds import derive, stream


def test_a_stream_is_the_same_in_every_release() -> None:
    assert derive(0, 0, "text") == 12066834487641898481489518782874330934
    assert stream(0, 0, "text").integers(0, 1000, 4).tolist() == [460, 707, 474, 938]


@given(st.integers(0, 2**63), st.integers(0, 2**40))
def test_neighbours_and_purposes_do_not_share_a_stream(seed: int, index: int) -> None:
    keys = {
        derive(seed, index, "ink"),
        derive(seed, index + 1, "ink"),
        derive(seed + 1, index, "ink"),
        derive(seed, index, "hand"),
    }
    assert len(keys) == 4


def test_seed_and_index_are_not_run_together() -> None:
    assert derive(1, 23, "ink") != derive(12, 3, "ink")


def test_no_global_generator_is_read_or_moved() -> None:
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002 - it is the one that must not move
    stream(1, 2, "ink").random(10)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
