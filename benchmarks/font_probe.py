"""What it costs to probe many font files: seconds, peak memory of all processes, open files (Linux).

    python benchmarks/font_probe.py LIBRARY --copies 12000

Every copy is a file of LIBRARY with some bytes behind its last table, so its hash is new and its content is
not. Copies are made and removed in rounds of one library, which bounds the disk; what was found out is kept
to the end, as a catalogue would keep it. Making copies is not timed. Without --copies the library itself is
probed twice: cold and warm.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from common.files import sha256_file
from fonts.probe import Probe, probe_files

_SUFFIXES = (".ttf", ".otf")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Cost:
    """The most that was seen at once: bytes resident and open files, over this process and its children."""

    resident: int = 0
    files: int = 0


def main() -> None:
    """Probe and print."""
    parser = argparse.ArgumentParser(description="What it costs to probe many font files.")
    parser.add_argument("library", type=Path, help="folder with font files")
    parser.add_argument(
        "--copies", type=int, default=0, help="number of altered copies; 0: the library itself"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    sources = sorted(f for f in arguments.library.rglob("*") if f.suffix.lower() in _SUFFIXES)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INKMILL_CACHE"] = f"{folder}/cache"
        if arguments.copies:
            _copies(sources, arguments.copies, Path(folder), arguments.workers)
        else:
            files = {sha256_file(source): source for source in sources}
            for name in ("cold", "warm"):
                _timed(name, files, arguments.workers)


def _copies(sources: list[Path], number: int, folder: Path, workers: int) -> None:
    found: dict[str, Probe] = {}
    seconds = 0.0
    with _watched() as cost:
        for start in range(0, number, len(sources)):
            copies = _altered(sources[: number - start], start, folder)
            begun = time.monotonic()
            found |= probe_files(copies, workers)
            seconds += time.monotonic() - begun
            for copy in copies.values():
                copy.unlink()
    bad = sum(bool(probe.fault) for probe in found.values())
    _say(
        f"{len(found)} files in {seconds:.1f} s ({1000 * seconds / len(found):.1f} ms a file), {bad} bad; "
        f"at most {cost.resident / 2**20:.0f} MiB resident and {cost.files} open files in all processes"
    )


def _timed(name: str, files: dict[str, Path], workers: int) -> None:
    with _watched() as cost:
        begun = time.monotonic()
        probe_files(files, workers)
        seconds = time.monotonic() - begun
    _say(f"{name}: {len(files)} files in {seconds:.2f} s; at most {cost.resident / 2**20:.0f} MiB resident")


def _altered(sources: list[Path], number: int, folder: Path) -> dict[str, Path]:
    """Copies with other hashes; SHA-256 -> path."""
    copies = {}
    for offset, source in enumerate(sources):
        copy = folder / f"{number + offset}{source.suffix}"
        copy.write_bytes(source.read_bytes() + (number + offset + 1).to_bytes(8, "big"))
        copies[sha256_file(copy)] = copy
    return copies


@contextmanager
def _watched() -> Iterator[Cost]:
    """Looks at the processes ten times a second until the block ends."""
    cost, ended = Cost(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            seen = [_seen(process) for process in (os.getpid(), *_children())]
            cost.resident = max(cost.resident, sum(resident for resident, _ in seen))
            cost.files = max(cost.files, sum(files for _, files in seen))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield cost
    finally:
        ended.set()
        watcher.join()


def _children() -> list[int]:
    lists = Path("/proc/self/task").glob("*/children")
    return [int(child) for told in lists for child in told.read_text().split()]


def _seen(process: int) -> tuple[int, int]:
    """Bytes resident and open files of a process; nothing for one that has just ended."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
        return int(pages) * _PAGE, sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return 0, 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
