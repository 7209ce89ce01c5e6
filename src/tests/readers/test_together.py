"""Readers that give many examples at once: the same examples, rejects and tables as one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.tests.readers.support import written
from src.tests.readers.test_sentence_blocks import SENTENCES
from src.tests.readers.test_usual_spans import ROWS as JSON_ROWS
from tengjia.contracts import Reader
from tengjia.data import lines
from tengjia.data.example import Example
from tengjia.data.example_table import ExampleBlock, Files, example_batches
from tengjia.data.readers import json_lines
from tengjia.data.readers.columns import Columns
from tengjia.data.readers.json_lines import JsonLines
from tengjia.data.rejects import CollectedRejects
from tengjia.data.sentence_tables import block_of
from tengjia.data.tags import TagScheme
from tengjia.errors import DataError
from tengjia.registry import readers

pytestmark = pytest.mark.slow


def table(examples: Iterable[Example | ExampleBlock], size: int) -> list[dict[str, Any]]:
    """The rows that are cached, by the batches they lie in."""
    batches = list(example_batches(examples, size, Files(Path("/nowhere"))))
    assert all(batch.num_rows == size for batch in batches[:-1])
    for batch in batches:
        batch.validate(full=True)
    return pa.Table.from_batches(batches).to_pylist() if batches else []


def outcome(path: Path, reader: Reader, *, together: bool, size: int) -> tuple[list[dict[str, Any]], Any]:
    collected = CollectedRejects()
    read = reader.read_together if together else reader.read  # type: ignore[attr-defined]
    try:
        return table(read(path, collected), size), collected
    except DataError as error:
        return [], (error.code, collected)


@given(
    st.lists(SENTENCES, max_size=12),
    st.fixed_dictionaries(
        {
            "scheme": st.sampled_from(["auto", "bio", "iob1", "bioes", "bmes", "biluo"]),
            "repair": st.sampled_from(["lenient", "strict", "error"]),
            "joiner": st.sampled_from(["", " ", "__"]),
            "comment": st.sampled_from(["", "#"]),
            "max_tokens": st.sampled_from([1, 3, 5000]),
            "max_line": st.sampled_from([40, 1_000_000]),
            "tag_column": st.sampled_from([-1, 1, 2, None]),
            "token_column": st.sampled_from([0, -2]),
        }
    ),
    st.sampled_from([20, 64, 1 << 18]),
    st.sampled_from([1, 2, 3, 1000]),
)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_columns(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str], values: dict[str, Any], block: int, size: int
) -> None:
    # Once more at the end: by then all tags are known.
    path = written(tmp_path_factory.getbasetemp(), "\n\n".join(["a O", *sentences, *sentences]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        expected = outcome(path, Columns(Columns.Config(**values)), together=False, size=size)
        assert outcome(path, Columns(Columns.Config(**values)), together=True, size=size) == expected


@given(
    JSON_ROWS,
    st.fixed_dictionaries(
        {
            "overlap": st.sampled_from(["error", "longest"]),
            "ends": st.sampled_from(["exclusive", "inclusive"]),
            "spans": st.sampled_from(["spans", "spans", None]),
            "label": st.sampled_from([None, None, "text"]),
            "extra": st.sampled_from([(), (), ("text",)]),
        }
    ),
    st.sampled_from([1, 2, 1000]),
    st.sampled_from([1, 3, 1000]),
)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_json_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, Any]], values: dict[str, Any], block: int, size: int
) -> None:
    content = "".join(json.dumps({"text": text, "spans": spans}) + "\n" for text, spans in rows * 2)
    path = written(tmp_path_factory.getbasetemp(), content + '{"text": "x"}\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "TOGETHER", block)
        expected = outcome(path, JsonLines(JsonLines.Config(**values)), together=False, size=size)
        assert outcome(path, JsonLines(JsonLines.Config(**values)), together=True, size=size) == expected


ROWS = "a O\n高 B-X\n勇 E-X\n\nab S-Y\n👍 O\n\n\nc B-X\nd M-X\nef E-X"


@pytest.mark.parametrize("mark", [" ", "\t"])
def test_a_stretch_of_sentences(mark: str) -> None:
    found = block_of(ROWS.replace(" ", mark), "file", 7, mark, TagScheme("bmes"), joiner="", most=9)
    assert found is not None
    assert found.texts.to_pylist() == ["a高勇", "ab👍", "cdef"]
    assert (found.counts.tolist(), found.lines.tolist()) == ([1, 1, 1], [7, 11, 15])
    spans = list(zip(found.starts.tolist(), found.ends.tolist(), found.types.to_pylist()))
    assert spans == [(1, 3, "X"), (0, 2, "Y"), (0, 4, "X")]


def test_tokens_joined_by_a_space() -> None:
    found = block_of(ROWS, "file", 1, " ", TagScheme("bmes"), joiner=" ", most=9)
    assert found is not None
    assert found.texts.to_pylist() == ["a 高 勇", "ab 👍", "c d ef"]
    assert list(zip(found.starts.tolist(), found.ends.tolist())) == [(2, 5), (0, 2), (0, 6)]


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "\n\n",
        "a",
        "a O x",
        " O",
        "a ",
        "a B-X",
        "a E-X",
        "a B-X\nb E-Y",
        "a B-X\n\nb E-X",
        "a Q-X",
        "a O\nb O\nc O",
    ],
)
def test_the_first_doubt_gives_nothing(rows: str) -> None:
    assert block_of(rows, "file", 1, " ", TagScheme("bmes"), joiner="", most=2) is None


def test_ordinary_files_come_in_blocks(tmp_path: Path) -> None:
    columns = written(tmp_path, "\n\n".join([ROWS] * 3))
    rows = [{"text": "高勇", "spans": [{"start": 0, "end": 2, "type": "X"}]}] * 3
    objects = written(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), "corpus.jsonl")
    for name, file in {"columns": columns, "json_lines": objects}.items():
        reader = readers.build({"name": name})
        found = list(reader.read_together(file, CollectedRejects()))  # type: ignore[attr-defined]
        assert any(isinstance(item, ExampleBlock) for item in found), name
