"""Upload: whole, proven, resumable, never over something else."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from common.errors import DataError
from pipelines.executors import InlineExecutor
from pipelines.render import render_dataset
from pipelines.upload import upload
from shards.manifest import MANIFEST, PLAN, RECIPE
from shards.store import MemoryStore, Store, open_store
from shards.verify import verify
from tests.pipelines.fake_mill import make_plan, open_fake


@pytest.fixture
def source(tmp_path: Path) -> str:
    out = str(tmp_path / "source")
    render_dataset(make_plan(tmp_path), out, InlineExecutor(), mill=open_fake)
    return out


@pytest.fixture
def there() -> str:
    return f"memory:{uuid.uuid4().hex}"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names put into memory, in order."""
    names: list[str] = []
    put = MemoryStore.put

    def noting(self: MemoryStore, name: str, content: bytes) -> None:
        names.append(name)
        put(self, name, content)

    monkeypatch.setattr(MemoryStore, "put", noting)
    return names


def contents(store: Store) -> dict[str, bytes]:
    return {file.name: store.get(file.name) for file in store.list()}


def test_everything_arrives_with_the_manifest_last(source: str, there: str, sent: list[str]) -> None:
    told: list[int] = []
    manifest = upload(source, there, told.append)
    assert contents(open_store(there)) == contents(open_store(source))
    assert sent[-1] == MANIFEST
    assert sum(told) == len(manifest.shards) == 5
    assert verify(open_store(there), depth="deep").whole


def test_a_broken_upload_is_finished_by_repeating_it(
    source: str, there: str, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(done: int) -> None:
        if "lines-000002.tar" in sent:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        upload(source, there, breaks)
    assert not open_store(there).exists(MANIFEST)
    sent.clear()
    upload(source, there)
    assert [name for name in sent if name.endswith(".tar")] == ["lines-000003.tar", "lines-000004.tar"]
    assert contents(open_store(there)) == contents(open_store(source))


def test_what_is_damaged_there_is_sent_again(source: str, there: str, sent: list[str]) -> None:
    upload(source, there)
    store = open_store(there)
    altered = bytearray(store.get("lines-000001.tar"))
    altered[1000] ^= 1
    store.put("lines-000001.tar", bytes(altered))
    sent.clear()
    upload(source, there)
    assert [name for name in sent if name.endswith((".tar", ".npy"))] == ["lines-000001.tar"]
    assert verify(store, depth="deep").whole


def test_a_source_that_is_not_whole_is_refused(source: str, there: str) -> None:
    tar = Path(source) / "lines-000001.tar"
    tar.write_bytes(tar.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"lines-000001\.tar is cut or altered"):
        upload(source, there)
    assert not open_store(there).exists(MANIFEST)


def test_an_unfinished_source_is_refused(source: str, there: str) -> None:
    (Path(source) / MANIFEST).unlink()
    with pytest.raises(DataError, match="no finished data set"):
        upload(source, there)


def test_a_place_where_another_upload_brought_nothing_is_free(
    source: str, there: str, tmp_path: Path
) -> None:
    other = open_store(str(tmp_path / "other"))
    render_dataset(make_plan(tmp_path, seed=8), other.url, InlineExecutor(), mill=open_fake)
    for name in (PLAN, RECIPE):
        open_store(there).put(name, other.get(name))
    upload(source, there)
    assert contents(open_store(there)) == contents(open_store(source))


def test_a_place_with_something_else_is_refused(source: str, there: str, tmp_path: Path) -> None:
    other = f"memory:{uuid.uuid4().hex}"
    render_dataset(make_plan(tmp_path, seed=8), other, InlineExecutor(), mill=open_fake)
    open_store(there).put("thesis.txt", b"years")
    for place in (other, there):
        before = contents(open_store(place))
        with pytest.raises(DataError, match="holds something else"):
            upload(source, place)
        assert contents(open_store(place)) == before
