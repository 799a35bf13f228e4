"""Files are whole or not there, and a full disk is told in words."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from common.errors import EnvironmentProblem
from common.files import (
    atomic_path,
    cache_dir,
    fingerprint,
    sha256_bytes,
    sha256_file,
    write_atomic,
    write_json,
)


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    final = tmp_path / "shard.tar"
    final.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(final) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_an_interrupt_leaves_no_litter_either(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic_path(tmp_path / "a"):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_the_file_appears_only_at_the_end(tmp_path: Path) -> None:
    final = tmp_path / "new" / "folder" / "a.txt"
    with atomic_path(final) as temporary:
        temporary.write_text("whole")
        assert not final.exists()
    assert final.read_text() == "whole"


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="disk is full"), atomic_path(tmp_path / "a"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_json_is_readable_and_keeps_letters(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"text": "Straße"})
    assert "Straße" in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_hashes_of_file_and_bytes_agree(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"ink")
    assert sha256_file(tmp_path / "a") == sha256_bytes(b"ink")


def test_a_fingerprint_ignores_key_order_and_sees_values() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) != fingerprint({"a": 1, "b": 3})


def test_the_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("INKMILL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "inkmill"
