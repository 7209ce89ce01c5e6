"""A server that refuses, is gone, or is none: what is told of it, and what never is."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from src.tests.graph.bolt import BoltServer
from src.tests.graph.relay import Refusal
from src.tests.graph.sample import settings
from src.tests.graph.served import SECRET, cut, load_small, no_secret_in, refused
from tengjia import graph
from tengjia.errors import ConfigurationError, EnvironmentFault
from tengjia.graph import backends
from tengjia.graph.backends import PASSWORD, Server
from tengjia.graph.pipeline import GraphPipeline
from tengjia.graph.statements import Node, find
from tengjia.graph.statements import Path as GraphPath
from tengjia.runs import RunFolder

pytestmark = pytest.mark.usefixtures("environment")


def test_a_statement_that_is_refused_stops_the_load(server: BoltServer, run: RunFolder):
    def before_run(text: str) -> None:
        if "MERGE (a)-" in text:
            raise Refusal("Schema.ConstraintValidationFailed", "Node(1) already exists\nand more")

    server.before_run = before_run
    refusal = refused(lambda: load_small(server, run), "graph.refused")
    assert "Node(1) already exists [Neo.ClientError.Schema.ConstraintValidationFailed]" in str(refusal)
    assert "and more" not in str(refusal) and not run.bundle.exists()
    assert server.relay.count() == (6, 0)


def test_who_is_not_let_in(server: BoltServer, run: RunFolder, monkeypatch: pytest.MonkeyPatch):
    wrong = refused(lambda: load_small(server, run, user="stranger"), "graph.not_let_in")
    assert "stranger" in str(wrong) and "[Neo.ClientError.Security.Unauthorized]" in str(wrong)
    assert "NEO4J_PASSWORD" in wrong.hint and server.uri() in str(wrong)
    monkeypatch.setenv(PASSWORD, SECRET + "x")
    refused(lambda: load_small(server, run, uri=server.uri("neo4j")), "graph.not_let_in")
    monkeypatch.setenv(PASSWORD, "")
    refused(lambda: load_small(server, run), "graph.no_password")
    monkeypatch.delenv(PASSWORD)
    refused(lambda: load_small(server, run), "graph.no_password")
    assert server.statements == [] and not run.bundle.exists()
    no_secret_in(run.path.parent)


def test_what_a_user_may_not_do(server: BoltServer, run: RunFolder):
    def before_run(text: str) -> None:
        raise Refusal("Security.Forbidden", "Schema operation 'create_constraint' is not allowed for user 'neo4j'.")

    server.before_run = before_run
    refusal = refused(lambda: load_small(server, run), "graph.not_let_in")
    assert "create_constraint" in str(refusal)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_database_that_is_not_there(server: BoltServer, run: RunFolder, scheme: str):
    section = {"uri": server.uri(scheme), "database": "other"}
    refusal = refused(lambda: load_small(server, run, **section), "graph.refused")
    assert "Database does not exist. Database name: 'other'. [Neo.ClientError.Database.DatabaseNotFound]" in str(
        refusal
    )
    assert server.statements == []


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_hangs_up_at_once(server: BoltServer, run: RunFolder, scheme: str):
    server.down = True
    refusal = refused(lambda: load_small(server, run, uri=server.uri(scheme)), "graph.no_server")
    assert isinstance(refusal, EnvironmentFault) and server.uri(scheme) in str(refusal)


def test_asking_a_server_that_went_away(server: BoltServer, run: RunFolder):
    load_small(server, run)
    pipeline = GraphPipeline.load(run.bundle)
    assert pipeline("谁是清河钢铁的董事长").answers == ("林清远",)
    cut(server, len(server.statements) + 1, for_good=True)
    refused(lambda: pipeline("林清远的同事"), "graph.connection_lost")
    refused(lambda: graph.apply(settings(run.path, apply={"text": "?"}), run), "graph.no_server")
    pipeline.close()


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_the_cause_is_told(caplog: pytest.LogCaptureFixture, scheme: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    gone = refused(lambda: Server(f"{scheme}://127.0.0.1:{port}", "neo4j", "neo4j"), "graph.no_server")
    assert "refused" in gone.message  # what the system says, and not only that the driver could not
    assert caplog.text == ""


NO_BOLT = [
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"220 mail ready\r\n",
    b"\x00\x00\x00\x00",
    b"\x00\x00\x09\x09",
    b"\x00\x00\x04\x05" + b"\xff" * 64,
    b"\x00\x00\x04\x05\x00\x02\xb1\x99\x00\x00",
    b"\x00\x00\x04\x05\x00\x03\xb1\x70\x05\x00\x00",
    b"\x00\x00\x04\x05\x00\x03\xb1\x7f\x05\x00\x00",
    b"\x00\x00\x04\x05\x00\x05\xb1\x7f\xa1\x81a\x00\x00",
    b"\x00\x00\x01\xff\xff\xff\xff\xff\xff",
]


@pytest.mark.parametrize("answer", NO_BOLT, ids=repr)
def test_a_peer_that_speaks_no_bolt(answer: bytes):
    def speak() -> None:
        with contextlib.suppress(OSError):
            peer, _ = listener.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(answer)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(1000):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=speak)
        thread.start()
        uri = f"bolt://127.0.0.1:{listener.getsockname()[1]}"
        refused(lambda: Server(uri, "neo4j", "neo4j"), "graph.no_server")
        thread.join()


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_peer_that_says_nothing(monkeypatch: pytest.MonkeyPatch, scheme: str):
    monkeypatch.setitem(backends.RETRIES, "connection_acquisition_timeout", 0.2)  # else a minute
    with socket.create_server(("127.0.0.1", 0)) as listener:
        uri = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        refused(lambda: Server(uri, "neo4j", "neo4j"), "graph.no_server")


def test_a_password_in_the_address_is_not_shown(run: RunFolder):
    uri = f"bolt://neo4j:{SECRET}@127.0.0.1:9"
    refusal = refused(lambda: Server(uri, "neo4j", "neo4j"), "graph.user_in_address")
    assert isinstance(refusal, ConfigurationError) and "NEO4J_PASSWORD" in refusal.hint


def test_what_the_server_remarks_is_not_told(server: BoltServer, run: RunFolder, caplog: pytest.LogCaptureFixture):
    code = "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning"
    remark = {"code": code, "title": "t", "description": "no such property", "severity": "WARNING"}
    server.notifications = [remark]
    load_small(server, run)
    assert "no such property" not in caplog.text


def test_half_a_character_is_refused_before_it_is_sent(server: BoltServer):
    found = Server(server.uri(), "neo4j", "neo4j")
    statement = find(GraphPath((Node("Person", "who"),), ()), {"who": ["\udcff"]})
    refused(lambda: found.run(statement), "graph.refused")
    found.close()
