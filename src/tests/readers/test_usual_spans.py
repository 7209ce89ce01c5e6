"""Rows of JSON whose spans are as most are go a short way: to the same examples and the same rejects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.tests.readers.support import read, written
from tengjia.data.readers.json_lines import JsonLines
from tengjia.data.rejects import CollectedRejects

pytestmark = pytest.mark.slow

OFFSETS = st.one_of(st.integers(-1, 6), st.sampled_from([True, 1.0, "1", None, 10**20]))
TYPES = st.sampled_from(["NAME", "地点", "NAME", "", 5, True, None, "\ud800", ["NAME"], {}])
SOUND = st.sampled_from([[], [(0, 1, "NAME")], [(0, 2, "NAME"), (2, 4, "地点")], [(1, 2, "NAME"), (3, 4, "地点")]])
ANY = st.lists(st.tuples(OFFSETS, OFFSETS, TYPES), max_size=3)
FORMS: list[Any] = [
    lambda parts: dict(zip(("start", "end", "type"), parts)),
    lambda parts: dict(zip(("start", "end", "type", "surface"), [*parts, "高勇"])),
    lambda parts: dict(zip(("start", "end"), parts)),
    list,
]
SPANS = st.one_of(
    SOUND.map(lambda spans: [FORMS[0](parts) for parts in spans]),
    st.tuples(SOUND | ANY, st.sampled_from(FORMS)).map(lambda pair: [pair[1](parts) for parts in pair[0]]),
    st.sampled_from([None, {}, "start", 3, [[]], [3], ["start"]]),
)
ROWS = st.lists(st.tuples(st.sampled_from(["高勇，男", "a\U0001f44dbc", "ab", ""]), SPANS), max_size=6)


@given(
    ROWS,
    st.fixed_dictionaries(
        {
            "overlap": st.sampled_from(["error", "longest"]),
            "ends": st.sampled_from(["exclusive", "inclusive"]),
            "offsets": st.sampled_from(["characters", "utf16", "utf8"]),
            "surface": st.sampled_from([None, None, "surface"]),
        }
    ),
)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_as_the_long_way(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, Any]], values: dict[str, Any]
) -> None:
    content = "".join(json.dumps({"text": text, "spans": spans}) + "\n" for text, spans in rows)
    # Twice: the names of types are known when they come again; and never nothing at all.
    path = written(tmp_path_factory.getbasetemp(), content * 2 + '{"text": "x", "spans": []}\n')
    found = read(path, "json_lines", **values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JsonLines, "_usual_spans", lambda *_: None)
        assert found == read(path, "json_lines", **values)


def test_the_short_way_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long_way(*_: Any) -> Any:
        raise AssertionError

    rows = '{"text": "高勇，男", "spans": [{"start": 0, "end": 2, "type": "NAME"}]}\n'
    reader = JsonLines(JsonLines.Config())
    path, rejects = written(tmp_path, rows), CollectedRejects()
    assert [example.spans for example in reader.read(path, rejects)] == [((0, 2, "NAME"),)]
    monkeypatch.setattr(JsonLines, "_spans", long_way)
    assert [example.spans for example in reader.read(path, rejects)] == [((0, 2, "NAME"),)]
