"""Options whose values make no sense are refused when the reader is built, and two readings do not disturb each other."""

from __future__ import annotations

import pytest

from src.tests.readers.support import written
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import ConfigurationError
from tengjia.registry import readers

CASES = [
    ("columns", "max_tokens", 0, "1 or more"),
    ("columns", "max_line", -1, "1 or more"),
    ("columns", "tag_delimiter", "", "one or more characters"),
    ("columns", "untyped", "", "a name"),
    ("csv", "quote", "''", "one character, or none"),
    ("csv", "fields", 0, "1 or more"),
    ("csv", "max_lines", 0, "1 or more"),
    ("brat", "max_document", 0, "1 or more"),
    *((name, "max_line", 0, "1 or more") for name in ("json_lines", "json_spans", "doccano", "label_studio", "text")),
]


@pytest.mark.parametrize(("name", "option", "value", "allowed"), CASES)
def test_options_that_make_no_sense(name, option, value, allowed):
    with pytest.raises(ConfigurationError) as caught:
        readers.build({"name": name, option: value})
    assert caught.value.problem.key == f"reader.{option}" and allowed in caught.value.message


def test_two_files_may_be_read_at_once(tmp_path):
    reader = readers.build({"name": "columns"})
    first = reader.read(written(tmp_path, "a\tO\n\nb\tO\n", "1.txt"), CollectedRejects())
    second = reader.read(written(tmp_path, "c O\n\nd O\n", "2.txt"), CollectedRejects())
    assert [next(file).text for file in (first, second, first, second)] == ["a", "c", "b", "d"]


def test_every_reader_is_listed_and_builds_with_its_defaults():
    names = {"brat", "columns", "csv", "doccano", "documents", "excel", "json_lines", "json_spans"}
    assert names | {"label_studio", "parallel", "parallel_text", "text"} == set(readers.entries())
    for name in readers.entries():
        readers.build({"name": name})
