"""An outside service that answers over HTTP; off unless an address is given.

What it says is a stranger's: it is read up to a limit of bytes and of time, must be JSON with a text where one is
expected, and loses its control characters. A service that is slow, broken or gone costs its time limit and a warning,
never an error. Texts of users leave the house: so it has to be asked for.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import queue
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import SplitResult, quote_plus, urlsplit

from tengjia.config.parameters import Limits
from tengjia.errors import ConfigurationError
from tengjia.messages import text

log = logging.getLogger(__name__)
_BLOCK: Final = 1 << 14
_KEPT_SIGNS: Final = frozenset("\n\t")


class ServiceError(Exception):
    """The service gave no answer; `args[0]` is a code of the catalogue `chat`."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Service:
    """Asks the service.

    Args:
        config: See `Config`.

    Raises:
        ConfigurationError: The address is none, or carries a password; or the secret is not in the environment.
    """

    limits: ClassVar[Limits] = {"time_limit": (0.01, 600.0), "largest_answer": (1, 1 << 24), "failures": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """Where it is, how it is asked, and what it may cost."""

        address: str | None = None
        """Address (`https://...`) to which the question is sent as a JSON object; with `{question}` in it, the question
        is put there and asked for by GET. Null: no service."""

        question_key: str = "question"
        """Key of the question in the JSON object."""

        answer_path: str = "answer"
        """Where the answer stands in the JSON that comes back: keys joined by dots (`data.info.text`)."""

        secret: str | None = None
        """Name of an environment variable whose value is sent as `Authorization: Bearer ...`; only with https, or to
        this machine."""

        time_limit: float = 5.0
        """Seconds that an answer may take, from the first to the last byte."""

        largest_answer: int = 65536
        """Bytes that may come back."""

        failures: int = 3
        """After so many failures in a row it is not asked any more by this process."""

    def __init__(self, config: Config) -> None:
        self.config, self._failed = config, 0
        self._place = _place(config.address or "")
        self._secret = _secret(config, self._place)

    def ask(self, question: str) -> str | None:
        """The answer of the service, or `None`: it had none, or failed (which is told)."""
        if self._failed >= self.config.failures:
            return None
        try:
            answer = self._within(lambda connections: self._asked(question, connections))
        except ServiceError as error:
            self._failed += 1
            given_up = self._failed >= self.config.failures
            log.warning(text(error.code, host=self._place.netloc, **error.values).message)
            if given_up:
                log.warning(text("chat.service_given_up", host=self._place.netloc, count=self._failed).message)
            return None
        self._failed = 0
        return answer

    def _within(self, work: Callable[[list[http.client.HTTPConnection]], str | None]) -> str | None:
        """Do a piece of work in a thread of its own, and leave it behind when its time is over."""
        results: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        connections: list[http.client.HTTPConnection] = []

        def worker() -> None:
            try:
                results.put(work(connections))
            except Exception as error:
                results.put(error)

        threading.Thread(target=worker, daemon=True, name="chat-service").start()
        try:
            result = results.get(timeout=self.config.time_limit)
        except queue.Empty:
            raise ServiceError("chat.service_slow", allowed=self.config.time_limit) from None
        finally:
            for connection in connections:
                connection.close()
        if isinstance(result, ServiceError):
            raise result
        if isinstance(result, TimeoutError):  # of the socket, which may be a moment earlier
            raise ServiceError("chat.service_slow", allowed=self.config.time_limit)
        if isinstance(result, Exception):
            raise ServiceError("chat.service_broken", reason=f"{type(result).__name__}: {result}"[:200])
        return result

    def _asked(self, question: str, connections: list[http.client.HTTPConnection]) -> str | None:
        config, place = self.config, self._place
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=config.time_limit)
        connections.append(connection)
        target = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
        headers = {"Accept": "application/json", **self._secret}
        if "{question}" in target:
            connection.request("GET", target.replace("{question}", quote_plus(question)), headers=headers)
        else:
            body = json.dumps({config.question_key: question}, ensure_ascii=False).encode("utf-8")
            connection.request("POST", target, body, {**headers, "Content-Type": "application/json; charset=utf-8"})
        with connection.getresponse() as response:
            if response.status != http.client.OK:  # a redirect too: texts go where the config says, nowhere else
                raise ServiceError("chat.service_status", found=response.status)
            content = _read(response, config)
        return _answer(content, config.answer_path)


def _place(address: str) -> SplitResult:
    try:
        place = urlsplit(address)
        good = place.scheme in ("http", "https") and bool(place.hostname) and (place.port is None or place.port > 0)
    except ValueError:
        good = False
    if not good or place.username is not None or place.password is not None or not address.isascii():
        shown = "://…@…" if "@" in address else address
        raise ConfigurationError("chat.bad_address", key="service.address", found=shown)
    return place


def _secret(config: Service.Config, place: SplitResult) -> dict[str, str]:
    if config.secret is None:
        return {}
    value = os.environ.get(config.secret, "")
    if not value or not value.isprintable() or not value.isascii():
        raise ConfigurationError("chat.no_secret", key="service.secret", found=config.secret)
    if place.scheme != "https" and place.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigurationError("chat.open_secret", key="service.secret", found=place.scheme)
    return {"Authorization": f"Bearer {value}"}


def _read(response: http.client.HTTPResponse, config: Service.Config) -> bytes:
    content = bytearray()
    until = time.monotonic() + config.time_limit
    while block := response.read1(_BLOCK):
        content += block
        if len(content) > config.largest_answer:
            raise ServiceError("chat.service_too_much", allowed=config.largest_answer)
        if time.monotonic() > until:
            raise ServiceError("chat.service_slow", allowed=config.time_limit)
    if response.length:
        raise ServiceError("chat.service_broken", reason=f"{response.length} bytes are missing")
    return bytes(content)


def _answer(content: bytes, path: str) -> str | None:
    try:
        value = json.loads(content.decode("utf-8"))
        for key in path.split("."):
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ServiceError("chat.service_nonsense", reason=f"{type(error).__name__}: {error}"[:200]) from None
    if value is None:
        return None
    if not isinstance(value, str):
        raise ServiceError("chat.service_nonsense", reason=f"`{path}`: {type(value).__name__}")
    kept = (one for one in value if one in _KEPT_SIGNS or unicodedata.category(one) not in ("Cc", "Cs", "Co"))
    return "".join(kept).strip() or None
