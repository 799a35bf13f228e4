"""Fuzzing of the readers: mutated files end in text and losses, not in a traceback, a hang, a lost line."""

from __future__ import annotations

import gzip
import json
import lzma
import random
import signal
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from common.errors import DataError
from corpora.raw_text import Loss
from corpora.sources import read_source

LINES = [f"Zeile {k}: größer, naïve, {random.Random(k).getrandbits(60):x}" for k in range(400)]
TEXT = "\n".join(LINES)
MUTATIONS = 250  # for every kind of file; 1,000 of text files together
HANG_S = 20


def zstd(data: bytes) -> bytes:
    """Many small blocks, so that a damage has blocks before it."""
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    out = [
        packer.compress(data[start : start + 2000]) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        for start in range(0, len(data), 2000)
    ]
    return b"".join([*out, packer.flush()])


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".xz": lambda data: lzma.compress(data, preset=0),
    ".zst": zstd,
}
UNPACKERS: dict[str, Callable[[], object]] = {
    ".gz": lambda: zlib.decompressobj(wbits=31),
    ".xz": lzma.LZMADecompressor,
    ".zst": lambda: zstandard.ZstdDecompressor().decompressobj(),
}


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Bits flipped, the end cut off, blocks swapped, zeroed, doubled or removed, garbage appended."""
    here, there = sorted(rng.randrange(len(data)) for _ in range(2))
    length = rng.randrange(1, 200)
    match rng.randrange(7):
        case 0:
            flipped = bytearray(data)
            for _ in range(rng.randrange(1, 8)):
                flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            return bytes(flipped)
        case 1:
            return data[:there]
        case 2:
            return data[:here] + data[there : there + length] + data[here:there] + data[there + length :]
        case 3:
            return data[:here] + bytes(length) + data[here + length :]
        case 4:
            return data[:there] + data[here:there][-length:] + data[there:]
        case 5:
            return data[:here] + data[here + length :]
        case _:
            return data + rng.randbytes(length)


def sound(before: bytes, after: bytes) -> int:
    """How many bytes stand before the damage."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((k for k, (old, new) in pairs if old != new), min(len(before), len(after)))


def good_lines(packed: bytes, suffix: str) -> list[str]:
    """The whole lines in the bytes before a damage, by another decoder."""
    data = packed
    if suffix:
        data = b""
        while packed:
            stream = UNPACKERS[suffix]()
            data += stream.decompress(packed)  # type: ignore[attr-defined]
            packed = stream.unused_data if stream.eof else b""  # type: ignore[attr-defined]
    return data.decode(errors="ignore").split("\n")[:-1]


@contextmanager
def no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"nothing came in {HANG_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANG_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(path: Path, losses: list[Loss]) -> list[str]:
    with no_hang():
        return [raw.text for raw in read_source(str(path), losses)]


@pytest.mark.parametrize("suffix", PACKERS)
def test_no_mutation_of_a_text_file_loses_a_good_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.txt{suffix}"
    half = len(TEXT) // 2
    files = [PACKERS[suffix](TEXT.encode())]
    files.append(PACKERS[suffix](TEXT[:half].encode()) + PACKERS[suffix](TEXT[half:].encode()))
    damaged = 0
    for number in range(MUTATIONS):
        whole = files[number % 2]
        mutated = mutate(whole, random.Random(f"{suffix}{number}"))
        path.write_bytes(mutated)
        losses: list[Loss] = []
        if not mutated:
            continue
        found = read(path, losses)
        wanted = good_lines(whole[: sound(whole, mutated)], suffix)
        assert found[: len(wanted)] == wanted, f"mutation {number}"
        if mutated.startswith(whole):
            assert found[: len(LINES) - (not suffix)] == LINES[: len(LINES) - (not suffix)], (
                f"mutation {number}"
            )
        damaged += bool(losses)
    assert damaged > MUTATIONS // (2 if suffix else 20)


def test_a_flipped_byte_in_a_plain_file_costs_no_other_line(tmp_path: Path) -> None:
    data = TEXT.encode()
    for number in range(MUTATIONS):
        place = random.Random(number).randrange(len(data))
        (tmp_path / "a.txt").write_bytes(data[:place] + b"\xff" + data[place + 1 :])
        losses: list[Loss] = []
        found = read(tmp_path / "a.txt", losses)
        assert len(losses) == 1
        touched = data[:place].count(b"\n")
        ends = data[place : place + 1] == b"\n"
        assert found == LINES[:touched] + LINES[touched + 1 + ends :]


@pytest.mark.parametrize("suffix", PACKERS)
def test_no_mutation_of_json_lines_ends_in_a_traceback(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    records = [json.dumps({"id": k, "text": line}) for k, line in enumerate(LINES)]
    whole = PACKERS[suffix]("\n".join(records).encode())
    for number in range(MUTATIONS // 2):
        mutated = mutate(whole, random.Random(f"json{suffix}{number}"))
        path.write_bytes(mutated or b"{}")
        try:
            found = read(path, [])
        except DataError:
            found = []
        good = len(good_lines(whole[: sound(whole, mutated)], suffix))
        assert found[:good] == LINES[:good], f"mutation {number}"


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_no_mutation_of_parquet_ends_in_a_traceback(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"id": range(400), "text": LINES}), path, row_group_size=100, compression=compression
    )
    whole = path.read_bytes()
    refused = 0
    for number in range(MUTATIONS):
        path.write_bytes(mutate(whole, random.Random(f"{compression}{number}")) or b"PAR1")
        try:
            read(path, [])
        except DataError:
            refused += 1
    assert refused < MUTATIONS


def test_a_damaged_row_group_costs_no_other_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": LINES}), path, row_group_size=100, use_dictionary=False, write_page_checksum=True
    )
    whole = path.read_bytes()
    metadata = pq.read_metadata(path)
    for group in range(4):
        chunk = metadata.row_group(group).column(0)
        rng = random.Random(group)
        for _ in range(10):
            place = chunk.data_page_offset + rng.randrange(chunk.total_compressed_size)
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
            losses: list[Loss] = []
            found = read(path, losses)
            others = [line for k, line in enumerate(LINES) if k // 100 != group]
            assert [line for line in found if line in set(others)] == others
            told = [(loss.reason, loss.position) for loss in losses]
            assert told == [("damaged", group * 100)] or found == LINES
