"""A Hugging Face hub of one data set, as far as ``datasets`` asks: listing, revision, files with ranges."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME, REVISION = "user/set", "a" * 40


@contextmanager
def serve(files: dict[str, bytes], asked: list[str]) -> Iterator[str]:
    """Serve ``files`` (path in the data set -> content) as :data:`NAME`; yields the endpoint."""
    handler = type("Bound", (_Handler,), {"files": files, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]
    asked: list[str]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        if re.fullmatch(rf"/api/datasets/{NAME}(/revision/{REVISION})?", path):
            names = [{"rfilename": name} for name in self.files]
            self.send_json({"id": NAME, "sha": REVISION, "private": False, "tags": [], "siblings": names})
        elif found := re.fullmatch(rf"/api/datasets/{NAME}/tree/{REVISION}/?(.*)", path):
            self.send_json(self.entries(found[1]))
        elif (found := re.fullmatch(rf"/datasets/{NAME}/resolve/{REVISION}/(.*)", path)) and (
            content := self.files.get(found[1])
        ) is not None:
            self.send_file(content)
        else:
            self.send_json({"error": "not found"}, 404, {"X-Error-Code": "EntryNotFound"})

    do_HEAD = do_GET

    def entries(self, folder: str) -> list[dict[str, object]]:
        inside = {name: name.removeprefix(f"{folder}/" if folder else "") for name in self.files}
        folders = {rest.partition("/")[0] for name, rest in inside.items() if "/" in rest}
        return [
            {"type": "directory", "path": name, "size": 0, "oid": "0" * 40} for name in sorted(folders)
        ] + [
            {"type": "file", "path": name, "size": len(self.files[name]), "oid": "1" * 40}
            for name, rest in inside.items()
            if "/" not in rest
        ]

    def send_file(self, content: bytes) -> None:
        asked = self.headers.get("Range", "").removeprefix("bytes=")
        first, _, last = asked.partition("-")
        body = content[int(first or 0) : int(last or len(content)) + 1]
        headers = {"ETag": '"1"', "X-Repo-Commit": REVISION, "Accept-Ranges": "bytes"}
        if asked:
            headers["Content-Range"] = f"bytes {first}-{int(first or 0) + len(body) - 1}/{len(content)}"
        self.send(206 if asked else 200, body, headers)

    def send_json(self, value: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
