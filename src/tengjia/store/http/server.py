"""`tengjia store serve`: a store for clients on other machines, on the standard library's server.

One thread a connection, at most `connections` of them. TLS by certificate files; without TLS it listens on this machine
only, unless said. Clients are never shown a traceback; tokens are never written to the log.
"""

from __future__ import annotations

import json
import logging
import re
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from tengjia.errors import EnvironmentFault, StoreError, TengjiaError
from tengjia.store.faults import told
from tengjia.store.gathering import BLOCK
from tengjia.store.http.service import StoreService
from tengjia.store.http.wire import MOST_EVENTS, MOST_JSON, encoded_error
from tengjia.store.opening import PlacedStore
from tengjia.store.sealed import seal
from tengjia.store.state import encoded
from tengjia.store.tokens import Token, token_of

logger = logging.getLogger(__name__)
_MODEL: Final = r"/v1/models/([A-Za-z0-9_.-]{1,100})"
_OBJECT: Final = _MODEL + r"/objects/([0-9a-f]{64})"
_ROUTES: Final = [
    ("GET", re.compile(r"/v1/store\Z"), "_about"),
    ("GET", re.compile(r"/v1/models\Z"), "_models"),
    ("GET", re.compile(_MODEL + r"/state\Z"), "_state"),
    ("GET", re.compile(_MODEL + r"/log/([0-9]{1,12})\Z"), "_events"),
    ("POST", re.compile(_MODEL + r"/log\Z"), "_append"),
    ("POST", re.compile(_OBJECT + r"\Z"), "_secured"),
    ("PUT", re.compile(_OBJECT + r"\Z"), "_put"),
    ("GET", re.compile(_OBJECT + r"/([0-9a-f]{64})\Z"), "_get"),
]
_RANGE: Final = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})?\Z")


@dataclass(frozen=True)
class Options:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    """PEM file with the certificate chain."""
    key: Path | None = None
    """PEM file with the private key, if it is not in the same file."""
    insecure: bool = False
    """Whether to listen to other machines without TLS: only behind a proxy that has it."""
    connections: int = 64
    timeout: float = 60.0
    """Seconds without a byte after which a connection is closed."""
    largest: int = 1 << 40
    """Bytes that one file may have."""


