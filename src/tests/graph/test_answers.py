"""A loaded graph, asked: against a count by hand, and after everything that can happen to it."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from src.tests.graph.sample import contents_of, embedded, templates_for
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import verify_golden
from tengjia.bundle.record import Record
from tengjia.bundle.summary import summarise
from tengjia.errors import CheckpointError, EnvironmentFault
from tengjia.graph.answering import Answerer
from tengjia.graph.backends import Embedded, Server, open_backend
from tengjia.graph.contents import Contents
from tengjia.graph.elements import Entity, Relation
from tengjia.graph.pipeline import GraphPipeline, save_graph
from tengjia.graph.statements import Node, Step, find, linked, most_linked, write_entities, write_relations
from tengjia.graph.statements import Path as GraphPath
from tengjia.runs.folder import RunFolder, select_run


@pytest.fixture
def answerer(tmp_path: Path):
    contents = contents_of(tmp_path)
    database = embedded(contents, tmp_path / "g.lbdb")
    yield Answerer(database, templates_for(contents), contents.schema())
    database.close()


@pytest.mark.parametrize(
    ("question", "kind", "answers"),
    [
        ("谁是清河钢铁的董事长？", "holder", ("林清远",)),
        ("清钢副董事长", "holder", ("周岚",)),
        ("清河钢铁的董事", "holder", ("林清远",)),  # one of several values, and no part of a longer one
        ("云山A的董事", "holder", ("周岚",)),  # full and half width, blanks
        ("林清远的同事", "colleagues", ("周岚",)),
        ("林清远在清河钢铁做什么", "jobs", ("董事长", "董事")),
        ("o'neil多大", "age", ("60",)),
        ("周岚多大", "age", ("38", "52")),
    ],
)
def test_answers(answerer: Answerer, question: str, kind: str, answers: tuple[str, ...]):
    found = answerer(question)
    assert (found.kind, found.answers) == (kind, answers)


def test_ambiguous_names_are_told(answerer: Answerer):
    assert answerer("周岚多大").ambiguous == ("周岚",)
    assert answerer("周总多大").ambiguous == ()


def test_understood_but_unknown_to_the_graph(answerer: Answerer):
    found = answerer("谁是云山A的副董事长")
    assert (found.kind, found.answers) == ("holder", ())
    assert found.understood == (("云山 Ａ", "Company"), ("副董事长", "works_at.jobs"))


def test_not_understood(answerer: Answerer):
    found = answerer("林清远喜欢什么")
    assert (found.kind, found.answers, found.understood) == ("", (), (("林清远", "Person"),))
    assert found.defaults == ("谁是清河钢铁的董事长",)
    assert "清河钢铁" in answerer("清河钢厂怎么样").near


def test_names_that_a_recogniser_finds(answerer: Answerer):
    answerer.recogniser = lambda question: ["清河钢厂"]
    assert "清河钢铁" in answerer("林清远喜欢清河钢厂吗").near


def graph_of(seed: int) -> Contents:
    drawn = random.Random(seed)
    contents = Contents()
    for number in range(30):
        label = drawn.choice(["A", "B"])
        contents.entities[f"e{number}"] = Entity(f"e{number}", label, drawn.choice("uvwxyz") * 2, (), {})
    for number in range(80):
        source, target = drawn.sample(sorted(contents.entities), 2)
        values = drawn.sample(["k", "kk", "l", "lk"], drawn.randint(1, 3))
        contents.relations[f"r{number}"] = Relation(f"r{number}", source, "t", target, {"p": "/".join(values)})
    return contents


@pytest.mark.parametrize("seed", range(3))
def test_paths_against_a_count_by_hand(tmp_path: Path, seed: int):
    contents = graph_of(seed)
    database = embedded(contents, tmp_path / "g.lbdb", batch_size=7)
    nodes, edges = contents.entities, contents.relations.values()
    start = [identity for identity, node in nodes.items() if node.label == "A"][:4]
    try:
        for value in ("k", "kk", "l"):
            for forward in (True, False):
                path = GraphPath((Node("A", "s"), Node("B")), (Step("t", forward),), ("t", "p"), (("t", "p", "v"),))
                rows = database.run(find(path, {"s": start, "v": [value]}))
                expected = {
                    (far, edge.properties["p"])
                    for edge in edges
                    for near, far in [(edge.source, edge.target) if forward else (edge.target, edge.source)]
                    if near in start and nodes[far].label == "B" and value in edge.properties["p"].split("/")
                }
                assert {(row["id"], row["value"]) for row in rows} == expected
        hop = GraphPath((Node("A", "s"), Node("B")), (Step("t", True),))
        reached = {
            (edge.source, edge.target) for edge in edges if edge.source in start and nodes[edge.target].label == "B"
        }
        assert {(row["source"], row["id"]) for row in database.run(linked(hop, start))} == reached
        counts = {target: len({a for a, b in reached if b == target}) for _, target in reached}
        ranked = database.run(most_linked(hop, start, 100))
        assert {row["id"]: row["links"] for row in ranked} == counts
        assert [row["links"] for row in ranked] == sorted(counts.values(), reverse=True)
    finally:
        database.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_path_does_not_come_back_to_where_it_was(tmp_path: Path, seed: int):
    """As in Neo4j, which takes no relation twice on a path; the embedded database by itself walks back and forth."""
    contents = graph_of(seed)
    database = embedded(contents, tmp_path / "g.lbdb", batch_size=7)
    nodes, edges = contents.entities, contents.relations.values()
    start = [identity for identity, node in nodes.items() if node.label == "A"][:3]
    path = GraphPath(
        (Node("A", "s"), Node("B"), Node("A"), Node("B")), (Step("t", True), Step("t", False), Step("t", True))
    )
    joined = [(edge, nodes[edge.source].label + nodes[edge.target].label) for edge in edges]
    across = [edge for edge, labels in joined if labels == "AB"]
    expected = {
        third.target
        for first in across
        for second in across
        for third in across
        if first.source in start and first.target == second.target and second.source == third.source
        if first.source != second.source and first.target != third.target
    }
    try:
        assert {row["id"] for row in database.run(find(path, {"s": start}))} == expected
        assert expected
    finally:
        database.close()


def test_merging_twice_changes_nothing(tmp_path: Path):
    """What a server is sent, done twice by the embedded database, which speaks the same Cypher."""
    contents = contents_of(tmp_path)
    embedded(contents, tmp_path / "g.lbdb").close()
    database = Embedded(tmp_path / "g.lbdb", writable=True)
    rows = [
        {"id": "p1", "name": "林清远", "aliases": None, "age": "42"},
        {"id": "p9", "name": "新", "aliases": None, "age": None},
    ]
    edge = [{"id": "r1", "source": "p9", "target": "c1", "jobs": "董事"}]
    for _ in range(2):
        database.run(write_entities("Person", {"age"}, rows, "MERGE"))
        database.run(write_relations("works_at", ("Person", "Company"), {"jobs"}, edge, "MERGE"))
    ages = database.run(find(GraphPath((Node("Person", "p"),), (), ("", "age")), {"p": ["p1", "p9"]}))
    assert {(row["id"], row["value"]) for row in ages} == {("p1", "42"), ("p9", None)}
    path = GraphPath((Node("Company", "c"), Node("Person")), (Step("works_at", False),))
    assert [row["id"] for row in database.run(find(path, {"c": ["c1"]}))].count("p9") == 1
    database.close()


def saved(folder: Path, **changed: object) -> Path:
    contents = contents_of(folder)
    place = {"backend": "ladybug"}
    save_graph(folder / "bundle", contents, templates_for(contents, **changed), place, Record(name="x"), batch_size=3)
    return folder / "bundle"


def test_the_bundle(tmp_path: Path):
    folder = saved(tmp_path)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    pipeline = load_pipeline(folder)
    assert isinstance(pipeline, GraphPipeline) and pipeline.labels == ("Company", "Person")
    assert pipeline("谁是清河钢铁的董事长").answers == ("林清远",)
    assert [answer.answers for answer in pipeline(["林清远的同事", "?"])] == [("周岚",), ()]
    assert verify_golden(Bundle.open(folder), pipeline.plain_answers) == []
    pipeline.close()
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before  # reading writes nothing
    summary = summarise(Bundle.open(folder))
    assert (summary.base_task, summary.parameters, summary.golden, summary.raw_text) == ("knowledge_graph", 0, 1, True)


def test_a_graph_that_cannot_be_written_leaves_the_old_one(tmp_path: Path):
    folder = saved(tmp_path)
    contents = contents_of(tmp_path)

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        templates = templates_for(contents)
        save_graph(folder, contents, templates, {"backend": "ladybug"}, Record(), batch_size=1, done=stop)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    pipeline = GraphPipeline.load(folder)
    assert pipeline("谁是清河钢铁的董事长").answers == ("林清远",)
    pipeline.close()


@pytest.mark.parametrize("name", ["model/knowledge.lbdb", "model/resources.json", "model/templates.json"])
def test_a_damaged_bundle(tmp_path: Path, name: str):
    folder = saved(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1] + b"x")
    with pytest.raises(CheckpointError) as refused:
        GraphPipeline.load(folder)
    assert refused.value.code == "bundle.changed"


def test_a_file_that_is_no_graph(tmp_path: Path):
    (tmp_path / "g.lbdb").write_bytes(b"garbage" * 1000)
    with pytest.raises(EnvironmentFault) as refused:
        Embedded(tmp_path / "g.lbdb")
    assert refused.value.code == "graph.cannot_open"


def test_a_server_needs_a_password_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    place = {"backend": "neo4j", "uri": "bolt://127.0.0.1:9", "user": "neo4j", "database": "neo4j"}
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(EnvironmentFault) as refused:
        open_backend(place, tmp_path)
    assert refused.value.code == "graph.no_password" and "NEO4J_PASSWORD" in str(refused.value)


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:9", "nonsense://x", "neo4j"])
def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, uri: str):
    monkeypatch.setenv("NEO4J_PASSWORD", "secret-word")
    with pytest.raises(EnvironmentFault) as refused:
        Server(uri, "neo4j", "neo4j")
    assert refused.value.code == "graph.no_server" and "secret-word" not in str(refused.value)


@pytest.mark.parametrize(("package", "extra"), [("ladybug", "graph"), ("neo4j", "neo4j")])
def test_without_the_package_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, extra: str
):
    monkeypatch.setitem(sys.modules, package, None)
    place = {"backend": package, "uri": "bolt://127.0.0.1:9", "user": "neo4j", "database": "neo4j"}
    with pytest.raises(EnvironmentFault) as refused:
        open_backend(place, tmp_path, writable=True)
    assert refused.value.code == "data.missing_package" and f'pip install "tengjia[{extra}]"' in refused.value.hint


def test_the_latest_run_that_left_a_bundle(tmp_path: Path):
    runs = [RunFolder.create(tmp_path, seed=1, app="a", task="t", name=name) for name in ("one", "two", "three")]
    with pytest.raises(CheckpointError) as refused:
        select_run(tmp_path, "latest", stage=None)
    assert refused.value.code == "run.none_left_bundle" and "one, two, three" in str(refused.value)
    runs[0].bundle.mkdir()
    runs[1].bundle.mkdir()
    assert select_run(tmp_path, "latest", stage=None).id == "two"
    with pytest.raises(CheckpointError) as refused:
        select_run(tmp_path, "best", stage=None)
    assert refused.value.code == "run.none_left_bundle"
    assert select_run(tmp_path, "three", stage=None).id == "three"
