"""Remote sources: read as local ones are, gone on with where they broke off, and never telling a secret."""

import gzip
import logging
import lzma
import pickle
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from common.errors import DataError, EnvironmentProblem, UsageError
from corpora import remote, textfiles
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from corpora.raw_text import Loss
from corpora.sources import identify, parse_spec, plan_parts, read_part, read_part_batches, read_source

LINES = [f"line {k} of a text that is stored elsewhere, {k * 7919 % 10007:x}" for k in range(30_000)]
PLAIN = "\n".join(LINES).encode()
PACKED = {
    "": PLAIN,
    ".gz": gzip.compress(PLAIN),
    ".xz": lzma.compress(PLAIN, preset=0),
    ".zst": zstandard.ZstdCompressor().compress(PLAIN),
}


@dataclass
class Server:
    """A small web server that can misbehave."""

    files: dict[str, bytes]
    ranges: bool = True
    announces: bool = True  # whether it gives ranges
    encoding: str = ""  # as which a packed file is declared
    breaks: int = 0  # how many answers still stop half way
    sound: int = 0  # bytes that always arrive
    refusals: list[int] = field(default_factory=list)  # statuses of the next answers to GET
    refused: str = ""  # a file that may be looked at and not be read
    bodies: list[tuple[str, int]] = field(default_factory=list)  # name and bytes of every answer
    asked: list[tuple[str, int]] = field(default_factory=list)  # method, first byte
    port: int = 0

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def do_HEAD(self) -> None:
        self.answer(send=False)

    def do_GET(self) -> None:
        self.answer(send=True)

    def answer(self, send: bool) -> None:
        state = self.state
        name = self.path.partition("?")[0].lstrip("/")
        content = state.files.get(name)
        first, last = self.wanted(len(content or b""))
        state.asked.append((self.command, first))
        if content is None or (send and state.refusals):
            self.send_error(404 if content is None else state.refusals.pop(0))
            return
        body = content[first : last + 1]
        if send and name == state.refused and len(body) > 1000:
            self.send_error(500)
            return
        self.send_response(206 if len(body) < len(content) else 200)
        if state.encoding:
            self.send_header("Content-Encoding", state.encoding)
        if state.announces:
            self.send_header("Accept-Ranges", "bytes" if state.ranges else "none")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hash(content)}"')
        self.end_headers()
        if not send:
            return
        if state.breaks and first >= state.sound and len(body) > 1000:
            state.breaks -= 1
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
        state.bodies.append((name, len(body)))
        if self.close_connection:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)

    def wanted(self, size: int) -> tuple[int, int]:
        asked = self.headers.get("Range", "") if self.state.ranges else ""
        first, _, last = asked.removeprefix("bytes=").partition("-")
        return int(first or 0), min(int(last or size), size - 1)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(remote, "PAUSES_S", (0.01, 0.01, 0.01))
    monkeypatch.setattr(remote, "FIRST_PAUSES_S", (0.01,))
    state = Server({f"a.txt{suffix}": packed for suffix, packed in PACKED.items()})
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"state": state})) as web:
        state.port = web.server_port
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        yield state
        web.shutdown()


@pytest.fixture
def store() -> Iterator[str]:
    """A folder in fsspec's memory."""
    yield "memory://text"
    fsspec.filesystem("memory").rm("/text", recursive=True)


def texts(spec: str, losses: list[Loss] | None = None) -> list[str]:
    return [raw.text for raw in read_source(spec, losses)]


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("ranges", [True, False])
def test_a_remote_file_reads_like_a_local_one(server: Server, suffix: str, ranges: bool) -> None:
    server.ranges = ranges
    assert texts(f"url:{server.url(f'a.txt{suffix}')}") == LINES


