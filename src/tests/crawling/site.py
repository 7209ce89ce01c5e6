"""A site served on this machine: every page is a function of the request, and every request is written down."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Reply:
    """What a page answers."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    """Seconds between two bytes that never end."""


class Site:
    """Pages by path (with query), and what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | str | Callable[[Any], Reply]] = {}
        self.default: Callable[[str], Reply | str | None] = lambda path: None
        self.asked: list[str] = []
        self.times: list[float] = []
        self.headers: dict[str, dict[str, str]] = {}
        self.slow = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    port = 0

    def count(self) -> Counter[str]:
        return Counter(path for path in self.asked if path != "/robots.txt")

    def reply(self, handler: Any) -> Reply:
        path = handler.path
        self.asked.append(path)
        self.times.append(time.monotonic())
        self.headers[path] = dict(handler.headers)
        found: Any = self.pages.get(path, self.default(path))
        found = found(handler) if callable(found) else found
        if found is None:
            return Reply("no", 404)
        return Reply(found) if isinstance(found, str | bytes) else found


def html(title: str = "", body: str = "", *links: str) -> str:
    anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}{anchors}</body></html>"


def gzipped(content: bytes) -> Reply:
    return Reply(gzip.compress(content), headers={"Content-Encoding": "gzip"})


@contextlib.contextmanager
def served() -> Iterator[Site]:
    """A site, alive while the block runs."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = site.reply(self)
            if site.slow:
                time.sleep(site.slow)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **reply.headers}
            if reply.drip:
                self.close_connection = True
                headers["Connection"] = headers.pop("Content-Length") and "close"
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)
                while reply.drip:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(reply.drip)

        def log_message(self, format: str, *values: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, address: Any) -> None:
            """A crawler may hang up when it wants."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
