"""Servers for tests, and their clients."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tengjia.errors import StoreError
from tengjia.store import PlacedStore
from tengjia.store.http.client import RemoteStore, open_remote
from tengjia.store.http.server import Options, StoreServer
from tengjia.store.tokens import add_token


@contextmanager
def serving(store: PlacedStore, **options: Any) -> Iterator[StoreServer]:
    server = StoreServer(store, Options(**{"port": 0, "timeout": 5.0, **options}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def remote(server: StoreServer, scope: str | None = "admin", **options: Any) -> RemoteStore:
    secret = add_token(server.service.store, scope, **options)[1] if scope else None
    return open_remote(server.url, token=secret, timeout=5.0, wait=0.01, attempts=3)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as error:
        call()
    return error.value.code
