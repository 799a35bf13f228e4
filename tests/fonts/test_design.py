"""Designs: look-alikes found whatever their order and number, in bounded memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from fonts.design import Face, designs

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


def clusters(signatures: list[str], families: list[str]) -> list[int]:
    """For every face the position of the first face of its design."""
    named = enumerate(zip(signatures, families, strict=True))
    faces = [Face(f"{n:05}", family, bits) for n, (bits, family) in named]
    return [int(design) for design in designs(faces).of]


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


def test_clusters_join_through_a_chain_and_leave_empty_signatures_alone() -> None:
    def bits(*inked: int) -> str:
        flags = np.zeros(64, bool)
        flags[list(inked)] = True
        return signature(flags)

    chain = [bits(*range(n, 40 + n)) for n in range(3)]  # neighbours share 39 of 41, the ends 38 of 42
    assert clusters([*chain, bits(50), bits(), bits()], list("abcdef")) == [0, 0, 0, 3, 4, 5]


def sharing(share: float) -> list[str]:
    """Two faces with this share of their ink in common."""
    common = round(1000 * share)
    half = (1000 + common) // 2
    flags = np.zeros((2, BITS), bool)
    flags[0, :half] = flags[1, half - common : 1000] = True
    return [signature(row) for row in flags]


@pytest.mark.parametrize(
    ("share", "families", "one"),
    [
        (0.38, ["Kapakana", "kapa kana"], True),  # one family: weights differ most
        (0.30, ["Kapakana", "Kapakana"], False),
        (0.60, ["Untitled", "Untitled"], False),  # no family at all
        (0.60, ["Untitled1", "Untitled1"], False),
        (0.60, ["unnamed", "unnamed"], False),
        (0.60, ["Inkmill Joined 0a1b", "Inkmill Joined 9f8e"], False),
        (0.60, ["KG One", "KG Two"], False),  # a first word in common says nothing
        (0.60, ["Mr Dafoe", "Mr Bedfort"], False),
        (0.46, ["Caveat", "Caveat Brush"], True),  # an offshoot
        (0.40, ["Caveat", "Caveat Brush"], False),
        (0.60, ["Sofia", "Sofiane"], False),  # begins alike within a word
        (0.46, ["Edu SA Hand", "Edu TAS Beginner"], True),  # a series
        (0.92, ["One", "Two"], True),
    ],
)
def test_how_much_two_faces_must_share_depends_on_what_is_known_of_their_names(
    share: float, families: list[str], one: bool
) -> None:
    assert (len(set(clusters(sharing(share), families))) == 1) is one


def supply(rng: np.random.Generator) -> list[Face]:
    """Faces of four layers, many alike across them, some between two designs, some that may not write."""
    originals = rng.random((12, 600)) < 0.4
    found = []
    for n in range(60):
        one, other = originals[rng.integers(12, size=2)]
        flags = np.where(rng.random(600) < rng.choice([0.0, 0.0, 0.06, 0.5]), other, one)
        flags[rng.integers(0, 600, rng.integers(12))] ^= True
        family = str(rng.choice(["Edu A", "Edu B", "Kin", "Kin Two", "Untitled", f"F{n}"]))
        found.append(
            Face(f"{rng.integers(1 << 40):010x}", family, signature(flags), int(rng.integers(4)), bool(n % 5))
        )
    return sorted(found)


def placed(faces: list[Face]) -> dict[str, tuple[str, bool]]:
    found = designs(faces)
    return {
        face.id: (design, face.usable and design in found.held_out)
        for face, design in zip(faces, found.of, strict=True)
    }


def test_whatever_is_added_later_leaves_design_and_split_of_what_was_there() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        faces = supply(rng)
        whole = placed(faces)
        for last in range(3):
            earlier = placed([face for face in faces if face.layer <= last])
            assert earlier.items() <= whole.items()
            some = [face for face in faces if face.layer <= last or rng.random() < 0.5]
            assert earlier.items() <= placed(some).items()


def test_look_alikes_of_a_held_out_hand_are_held_out_too() -> None:
    compared = 0
    for seed in range(60):
        faces = supply(np.random.default_rng(seed))
        found = placed(faces)
        inked = np.array(
            [np.unpackbits(np.frombuffer(bytes.fromhex(f.signature), np.uint8)) for f in faces], bool
        )
        for face, bits in zip(faces, inked, strict=True):
            common = (inked & bits).sum(1) / (inked | bits).sum(1)
            for other, share in zip(faces, common, strict=True):
                if found[face.id][1] and other.usable and other.layer >= face.layer and share > 0.9:
                    assert found[other.id][1]
                    compared += other.layer > face.layer
    assert compared > 50


def lone(count: int, layer: int = 0, seed: int = 0) -> list[Face]:
    """Faces that are like no other."""
    flags = np.random.default_rng([seed, layer]).random((count, 600)) < 0.3
    return [
        Face(f"{seed}.{layer}.{n}", f"F{layer}.{n}", signature(row), layer) for n, row in enumerate(flags)
    ]


def test_about_one_design_in_eight_is_held_out_by_its_own_id() -> None:
    faces = lone(400)
    held = designs(faces).held_out
    assert 0.08 < len(held) / len(faces) < 0.16
    half = faces[::2]
    assert designs(half).held_out == held & {face.id for face in half}


@pytest.mark.parametrize(("counts", "least"), [((1,), 0), ((2,), 1), ((3,), 1), ((1, 1), 1), ((1, 0, 2), 1)])
def test_as_soon_as_two_designs_may_write_one_is_on_each_side(counts: tuple[int, ...], least: int) -> None:
    for seed in range(30):
        faces = [face for layer, count in enumerate(counts) for face in lone(count, layer, seed)]
        held = designs(faces).held_out
        assert least <= len(held) < len(faces)


def test_faces_that_may_not_write_are_on_no_side() -> None:
    for seed in range(30):
        faces = lone(2, 0, seed)
        may_not = [face._replace(usable=False) for face in lone(3, 1, seed)]
        assert designs(faces + may_not).held_out == designs(faces).held_out
        assert not designs([*faces[:1], *may_not]).held_out


@pytest.mark.slow
def test_thousands_of_faces_take_little_memory() -> None:
    signatures, families, true = faces(300, 15)
    tracemalloc.start()
    found = clusters(signatures, families)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert partition(found) == partition(true)
    assert peak < 100 << 20
