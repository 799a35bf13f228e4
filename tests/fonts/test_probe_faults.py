"""Broken fonts by the thousand: none ends the run, hangs it, or keeps a good font from its measure."""

from __future__ import annotations

import os
import random
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from fonts.probe import Limits, Probe, probe_files
from fonts.supply import supply_folder
from tests.fonts.make_font import make_font

SUPPLY = supply_folder()  # of the user; tests have a cache of their own
MUTATIONS = 1_000
GOOD_EVERY = 100
LETTERS = "aeno"

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and a bounded address space")


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, anywhere."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 32))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def swapped(content: bytes, chance: random.Random) -> bytes:
    """Two tables under each other's names."""
    changed = bytearray(content)
    one, other = (12 + 16 * number for number in chance.sample(range(_tables(content)), 2))
    changed[one : one + 4], changed[other : other + 4] = content[other : other + 4], content[one : one + 4]
    return bytes(changed)


def inflated(content: bytes, chance: random.Random) -> bytes:
    """A huge number at the head of a table: counts, offsets and lengths stand there."""
    changed = bytearray(content)
    entry = 12 + 16 * chance.randrange(_tables(content))
    (offset,) = struct.unpack_from(">I", content, entry + 8)
    place = min(offset + 2 * chance.randrange(20), len(content) - 2)
    changed[place : place + 2] = chance.choice((b"\xff\xff", b"\x7f\xff", b"\x80\x00"))
    return bytes(changed)


def misplaced(content: bytes, chance: random.Random) -> bytes:
    """A table that is said to lie elsewhere or to be of another length."""
    changed = bytearray(content)
    entry = 12 + 16 * chance.randrange(_tables(content)) + chance.choice((8, 12))
    struct.pack_into(">I", changed, entry, chance.choice((0, 1, len(content), 0x7FFFFFFF, 0xFFFFFFFF)))
    return bytes(changed)


MUTATE: tuple[Callable[[bytes, random.Random], bytes], ...] = (flipped, cut, swapped, inflated, misplaced)


def test_fault_11_a_thousand_mutated_fonts_cost_no_good_one(tmp_path: Path) -> None:
    sources = [
        make_font(tmp_path / "plain.ttf", LETTERS),
        make_font(tmp_path / "variable.ttf", LETTERS, weight_axis=True),
        make_font(
            tmp_path / "features.ttf",
            LETTERS,
            alternates={"a.other": ("a", 1.2)},
            features="feature ss01 { sub uni0061 by a.other; } ss01;",
        ),
    ]
    packed = TTFont(sources[0])
    packed.flavor = "woff2"
    packed.save(tmp_path / "packed.woff2")
    contents = [source.read_bytes() for source in (*sources, tmp_path / "packed.woff2")]
    _survives(tmp_path, contents, MUTATIONS)


@pytest.mark.slow
@pytest.mark.skipif(not SUPPLY.is_dir(), reason="the pinned fonts were not fetched")
def test_fault_11_mutated_fonts_of_the_supply_cost_no_good_one(tmp_path: Path) -> None:
    files = sorted(file for file in SUPPLY.rglob("*.ttf") if file.stat().st_size < 60_000)
    _survives(tmp_path, [file.read_bytes() for file in files[:40]], 100)


def _survives(folder: Path, contents: list[bytes], mutations: int) -> None:
    files = dict(_mutants(folder, contents, mutations))
    for number in range(0, mutations, GOOD_EVERY):
        files[f"good {number}"] = make_font(
            folder / f"good{number}.ttf", LETTERS, x_height=300 + number // 10
        )
    chance = random.Random(2)
    order = chance.sample(sorted(files), len(files))
    found = probe_files({name: files[name] for name in order}, workers=2, limits=Limits(seconds=5))
    assert list(found) == order
    assert all(bool(probe.fault) != bool(probe.faces) for probe in found.values())
    measured = [probe for name, probe in found.items() if name.startswith("good")]
    assert all(set(LETTERS) <= set(probe.faces[0]["characters"]) for probe in measured)
    assert _workers() == []


def _mutants(folder: Path, contents: list[bytes], number: int) -> Iterator[tuple[str, Path]]:
    chance = random.Random(1)
    for n in range(number):
        path, content = folder / f"mutant{n}.ttf", chance.choice(contents)
        mutate = chance.choice((flipped, cut) if content.startswith(b"wOF2") else MUTATE)
        path.write_bytes(mutate(content, chance))
        yield f"mutant {n}", path


def _tables(content: bytes) -> int:
    return int.from_bytes(content[4:6], "big")


@linux
def test_fault_12_a_font_without_end_in_time_or_memory_is_given_up_and_remembered(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hangs.ttf")
    greedy = make_font(tmp_path / "greedy.ttf")
    os.truncate(greedy, 8 << 30)  # sparse
    files = {"hangs": tmp_path / "hangs.ttf", "greedy": greedy, "sound": make_font(tmp_path / "sound.ttf")}
    found = probe_files(files, workers=1, limits=Limits(seconds=4))
    assert found["hangs"] == Probe((), "took more than 4 s")
    assert found["greedy"] == Probe((), "needs too much memory")
    assert found["sound"].faces
    assert probe_files(files, workers=1, limits=Limits(seconds=0)) == found  # nothing is tried again
    assert _workers() == []


@linux
def test_a_child_that_has_grown_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = make_font(tmp_path / "large.ttf")
    os.truncate(large, 150 << 20)  # read whole, and more than once
    seen: set[int] = set()
    files = {"first": make_font(tmp_path / "a.ttf"), "large": large, "last": make_font(tmp_path / "b.ttf")}
    found = probe_files(files, workers=1, progress=lambda done, total: seen.update(_workers()))
    assert all(probe.faces for probe in found.values())
    assert len(seen) == 2


def _workers() -> list[int]:
    """Ids of this process's measuring children."""
    lists = Path("/proc/self/task").glob("*/children")
    children = [int(child) for text in lists for child in text.read_text().split()]
    return [c for c in children if b"fonts.probe_worker" in Path(f"/proc/{c}/cmdline").read_bytes()]
