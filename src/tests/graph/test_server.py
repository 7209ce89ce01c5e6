"""A graph on a server: through the official driver, over a socket, to a server that speaks Bolt (`bolt.py`, no Neo4j)."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from src.tests.graph.bolt import BoltServer
from src.tests.graph.conversation import HungUp, Version
from src.tests.graph.relay import Refusal
from src.tests.graph.sample import contents_of, read_lines, settings, templates_for
from src.tests.graph.served import ALL, SECRET, cut, load_small, no_secret_in, place, refused, serving
from tengjia import graph
from tengjia.data.rejects import RejectsFile
from tengjia.graph.answering import read_dictionary
from tengjia.graph.backends import ADDRESS, Schema, Server
from tengjia.graph.contents import read_contents
from tengjia.graph.pipeline import GraphPipeline
from tengjia.graph.statements import Node, Statement, find
from tengjia.graph.statements import Path as GraphPath
from tengjia.runs import RunFolder
from tengjia.runs.logging import logged_to

pytestmark = pytest.mark.usefixtures("environment")
ROOT = Path(__file__).parents[3]
TASK = ROOT / "src/applications/demo_app/tasks/neo4j"
SAMPLE = ROOT / "resources/datasets"
QUESTIONS = [
    "关于死锁的面试题有哪些",
    "什么是死锁",
    "死锁",
    "今天天气怎么样",
    "索引 事务",
    "什么是死锁`) DETACH DELETE n",
]


@pytest.mark.slow
def test_the_stages_answer_as_with_the_embedded_database(
    tmp_path: Path,
    run: RunFolder,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    counts = graph.build(settings(SAMPLE), run, folder=TASK)
    with RejectsFile(None, 0) as rejects:
        contents = read_contents([run.path / "graph/entities.jsonl"], [run.path / "graph/relations.jsonl"], rejects)
    local = RunFolder.create(tmp_path / "local", seed=1, app="demo_app", task="neo4j")
    built = {name: (str(run.path / f"graph/{name}.jsonl"),) for name in ("entities", "relations")}
    assert graph.load(settings(SAMPLE, load=built), local, folder=TASK) == counts
    for name in ("neo4j", "neo4j.io", "neo4j.pool"):
        caplog.set_level(logging.DEBUG, name)
    with serving(tmp_path, contents.schema()) as server, logged_to(run.path / "stage.log"):
        section = {**place(server, "neo4j"), "batch_size": 50}
        for _ in range(2):  # a second load changes nothing
            assert graph.load(settings(SAMPLE, load=section), run, folder=TASK) == counts
            assert server.relay.count() == (counts["entities"], counts["relations"])
        monkeypatch.setenv(ADDRESS, server.uri("neo4j"))
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


def test_a_bundle_gets_no_password_for_a_server_that_the_user_did_not_name(
    server: BoltServer, run: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    load_small(server, run)
    calls = server.calls
    for named in ("", "bolt://localhost:7687", server.uri() + "/"):
        monkeypatch.setenv(ADDRESS, named)
        refusal = refused(lambda: GraphPipeline.load(run.bundle), "graph.server_not_named")
        assert server.uri() in str(refusal) and ADDRESS in refusal.hint
    assert server.calls == calls > 0
    monkeypatch.setenv(ADDRESS, server.uri())
    pipeline = GraphPipeline.load(run.bundle)
    assert len(pipeline.labels) > 0
    pipeline.close()


@pytest.mark.parametrize("version", [(4, 4), (5, 4), (5, 8), (6, 0)], ids=str)
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


@pytest.mark.parametrize("number", [2, 10])
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
