"""Texts pass through Hydra's grammar unchanged, quoted or not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from tengjia.command.arguments import Word
from tengjia.command.overrides import parse_override
from tengjia.config.parameters import Parameter
from tengjia.config.quoting import is_quoted, quoted, split_at_commas
from tengjia.config.types import Type, read_type

SIGNS = st.sampled_from(list("ab'\"\\{}:,=[]()# \t~!@%^&*|<>?/.-+;`$张，（😀１\n\u200b"))
TEXTS = st.lists(SIGNS, max_size=14).map("".join).filter(lambda text: "${" not in text)


def parameter(annotation: str, name: str = "text") -> Parameter:
    return Parameter(name, read_type(ast.parse(annotation, mode="eval").body), None, Path(), 1, "")


def value_of(text: str, annotation: str, multirun: bool = False) -> list[object]:
    override = parse_override(Word(f"text={text}", "", "text", text), parameter(annotation), multirun)
    assert override.error == "", override.error
    return override.values


@settings(max_examples=500)
@given(TEXTS)
@example("张三")
@example("C:\\")
@example("it's \\' so")
@example("\\\n")
def test_any_text_comes_out_as_it_was_typed(text: str):
    if is_quoted(text) or text in {"", "???"}:  # OmegaConf takes the latter for a missing value; a check tells it
        return
    (value,) = value_of(text, "str")
    config = OmegaConf.create({"text": "x"})
    OmegaConf.update(config, "text", value)
    assert config.text == text


@pytest.mark.parametrize(
    ("text", "annotation", "values"),
    [
        ("张三，男（1990）", "str", ["张三，男（1990）"]),
        ("'already, quoted'", "str", ["already, quoted"]),
        ('"双引号"', "str", ["双引号"]),
        ("123", "str", ["123"]),
        ("null", "str | None", [None]),
        ("null", "str", ["null"]),
        ("a=b", "str", ["a=b"]),
        ("[数据/a.txt, b.txt]", "tuple[str, ...]", [["数据/a.txt", "b.txt"]]),
        ("[a b,'c,d']", "tuple[str, ...]", [["a b", "c,d"]]),
        ("{a: 乙}", "dict[str, str]", [{"a": "乙"}]),
        ("[train, test]", "str | tuple[str, ...]", [["train", "test"]]),
        ("3e-5", "float", [3e-5]),
        ("[1,2]", "tuple[int, ...]", [[1, 2]]),
        ("true", "bool", [True]),
    ],
)
def test_by_the_type_of_the_key(text: str, annotation: str, values: list[object]):
    assert value_of(text, annotation) == values


@pytest.mark.parametrize(
    ("text", "annotation", "values"),
    [
        ("张三,李四", "str", ["张三", "李四"]),
        ("'a,b',c", "str", ["a,b", "c"]),
        ("choice(a,b)", "str", ["a", "b"]),
        ("null,x", "str | None", [None, "x"]),
        ("0.1,0.2", "float", [0.1, 0.2]),
        ("[a],[b,c]", "tuple[str, ...]", [["a"], ["b", "c"]]),
        ("range(1,4)", "int", [1, 2, 3]),
    ],
)
def test_sweeps(text: str, annotation: str, values: list[object]):
    assert value_of(text, annotation, multirun=True) == values


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b", ["a", "b"]),
        ("'a,b',c", ["'a,b'", "c"]),
        ("[a,b],c", ["[a,b]", "c"]),
        ("", [""]),
        ("${a,b},c", ["${a,b}", "c"]),
    ],
)
def test_splitting_at_commas(text: str, parts: list[str]):
    assert split_at_commas(text) == parts


def test_what_is_quoted():
    assert is_quoted(quoted("it's")) and is_quoted("''")
    assert not is_quoted("'a' + 'b'") and not is_quoted("'") and not is_quoted("'a\\'")
    assert Type("str").has("str")
