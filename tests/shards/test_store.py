"""Stores: whole files or none, ranges, names, errors; the same for a folder and for memory."""

from __future__ import annotations

import errno
import hashlib
import uuid
from pathlib import Path

import pytest

from common.errors import DataError, EnvironmentProblem, UsageError
from shards.store import Store, StoredFile, open_store


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(f"file:{tmp_path}/new" if request.param == "file" else f"memory:{uuid.uuid4().hex}")


def test_what_is_put_can_be_got_read_and_measured(store: Store, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"from a file")
    store.put("a", b"0123456789")
    store.put("b", tmp_path / "source")
    assert store.get("a") == b"0123456789"
    assert store.get("b") == b"from a file"
    assert store.read("a", 3, 4) == b"3456"
    assert store.size("a") == 10
    assert store.sha256("a") == hashlib.sha256(b"0123456789").hexdigest()
    assert store.exists("a") and not store.exists("c")


def test_list_gives_names_and_sizes_in_order_and_leaves_hidden_files_out(store: Store) -> None:
    assert store.list() == []
    for name in ("b.tar", "a.tar", "deep/c", ".hidden", "deep/.part"):
        store.put(name, b"xy")
    assert store.list() == [StoredFile("a.tar", 2), StoredFile("b.tar", 2), StoredFile("deep/c", 2)]
    assert [file.name for file in store.list("a")] == ["a.tar"]


def test_put_replaces_and_delete_removes(store: Store) -> None:
    store.put("a", b"old")
    store.put("a", b"new one")
    assert store.get("a") == b"new one"
    store.delete("a")
    assert not store.exists("a")


@pytest.mark.parametrize("action", ["get", "size", "delete", "sha256"])
def test_a_missing_file_is_named(store: Store, action: str) -> None:
    with pytest.raises(DataError, match=r"holds no nothing\.tar"):
        getattr(store, action)("nothing.tar")


def test_a_range_beyond_the_end_is_an_error(store: Store) -> None:
    store.put("a", b"0123")
    with pytest.raises(DataError, match="ends at byte 4"):
        store.read("a", 2, 10)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../outside", "a/../../b"])
def test_names_stay_inside(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        store.put(name, b"")


def test_memory_is_shared_within_a_process_under_one_name() -> None:
    name = uuid.uuid4().hex
    open_store(f"memory:{name}").put("a", b"1")
    assert open_store(f"memory:{name}").get("a") == b"1"


def test_a_relative_path_is_kept_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("out put/ü")
    monkeypatch.chdir("/")
    store.put("a", b"1")
    assert open_store(store.url).get("a") == b"1" == (tmp_path / "out put/ü/a").read_bytes()
    assert open_store(f"file://{tmp_path}/out put/ü").get("a") == b"1"


@pytest.mark.parametrize("url", ["s3://bucket/x", "gopher:x", "memory:", ""])
def test_an_unknown_kind_or_no_place_says_what_exists(url: str) -> None:
    with pytest.raises(UsageError, match="file:PATH or memory:NAME"):
        open_store(url)


def test_a_full_disk_leaves_the_old_file_and_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(str(tmp_path))
    store.put("a", b"old")
    real = Path.write_bytes

    def fills_up(path: Path, content: bytes) -> int:
        real(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fills_up)
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        store.put("a", b"new and longer")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert store.get("a") == b"old"


def test_one_writer_at_a_time_and_leftovers_are_swept(tmp_path: Path) -> None:
    (tmp_path / ".lines.tar.x1.part").write_bytes(b"half")
    with open_store(str(tmp_path)).writing():
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(DataError, match="Another run"), open_store(str(tmp_path)).writing():
            pass
    with open_store(str(tmp_path)).writing():
        pass


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(EnvironmentProblem, match="cannot be made"),
        open_store(f"{tmp_path}/file/x").writing(),
    ):
        pass
