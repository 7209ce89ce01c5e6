"""Names that become part of a statement: nothing but names passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.tests.graph.sample import contents_of, embedded, templates_for
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, DataError
from tengjia.graph.answering import Answerer
from tengjia.graph.contents import read_contents
from tengjia.graph.identifiers import is_identifier, quoted
from tengjia.graph.statements import Node, find
from tengjia.graph.statements import Path as GraphPath

ATTACKS = [
    "Person`) DETACH DELETE n //",
    "Person' OR '1'='1",
    "}) DETACH DELETE n //",
    "`",
    "``",
    "\\u0060",
    "Per son",
    "Person;Company",
    "a\x00b",
    "",
    "1abc",
    "_x",
    "x" * 65,
    "Ｐerson",  # full width: two spellings of one name
    "Person\n",
    "$rows",
    "-[r]->",
]


@pytest.mark.parametrize("name", ATTACKS, ids=repr)
def test_attacks_are_no_names(name: str):
    assert not is_identifier(name)
    with pytest.raises(DataError) as refused:
        quoted(name)
    assert refused.value.code == "graph.bad_identifier"


@pytest.mark.parametrize("name", ["Person", "works_at", "人物", "x" * 64, "A1"])
def test_names(name: str):
    assert quoted(name) == f"`{name}`"


@given(st.text(max_size=80))
def test_what_passes_cannot_leave_its_backticks(name: str):
    if is_identifier(name):
        assert all(character.isalnum() or character == "_" for character in name)


@pytest.mark.parametrize("name", ATTACKS, ids=repr)
@pytest.mark.parametrize("column", ["label", "type", "property"])
def test_attacks_in_files_are_set_aside(tmp_path: Path, name: str, column: str):
    import json

    entity = {"id": "a", "label": "Person", "name": "x", "properties": {}}
    relation = {"source": "a", "type": "knows", "target": "a", "properties": {}}
    bad: dict[str, Any] = relation if column == "type" else entity
    if column == "property":
        entity["properties"] = {name: "value"}
    else:
        bad[column] = name
    (tmp_path / "e.jsonl").write_text(json.dumps(entity) + "\n", "utf-8")
    (tmp_path / "r.jsonl").write_text(json.dumps(relation) + "\n", "utf-8")
    rejects = RejectsFile(None, None)
    contents = read_contents([tmp_path / "e.jsonl"], [tmp_path / "r.jsonl"], rejects)
    if column == "label" and name == "Person;Company":  # two labels, as neo4j-admin writes them
        assert contents.entities["a"].properties == {"labels": "Company"}
        return
    if column == "type" and is_identifier(name.strip()):
        assert {relation.type for relation in contents.relations.values()} == {name.strip()}
        return
    if column == "label" and name.strip() != name and is_identifier(name.strip()):  # blanks around a cell are no part
        assert contents.entities["a"].label == name.strip()
        return
    assert rejects.count and not (contents.relations if column == "type" else contents.entities)


HOSTILE = ["O'Neil", 'a"b', "x`y", "}) DETACH DELETE (n", "\\", "$n0", "{{x}}", "x" * 5000, "名\u200b字", "\U0001f600"]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name)[:30])
def test_any_name_of_an_entity_is_only_a_value(tmp_path: Path, name: str):
    import json

    lines = [{"id": name, "label": "Person", "name": name, "properties": {"note": name}}]
    lines.append({"id": "other", "label": "Person", "name": "someone", "properties": {}})
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    relation = {"source": name, "type": "knows", "target": "other", "properties": {"how": name}}
    (tmp_path / "r.jsonl").write_text(json.dumps(relation) + "\n", "utf-8")
    with RejectsFile(None, 0) as rejects:
        contents = read_contents([tmp_path / "e.jsonl"], [tmp_path / "r.jsonl"], rejects)
    database = embedded(contents, tmp_path / "g.lbdb")
    try:
        rows = database.run(find(GraphPath((Node("Person", "who"),), (), ("", "note")), {"who": [name]}))
        assert rows == [{"id": name, "name": name, "value": name}]
        assert len(database.run(find(GraphPath((Node("Person"),), ()), {}))) == 2
    finally:
        database.close()


@pytest.mark.parametrize("question", ["谁是' OR 1=1 //", "`}) DETACH DELETE n", "\x00", "𝔸" * 3000, "谁" * 100_000, ""])
def test_questions_are_never_code(tmp_path: Path, question: str):
    contents = contents_of(tmp_path)
    database = embedded(contents, tmp_path / "g.lbdb")
    try:
        answer = Answerer(database, templates_for(contents), contents.schema())(question)
        assert (answer.kind, answer.answers) == ("", ())
        assert len(database.run(find(GraphPath((Node("Person"),), ()), {}))) == 4
    finally:
        database.close()


@pytest.mark.parametrize("name", ["Person`", "}) DETACH DELETE", "Nobody"])
def test_templates_name_only_what_the_graph_has(tmp_path: Path, name: str):
    contents = contents_of(tmp_path)
    with pytest.raises(ConfigurationError) as refused:
        templates_for(contents, slots={"x": {"label": name}}, templates=[])
    assert [problem.code for problem in refused.value.problems] == ["graph.not_in_graph"]
