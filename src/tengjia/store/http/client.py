"""A store behind `tengjia store serve`, as if it were here.

Whatever is asked twice has the same effect as once, so a lost line is asked again: contents are named by what they
hold, events by an id of their own. A download goes on where it was cut, also after this process died.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from tengjia.errors import StoreError
from tengjia.store.http.connection import Connection
from tengjia.store.http.download import downloaded
from tengjia.store.ledger import Change
from tengjia.store.names import check_digest, check_model, shown
from tengjia.store.objects import Objects
from tengjia.store.sealed import MOST_BYTES, digest_of, unsealed
from tengjia.store.state import Event, State, decoded
from tengjia.store.store import Store

_ATTEMPTS = 200


def open_remote(
    url: str, *, token: str | None = None, timeout: float = 60.0, attempts: int = 6, wait: float = 0.2
) -> RemoteStore:
    """The store that a server offers.

    Args:
        url: `https://host:port`, or `http://` for a server on this machine.
        token: Opens what is not public.
        timeout: Seconds without a byte after which a connection counts as lost.
        attempts: How often in a row a request may fail.
        wait: Seconds before the second attempt; doubled for each further one.

    Raises:
        StoreError: The address is none, or the token would go over an open line.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment or parts.username or parts.path.strip("/"):
        raise StoreError("store.bad_place", found=shown(url))
    return RemoteStore(Connection(f"{parts.scheme}://{parts.netloc}", token, timeout, attempts, wait))


class RemoteStore(Store):
    """A store behind a server.

    Args:
        connection: To the server.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        super().__init__(HttpLedger(connection), HttpObjects(connection), connection.url)

    def close(self) -> None:
        """Close the lines to the server."""
        self._connection.close()

    def reading(self, model: str, manifest: str) -> Objects:
        """Objects, as files of one manifest."""
        return HttpObjects(self._connection, model, manifest)

    def writing(self, model: str) -> Objects:
        """Objects, as contents of one model."""
        return HttpObjects(self._connection, model)


class HttpLedger:
    """The logs of all models, at a server.

    Args:
        connection: To the server.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._states: dict[str, tuple[str, State]] = {}

    def models(self) -> list[str]:
        """Names of the models that can be seen."""
        return [check_model(name) for name in self._connection.json("GET", "/v1/models")]

    def state(self, model: str) -> State:
        """A model as it is now; empty when there is none, or none to be seen."""
        tag, known = self._states.get(check_model(model), ("", State(model)))
        try:
            answer = self._connection.ask(
                "GET", f"/v1/models/{model}/state", headers={"If-None-Match": tag} if tag else {}
            )
        except StoreError as error:
            if error.code == "store.no_model":
                return State(model)
            raise
        if answer.status != 304:
            known = decoded(unsealed(answer.body, f"{self._connection.url} {model}"))
            self._states[model] = (answer.headers.get("ETag", ""), known)
        if known.model != model:
            raise StoreError("store.case_clash", found=model, other=known.model)
        return known

    def append(self, model: str, build: Callable[[State], Change | None]) -> State:
        """Add one event; made anew for each state that others were faster to make."""
        identity = secrets.token_hex(12)
        for attempt in range(_ATTEMPTS):
            state = self.state(model)
            if identity in state.recent or (change := build(state)) is None:
                return state
            request = json.dumps({"id": identity, "after": state.number, "change": change}).encode()
            try:
                self._connection.ask("POST", f"/v1/models/{model}/log", body=request)
                return self.state(model)
            except StoreError as error:
                if error.code != "store.moved_on":
                    raise
            time.sleep(secrets.randbelow(1000) / 1000 * min(0.002 * 2**attempt, 0.1))
        raise StoreError("store.busy", model=model)

    def history(self, model: str) -> Iterator[Event]:
        """All events, the oldest first."""
        start = 1
        while found := self._connection.json("GET", f"/v1/models/{check_model(model)}/log/{start}"):
            yield from found
            start += len(found)


class HttpObjects:
    """Contents, at a server.

    Args:
        connection: To the server.
        model: For whose versions they are.
        manifest: Of which version, for reading.
    """

    def __init__(self, connection: Connection, model: str = "", manifest: str = "") -> None:
        self._connection = connection
        self._model = model
        self._manifest = manifest

    @property
    def patience(self) -> float:
        """As the server says."""
        return float(self._connection.about()["patience"])

    def secured(self, digest: str, size: int) -> bool:
        """Whether the server has it for us, and keeps it for a while."""
        body = json.dumps({"size": size}).encode()
        return bool(self._connection.json("POST", self._path(digest), body=body)["there"])

    def put(self, digest: str, blocks: Callable[[], Iterable[bytes]], size: int) -> None:
        """Send a content; the server looks whether it is what its name says."""
        self._connection.ask("PUT", self._path(digest), blocks=blocks, size=size)

    def read(self, digest: str) -> bytes:
        """A small content, verified.

        Raises:
            StoreError: It is not to be had, or not what its name says.
        """
        answer = self._connection.ask("GET", self._path(digest, read=True), most=MOST_BYTES)
        if digest_of(answer.body) != digest:
            raise StoreError("store.damaged", found=f"object {digest[:12]}")
        return answer.body

    def open(self, digest: str, start: int = 0) -> BinaryIO:
        """A content, once all of it is on this machine."""
        file = downloaded(self._connection, self._path(digest, read=True), digest)
        file.seek(start)
        return file

    def path(self, digest: str) -> Path | None:
        """Nothing here is a file of this machine."""
        return None

    def _path(self, digest: str, *, read: bool = False) -> str:
        path = f"/v1/models/{self._model}/objects/{check_digest(digest)}"
        return f"{path}/{self._manifest or digest}" if read else path
