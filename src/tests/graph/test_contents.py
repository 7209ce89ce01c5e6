"""Files of entities and relations: what is read, and what is told of what cannot be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from src.tests.graph.sample import contents_of, read_lines
from tengjia.data.rejects import RejectsFile
from tengjia.errors import DataError
from tengjia.graph.contents import Contents, read_contents

ADMIN = "p_id:ID(Person),name,age:int,:LABEL\n1,林清远,41,Person;Chief\n2,周岚,,Person\n"
ADMIN_COMPANIES = "c_id:ID(Company),name,:LABEL\n1,清河钢铁,Company\n"
ADMIN_JOBS = ":START_ID(Person),jobs,:END_ID(Company),:TYPE\n1,董事,1,works_at\n2,董事长,1,works_at\n"


def read(folder: Path, entities: str, relations: str = "", suffix: str = ".csv") -> tuple[Contents, RejectsFile]:
    (folder / f"e{suffix}").write_text(entities, "utf-8")
    (folder / f"r{suffix}").write_text(relations, "utf-8")
    with RejectsFile(folder / "rejects.jsonl", None) as rejects:
        found = read_contents([folder / f"e{suffix}"], [folder / f"r{suffix}"] if relations else [], rejects)
    return found, rejects


def test_own_columns(tmp_path: Path):
    contents = contents_of(tmp_path)
    assert {entity.name for entity in contents.entities.values()} == {"林清远", "周岚", "O'Neil", "清河钢铁", "云山 Ａ"}
    assert contents.entities["p2"].aliases == ("周总",) and contents.entities["p2"].properties == {"age": "38"}
    assert contents.values("works_at", "jobs") == ["副董事长", "董事", "董事长"]
    assert contents.schema().plain() == {
        "properties": {"Company": [], "Person": ["age"]},
        "ends": {"works_at": [["Person", "Company"]]},
        "relation_properties": {"works_at": ["jobs"]},
    }


def test_columns_of_the_import_tool(tmp_path: Path):
    files = {"p.csv": ADMIN, "c.csv": ADMIN_COMPANIES, "j.csv": ADMIN_JOBS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with RejectsFile(None, 0) as rejects:
        contents = read_contents([tmp_path / "p.csv", tmp_path / "c.csv"], [tmp_path / "j.csv"], rejects)
    assert list(contents.entities) == ["Person:1", "Person:2", "Company:1"]  # two id spaces
    first = contents.entities["Person:1"]
    assert (first.label, first.name, first.properties) == ("Person", "林清远", {"age": "41", "labels": "Chief"})
    ends = {(relation.source, relation.target) for relation in contents.relations.values()}
    assert ends == {("Person:1", "Company:1"), ("Person:2", "Company:1")}


def test_ids_depend_on_content_only(tmp_path: Path):
    text = "label,name\nPerson,林清远\nPerson,周岚\nPerson,林清远\n"
    first, _ = read(tmp_path, text)
    second, _ = read(tmp_path, "name,label\n周岚,Person\n林清远,Person\n")
    assert set(first.entities) == set(second.entities) and len(first.entities) == 2
    assert all(len(identity) == 32 for identity in first.entities)


def test_a_compressed_file(tmp_path: Path):
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress("label,name\nPerson,林清远\n".encode()))
    with RejectsFile(None, 0) as rejects:
        assert len(read_contents([tmp_path / "e.csv.gz"], [], rejects).entities) == 1


BAD_ENTITIES = [
    ("label,name\nPerson,a\nPerson\n", 3, "data.wrong_width"),
    ("label,name\n,a\nPerson,b\n", 2, "graph.bad_label"),
    ("label,name\nPerson,\nPerson,b\n", 2, "graph.no_name"),
    ("id,label,name\n1,Person,a\n1,Company,b\n", 3, "graph.two_labels"),
    (f"label,name\nPerson,{'x' * 20001}\nPerson,b\n", 2, "graph.too_long"),
    ('label,name\nPerson,"a\nPerson,b\n', 2, "data.open_quote"),
    ("label,name,bad-name\nPerson,b,\nPerson,c,1\n", 2, "graph.bad_label"),
]


@pytest.mark.parametrize(("text", "line", "code"), BAD_ENTITIES)
def test_bad_rows_of_tables(tmp_path: Path, text: str, line: int, code: str):
    contents, _ = read(tmp_path, text)
    told = read_lines(tmp_path / "rejects.jsonl")
    assert (told[0]["line"], told[0]["code"]) == (line, code)
    rows = len(text.splitlines()) - 1
    assert len(contents.entities) + len(told) == rows or code == "data.open_quote"  # nothing is lost


BAD_JSON = [
    ('{"label": "Person", "name": "a"', "data.bad_json"),
    ('["Person"]', "data.not_an_object"),
    ('{"label": ["A", "B"], "name": "a"}', "graph.several_values"),
    ('{"label": "Person", "name": {"a": 1}}', "graph.no_text"),
    ('{"label": "Person", "name": true}', "graph.no_text"),
    ('{"label": "Person", "name": "a\\u0000b"}', "graph.no_character"),
    ('{"label": "Person", "name": "\\ud800"}', "graph.no_character"),
    ('{"label": "Person", "name": "a", "properties": 3}', "graph.no_object"),
    ('{"label": "Person", "name": "a", "properties": {"id": "x"}}', "graph.reserved"),
    ('{"label": "Person", "name": "a", "properties": {"p": [[1]]}}', "graph.no_text"),
    ("[" * 5000, "data.bad_json"),
]


@pytest.mark.parametrize(("line", "code"), BAD_JSON, ids=lambda value: str(value)[:40])
def test_bad_rows_of_json(tmp_path: Path, line: str, code: str):
    good = '{"label": "Person", "name": "good"}\n'
    contents, _ = read(tmp_path, good + line + "\n" + good, suffix=".jsonl")
    told = read_lines(tmp_path / "rejects.jsonl")
    assert [(each["line"], each["code"]) for each in told] == [(2, code)]
    assert [entity.name for entity in contents.entities.values()] == ["good"]


BAD_RELATIONS = [
    ("source,type,target\n1,knows,9\n", "graph.no_entity", "9"),
    ("source,type,target\n,knows,1\n", "graph.no_entity", "source"),
    ("source,type,target\n1,,1\n", "graph.bad_label", "''"),
    ("id,source,type,target\nr,1,knows,2\nr,2,knows,1\n", "graph.two_relations", "'r'"),
]


@pytest.mark.parametrize(("relations", "code", "word"), BAD_RELATIONS)
def test_bad_relations(tmp_path: Path, relations: str, code: str, word: str):
    read(tmp_path, "id,label,name\n1,Person,a\n2,Person,b\n", relations)
    (told,) = read_lines(tmp_path / "rejects.jsonl")
    assert told["code"] == code and word in told["message"] and told["file"].endswith("r.csv")


def test_a_contradiction_is_told_and_the_first_value_kept(tmp_path: Path):
    contents, rejects = read(tmp_path, "id,label,name,age\n1,Person,a,40\n1,Person,b,41\n")
    assert contents.entities["1"].properties == {"age": "40"} and contents.entities["1"].aliases == ("b",)
    assert rejects.noted["graph.contradiction"] == 1 and rejects.count == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("e.xlsx", b"x", "graph.unknown_kind"),
        ("missing.csv", None, "data.missing_file"),
        ("e.csv", b"", "data.empty_file"),
        ("e.csv", b"a\x00\x01\x02" * 500, "data.binary_file"),
        ("e.csv", b"name,name\n1,2\n", "data.ambiguous_column"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes | None, code: str):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with RejectsFile(None, 0) as rejects, pytest.raises(DataError) as refused:
        read_contents([tmp_path / name], [], rejects)
    assert refused.value.code == code