@pytest.mark.parametrize("suffix", PACKED)
def test_a_server_may_ignore_ranges_without_a_word(
    server: Server, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ranges = server.announces = False
    monkeypatch.setattr(remote, "REQUEST", 1 << 16)
    monkeypatch.setattr(remote, "LEAST_REQUEST", 1 << 14)
    server.breaks = 1
    assert texts(f"url:{server.url(f'a.txt{suffix}')}") == LINES


def test_a_packed_file_that_is_declared_as_an_encoding_is_unpacked_once(server: Server) -> None:
    server.encoding = "gzip"
    server.breaks = 1
    assert texts(f"url:{server.url('a.txt.gz')}") == LINES


def test_a_url_needs_no_scheme_of_ours_and_a_path_may_stand_behind_it(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\n")
    assert texts(server.url("a.txt")) == LINES
    assert texts(f"url:file://{tmp_path}/a.txt") == ["one"]
    assert texts(f"url:{tmp_path}/a.txt") == ["one"]


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_connection_is_gone_on_with(server: Server, suffix: str, ranges: bool) -> None:
    server.ranges, server.breaks = ranges, 2
    losses: list[Loss] = []
    assert texts(f"url:{server.url(f'a.txt{suffix}')}", losses) == LINES
    assert not losses
    assert server.breaks == 0


def test_what_was_reached_is_not_fetched_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "REQUEST", 1 << 18)
    spec = f"url:{server.url('a.txt')}"
    parts = plan_parts(spec)
    server.asked.clear()
    server.breaks, server.sound = 1, 1 << 19
    assert [raw.text for raw in read_part(parts[0], [])] == LINES
    firsts = [first for method, first in server.asked if method == "GET"]
    assert firsts == sorted(firsts)
    assert firsts.count(0) == 1


def test_a_busy_server_is_asked_again_and_a_broken_one_is_told_of(server: Server) -> None:
    server.refusals = [503]
    assert texts(f"url:{server.url('a.txt.gz')}") == LINES
    server.refusals = [500] * 20
    with pytest.raises(DataError, match=r"a\.txt\.gz cannot be read.*500"):
        texts(f"url:{server.url('a.txt.gz')}")
    assert len(server.refusals) > 10


def test_a_connection_that_dies_for_good_stops_the_reading(server: Server) -> None:
    parts = plan_parts(f"url:{server.url('a.txt')}")
    server.breaks = 1000
    losses: list[Loss] = []
    with pytest.raises(DataError, match=r"a\.txt cannot be read at byte"):
        list(read_part(parts[0], losses))
    assert not losses


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_a_remote_file_that_is_itself_cut_is_used_as_far_as_it_goes(server: Server, suffix: str) -> None:
    server.files["cut.txt" + suffix] = PACKED[suffix][: len(PACKED[suffix]) // 2]
    losses: list[Loss] = []
    found = texts(f"url:{server.url('cut.txt' + suffix)}", losses)
    assert found == LINES[: len(found)]
    assert [(loss.reason, loss.position) for loss in losses] == [("truncated", len("\n".join(found)) + 1)]


def test_a_file_that_changes_while_it_is_read_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "REQUEST", 1 << 18)
    rows = read_part(plan_parts(f"url:{server.url('a.txt')}")[0], [])
    next(rows)
    server.files["a.txt"], server.breaks = PLAIN * 2, 2
    with pytest.raises(DataError, match=r"now has|cannot be read"):
        list(rows)


def test_a_missing_file_and_a_missing_host_are_told_at_once(server: Server) -> None:
    with pytest.raises(DataError, match=r"none\.txt does not exist"):
        read_source(f"url:{server.url('none.txt')}")
    assert len(server.asked) <= 3
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(DataError, match=r"http://127\.0\.0\.1:\d+/a\.txt cannot be read"):
            read_source(f"url:http://127.0.0.1:{unused.getsockname()[1]}/a.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "none.txt"])
def test_credentials_are_never_shown(server: Server, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "inkmill")
    url = server.url(name).replace("//", "//alice:s3cret@") + "?sig=t0ken&column=text"
    said = [repr(parse_spec(f"url:{url}")), parse_spec(f"url:{url}").shown]
    server.refusals = [503]
    try:
        parts = plan_parts(f"url:{url}")
        said += [repr(parts), str(identify(f"url:{url}"))]
        server.refusals = [503]
        said += [raw.source for raw in read_part(parts[0], [])][:1]
        server.refusals = [418]
        list(read_part(parts[0], []))
    except DataError as error:
        said.append(str(error))
        assert error.__suppress_context__
    assert server.url(name) in " ".join(said)
    assert not any(secret in " ".join([*said, caplog.text]) for secret in ("s3cret", "t0ken", "alice"))


def test_only_our_own_options_are_taken_off_a_url() -> None:
    parsed = parse_spec("url:https://host/a.jsonl?v=1%2B1&column=my+text&weight=2.5&sig=a")
    assert parsed.target == "https://host/a.jsonl?v=1%2B1&sig=a"
    assert (parsed.options, parsed.weight) == ({"column": "my text"}, 2.5)
    assert parsed.shown == "url:https://host/a.jsonl?column=my+text&weight=2.5"


@pytest.mark.parametrize("scheme", ["s3", "gs", "az"])
def test_a_missing_driver_is_named_with_what_to_install(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("s3fs", "gcsfs", "adlfs"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(EnvironmentProblem, match=rf"pip install 'inkmill\[{scheme}\]'"):
        read_source(f"url:{scheme}://bucket/a.txt.gz")


def test_an_unknown_kind_of_store_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'https'"):
        read_source("url:htps://host/a.txt")


def test_folders_and_globs_of_a_store_in_name_order(store: str) -> None:
    files = fsspec.filesystem("memory")
    for name in ("b.txt", "deep/c.txt.gz", "a.png"):
        content = f"text of {name}".encode()
        files.pipe_file(f"/text/{name}", gzip.compress(content) if name.endswith(".gz") else content)
    assert texts(f"url:{store}") == ["text of b.txt", "text of deep/c.txt.gz"]
    assert texts(f"url:{store}/deep/*.gz") == ["text of deep/c.txt.gz"]
    with pytest.raises(DataError, match="does not exist or is empty"):
        texts(f"url:{store}/*.jsonl")
    assert next(raw.source for raw in read_source(f"url:{store}")) == "url:memory:///text/b.txt"


def test_a_folder_of_a_web_server_is_its_page_of_links(server: Server) -> None:
    server.files["texts/"] = b'<a href="b.txt">b</a> <a href="a.txt.gz">a</a> <a href="x.png">x</a>'
    server.files |= {"texts/b.txt": b"bee", "texts/a.txt.gz": gzip.compress(b"ay"), "texts/x.png": b"no"}
    assert texts(f"url:{server.url('texts/')}") == ["ay", "bee"]
    assert texts(f"url:{server.url('texts/*.gz')}") == ["ay"]


def test_a_silent_server_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.filesystem("http").clear_instance_cache()
    monkeypatch.setattr(remote, "READ_S", 0.2)
    monkeypatch.setattr(remote, "FIRST_PATIENCE_S", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(DataError, match=r"a\.txt cannot be read: .*[Tt]imeout"):
            read_source(f"url:http://127.0.0.1:{silent.getsockname()[1]}/a.txt")


def test_memory_is_flat_for_a_remote_file(server: Server) -> None:
    packer = zlib.compressobj(1, wbits=31)
    piece = "".join(f"line {k} of a long text, {k * 7919 % 10007:x}\n" for k in range(20_000)).encode()
    server.files["long.txt.gz"] = b"".join([*(packer.compress(piece) for _ in range(64)), packer.flush()])
    parts = plan_parts(f"url:{server.url('long.txt.gz')}")
    tracemalloc.start()
    lines = sum(len(batch.texts) for part in parts for batch in read_part_batches(part, []))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == 64 * 20_000
    assert peak < 24 << 20


def test_the_parts_of_a_remote_file_give_the_whole(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfiles, "PART_BYTES", 300_001)
    parts = plan_parts(f"url:{server.url('a.txt')}")
    assert len(parts) == -(-len(PLAIN) // 300_001)
    parts = pickle.loads(pickle.dumps(parts))
    assert [raw.text for part in parts for raw in read_part(part, [])] == LINES
    server.ranges = False
    assert len(plan_parts(f"url:{server.url('a.txt')}")) == 1


def test_remote_parquet(server: Server, tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": LINES[:5000]}), tmp_path / "a.parquet", row_group_size=1000)
    server.files["a.parquet"] = (tmp_path / "a.parquet").read_bytes()
    server.breaks = 1
    assert texts(f"url:{server.url('a.parquet')}") == LINES[:5000]
    server.ranges = False
    with pytest.raises(DataError, match=r"a\.parquet"):
        texts(f"url:{server.url('a.parquet')}")


def test_the_identity_changes_with_the_remote_file(server: Server) -> None:
    before = identify(f"url:{server.url('a.txt')}")
    assert identify(f"url:{server.url('a.txt')}") == before
    server.files["a.txt"] = PLAIN.replace(b"7", b"8")
    assert identify(f"url:{server.url('a.txt')}") != before


def test_a_build_that_lost_its_store_goes_on_from_the_finished_parts(server: Server, tmp_path: Path) -> None:
    specs = [f"url:{server.url(name)}" for name in ("a.txt", "b.txt")]
    server.files = {name: f"text of {name}: ".encode() + PLAIN for name in ("a.txt", "b.txt")}
    wanted = build_corpus(specs, load_alphabet("en"), tmp_path / "unbroken").fingerprint
    server.refused = "b.txt"
    with pytest.raises(DataError, match=r"b\.txt cannot be read"):
        build_corpus(specs, load_alphabet("en"), tmp_path / "broken")
    server.refused = ""
    assert build_corpus(specs, load_alphabet("en"), tmp_path / "broken").fingerprint == wanted
    bodies = [path for path, size in server.bodies if size > 1000]
    assert bodies.count("a.txt") == 2  # once for each folder: what was finished is not fetched again


def test_a_corpus_keeps_no_credentials(server: Server, tmp_path: Path) -> None:
    server.files["a.txt"] = PLAIN[:20_000]
    url = server.url("a.txt").replace("//", "//alice:s3cret@") + "?sig=t0ken"
    build_corpus([f"url:{url}"], load_alphabet("en"), tmp_path / "corpus")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert server.url("a.txt").encode() in kept
    assert not [secret for secret in (b"alice", b"s3cret", b"t0ken") if secret in kept]
