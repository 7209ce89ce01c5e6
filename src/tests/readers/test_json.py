"""JSON lines, arrays, spans by surface."""

from __future__ import annotations

import json

import pytest

from src.tests.readers.support import read, written
from tengjia.data import lines as lines_module
from tengjia.errors import DataError

ROW = {"text": "张三在北京", "spans": [{"start": 0, "end": 2, "type": "NAME"}, {"start": 3, "end": 5, "type": "LOC"}]}
SPANS = [("张三", "NAME"), ("北京", "LOC")]


def dumped(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


LAYOUTS = [
    (dumped(ROW), {}),
    (dumped({"text": ROW["text"], "spans": [[0, 2, "NAME"], [3, 5, "LOC"]]}), {}),
    (
        dumped({"t": ROW["text"], "e": [["NAME", 0, 1], ["LOC", 3, 4]]}),
        {"text": "t", "spans": "e", "order": "type_start_end", "ends": "inclusive"},
    ),
    (
        dumped({"data": {"text": ROW["text"], "spans": [[3, 5, "LOC"], [0, 2, "NAME"]]}}),
        {"text": "data.text", "spans": "data.spans"},
    ),
    (
        dumped({"text": ROW["text"], "spans": [{"s": 0, "e": 1, "t": "NAME", "w": "张三"}, {"s": 3, "e": 4, "t": "LOC", "w": "北京"}]}),
        {"start": "s", "end": "e", "type": "t", "surface": "w", "ends": "inclusive"},
    ),
    (json.dumps([ROW]), {}),
    (json.dumps([ROW], indent=2), {}),
    (json.dumps(ROW, indent=4), {}),
    (json.dumps({"version": "1", "none": [{"text": "x"}], "train": [ROW], "test": []}, indent=1), {"records": "train"}),
    ("\ufeff" + dumped(ROW), {}),
    (dumped(ROW).replace("\n", "\r\n"), {}),
    ("\n\n" + dumped(ROW) + "\n", {}),
]  # fmt: skip


@pytest.mark.parametrize(("content", "values"), LAYOUTS)
def test_layouts(tmp_path, content, values):
    outcome = read(written(tmp_path, content), "json_lines", **values)
    assert outcome.spans == [SPANS]
    assert outcome.rejected == [] and set(outcome.noted) <= {"data.encoding_detected"}


def test_rows_that_are_arrays_and_carry_a_class(tmp_path):
    path = written(tmp_path, json.dumps({"val": [["never", "x"]], "train": [["hello", "greet"], ["bye", "leave"]]}))
    outcome = read(path, "json_lines", records="train", text="0", label="1", spans=None)
    assert [(e.text, e.label) for e in outcome.examples] == [("hello", "greet"), ("bye", "leave")]


def test_offsets_in_other_units(tmp_path):
    text = "👍𠮷a北"
    units = {"characters": [2, 4], "utf16": [4, 6], "utf8": [8, 12]}
    for unit, (start, end) in units.items():
        path = written(tmp_path, dumped({"text": text, "spans": [[start, end, "X"]]}))
        assert read(path, "json_lines", offsets=unit).spans == [[("a北", "X")]]


FAULTS = [
    ('{"text": "a", ', {}, "data.bad_json", "not JSON: Expecting property name"),
    ("[" * 100_000, {"encoding": "utf-8", "max_line": 200_000}, "data.cut_off", "ends within the value"),
    ('"text"', {}, "data.not_an_object", "this is a string"),
    ("null", {}, "data.not_an_object", "this is null"),
    ('{"txt": "a"}', {}, "data.missing_key", "there is no key `text`; found: 'txt'"),
    ('{"text": ""}', {}, "data.bad_text", "found ''"),
    ('{"text": 5}', {}, "data.bad_text", "found 5"),
    ('{"text": "\\ud800"}', {}, "data.bad_text", "found '\\ud800'"),
    ('{"text": "ab", "spans": {}}', {}, "data.bad_spans", "not laid out as expected: {}"),
    ('{"text": "ab", "spans": [1]}', {}, "data.bad_spans", "not laid out as expected: 1"),
    ('{"text": "ab", "spans": [[0, 9, "X"]]}', {}, "data.bad_offsets", "span [0, 9) of type `X` does not lie"),
    ('{"text": "ab", "spans": [[-1, 1, "X"]]}', {}, "data.bad_offsets", "span [-1, 1)"),
    ('{"text": "ab", "spans": [[1, 1, "X"]]}', {}, "data.bad_offsets", "span [1, 1)"),
    ('{"text": "ab", "spans": [[true, 2, "X"]]}', {}, "data.bad_spans", "start True"),
    ('{"text": "ab", "spans": [[0.0, 2, "X"]]}', {}, "data.bad_spans", "start 0.0"),
    ('{"text": "ab", "spans": [[0, 2, ""]]}', {}, "data.bad_spans", "type ''"),
    ('{"text": "ab", "spans": [[0, 2, "\\ud800"]]}', {}, "data.bad_text", "lone surrogates"),
    ('{"text": "abc", "spans": [[0, 2, "X"], [1, 3, "Y"]]}', {}, "data.overlapping_spans", "`'ab'[0:2] X` and `'bc'[1:3] Y`"),
    ('{"text": "ab", "spans": [[0, 2, "X"], [0, 2, "Y"]]}', {}, "data.overlapping_spans", "spans overlap"),
    ('{"text": "ab", "n": ' + "9" * 5000 + "}", {}, "data.bad_json", "integer"),
    ('{"text": "ab"}', {"label": "y"}, "data.missing_key", "no key `y`"),
    ('{"text": "ab", "y": [["c"]]}', {"label": "y"}, "data.bad_label", "found ['c']"),
    ('{"text": "👍", "spans": [[0, 1, "X"]]}', {"offsets": "utf16"}, "data.split_character", "offset 1 falls within"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "values", "code", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_bad_row_is_told_and_the_others_are_read(tmp_path, line, values, code, words):
    good = dumped({"text": "ab", "y": "c", "spans": []})
    path = written(tmp_path, good + line + "\n" + good)
    if code == "data.cut_off":
        path = written(tmp_path, line)
        with pytest.raises(DataError, match=words):
            read(path, "json_lines", **values)
        return
    outcome = read(path, "json_lines", **values)
    assert outcome.rejected == [(code, 2)]
    assert words in outcome.records.records[0].problem.message
    assert outcome.texts == ["ab", "ab"]


def test_longest_keeps_the_longest_and_counts_the_others(tmp_path):
    spans = [[0, 2, "A"], [1, 5, "B"], [4, 6, "C"], [6, 8, "D"], [6, 8, "E"], [6, 8, "D"]]
    path = written(tmp_path, dumped({"text": "abcdefgh", "spans": spans}))
    outcome = read(path, "json_lines", overlap="longest")
    assert outcome.spans == [[("bcde", "B"), ("gh", "D")]]
    assert sorted(outcome.noted) == ["data.dropped_span"] * 3 + ["data.duplicate_span"]
    assert outcome.rejected == []


def test_a_row_without_spans_is_told(tmp_path):
    outcome = read(written(tmp_path, '{"text": "ab", "span": []}\n'), "json_lines")
    assert outcome.texts == ["ab"] and outcome.noted == ["data.missing_spans"]
    assert "nearest: span" in outcome.records.records[0].problem.hint


ARRAYS = [
    ('[{"text": "a"}, {"text": "b"', "data.cut_off", 1),
    ('[\n{"text": "a"},\n', "data.cut_off", 3),
    ('[\n{"text": "a}\n]', "data.cut_off", 2),
    ('{"x": [{"text": "a"}]}', "data.no_records", 0),
]


@pytest.mark.parametrize(("content", "code", "line"), ARRAYS)
def test_a_half_written_array_is_an_error_with_file_and_line(tmp_path, content, code, line):
    values = {"records": "train"} if code == "data.no_records" else {}
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, content), "json_lines", spans=None, **values)
    assert (caught.value.code, caught.value.problem.line) == (code, line)
    assert caught.value.problem.file == str(tmp_path / "corpus.txt")


def test_what_stands_between_elements_is_told(tmp_path):
    outcome = read(written(tmp_path, '[{"text": "a"}, 5, "x",\n{"text": "b"}] tail'), "json_lines", spans=None)
    assert outcome.texts == ["a", "b"]
    assert [code for code, _ in outcome.rejected] == ["data.bad_json"] * 2


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
def test_blocks_may_end_anywhere(tmp_path, monkeypatch, block):
    rows = [{"text": 'q"\\{[' + "北京\n" * n, "spans": []} for n in range(5)]
    path = written(tmp_path, json.dumps(rows, ensure_ascii=False, indent=1))
    whole = read(path, "json_lines")
    monkeypatch.setattr(lines_module, "BLOCK", block)
    assert read(path, "json_lines").examples == whole.examples
    assert whole.texts == [row["text"] for row in rows]


def test_an_element_that_is_too_long_is_told_and_the_next_is_read(tmp_path):
    content = json.dumps([{"text": "a"}, {"text": "b" * 5000}, {"text": "c"}], indent=1)
    outcome = read(written(tmp_path, content), "json_lines", spans=None, max_line=1000)
    assert outcome.texts == ["a", "c"]
    assert outcome.rejected == [("data.line_too_long", 5)]


CLUENER = '{"text": "张三在北京和北京", "label": {"name": {"张三": [[0, 1]]}, "address": {"北京": [[3, 4], [6, 7]]}}}\n'


def test_spans_by_type_and_surface(tmp_path):
    outcome = read(written(tmp_path, CLUENER), "json_spans")
    assert outcome.spans == [[("张三", "name"), ("北京", "address"), ("北京", "address")]]


def test_a_surface_that_does_not_fit_is_told(tmp_path):
    path = written(tmp_path, CLUENER)
    with pytest.raises(DataError, match="holds no example"):
        read(path, "json_spans", ends="exclusive")
    assert read(path, "json_spans", ends="exclusive", check_surface=False).spans[0][0] == ("张", "name")


SURFACE_FAULTS = [
    ('{"text": "张三", "label": {"name": {"李四": [[0, 1]]}}}', "data.wrong_surface", "is `张三` in the text, and the annotation says `李四`"),
    ('{"text": "张三", "label": {"name": [[0, 1]]}}', "data.bad_spans", "{type: {surface: [[start, end], ...]}}"),
    ('{"text": "张三", "label": []}', "data.bad_spans", "not laid out"),
    ('{"text": "张三", "label": {"name": {"张三": [0, 1]}}}', "data.bad_spans", "not laid out as expected: 0"),
    ('{"text": "张三", "label": {"name": {"张三": [[0, 2]]}}}', "data.bad_offsets", "[0, 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "words"), SURFACE_FAULTS, ids=[row[1] for row in SURFACE_FAULTS])
def test_faults_of_spans_by_surface(tmp_path, line, code, words):
    outcome = read(written(tmp_path, CLUENER + line + "\n"), "json_spans")
    assert outcome.rejected == [(code, 2)]
    problem = outcome.records.records[-1].problem
    assert words in problem.message + problem.hint
