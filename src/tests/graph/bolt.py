"""A server that speaks Bolt over a socket, for the official driver to talk to.

It is no Neo4j. It proves that what we send reaches a server through the real driver, that transactions, failures, lost
connections and passwords are dealt with as the protocol has them, and, with the embedded database behind it, that
our statements mean what they should to one engine of Cypher. It does not prove that Neo4j's own engine takes
every statement so, nor anything of its plans, locks, clusters, certificates or speed.

What it speaks is written from the specification of the protocol: the handshake of four proposals and the one by manifest,
HELLO, LOGON, LOGOFF, ROUTE (to itself), BEGIN, RUN, PULL, DISCARD, COMMIT, ROLLBACK, RESET, GOODBYE, and the answers SUCCESS,
RECORD, FAILURE and IGNORED. Statements outside a transaction, which we never send, are refused.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from src.tests.graph.conversation import Conversation, Version
from src.tests.graph.relay import Relay


class BoltServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine while its `with` block runs.

    Args:
        relay: Does the statements.
        password: Of the user `neo4j`.
        version: Of the protocol.
    """

    daemon_threads = False  # every one is waited for

    def __init__(self, relay: Relay, password: str, version: Version = (5, 4)) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.relay, self.password, self.version = relay, password, version
        self.port: int = self.server_address[1]
        self.down = False
        """Whether connections are ended as soon as they are made."""
        self.before_run: Callable[[str], None] = lambda text: None
        """Told of each statement; may raise `Refusal` or `HungUp`."""
        self.after_commit: Callable[[], None] = lambda: None
        """Told when a transaction was kept, and before the driver is; may raise `HungUp`."""
        self.notifications: list[dict[str, Any]] = []
        """What every statement is answered with besides its rows."""
        self.statements: list[str] = []
        self.calls = 0
        """How often somebody connected."""
        self.errors: list[BaseException | None] = []
        """What went wrong in the server itself."""
        self._sockets: set[Any] = set()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def uri(self, scheme: str = "bolt") -> str:
        """Its address."""
        return f"{scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> BoltServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        for open_socket in list(self._sockets):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not self.down

    def process_request(self, request: Any, client_address: Any) -> None:
        self.calls += 1
        self._sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.errors.append(sys.exc_info()[1])
