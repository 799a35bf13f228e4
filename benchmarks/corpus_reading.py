"""Read the same generated lines from every kind of file: microseconds of processor time a line.

    python benchmarks/corpus_reading.py --lines 300000

Lines have web length, every tenth is blank. The best of three runs, one core, files in the page cache.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from common.seeds import stream
from corpora.sources import plan_parts, read_part_batches

WORDS = ("the", "of", "café", "and", "recognition", "a", "writing", "hand", "über", "London", "people", "is")


def main() -> None:
    """Write the files, read them, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=300_000)
    lines = make_lines(parser.parse_args().lines)
    with tempfile.TemporaryDirectory() as folder:
        for path in write_files(Path(folder), lines):
            seconds, found = min(read(path) for _ in range(3))
            cost = seconds / len(lines) * 1e6
            sys.stdout.write(f"{path.name:12} {found:>9,} lines  {cost:5.2f} us a line\n")


def make_lines(count: int) -> list[str]:
    """Lines of some 75 characters."""
    rng = stream(0, 0, "benchmark")
    lengths = rng.integers(3, 25, count)
    words = iter(rng.choice(WORDS, lengths.sum()).tolist())
    lines = (" ".join(next(words) for _ in range(length)) for length in lengths)
    return ["" if k % 10 == 0 else line for k, line in enumerate(lines)]


def write_files(folder: Path, lines: list[str]) -> list[Path]:
    """The lines as text, packed text, JSON lines and Parquet with a row for each ten lines."""
    data = "\n".join(lines).encode()
    rows = ["\n".join(lines[k : k + 10]) for k in range(0, len(lines), 10)]
    contents = {
        "a.txt": data,
        "a.txt.gz": gzip.compress(data),
        "a.txt.xz": lzma.compress(data, preset=1),
        "a.txt.zst": zstandard.ZstdCompressor().compress(data),
        "latin.txt": data.decode().encode("latin-1"),
        "a.jsonl": "\n".join(json.dumps({"text": row}) for row in rows).encode(),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    pq.write_table(pa.table({"text": rows}), folder / "a.parquet", compression="zstd")
    return [folder / name for name in (*contents, "a.parquet")]


def read(path: Path) -> tuple[float, int]:
    """(seconds, lines found)."""
    begin = time.process_time()
    found = sum(len(b.texts) for part in plan_parts(str(path)) for b in read_part_batches(part, []))
    return time.process_time() - begin, found


if __name__ == "__main__":
    main()
