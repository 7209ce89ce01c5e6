"""Which addresses are opened, and to whom secrets are told."""

from __future__ import annotations

import io
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tengjia.utilities.web import RefusedRedirect, opener, request


class Server(ThreadingHTTPServer):
    redirect = ""
    seen: list[dict[str, str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        away = self.server.redirect if self.path == "/first" else ""
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", away)
        self.send_header("Content-Length", "0")
        self.end_headers()


def started() -> Server:
    server = Server(("127.0.0.1", 0), Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    pair = started(), started()
    yield pair
    for server in pair:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("url", "target", "followed"),
    [
        ("https://one.example/x", "http://one.example/x", False),
        ("https://one.example/x", "file:///etc/passwd", False),
        ("http://one.example/x", "ftp://one.example/x", False),
        ("http://one.example/x", "FILE:///etc/passwd", False),
    ],
)
def test_redirects_to_other_protocols_are_refused(url, target, followed):
    handlers = [each for each in opener().handlers if isinstance(each, urllib.request.HTTPRedirectHandler)]
    with pytest.raises(RefusedRedirect) as caught:
        handlers[0].http_error_302(request(url), io.BytesIO(), 302, "", {"Location": target})
    assert (caught.value.url, caught.value.target) == (url, target)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://one.example/x", "data:text/plain,x", "unknown://x"])
def test_only_the_web_is_opened(url):
    assert opener().open(request(url)) is None or pytest.fail("opened")


def test_secrets_stay_with_the_host_that_was_asked(servers):
    here, there = servers
    here.redirect = f"{there.url}/second"
    opener().open(request(f"{here.url}/first", {"X-Plain": "1"}, {"Authorization": "Bearer secret"})).close()
    assert here.seen[0]["authorization"] == "Bearer secret"
    assert "authorization" not in there.seen[0] and there.seen[0]["x-plain"] == "1"


def test_secrets_go_with_a_redirect_to_the_same_host(servers):
    here, _ = servers
    here.redirect = "/second"
    opener().open(request(f"{here.url}/first", secrets={"Authorization": "Bearer secret"})).close()
    assert [each["authorization"] for each in here.seen] == ["Bearer secret"] * 2


def test_certificates_are_always_verified(tmp_path):
    contexts = [each._context for each in opener().handlers if isinstance(each, urllib.request.HTTPSHandler)]
    assert contexts[0].verify_mode is ssl.CERT_REQUIRED and contexts[0].check_hostname
    with pytest.raises(FileNotFoundError):
        opener(tmp_path / "absent.pem")
