"""Data sets in the layouts that people use, read shard by shard, and a hub that is not there."""

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from common.errors import DataError, UsageError
from corpora import textsets
from corpora.raw_text import Loss
from corpora.sources import identify, parse_spec, plan_parts, read_part, read_source
from tests.corpora.hub import REVISION, serve


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("datasets.config.HF_MODULES_CACHE", str(tmp_path / "modules"))


def found(spec: str, losses: list[Loss] | None = None) -> list[tuple[str, int]]:
    return [(raw.text, raw.document) for raw in read_source(spec, losses)]


def parquet(path: Path, **columns: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def test_cc100_rows_are_lines_and_a_blank_row_ends_the_document(tmp_path: Path) -> None:
    rows = ["first line\n", "second line\n", "\n", "another text\n", "\n"]
    parquet(tmp_path / "set/en/train-00000.parquet", id=list(map(str, range(5))), text=rows)
    wanted = [("first line", 0), ("second line", 0), ("another text", 1)]
    assert found(f"hf:{tmp_path}/set") == wanted
    assert found(f"file:{tmp_path}/set") == wanted


def test_fineweb_rows_are_documents_among_many_columns(tmp_path: Path) -> None:
    columns = {"id": ["<urn:uuid:1>", "<urn:uuid:2>"], "dump": ["CC-MAIN"] * 2, "token_count": [3, 4]}
    parquet(tmp_path / "set/data/CC-MAIN/000_00000.parquet", text=["one\ntwo", "three"], **columns)
    assert found(f"hf:{tmp_path}/set") == [("one", 0), ("two", 0), ("three", 1)]


def test_c4_is_packed_json_lines_with_a_split_and_a_configuration(tmp_path: Path) -> None:
    for split, word in (("train", "learn"), ("validation", "check")):
        rows = [{"text": f"{word} {k}\nmore", "timestamp": "2019", "url": "u"} for k in range(2)]
        path = tmp_path / f"set/en/c4-{split}.00000-of-00001.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    (tmp_path / "set/README.md").write_text(
        "---\nconfigs:\n- config_name: en\n  data_files:\n  - split: train\n    path: en/c4-train.*.json.gz\n"
        "  - split: validation\n    path: en/c4-validation.*.json.gz\n---\n"
    )
    spec = f"hf:{tmp_path}/set?split=validation&config=en"
    assert found(spec) == [("check 0", 0), ("more", 0), ("check 1", 1), ("more", 1)]
    assert found(f"file:{tmp_path}/set/en/c4-validation.*") == found(spec)
    with pytest.raises(UsageError, match="cannot be opened with the configuration fr"):
        read_source(f"hf:{tmp_path}/set?config=fr")
    with pytest.raises(UsageError, match="no split 'test'"):
        read_source(f"hf:{tmp_path}/set?split=test&config=en")


def test_wikipedia_articles_are_documents_without_their_blank_lines(tmp_path: Path) -> None:
    columns = {"id": ["1", "2"], "url": ["u", "v"], "title": ["A", "B"]}
    texts = ["A is a letter.\n\nHistory\nIt is old.", "B follows."]
    parquet(tmp_path / "set/20231101.en/train-00000-of-00001.parquet", text=texts, **columns)
    wanted = [("A is a letter.", 0), ("History", 0), ("It is old.", 0), ("B follows.", 1)]
    assert found(f"hf:{tmp_path}/set") == wanted
    assert found(f"hf:{tmp_path}/set?column=title") == [("A", 0), ("B", 1)]
    with pytest.raises(UsageError, match="no column 'txt'"):
        found(f"hf:{tmp_path}/set?column=txt")


def test_shards_are_parts_and_parts_in_order_are_the_whole(tmp_path: Path) -> None:
    for k in range(3):
        parquet(tmp_path / f"set/data/train-{k:05}.parquet", text=[f"text {k} {row}" for row in range(40)])
    spec = f"hf:{tmp_path}/set?weight=2"
    parts = plan_parts(spec)
    assert len(parts) == 3
    assert parse_spec(spec).weight == 2
    assert [raw.text for part in parts for raw in read_part(part, [])] == [text for text, _ in found(spec)]
    assert [raw.text for raw in read_part(parts[1], [])] == [f"text 1 {row}" for row in range(40)]