class StoreServer(ThreadingHTTPServer):
    """Serves a store until `shutdown`.

    Args:
        store: What to serve.
        options: How.

    Raises:
        StoreError: It would listen to other machines without TLS.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, store: PlacedStore, options: Options) -> None:
        loopback = _is_loopback(options.host)
        if options.certificate is None and not loopback and not options.insecure:
            raise StoreError("store.no_certificate", found=options.host)
        self.service = StoreService(store, largest=options.largest)
        self.options = options
        self.only_this_machine = loopback
        self._tls = _tls(options)
        self._free = threading.BoundedSemaphore(options.connections)
        with told(f"{options.host}:{options.port}"):
            super().__init__((options.host, options.port), _Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"{'https' if self._tls else 'http'}://{name}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread, or turn the client away when all are busy."""
        if not self._free.acquire(blocking=False):
            logger.warning("%s turned away: all connections are in use", client_address[0])
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands here, not where others wait to be let in; then answer."""
        try:
            request.settimeout(self.options.timeout)
            if self._tls is not None:
                request = self._tls.wrap_socket(request, server_side=True)
            super().process_request_thread(request, client_address)
        except (OSError, ssl.SSLError) as error:
            logger.info("%s: %s", client_address[0], error)
            self.shutdown_request(request)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Into the log, never to the client."""
        logger.info("%s: the connection ended", client_address[0], exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "tengjia-store"
    sys_version = ""

    @property
    def _service(self) -> StoreService:
        return cast(StoreServer, self.server).service

    def do_GET(self) -> None:
        """Answer."""
        self._answer_request("GET")

    def do_POST(self) -> None:
        """Answer."""
        self._answer_request("POST")

    def do_PUT(self) -> None:
        """Answer."""
        self._answer_request("PUT")

    def _answer_request(self, method: str) -> None:
        self._unread = self._length() if method != "GET" else 0
        try:
            self._check_origin()
            handler, parts = self._route(method)
            getattr(self, handler)(self._caller(), *parts)
        except TengjiaError as error:
            if isinstance(error, EnvironmentFault):
                logger.error("%s", error)
            self._answer(*encoded_error(error))
        except (TimeoutError, ConnectionError) as error:
            self.close_connection = True
            logger.info("%s: %s", self.address_string(), error)
        except Exception:
            logger.exception("a mistake of the server")
            self._answer(*encoded_error(StoreError("store.server_fault")))

    def _route(self, method: str) -> tuple[str, tuple[str, ...]]:
        for verb, pattern, handler in _ROUTES:
            if verb == method and (match := pattern.match(self.path)):
                return handler, match.groups()
        raise StoreError("store.no_route")

    def _check_origin(self) -> None:
        """No web page speaks to a store: neither by its own name for this machine, nor by a form."""
        host = _host_of(self.headers.get("Host") or "")
        only_here = cast(StoreServer, self.server).only_this_machine
        if self.headers.get("Origin") is not None or (only_here and not _is_loopback(host)):
            raise StoreError("store.forbidden", found="origin", model="")
        if self.headers.get("Transfer-Encoding") is not None or len(self.headers.get_all("Content-Length") or []) > 1:
            self.close_connection = True
            raise StoreError("store.no_route")

    def _caller(self) -> Token | None:
        said = self.headers.get("Authorization")
        if said is None:
            return None
        token = token_of(self._service.store, said.removeprefix("Bearer ")) if said.startswith("Bearer ") else None
        if token is None:
            raise StoreError("store.unauthorized")
        return token

    def _length(self) -> int:
        said = self.headers.get("Content-Length") or "0"
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1

    def _body(self) -> dict[str, Any]:
        if not 0 <= self._unread <= MOST_JSON:
            raise StoreError("store.too_large", found="request", limit=MOST_JSON)
        content = self.rfile.read(self._unread)
        self._unread = 0
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise StoreError("store.bad_event", found="request", model="")
        return value

    def _about(self, caller: Token | None) -> None:
        about = {"tengjia_store": 1, "patience": self._service.store.placed_objects.patience}
        self._answer(200, json.dumps(about).encode())

    def _models(self, caller: Token | None) -> None:
        self._answer(200, json.dumps(self._service.models(caller)).encode())

    def _state(self, caller: Token | None, model: str) -> None:
        state = self._service.state(caller, model)
        tag = f'"{state.number}-{state.head}"'
        if self.headers.get("If-None-Match") == tag:
            self._answer(304, b"")
        else:
            self._answer(200, seal(encoded(state)), {"ETag": tag})

    def _events(self, caller: Token | None, model: str, start: str) -> None:
        found = self._service.events(caller, model, int(start), MOST_EVENTS)
        self._answer(200, json.dumps(found).encode())

    def _append(self, caller: Token | None, model: str) -> None:
        number = self._service.append(caller, model, self._body())
        self._answer(200, json.dumps({"number": number}).encode())

    def _secured(self, caller: Token | None, model: str, digest: str) -> None:
        size = self._body().get("size")
        if not isinstance(size, int) or isinstance(size, bool):
            raise StoreError("store.bad_event", found="size", model=model)
        there = self._service.secured(caller, model, digest, size)
        self._answer(200, json.dumps({"there": there}).encode())

    def _put(self, caller: Token | None, model: str, digest: str) -> None:
        if self._unread < 0 or self.headers.get("Content-Length") is None:
            raise StoreError("store.no_route")
        size, self._unread = self._unread, -1  # should it fail halfway, the rest of the body is not a request
        self._service.put(caller, model, digest, size, self.rfile)  # type: ignore[arg-type]
        self._unread = 0
        self._answer(201, b"{}")

    def _get(self, caller: Token | None, model: str, digest: str, manifest: str) -> None:
        file, size = self._service.open(caller, model, digest, manifest)
        with file:
            start, stop = self._range(size)
            partial = (start, stop) != (0, size)
            headers = {"ETag": f'"{digest}"', "Accept-Ranges": "bytes"}
            if start >= stop and partial:
                self._answer(416, b"", {"Content-Range": f"bytes */{size}"})
                return
            if partial:
                headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
            self._head(206 if partial else 200, stop - start, headers, "application/octet-stream")
            file.seek(start)
            left = stop - start
            while left and (block := file.read(min(BLOCK, left))):
                self.wfile.write(block)
                left -= len(block)
            if left:
                self.close_connection = True  # damaged here: the client misses the rest

    def _range(self, size: int) -> tuple[int, int]:
        """First byte, and the one after the last."""
        match = _RANGE.match(self.headers.get("Range") or "")
        if match is None:
            return 0, size
        return int(match[1]), min(int(match[2]) + 1, size) if match[2] else size

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        if self._unread:
            self.close_connection = True
        self._head(status, len(body), headers or {}, "application/json")
        self.wfile.write(body)

    def _head(self, status: int, length: int, headers: dict[str, str], kind: str) -> None:
        self.send_response(status)
        fixed = {"Content-Type": kind, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        for name, value in {**fixed, **headers}.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Who, what, how it ended; no header, so no token."""
        line = format % arguments
        logger.info("%s %s", self.address_string(), "".join(c if c.isprintable() else "?" for c in line)[:300])


def _tls(options: Options) -> ssl.SSLContext | None:
    if options.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(options.certificate, options.key)
    except (OSError, ssl.SSLError) as error:
        raise StoreError("store.bad_certificate", found=str(options.certificate), reason=str(error)) from None
    return context


def _host_of(said: str) -> str:
    """The host of a `Host` header, without its port; empty if it is none."""
    try:
        return urlsplit(f"//{said}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
