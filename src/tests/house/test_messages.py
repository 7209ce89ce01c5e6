"""Every message speaks both languages and names the same things; every code that is raised has words."""

from __future__ import annotations

import ast
import pkgutil
import re
import string
from pathlib import Path

import pytest

import tengjia.messages
from tengjia.messages import Message, catalogue, language, text

LIBRARY = Path(tengjia.messages.__file__).parents[1]
CATALOGUES = [module.name for module in pkgutil.iter_modules(tengjia.messages.__path__)]
ENTRIES = [(code, entry) for name in CATALOGUES for code, entry in catalogue(name).items()]
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+\Z")


def places(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


@pytest.mark.parametrize(("code", "entry"), ENTRIES, ids=[code for code, _ in ENTRIES])
def test_both_languages_name_the_same(code: str, entry: Message):
    assert CODE.match(code)
    assert entry.en and entry.zh
    assert bool(entry.hint_en) == bool(entry.hint_zh)
    assert places(entry.en) == places(entry.zh)
    assert places(entry.hint_en) == places(entry.hint_zh)
    assert re.search(r"[\u4e00-\u9fff]", entry.zh)


def test_codes_stand_in_the_catalogue_of_their_first_part():
    for name in CATALOGUES:
        assert {code.partition(".")[0] for code in catalogue(name)} <= {name}


def test_every_code_in_the_source_has_words():
    known = {code for code, _ in ENTRIES}
    missing = []
    for file in LIBRARY.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        keys = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "key"}
        for node in ast.walk(tree):
            if id(node) in keys:  # a full config key looks like a code
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
                first = node.value.partition(".")[0]
                if first in CATALOGUES and node.value not in known and not node.value.endswith(_FILE_ENDINGS):
                    missing.append(f"{file.relative_to(LIBRARY)}:{node.lineno}: {node.value}")
    assert missing == []


_FILE_ENDINGS = (
    ".json",
    ".txt",
    ".py",
    ".jsonl",
    ".yaml",
    ".log",
    ".md",
    ".safetensors",
    ".html",
    ".png",
    ".onnx",
    ".lr",
)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"TENGJIA_LANG": "zh"}, "zh"),
        ({"TENGJIA_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_language_follows_the_environment(variables, expected, monkeypatch):
    for name in ("TENGJIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_text_fills_in_the_values(monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "`x/y`" in text("run.bad_name", found="x/y").message


def test_a_catalogue_does_not_hide_a_function():
    from tengjia import messages

    for name in CATALOGUES:
        catalogue(name)
    assert callable(messages.text) and callable(messages.language)
