"""Designs: look-alikes found whatever their order and number, in bounded memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from fonts.design import clusters

BITS = 18 * 256


def signature(flags: np.ndarray) -> str:
    return np.packbits(flags).tobytes().hex()


def alike(flags: np.ndarray, rng: np.random.Generator, changed: int) -> np.ndarray:
    other = flags.copy()
    other[rng.integers(0, len(flags), changed)] ^= True
    return other


def faces(designs: int, copies: int, seed: int = 0) -> tuple[list[str], list[str], list[int]]:
    """Signatures, families and true design of ``copies`` look-alikes of every design, shuffled."""
    rng = np.random.default_rng(seed)
    originals = enumerate(rng.random((designs, BITS)) < 0.3)
    drawn = [(alike(flags, rng, 20), number) for number, flags in originals for _ in range(copies)]
    order = rng.permutation(len(drawn))
    signatures = [signature(drawn[i][0]) for i in order]
    return signatures, [f"Family{i}" for i in order], [drawn[i][1] for i in order]


def partition(found: list[int]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(np.array(found) == first).tolist()) for first in set(found)}


def test_look_alikes_are_found_across_blocks() -> None:
    signatures, families, true = faces(150, 8)
    found = clusters(signatures, families)
    assert partition(found) == partition(true)
    assert all(first == min(i for i, other in enumerate(found) if other == first) for first in set(found))


def test_the_designs_do_not_depend_on_the_order() -> None:
    signatures, families, _ = faces(40, 5, seed=1)
    found = partition(clusters(signatures, families))
    order = np.random.default_rng(2).permutation(len(signatures)).tolist()
    shuffled = clusters([signatures[i] for i in order], [families[i] for i in order])
    assert {frozenset(order[i] for i in group) for group in partition(shuffled)} == found


def test_a_chain_is_one_design_even_where_its_ends_differ_and_a_series_needs_less() -> None:
    rng = np.random.default_rng(3)
    chain = [rng.random(BITS) < 0.3]
    for _ in range(30):
        chain.append(alike(chain[-1], rng, 40))
    names = [f"F{n}" for n in range(31)]
    found = clusters([signature(flags) for flags in chain], names)
    assert set(found) == {0}
    assert clusters([signature(chain[0]), signature(chain[-1])], ["One", "Two"]) == [0, 1]
    assert clusters([signature(chain[0]), signature(chain[-1])], ["Playwrite ES", "Playwrite MX"]) == [0, 0]


@pytest.mark.slow
def test_thousands_of_faces_take_little_memory() -> None:
    signatures, families, true = faces(300, 15)
    tracemalloc.start()
    found = clusters(signatures, families)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert partition(found) == partition(true)
    assert peak < 100 << 20
