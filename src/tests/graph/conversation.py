"""One connection of a driver to the server of the tests, message by message."""

from __future__ import annotations

import socketserver
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from src.tests.graph.packstream import message, read_message
from src.tests.graph.relay import Refusal

if TYPE_CHECKING:
    from src.tests.graph.bolt import BoltServer

MAGIC: Final = b"\x60\x60\xb0\x17"
MANIFEST: Final = b"\x00\x00\x01\xff"
HELLO, LOGON, LOGOFF, GOODBYE, RESET = 0x01, 0x6A, 0x6B, 0x02, 0x0F
BEGIN, COMMIT, ROLLBACK, ROUTE = 0x11, 0x12, 0x13, 0x66
RUN, PULL, DISCARD = 0x10, 0x3F, 0x2F
SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
_STATES: Final = {
    HELLO: "connected",
    LOGON: "unknown",
    LOGOFF: "ready",
    ROUTE: "ready",
    BEGIN: "ready",
    RUN: "transaction",
    COMMIT: "transaction",
    ROLLBACK: "transaction",
    PULL: "streaming",
    DISCARD: "streaming",
}
"""In which state a message is in its place."""
Version = tuple[int, int]


class HungUp(Exception):
    """The server ends a connection, or finds it ended."""


class Conversation(socketserver.StreamRequestHandler):
    """One connection, from the handshake to its end."""

    server: BoltServer
    disable_nagle_algorithm = True  # small answers, which nothing should hold back

    def handle(self) -> None:
        self.state, self.open = "connected", False
        self.rows: list[list[Any]] = []
        try:
            self._shake_hands()
            while self.state != "over":
                self._take(*read_message(self._message()))
        except (HungUp, ConnectionError):
            self.state = "over"
        finally:
            self._roll_back()

    def _shake_hands(self) -> None:
        start = self._bytes(20)
        if start[:4] != MAGIC:
            raise HungUp("no Bolt")
        proposals = [start[place : place + 4] for place in range(4, 20, 4)]
        major, minor = self.server.version
        if MANIFEST in proposals and self.server.version >= (5, 7):
            self.wfile.write(MANIFEST + bytes([1, 0, 0, minor, major, 0]))
            chosen = self._bytes(5)  # the version, and no capabilities
            if chosen != bytes([0, 0, minor, major, 0]):
                raise HungUp(f"another version: {chosen.hex()}")
            return
        offered = any(top == major and low - reach <= minor <= low for _, reach, low, top in proposals)
        self.wfile.write(bytes([0, 0, minor, major] if offered else 4))
        if not offered:
            raise HungUp("no version in common")

    def _message(self) -> bytes:
        """The chunks of the next message, put together."""
        data = b""
        while True:
            (size,) = struct.unpack(">H", self._bytes(2))
            if size == 0 and data:
                return data
            data += self._bytes(size)

    def _bytes(self, count: int) -> bytes:
        data = self.rfile.read(count)
        if len(data) < count:
            raise HungUp("the driver went away")
        return data

    def _send(self, tag: int, *fields: Any) -> None:
        data = message(tag, *fields)
        chunks = [data[place : place + 0xFFFF] for place in range(0, len(data), 0xFFFF)]
        self.wfile.write(b"".join(struct.pack(">H", len(chunk)) + chunk for chunk in chunks) + b"\x00\x00")

    def _take(self, tag: int, fields: list[Any]) -> None:
        """Answer a message."""
        if tag == GOODBYE:
            self.state = "over"
        elif tag == RESET and self.state != "connected":
            self._roll_back()
            self._succeed("ready")
        elif self.state == "failed":
            self._send(IGNORED)
        else:
            self._take_in_place(tag, fields)

    def _take_in_place(self, tag: int, fields: list[Any]) -> None:
        try:
            if _STATES.get(tag) != self.state:
                raise Refusal("Request.Invalid", f"message {tag:#x} has no place in state {self.state}")
            _ANSWERS[tag](self, *fields)
        except Refusal as refusal:
            self._roll_back()
            self._send(FAILURE, self._failure(refusal))
            self.state = "failed" if self.state not in {"connected", "unknown"} else "over"

    def _failure(self, refusal: Refusal) -> dict[str, Any]:
        if self.server.version < (5, 7):
            return {"code": refusal.code, "message": str(refusal)}
        status = {"gql_status": "50N42", "description": f"error: general processing exception. {refusal}"}
        return {"neo4j_code": refusal.code, "message": str(refusal), **status, "diagnostic_record": {}}

    def _succeed(self, state: str, **told: Any) -> None:
        self.state = state
        self._send(SUCCESS, told)

    def _roll_back(self) -> None:
        self.rows = []
        if self.open:
            self.open = False
            self.server.relay.roll_back()

    def _hello(self, said: dict[str, Any]) -> None:
        if self.server.version < (5, 1):
            self._admit(said)
        major, minor = self.server.version
        known = {"server": f"Neo4j/{major}.{minor}.0", "connection_id": f"bolt-{self.client_address[1]}"}
        self._succeed("unknown" if self.server.version >= (5, 1) else "ready", **known)

    def _logon(self, said: dict[str, Any]) -> None:
        self._admit(said)
        self._succeed("ready")

    def _admit(self, said: dict[str, Any]) -> None:
        if (said.get("scheme"), said.get("principal")) != ("basic", "neo4j") or (
            said.get("credentials") != self.server.password
        ):
            words = "The client is unauthorized due to authentication failure."
            raise Refusal("Security.Unauthorized", words)

    def _logoff(self) -> None:
        self._succeed("unknown")

    def _route(self, routing: dict[str, Any], bookmarks: list[str], said: dict[str, Any]) -> None:
        _check_database(said)
        here = [f"127.0.0.1:{self.server.port}"]
        servers = [{"addresses": here, "role": role} for role in ("ROUTE", "READ", "WRITE")]
        self._succeed("ready", rt={"ttl": 300, "db": "neo4j", "servers": servers})

    def _begin(self, said: dict[str, Any]) -> None:
        _check_database(said)
        self.server.relay.begin()
        self.open = True
        self._succeed("transaction")

    def _run(self, text: str, parameters: dict[str, Any], said: dict[str, Any]) -> None:
        self.server.statements.append(text)
        self.server.before_run(text)
        names, self.rows = self.server.relay.run(text, parameters)
        self._succeed("streaming", fields=names, t_first=0, qid=0)

    def _pull(self, said: dict[str, Any]) -> None:
        count = said["n"] if said["n"] >= 0 else len(self.rows)
        for row in self.rows[:count]:
            self._send(RECORD, row)
        self._discard(said)

    def _discard(self, said: dict[str, Any]) -> None:
        self.rows = self.rows[said["n"] :] if said["n"] >= 0 else []
        if self.rows:
            self._succeed("streaming", has_more=True)
        else:
            told = {"notifications": self.server.notifications} if self.server.notifications else {}
            self._succeed("transaction", type="rw", t_last=0, db="neo4j", **told)

    def _commit(self) -> None:
        self.open = False
        self.server.relay.commit()
        self.server.after_commit()
        self._succeed("ready", bookmark="FB:1")

    def _rollback(self) -> None:
        self._roll_back()
        self._succeed("ready")


def _check_database(said: dict[str, Any]) -> None:
    name = said.get("db") or "neo4j"
    if name != "neo4j":
        raise Refusal("Database.DatabaseNotFound", f"Database does not exist. Database name: '{name}'.")


_ANSWERS: Final[dict[int, Callable[..., None]]] = {
    HELLO: Conversation._hello,
    LOGON: Conversation._logon,
    LOGOFF: Conversation._logoff,
    ROUTE: Conversation._route,
    BEGIN: Conversation._begin,
    RUN: Conversation._run,
    PULL: Conversation._pull,
    DISCARD: Conversation._discard,
    COMMIT: Conversation._commit,
    ROLLBACK: Conversation._rollback,
}
