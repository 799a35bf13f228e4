"""Reading in parts, in bounded memory, and through damage: nothing that stands before it is lost."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from common.errors import DataError
from corpora import lines as line_reading
from corpora import textfiles
from corpora.lines import whole_lines
from corpora.raw_text import BATCH, Loss
from corpora.sources import plan_parts, read_part, read_part_batches, read_source

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".xz": lambda data: lzma.compress(data, preset=0),
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def texts(spec: str | Path, losses: list[Loss] | None = None) -> list[str]:
    return [raw.text for raw in read_source(str(spec), losses)]


def in_parts(spec: str | Path, losses: list[Loss]) -> list[str]:
    return [raw.text for part in plan_parts(str(spec)) for raw in read_part(part, losses)]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19, 64, 1000])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_parts_split_at_line_ends_wherever_the_border_falls(
    tmp_path: Path, size: int, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["a", "", "zwei Wörter", "日本語のテキスト", "x" * 70, "", "", "naïve \u2028 sign", "last é"]
    path = write(tmp_path / "a.txt", ending.join(lines))
    whole = texts(path)
    assert whole == ["a", "zwei Wörter", "日本語のテキスト", "x" * 70, "naïve   sign", "last é"]
    monkeypatch.setattr(textfiles, "PART_BYTES", size)
    losses: list[Loss] = []
    assert in_parts(path, losses) == whole
    assert texts(path) == whole
    assert not losses


@pytest.mark.parametrize("size", [5, 40, 333])
def test_parts_of_json_lines_and_their_losses(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [json.dumps({"text": f"Zeile {k} – ü\nmore"}, ensure_ascii=False).encode() for k in range(40)]
    records[7], records[20] = b'{"text": ', b"\xff\xfe"
    path = write(tmp_path / "a.jsonl", b"\n".join(records))
    whole: list[Loss] = []
    wanted = texts(path, whole)
    assert len(wanted) == 76
    whole.sort(key=lambda loss: loss.position)
    assert [loss.reason for loss in whole] == ["not-json", "not-utf8"]
    assert [loss.position for loss in whole] == [sum(len(r) + 1 for r in records[:k]) for k in (7, 20)]
    monkeypatch.setattr(textfiles, "PART_BYTES", size)
    losses: list[Loss] = []
    assert in_parts(path, losses) == wanted
    assert sorted(losses, key=lambda loss: loss.position) == whole


def test_parts_of_parquet_are_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"row {k}" for k in range(1000)]
    pq.write_table(pa.table({"text": rows, "id": range(1000)}), tmp_path / "a.parquet", row_group_size=100)
    assert len(plan_parts(f"{tmp_path}/a.parquet")) == 1
    monkeypatch.setattr(textfiles, "PART_BYTES", 1500)
    assert 1 < len(plan_parts(f"{tmp_path}/a.parquet")) <= 10
    assert in_parts(tmp_path / "a.parquet", []) == rows


def test_batches_are_bounded_and_number_their_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "".join(f"{k}\n" + "\n" * (k % 3 == 0) for k in range(20_000)))
    batches = [batch for part in plan_parts(str(path)) for batch in read_part_batches(part, [])]
    assert max(len(batch.texts) for batch in batches) <= BATCH
    assert [text for batch in batches for text in batch.texts] == list(map(str, range(20_000)))
    documents = [number for batch in batches for number in batch.documents]
    assert documents == [(k + 2) // 3 for k in range(20_000)]


def test_a_line_without_end_is_a_loss_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_reading, "LONGEST", 1 << 19)
    path = write(tmp_path / "a.txt", b"one\n" + b"x" * (1 << 20) + b"\ntwo\n" + b"y" * (1 << 19) + b"\nthree")
    for size in (1 << 24, 300_000):
        monkeypatch.setattr(textfiles, "PART_BYTES", size)
        losses: list[Loss] = []
        assert in_parts(path, losses) == ["one", "two", "y" * (1 << 19), "three"]
        assert [(loss.position, loss.reason) for loss in losses] == [(4, "too-long")]


def test_lines_join_over_blocks_of_any_size() -> None:
    content = "één\n\nzwei\nthree".encode()
    for size in range(1, len(content) + 1):
        blocks = (content[k : k + size] for k in range(0, len(content), size))
        joined = list(whole_lines(blocks, 0, None, "a", []))
        assert b"".join(lines for _, lines in joined) == content
        assert [position for position, _ in joined] == [
            sum(len(lines) for _, lines in joined[:k]) for k in range(len(joined))
        ]


@pytest.mark.parametrize("suffix", PACKERS)
def test_fault_07_a_file_cut_anywhere_is_used_up_to_the_cut(tmp_path: Path, suffix: str) -> None:
    lines = [f"Zeile {k}: größer, naïve, {k * 7919 % 10007:x}" for k in range(300)]
    packed = PACKERS[suffix]("\n".join(lines).encode())
    for cut in [len(packed) - 1, len(packed) // 2, len(packed) // 3, 40]:
        losses: list[Loss] = []
        found = texts(write(tmp_path / f"a.txt{suffix}", packed[:cut]), losses)
        whole = found if suffix else found[:-1]  # the last line of a plain file may be the first half of one
        assert whole == lines[: len(whole)]
        if suffix:
            position = len("".join(line + "\n" for line in found).encode())
            assert [(loss.reason, loss.position) for loss in losses] == [("truncated", position)]


def test_fault_07_a_cut_in_the_middle_of_a_character_is_told_with_its_byte(tmp_path: Path) -> None:
    losses: list[Loss] = []
    content = "good line\nein Fluß".encode()
    assert texts(write(tmp_path / "a.txt", content[:-1]), losses) == ["good line"]
    assert [(loss.reason, loss.position) for loss in losses] == [("not-utf8", content.index(b"\xc3"))]


def test_fault_07_the_command_uses_the_good_part_and_its_exit_code_tells(tmp_path: Path, inkmill) -> None:
    lines = [f"A sentence that is different from all others by its number {k * 7919}." for k in range(3000)]
    packed = gzip.compress("\n".join(lines).encode())
    write(tmp_path / "a.txt.gz", packed[: len(packed) // 2])
    done = inkmill("corpus", "build", "a.txt.gz", "--out", "corpus")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "truncated" in done.stdout + done.stderr
    assert (tmp_path / "corpus" / "corpus.json").is_file()


def test_fault_10_a_source_that_is_not_there_or_empty_is_named_before_any_worker_starts(
    tmp_path: Path,
) -> None:
    write(tmp_path / "empty.txt", "")
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("none.txt", "empty.txt", "pipe.txt", "*.md"):
        with pytest.raises(DataError, match=rf"{tmp_path}/{name}".replace("*", r"\*")):
            plan_parts(f"{tmp_path}/{name}")


def test_fault_10_the_command_names_the_missing_source_and_leaves_nothing(tmp_path: Path, inkmill) -> None:
    done = inkmill("corpus", "build", "builtin:en", "none.txt.gz", "--out", "corpus", "--workers", "2")
    assert done.returncode == 3
    assert "none.txt.gz does not exist" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_file_that_is_gone_after_planning_is_named(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.txt{suffix}", PACKERS[suffix](b"text\n"))
    parts = plan_parts(str(path))
    path.unlink()
    with pytest.raises(DataError, match=r"a\.txt.* is gone"):
        list(read_part(parts[0], []))


@pytest.mark.parametrize("name", ["a.txt", "a.parquet", "a.txt.gz"])
def test_fault_10_a_source_without_permission_is_named(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / name, "text")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything: refuse it in its place

        def refuse(self: Path, *_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=rf"{name} may not be read.*chmod"):
        plan_parts(str(path))


def test_memory_is_flat_however_long_the_text(tmp_path: Path) -> None:
    piece = "".join(f"line {k} of a long text that is read piece by piece\n" for k in range(20_000)).encode()
    peaks = []
    for times in (8, 64):
        with gzip.open(tmp_path / "a.txt.gz", "wb", compresslevel=1) as file:
            for _ in range(times):
                file.write(piece)
        tracemalloc.start()
        lines = sum(
            len(batch.texts)
            for part in plan_parts(f"{tmp_path}/a.txt.gz")
            for batch in read_part_batches(part, [])
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert lines == times * 20_000
    assert peaks[1] < peaks[0] + (1 << 20)
    assert peaks[1] < 8 << 20


def test_a_hole_of_a_gigabyte_is_stepped_over_in_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.write(b"before\n")
        file.seek(1 << 30)
        file.write(b"\nafter\n")
    losses: list[Loss] = []
    tracemalloc.start()
    assert in_parts(tmp_path / "a.txt", losses) == ["before", "after"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(loss.position, loss.reason) for loss in losses] == [(7, "too-long")]
    assert peak < 24 << 20


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz"])
def test_losses_can_be_put_away_while_nothing_good_comes(tmp_path: Path, name: str) -> None:
    text = "".join(f"line {k}\n" for k in range(140_000))
    write(tmp_path / name, gzip.compress(text.encode("utf-16" if name == "a.txt.gz" else "utf-8")))
    losses: list[Loss] = []
    counts = []
    for part in plan_parts(f"{tmp_path}/{name}"):
        for batch in read_part_batches(part, losses):
            assert not batch.texts
            counts.append(len(losses))
            losses.clear()
    assert max(counts) < 70_000
    assert sum(counts) + len(losses) >= 140_000


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_memory_is_flat_where_a_small_file_unpacks_to_a_huge_one(tmp_path: Path, suffix: str) -> None:
    packed = PACKERS[suffix](bytes(1 << 28))
    write(tmp_path / f"a.txt{suffix}", packed)
    code = (
        "import sys, zstandard; from common.memory import peak_bytes;"
        "from corpora.sources import read_source; before = peak_bytes();"
        "losses = []; list(read_source(sys.argv[1], losses));"
        "print(losses[0].reason, len(losses), (peak_bytes() - before) >> 20)"
    )
    command = [sys.executable, "-c", code, f"{tmp_path}/a.txt{suffix}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    reason, count, megabytes = done.stdout.split()
    assert (reason, count) == ("too-long", "1")
    assert int(megabytes) < 128, f"{len(packed):,} bytes took {megabytes} MB"
