"""Requests to one server: kept open, asked again when the line was lost, never redirected."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from tengjia import __version__
from tengjia.errors import StoreError
from tengjia.store.http.wire import decoded_error
from tengjia.store.names import shown

AUTHORITY: Final = "TENGJIA_STORE_CA"
"""Environment variable: PEM file with the authority that signed the server's certificate, if it is not a public one."""
_BUSY: Final = {408, 429, 502, 503, 504}
_LONGEST_WAIT: Final = 10.0
_MOST_JSON: Final = 256 << 20


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Message
    body: bytes


class Connection:
    """To one server, over as many lines as are needed at once.

    Args:
        url: `https://host:port`.
        token: Sent with every request.
        timeout: Seconds without a byte after which a line counts as lost.
        attempts: How often in a row a request may fail.
        wait: Seconds before the second attempt; doubled for each further one.

    Raises:
        StoreError: The token would go over an open line, or is none.
    """

    def __init__(self, url: str, token: str | None, timeout: float, attempts: int, wait: float = 0.2) -> None:
        self.url = url
        self.attempts = attempts
        self._timeout = timeout
        self._wait = wait
        self._parts = urlsplit(url)
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._idle)
        self._about: dict[str, Any] = {}
        self._headers = {"User-Agent": f"tengjia/{__version__}", "Accept-Encoding": "identity"}
        if token is not None:
            if not token.isascii() or not token.isprintable() or " " in token:
                raise StoreError("store.unauthorized")
            if self._parts.scheme == "http" and not _is_here(self._parts.hostname or ""):
                raise StoreError("store.open_line", found=shown(url))
            self._headers["Authorization"] = f"Bearer {token}"

    def __repr__(self) -> str:
        return f"Connection({self.url!r})"  # without the token

    def about(self) -> dict[str, Any]:
        """What the server says of itself."""
        if not self._about:
            found = self.json("GET", "/v1/store")
            if not isinstance(found, dict) or found.get("tengjia_store") != 1 or "patience" not in found:
                raise StoreError("store.strange_answer", found=self.url, status=200)
            self._about = found
        return self._about

    def json(self, method: str, path: str, *, body: bytes = b"") -> Any:
        """The plain values of an answer."""
        answer = self.ask(method, path, body=body)
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise StoreError("store.strange_answer", found=self.url, status=answer.status) from None

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        blocks: Callable[[], Iterable[bytes]] | None = None,
        size: int = 0,
        headers: Mapping[str, str] | None = None,
        most: int = _MOST_JSON,
    ) -> Answer:
        """Ask, again if need be, and take in the whole answer.

        Args:
            method: `GET`, `POST` or `PUT`.
            path: As it goes over the line.
            body: Of the request.
            blocks: A large body instead, asked for once for each attempt.
            size: Bytes of that.
            headers: Beside the usual ones.
            most: Bytes that an answer may have.

        Raises:
            StoreError: The server refuses, or cannot be reached.
        """

        def once() -> Answer:
            length = size if blocks else len(body)
            sent = {**self._headers, **(headers or {})} | ({"Content-Length": str(length)} if method != "GET" else {})
            with self.asked(method, path, blocks() if blocks else body or None, sent) as response:
                expected = length_of(response)
                if expected > most:
                    raise StoreError("store.strange_answer", found=self.url, status=response.status)
                content = response.read()
                if len(content) != expected:
                    raise ConnectionError("the line was cut")
                return Answer(response.status, response.headers, content)

        return self.again(once)

    def again(self, once: Callable[[], Answer], progressed: Callable[[], int] = lambda: 0) -> Answer:
        """Do something until it succeeds; give up after so many failures in a row without progress."""
        failures, best = 0, progressed()
        while True:
            try:
                return once()
            except (OSError, http.client.HTTPException) as failure:
                if isinstance(failure, ssl.SSLCertVerificationError):
                    raise StoreError("store.bad_certificate", found=self.url, reason=failure.verify_message) from None
                failures = 1 if progressed() > best else failures + 1
                best = max(best, progressed())
                if failures >= self.attempts:
                    reason = str(failure) or type(failure).__name__
                    raise StoreError("store.unreachable", found=self.url, reason=reason) from failure
                time.sleep(random.uniform(0.5, 1) * min(self._wait * 2 ** (failures - 1), _LONGEST_WAIT))

    @contextlib.contextmanager
    def asked(
        self, method: str, path: str, body: bytes | Iterable[bytes] | None, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        """One request; the line is closed unless the answer was read to its end.

        Raises:
            OSError, http.client.HTTPException: The line was lost, or the server is busy: ask again.
            StoreError: The server refuses.
        """
        line = self._line()
        try:
            line.request(method, path, body, dict(headers))
            response = line.getresponse()
            if response.status in _BUSY:
                raise ConnectionError(f"the server is busy ({response.status})")
            if response.status not in {200, 201, 206, 304}:
                raise decoded_error(response.status, response.read(1 << 20), self.url)
            yield response
        except BaseException:
            line.close()
            raise
        if response.isclosed() and line.sock is not None:
            with self._lock:
                self._idle.append(line)
        else:
            line.close()

    def close(self) -> None:
        """Close the lines that wait for a next request."""
        with self._lock:
            _close_all(self._idle)

    def headers(self, start: int) -> dict[str, str]:
        """Of a request for bytes from `start` on."""
        return {**self._headers, "Range": f"bytes={start}-"} if start else dict(self._headers)

    def _line(self) -> http.client.HTTPConnection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context(cafile=os.environ.get(AUTHORITY) or None)
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def length_of(response: http.client.HTTPResponse) -> int:
    """Bytes of an answer, as it says. Ours always do: without it, the line was cut within the headers.

    Raises:
        ConnectionError: It does not say.
    """
    said = response.headers.get("Content-Length") or ""
    if response.status == 304:
        return 0
    if not (said.isascii() and said.isdigit()):
        raise ConnectionError("the line was cut")
    return int(said)


def _close_all(lines: list[http.client.HTTPConnection]) -> None:
    while lines:
        lines.pop().close()


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
