"""Rows to entities and relations by a mapping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src.tests.graph.sample import read_lines
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError
from tengjia.graph.contents import Contents
from tengjia.graph.mapping import build_contents, read_mapping

PAGES = """\
sources:
  - files: [pages.jsonl]
    entities:
      question: {label: question, name: title, properties: {url: url}}
      feature: {label: feature, name: fields.about}
    relations:
      - {type: question2feature, source: question, target: feature}
"""
TRIPLES = """\
sources:
  - files: [triples.csv]
    triples: {title: title, attribute: attribute, value: value}
    entities:
      person: {label: Person, name: title, properties: {summary: summary}}
      place: {label: Place, name: 出生地, split: 、}
    relations:
      - {type: born_in, source: person, target: place}
"""


def built(folder: Path, mapping: str, **files: str) -> tuple[Contents, RejectsFile]:
    (folder / "mapping.yaml").write_text(mapping, "utf-8")
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, "utf-8")
    with RejectsFile(folder / "rejects.jsonl", None) as rejects:
        return build_contents(read_mapping(folder / "mapping.yaml"), folder, rejects), rejects


def test_pages(tmp_path: Path):
    lines = [
        {"url": "u1", "title": "什么是锁", "fields": {"about": ["锁", "并发", "锁"]}},
        {"url": "u2", "title": "什么是协程", "fields": {"about": "并发"}},
        {"url": "u3", "title": "无关", "fields": {}},
    ]
    contents, rejects = built(tmp_path, PAGES, pages_jsonl="".join(json.dumps(line) + "\n" for line in lines))
    names = {entity.id: entity.name for entity in contents.entities.values()}
    assert sorted(names.values()) == ["什么是协程", "什么是锁", "并发", "无关", "锁"]
    pairs = {(names[each.source], names[each.target]) for each in contents.relations.values()}
    assert pairs == {("什么是锁", "锁"), ("什么是锁", "并发"), ("什么是协程", "并发")}
    assert rejects.count == 0


def test_triples_of_one_title_are_one_row(tmp_path: Path):
    text = "title,attribute,value\n林清远,summary,工程师\n林清远,出生地,云山、海州\n周岚,出生地,海州\n,出生地,x\n"
    contents, rejects = built(tmp_path, TRIPLES, triples_csv=text)
    names = {entity.id: entity.name for entity in contents.entities.values()}
    pairs = sorted((names[each.source], names[each.target]) for each in contents.relations.values())
    assert pairs == [("周岚", "海州"), ("林清远", "云山"), ("林清远", "海州")]
    people = {entity.name: entity.properties for entity in contents.entities.values() if entity.label == "Person"}
    assert people == {"林清远": {"summary": "工程师"}, "周岚": {}}
    assert [(each["line"], each["code"]) for each in read_lines(tmp_path / "rejects.jsonl")] == [
        (5, "graph.half_a_triple")
    ]
    assert rejects.count == 1


def test_rows_about_something_else_are_left_out(tmp_path: Path):
    mapping = PAGES.replace("    entities:", "    when: {kind: job}\n    entities:")
    lines = [{"kind": "job", "title": "a"}, {"kind": "article", "title": "b"}, {"title": "c"}]
    contents, rejects = built(tmp_path, mapping, pages_jsonl="".join(json.dumps(line) + "\n" for line in lines))
    assert [entity.name for entity in contents.entities.values()] == ["a"] and rejects.count == 0


def test_built_twice_it_is_the_same(tmp_path: Path):
    line = json.dumps({"title": "t", "fields": {"about": ["x", "y"]}}) + "\n"
    first, _ = built(tmp_path, PAGES, pages_jsonl=line)
    second, _ = built(tmp_path, PAGES, pages_jsonl=line * 3)
    assert first == second


def test_a_row_that_says_nothing(tmp_path: Path):
    _, rejects = built(tmp_path, PAGES, pages_jsonl='{"text": "x"}\n{"title": 3.5}\n{"title": [1, {}]}\n')
    told = [(each["line"], each["code"]) for each in read_lines(tmp_path / "rejects.jsonl")]
    assert told == [(1, "graph.nothing_said"), (3, "graph.no_text")] and rejects.count == 2


BAD = [
    ("sources: 3\n", "graph.not_this", 1),
    ("sorces: []\n", "graph.unknown_key", 1),
    (PAGES.replace("label: feature", "label: a`b"), "graph.bad_identifier", 5),
    (PAGES.replace("target: feature", "target: feture"), "graph.not_in_mapping", 7),
    (PAGES.replace("{url: url}", "{id: url}"), "graph.reserved", 4),
    (PAGES.replace("name: title, ", ""), "graph.not_this", 4),
    (PAGES.replace("files: [pages.jsonl]", "files: []"), "graph.not_this", 2),
    (TRIPLES.replace("attribute: attribute, ", ""), "graph.not_this", 3),
]


@pytest.mark.parametrize(("mapping", "code", "line"), BAD)
def test_what_is_no_mapping(tmp_path: Path, mapping: str, code: str, line: int):
    (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_mapping(tmp_path / "mapping.yaml")
    found = [(problem.code, problem.line) for problem in refused.value.problems]
    assert (code, line) in found


def test_a_mapping_that_is_not_there(tmp_path: Path):
    with pytest.raises(ConfigurationError):
        read_mapping(tmp_path / "nothing.yaml")
