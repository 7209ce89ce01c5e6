"""YAML files: values, places, and every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.config.documents import MAXIMUM_BYTES, Document, read_document, scalar


def read(tmp_path: Path, content: str | bytes) -> Document:
    file = tmp_path / "a.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_document(file, "a.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("010", "010"), ("0", 0), ("-7", -7), ("+7", 7), ("1_000", 1000), ("0x1f", "0x1f"), ("12:30", "12:30"),
        ("1e-3", 1e-3), ("1E3", 1000.0), (".5", 0.5), ("5.", 5.0), ("2.5e+2", 250.0), ("1.2.3", "1.2.3"),
        ("2026-01-01", "2026-01-01"), (".inf", float("inf")), ("-.inf", float("-inf")), ("张三", "张三"), ("1e", "1e"),
    ],
)  # fmt: skip
def test_scalars(text: str, value: object):
    found = scalar(text)
    assert found == value and type(found) is type(value)


def test_values_and_places(tmp_path: Path):
    document = read(tmp_path, "a: 1\nb:\n  c: [x, 'no', \"1\"]\n  d: {e: 1e-3}\n# 注释\n中文: 值\n")
    assert document.problems == []
    assert document.data == {"a": 1, "b": {"c": ["x", "no", "1"], "d": {"e": 0.001}}, "中文": "值"}
    assert (document.line("b", "c"), document.line("b", "c", 1), document.line("b", "d", "e")) == (3, 3, 4)
    assert document.positions["b", "d", "e"].column == 7
    assert document.line("中文") == 6
    assert document.line("b", "nothing") == 2


@pytest.mark.parametrize("content", ["", "# only words\n", "---\n"])
def test_empty(tmp_path: Path, content: str):
    document = read(tmp_path, content)
    assert (document.data, document.problems) == ({}, [])


def test_alias_of_a_small_part_is_allowed(tmp_path: Path):
    document = read(tmp_path, "a: &a [1, 2]\nb: *a\n")
    assert document.data == {"a": [1, 2], "b": [1, 2]}
    assert document.problems == []


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"\xff\xfe\x00", "config.not_utf8", 1),
        (b"a: 1\nb: \x80\n", "config.not_utf8", 2),
        (b"a: 1\n\x00", "config.syntax", 2),
        (b"x" * (MAXIMUM_BYTES + 1), "config.file_too_large", 0),
        (b"a:\n\tb: 1\n", "config.tab", 2),
        (b"a: 1\na: 2\n", "config.duplicate_key", 2),
        (b"\xef\xbb\xbfa: [\n", "config.syntax", 2),
        (b"- 1\n", "config.not_a_mapping", 1),
        (b"just words\n", "config.not_a_mapping", 1),
        (b"a: !!binary aGk=\n", "config.tag", 1),
        (b"a: 1\n<<: {b: 1}\n", "config.bad_key", 2),
    ],
)
def test_mistakes(tmp_path: Path, content: bytes, code: str, line: int):
    problems = read(tmp_path, content).problems
    assert (problems[0].code, problems[0].line, problems[0].file) == (code, line, "a.yaml")


def test_all_tabs_and_what_follows_are_told(tmp_path: Path):
    document = read(tmp_path, "a:\n\tb: 1\n\tc: 2\nd: 1\nd: 2\n")
    assert [(problem.code, problem.line) for problem in document.problems] == [
        ("config.tab", 2), ("config.tab", 3), ("config.duplicate_key", 5),
    ]  # fmt: skip
    assert document.data == {"a": {"b": 1, "c": 2}, "d": 1}


def test_a_missing_file(tmp_path: Path):
    document = read_document(tmp_path / "b.yaml")
    assert [problem.code for problem in document.problems] == ["config.unreadable_file"]
    assert "create it" in document.problems[0].hint


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_it_holds_it_is_told_in_words(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    document = read(tmp_path_factory.mktemp("yaml"), content)
    assert isinstance(document.data, dict)
    for problem in document.problems:
        assert problem.message and problem.hint and problem.line >= 0