def test_rows_without_text_are_losses(tmp_path: Path) -> None:
    parquet(tmp_path / "set/train.parquet", text=["one", None, "three"])
    losses: list[Loss] = []
    assert found(f"hf:{tmp_path}/set", losses) == [("one", 0), ("three", 2)]
    assert [(loss.position, loss.reason) for loss in losses] == [(1, "not-text")]


def test_the_identity_of_a_local_set_changes_with_its_files(tmp_path: Path) -> None:
    parquet(tmp_path / "set/train-0.parquet", text=["one"])
    before = identify(f"hf:{tmp_path}/set")
    assert identify(f"hf:{tmp_path}/set") == before
    parquet(tmp_path / "set/train-1.parquet", text=["two"])
    assert identify(f"hf:{tmp_path}/set") != before


def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"folder .*/none does not exist"):
        read_source(f"hf:{tmp_path}/none")


def test_a_damaged_set_is_told_in_one_sentence(tmp_path: Path) -> None:
    parquet(tmp_path / "set/train.parquet", text=["one"] * 1000)
    (tmp_path / "set/train.parquet").write_bytes((tmp_path / "set/train.parquet").read_bytes()[:-20])
    with pytest.raises(DataError, match=r"data set .*/set cannot be"):
        found(f"hf:{tmp_path}/set")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A hub that gives one answer to everything, and counts the questions for data sets."""
    answer: dict[str, Any] = {"status": 404, "headers": {"X-Error-Code": "RepoNotFound"}, "asked": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer["asked"] += self.path.startswith("/api/datasets/")
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as web:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{web.server_port}")
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        yield answer
        web.shutdown()


def test_a_name_that_the_hub_does_not_know_is_told_after_one_question(hub: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="data set nobody/nothing does not exist on the hub"):
        read_source("hf:nobody/nothing")
    assert hub["asked"] == 1
    hub["headers"] = {"X-Error-Code": "GatedRepo"}
    hub["status"] = 403
    with pytest.raises(DataError, match="asks for your consent"):
        read_source("hf:nobody/nothing")
    with pytest.raises(DataError, match="does not exist on the hub"):
        read_source("hf:no//name")


def test_a_hub_that_fails_is_not_asked_again_and_again(hub: dict[str, Any]) -> None:
    hub.update(status=503, headers={})
    with pytest.raises(DataError, match="hub does not answer for the data set user/set"):
        read_source("hf:user/set")
    assert hub["asked"] == 1


@pytest.mark.parametrize("silent", [True, False])
def test_a_hub_that_cannot_be_reached_is_told(silent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textsets, "ANSWER_S", 0.2)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        if silent:
            closed.listen()
        monkeypatch.setattr(
            "huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}"
        )
        with pytest.raises(DataError, match="hub does not answer for the data set user/set"):
            read_source("hf:user/set")


def test_a_set_of_the_hub_is_read_shard_by_shard_at_one_revision(tmp_path: Path) -> None:
    """In a process of its own: the hub's address is read once, when its client is imported."""
    files = {}
    for k in range(3):
        parquet(tmp_path / "shard.parquet", text=[f"text {k} {row}\nmore" for row in range(50)])
        files[f"data/train-{k:05}.parquet"] = (tmp_path / "shard.parquet").read_bytes()
    code = (
        "import json, sys; from corpora.sources import *; parts = plan_parts('hf:user/set');"
        "texts = [[raw.text for raw in read_part(part, [])] for part in parts];"
        "json.dump([texts, identify('hf:user/set'), [part.revision for part in parts]], sys.stdout)"
    )
    asked: list[str] = []
    with serve(files, asked) as endpoint:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home")},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    texts, facts, revisions = json.loads(done.stdout)
    assert texts == [[text for row in range(50) for text in (f"text {k} {row}", "more")] for k in range(3)]
    assert facts == {"spec": "hf:user/set", "files": REVISION}
    assert revisions == [REVISION] * 3
    assert asked.count("/api/datasets/user/set") == 2  # for the plan, and for the identity
    listings = [k for k, path in enumerate(asked) if "/tree/" in path]
    shards = [k for k, path in enumerate(asked) if path.endswith(".parquet")]
    assert max(listings) < min(shards)  # listed once, not for every shard
