"""Servers on this machine that hold repositories, and misbehave when told to."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Server(ThreadingHTTPServer):
    """Serves the files below `folder`, as its switches say."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.refuse: dict[str, int] = {}
        """Path -> status to answer with."""
        self.drops: dict[str, int] = {}
        """Path -> after how many bytes to drop the connection, once."""
        self.change: dict[str, bytes] = {}
        """Path -> other content."""
        self.cdn: Server | None = None
        """Weights are given by this one, as hubs do."""
        self.token = ""
        """Who does not say it is refused."""
        self.silent: dict[str, threading.Event] = {}
        """Path -> answered only when this is set."""
        self.strange: bytes | None = None
        """Said instead of a revision."""
        self.revisions = {"main": COMMIT, "v1": COMMIT}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, ending: str = "") -> list[str]:
        return [path for _, path, _ in self.requests if path.endswith(ending)]

    def content(self, path: str) -> bytes | None:
        if path in self.change:
            return self.change[path]
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        server = self.server
        path = self.path
        server.requests.append((self.command, path, {name.lower(): value for name, value in self.headers.items()}))
        self.close_connection = True
        for known, event in server.silent.items():
            if path.endswith(known):
                event.wait(30)
        for known, status in server.refuse.items():
            if path.endswith(known):
                return self.plain(status, b"no")
        if server.token and self.headers.get("Authorization") != f"Bearer {server.token}":
            return self.plain(401, b"who are you?")
        parts = urllib.parse.urlsplit(path)
        place = parts.path.strip("/").split("/")
        if place[:2] == ["api", "models"] and place[4:5] == ["revision"]:
            return self.revision(urllib.parse.unquote(place[5]))
        headers: dict[str, str] = {}
        if len(place) > 4 and place[2] == "resolve":
            commit = server.revisions.get(urllib.parse.unquote(place[3]), place[3])
            if commit not in server.revisions.values():
                return self.plain(404, b"", X_Error_Code="RevisionNotFound")
            headers = {"X-Repo-Commit": commit}
            name = urllib.parse.unquote("/".join(place[4:]))
            if server.cdn is not None and name.endswith(".safetensors"):
                found = server.content(name) or b""
                linked = {"X-Linked-Size": str(len(found)), "X-Linked-Etag": f'"{hashlib.sha256(found).hexdigest()}"'}
                return self.plain(302, b"", Location=f"{server.cdn.url}/{name}", **headers, **linked)
        elif place[:3] == ["api", "v1", "models"] and place[5:] == ["repo"]:
            query = urllib.parse.parse_qs(parts.query)
            if query["Revision"][0] not in {"master", "v1"}:
                return self.plain(404, b'{"Code": 10010205001, "Message": "revision not found"}')
            name = query["FilePath"][0]
        else:
            name = urllib.parse.unquote(parts.path.lstrip("/"))
        self.file(name, headers, body)
        return None

    def revision(self, name: str) -> None:
        commit = self.server.revisions.get(name)
        if self.server.strange is not None:
            return self.plain(200, self.server.strange)
        if commit is None:
            return self.plain(404, b'{"error": "Invalid rev id"}')
        files = [file.relative_to(self.server.folder) for file in self.server.folder.rglob("*") if file.is_file()]
        content = {"id": "acme/ner", "sha": commit, "siblings": [{"rfilename": file.as_posix()} for file in files]}
        return self.plain(200, json.dumps(content).encode())

    def file(self, name: str, headers: dict[str, str], body: bool) -> None:
        content = self.server.content(name)
        if content is None:
            return self.plain(404, b"", X_Error_Code="EntryNotFound")
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        start, status = 0, 200
        asked = self.headers.get("Range")
        if asked and self.headers.get("If-Range", tag) == tag:
            start, status = int(asked.removeprefix("bytes=").split("-")[0]), 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.send_response(status)
        for key, value in {**headers, "ETag": tag, "Content-Length": str(len(content) - start)}.items():
            self.send_header(key, value)
        self.end_headers()
        given = content[start:]
        if name in self.server.drops:
            given = given[: self.server.drops.pop(name)]
        if body:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(given)
        return None

    def plain(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def listed(files: dict[str, bytes]) -> bytes:
    """The `filelist.txt` of files."""
    lines = [
        f"{path} {len(content)} {hashlib.sha256(content).hexdigest()}\n" for path, content in sorted(files.items())
    ]
    return "".join(lines).encode()
