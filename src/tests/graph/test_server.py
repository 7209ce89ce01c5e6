"""A graph on a server: through the official driver, over a socket, to a server that speaks Bolt (`bolt.py`, no Neo4j)."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.tests.graph.bolt import BoltServer, HungUp, Version
from src.tests.graph.relay import Refusal, Relay
from src.tests.graph.sample import TEMPLATES, contents_of, read_lines, settings, templates_for, write_files
from tengjia import graph
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, EnvironmentFault, TengjiaError
from tengjia.graph import backends
from tengjia.graph.answering import read_dictionary
from tengjia.graph.backends import PASSWORD, Schema, Server
from tengjia.graph.contents import read_contents
from tengjia.graph.pipeline import GraphPipeline
from tengjia.graph.statements import Node, Statement, find
from tengjia.graph.statements import Path as GraphPath
from tengjia.runs import RunFolder
from tengjia.runs.logging import logged_to

ROOT = Path(__file__).parents[3]
TASK = ROOT / "src/applications/demo_app/tasks/neo4j"
SAMPLE = ROOT / "resources/datasets"
SECRET = "a-pass-word-73"
ALL = (6, 4)
"""Entities and relations of the small sample."""
QUESTIONS = [
    "关于死锁的面试题有哪些",
    "什么是死锁",
    "死锁",
    "今天天气怎么样",
    "索引 事务",
    "什么是死锁`) DETACH DELETE n",
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, SECRET)
    monkeypatch.setitem(backends.RETRIES, "max_transaction_retry_time", 0.05)
    monkeypatch.setitem(backends.RETRIES, "initial_retry_delay", 0.001)


@contextlib.contextmanager
def serving(folder: Path, schema: Schema, version: Version = (5, 4)) -> Iterator[BoltServer]:
    relay = Relay(folder / "served.lbdb", schema)
    try:
        with BoltServer(relay, SECRET, version) as server:
            yield server
        assert server.errors == []
    finally:
        relay.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BoltServer]:
    (tmp_path / "files").mkdir()
    with serving(tmp_path, contents_of(tmp_path / "files").schema()) as server:
        yield server


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", seed=1, app="demo_app", task="neo4j")


def place(server: BoltServer, scheme: str = "bolt") -> dict[str, str]:
    return {"backend": "neo4j", "uri": server.uri(scheme)}


def load_small(server: BoltServer, run: RunFolder, **section: Any) -> dict[str, Any]:
    """The small sample, an element a transaction: 2 constraints, 6 entities, 4 relations."""
    folder = run.path.parents[1] / "files"
    entities, relations = write_files(folder)
    (folder / "templates.yaml").write_text(json.dumps(TEMPLATES, ensure_ascii=False), "utf-8")
    files = {"entities": tuple(map(str, entities)), "relations": tuple(map(str, relations))}
    section = {**files, **place(server), "batch_size": 1, **section}
    return graph.load(settings(folder, load=section), run, folder=folder)


def refused(call: Any, code: str) -> TengjiaError:
    with pytest.raises(TengjiaError) as error:
        call()
    assert error.value.code == code
    assert SECRET not in str(error.value)
    return error.value


def no_secret_in(folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files and [file for file in files if SECRET.encode() in file.read_bytes()] == []


@pytest.mark.slow
def test_the_stages_answer_as_with_the_embedded_database(
    tmp_path: Path, run: RunFolder, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    counts = graph.build(settings(SAMPLE), run, folder=TASK)
    with RejectsFile(None, 0) as rejects:
        contents = read_contents([run.path / "graph/entities.jsonl"], [run.path / "graph/relations.jsonl"], rejects)
    local = RunFolder.create(tmp_path / "local", seed=1, app="demo_app", task="neo4j")
    built = {name: (str(run.path / f"graph/{name}.jsonl"),) for name in ("entities", "relations")}
    assert graph.load(settings(SAMPLE, load=built), local, folder=TASK) == counts
    caplog.set_level(logging.DEBUG, "neo4j")
    with serving(tmp_path, contents.schema()) as server, logged_to(run.path / "stage.log"):
        section = {**place(server, "neo4j"), "batch_size": 50}
        for _ in range(2):  # a second load changes nothing
            assert graph.load(settings(SAMPLE, load=section), run, folder=TASK) == counts
            assert server.relay.count() == (counts["entities"], counts["relations"])
        asked = [{"text": question} for question in QUESTIONS] + [{"features": ("索引", "事务"), "questions": 7}]
        for section in asked:
            capsys.readouterr()
            shown = []
            for one in (run, local):
                graph.apply(settings(SAMPLE, apply=section), one)
                shown.append(capsys.readouterr().out)
            assert shown[0] == shown[1] and shown[0]
            assert section.get("text") != "什么是死锁" or "几个线程互相等待对方手里的锁" in shown[0]
    assert "BEGIN" in caplog.text and SECRET not in caplog.text
    no_secret_in(run.path)


@pytest.mark.parametrize("version", [(4, 4), (5, 0), (5, 4), (5, 8), (6, 0)], ids=str)
def test_protocols_that_servers_speak(tmp_path: Path, run: RunFolder, version: Version):
    (tmp_path / "files").mkdir()
    with serving(tmp_path, contents_of(tmp_path / "files").schema(), version) as server:
        assert load_small(server, run, batch_size=3)["entities"] == 6
        assert server.relay.count() == ALL
        found = Server(server.uri(), "neo4j", "neo4j")
        refusal = refused(lambda: found.run(Statement("RETRUN 1", {})), "graph.refused")
        assert "[Neo.ClientError.Statement.SyntaxError]" in str(refusal) and "RETRUN" in str(refusal)
        people = find(GraphPath((Node("Person"),), ()), {})
        assert [row["name"] for row in found.run(people)] == ["O'Neil", "周岚", "周岚", "林清远"]  # goes on after it
        found.close()
        server.password = "another"
        refused(lambda: Server(server.uri(), "neo4j", "neo4j"), "graph.not_let_in")


def test_more_rows_than_one_portion(server: BoltServer):
    found = Server(server.uri(), "neo4j", "neo4j")
    rows = found.run(Statement("UNWIND $numbers AS number RETURN number", {"numbers": list(range(2500))}))
    assert [row["number"] for row in rows] == list(range(2500))
    long = "字" * 50_000  # several chunks each way
    assert found.run(Statement("RETURN $long AS long", {"long": long})) == [{"long": long}]
    found.close()


def cut(server: BoltServer, number: int, *, for_good: bool) -> None:
    """The connection breaks before the statement of that number is done."""

    def before_run(text: str) -> None:
        if len(server.statements) == number:
            server.down = for_good
            raise HungUp("cut")

    server.before_run = before_run


@pytest.mark.parametrize("number", [1, 5, 10, 13])
def test_a_load_that_was_cut_is_completed_by_the_next(server: BoltServer, run: RunFolder, number: int):
    """By number of the statement: a constraint, an entity, a relation, and what the bundle is asked when all is written."""
    cut(server, number, for_good=True)
    lost = refused(lambda: load_small(server, run), "graph.connection_lost")
    assert server.uri() in str(lost) and "do it again" in lost.hint
    assert not run.bundle.exists()
    assert sum(server.relay.count()) == max(0, number - 3)  # two are constraints, and one was not done
    server.down = False
    assert load_small(server, run) == {"entities": 6, "relations": 4, "rejects": 0}
    assert server.relay.count() == ALL
    no_secret_in(run.path)


@pytest.mark.parametrize("number", [1, 5, 10])
def test_a_connection_that_breaks_once_is_made_again(server: BoltServer, run: RunFolder, number: int):
    cut(server, number, for_good=False)
    assert load_small(server, run)["entities"] == 6
    assert server.relay.count() == ALL


def test_kept_by_the_server_and_not_told(server: BoltServer, run: RunFolder):
    """The driver cannot know whether the transaction was kept, and tries nothing: that is told, and the next load does it."""
    commits: list[int] = []

    def after_commit() -> None:
        commits.append(1)
        if len(commits) == 5:
            raise HungUp("cut")

    server.after_commit = after_commit
    refused(lambda: load_small(server, run), "graph.connection_lost")
    assert sum(server.relay.count()) == 3
    assert load_small(server, run)["relations"] == 4
    assert server.relay.count() == ALL


def test_a_server_that_was_busy_is_asked_again(server: BoltServer, run: RunFolder):
    def before_run(text: str) -> None:
        if len(server.statements) == 4:
            busy = Refusal("", "busy")
            busy.code = "Neo.TransientError.Transaction.DeadlockDetected"
            raise busy

    server.before_run = before_run
    assert load_small(server, run)["entities"] == 6
    assert server.relay.count() == ALL


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


def test_a_password_in_the_address_is_not_shown(run: RunFolder):
    uri = f"bolt://neo4j:{SECRET}@127.0.0.1:9"
    refusal = refused(lambda: Server(uri, "neo4j", "neo4j"), "graph.user_in_address")
    assert isinstance(refusal, ConfigurationError) and "NEO4J_PASSWORD" in refusal.hint


HOSTILE = [
    "O'Neil",
    'a"b',
    "x`y",
    "`) DETACH DELETE n //",
    "\\",
    "$rows",
    "{{x}}",
    "名\u200b字",
    "\U0001f600",
    "x" * 70_000,
]


def test_hostile_names_arrive_as_data(tmp_path: Path, run: RunFolder):
    (tmp_path / "files").mkdir()
    rows: list[dict[str, Any]] = [
        {"id": name, "label": "人物", "name": name[:9000], "aliases": [f"{name[:99]}2"], "properties": {"备注": name}}
        for name in HOSTILE
    ]
    bad = [{"label": name, "name": "x"} for name in HOSTILE[1:5]] + [
        {"label": "人物", "name": "x", "properties": {name: "y"}} for name in HOSTILE[1:5]
    ]
    edges = [{"source": name, "type": "认识", "target": HOSTILE[0], "properties": {"how": name}} for name in HOSTILE]
    bad_edges = [{"source": HOSTILE[0], "type": name, "target": HOSTILE[0]} for name in HOSTILE[1:5]]
    for name, lines in (("e", rows + bad), ("r", edges + bad_edges)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (tmp_path / "templates.yaml").write_text("slots: {p: {label: 人物}}\ntemplates: []\n", "utf-8")
    with RejectsFile(None, None) as rejects:
        contents = read_contents([tmp_path / "e.jsonl"], [tmp_path / "r.jsonl"], rejects)
    with serving(tmp_path, contents.schema()) as server:
        section = {**place(server), "entities": ("e.jsonl",), "relations": ("r.jsonl",), "max_rejects": None}
        counts = graph.load(settings(tmp_path, load=section), run, folder=tmp_path)
        assert counts == {"entities": len(HOSTILE), "relations": len(HOSTILE), "rejects": 12}
        assert server.relay.count() == (len(HOSTILE), len(HOSTILE))
        assert not [text for text in server.statements for name in HOSTILE if name != "$rows" and name in text]
        found = Server(server.uri(), "neo4j", "neo4j")
        for name in HOSTILE:
            about = found.run(find(GraphPath((Node("人物", "who"),), (), ("", "备注")), {"who": [name]}))
            assert about == [{"id": name, "name": name[:9000], "value": name}]
        found.close()
    told = read_lines(run.path / "load_rejects.jsonl")
    assert {each["code"] for each in told} == {"graph.bad_label"}


def test_what_the_server_remarks_is_not_told(server: BoltServer, run: RunFolder, caplog: pytest.LogCaptureFixture):
    code = "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning"
    remark = {"code": code, "title": "t", "description": "no such property", "severity": "WARNING"}
    server.notifications = [remark]
    load_small(server, run)
    assert "no such property" not in caplog.text


def test_entities_that_others_wrote(server: BoltServer, tmp_path: Path, run: RunFolder):
    """A list of names, and numbers, under our labels: read without harm."""
    load_small(server, run)

    class Shared:
        """Neo4j keeps values of any kind in one property; the embedded database has columns."""

        verb = "MERGE"

        def run(self, statement: Statement) -> list[dict[str, Any]]:
            rows = found.run(statement)
            foreign: dict[str, Any] = {"id": None, "name": 3, "aliases": ["x"], "value": 4.5}
            return [*rows, {key: foreign[key] for key in rows[0]}]

        def declare(self, schema: Schema) -> None:
            found.declare(schema)

        def close(self) -> None:
            found.close()

    found = Server(server.uri(), "neo4j", "neo4j")
    contents = contents_of(tmp_path / "files")
    dictionary = read_dictionary(Shared(), templates_for(contents), contents.schema())
    assert "林清远" in dictionary and "董事长" in dictionary and "3" not in dictionary
    found.close()


def test_half_a_character_is_refused_before_it_is_sent(server: BoltServer):
    found = Server(server.uri(), "neo4j", "neo4j")
    statement = find(GraphPath((Node("Person", "who"),), ()), {"who": ["\udcff"]})
    refused(lambda: found.run(statement), "graph.refused")
    found.close()
