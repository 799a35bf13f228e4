"""The cache by size: what was used last stays, and never more than the limit."""

from __future__ import annotations

from common.cache import SizedCache


def test_the_longest_unused_is_forgotten_first() -> None:
    cache, made = SizedCache[str](10), []

    def get(key: str, size: int) -> str:
        def make() -> tuple[str, int]:
            made.append(key)
            return key.upper(), size

        return cache.get(key, make)

    assert [get(key, 4) for key in "abab"] == ["A", "B", "A", "B"]
    assert made == ["a", "b"]
    get("a", 4)
    get("c", 4)  # b goes
    assert [get(key, 4) for key in "acb"] == ["A", "C", "B"]
    assert made == ["a", "b", "c", "b"]


def test_a_value_larger_than_the_limit_is_kept_alone() -> None:
    cache = SizedCache[int](10)
    assert cache.get("small", lambda: (1, 5)) == 1
    assert cache.get("large", lambda: (2, 50)) == 2
    assert cache.get("large", lambda: (3, 50)) == 2
    assert cache.get("small", lambda: (4, 5)) == 4
    assert cache.get("large", lambda: (5, 50)) == 5
