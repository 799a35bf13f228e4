"""Quick random streams: fixed for ever, uniform, and without a common state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.seeds import draws


def test_a_stream_is_the_same_in_every_release() -> None:
    rng = draws(0, 0, "text")
    assert [rng.integers(1000) for _ in range(10)] == [597, 42, 124, 190, 76, 974, 125, 591, 933, 767]
    assert rng.random() == 0.2497354703593453


@given(st.integers(0, 2**40), st.integers(-50, 50), st.integers(1, 100))
def test_numbers_lie_where_they_should(index: int, low: int, width: int) -> None:
    rng = draws(1, index, "x")
    assert low <= rng.integers(low, low + width) < low + width
    assert 0 <= rng.random() < 1
    assert low <= rng.uniform(low, low + width) < low + width
    assert rng.choice("abc") in "abc"


def test_numbers_are_uniform() -> None:
    rng = draws(2, 0, "x")
    counts = np.bincount([rng.integers(10) for _ in range(20_000)], minlength=10)
    assert ((counts - 2000) ** 2 / 2000).sum() < 28  # chi-square, 9 degrees of freedom, p 0.001
    assert np.mean([rng.random() for _ in range(20_000)]) == pytest.approx(0.5, abs=0.01)


def test_neighbours_do_not_share_numbers() -> None:
    first = {draws(0, index, "text").random() for index in range(5000)}
    assert len(first) == 5000
    assert len({draws(0, 0, purpose).random() for purpose in ("text", "text-1", "hand")}) == 3


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        draws(0, 0, "x").integers(3, 3)
