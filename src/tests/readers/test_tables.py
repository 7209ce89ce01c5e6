"""CSV, TSV, Excel, text with classes, files in parallel."""

from __future__ import annotations

import datetime

import pytest

from src.tests.readers.support import gzipped, packed, read, workbook, written
from tengjia.errors import DataError

LAYOUTS = [
    ("text,label\n好,a\n坏,b\n", {}, [("好", "a"), ("坏", "b")]),
    ("label\ttext\na\t好\nb\t坏\n", {}, [("好", "a"), ("坏", "b")]),
    ("label;text\na;x,y\n", {}, [("x,y", "a")]),
    ("label|text\na|x\n", {}, [("x", "a")]),
    ("a,好\nb,坏\n", {"header": False, "text": "1", "label": "0"}, [("好", "a"), ("坏", "b")]),
    ('text,label\n"x, ""y""",a\n', {}, [('x, "y"', "a")]),
    ('text,label\n"one\ntwo\n\nthree",a\n"z",b\n', {}, [("one\ntwo\n\nthree", "a"), ("z", "b")]),
    ('text,label\r\n"one\r\ntwo",a\r\n', {}, [("one\ntwo", "a")]),
    ('text\tlabel\nsay "hi\ta\n"x\tb\n', {"quote": ""}, [('say "hi', "a"), ('"x', "b")]),
    ('text\tlabel\nsay "hi" now\ta\n', {}, [('say "hi" now', "a")]),
    ("\ufefftext,label\nx,a\n", {}, [("x", "a")]),
    ("text,label\n\n\nx,a\n\n", {}, [("x", "a")]),
    ("5 How far ?\n4 What , now ?\n", {"header": False, "delimiter": "space", "fields": 2, "text": "1", "label": "0"},
     [("How far ?", "5"), ("What , now ?", "4")]),
    ("text,score\nx,3.5\n", {"label": "score"}, [("x", "3.5")]),
    ("text\nx\n", {"label": None}, [("x", None)]),
    ("text, label \nx,a\n", {}, [("x", "a")]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "values", "expected"), LAYOUTS)
def test_layouts_of_csv(tmp_path, content, values, expected):
    outcome = read(written(tmp_path, content), "csv", **values)
    assert [(e.text, e.label) for e in outcome.examples] == expected
    assert outcome.rejected == []


def test_a_record_without_measure_is_told(tmp_path):
    content = 'text,label\n"' + ("x" * 400 + "\n") * 10 + '",a\nz,b\n'
    outcome = read(written(tmp_path, content), "csv", max_line=1000)
    assert outcome.rejected[0] == ("data.open_quote", 2) and outcome.texts == ["z"]


def test_spans_and_further_columns(tmp_path):
    content = 'text,spans,page\n张三来了,"[[0, 2, ""NAME""]]",3\n李四,"[{""start"": 0, ""end"": 2, ""type"": ""NAME""}]",\nx,,1\n'
    outcome = read(written(tmp_path, content), "csv", spans="spans", label=None, extra=("page",))
    assert outcome.spans == [[("张三", "NAME")], [("李四", "NAME")], []]
    assert [dict(e.extra) for e in outcome.examples] == [{"page": "3"}, {}, {"page": "1"}]
    assert [e.line for e in outcome.examples] == [2, 3, 4]


FAULTS = [
    ("x\n", {}, "data.wrong_width", "the row has 1 fields, the first row has 2"),
    ("x,a,b\n", {}, "data.wrong_width", "the row has 3 fields"),
    (",a\n", {}, "data.bad_text", "found ''"),
    ("x,\n", {}, "data.bad_label", "found ''"),
    ('"x"y,a\n', {}, "data.bad_quoting", "expected after"),
    ('"x,a\n', {}, "data.open_quote", "not closed within 100 lines"),
    ("ab,[[0\n", {"spans": "label", "label": None}, "data.bad_spans", "not laid out as expected: '[[0'"),
    ("ab,5\n", {"spans": "label", "label": None}, "data.bad_spans", "not laid out as expected: 5"),
    ("ab,[5]\n", {"spans": "label", "label": None}, "data.bad_spans", "not laid out as expected: 5"),
]


@pytest.mark.parametrize(("line", "values", "code", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_bad_record_spoils_no_other(tmp_path, line, values, code, words):
    good = "z,[]\n" if values else "z,c\n"
    outcome = read(written(tmp_path, "text,label\n" + good + line + good * 150), "csv", **values)
    assert outcome.rejected == [(code, 3)]
    assert words in outcome.records.records[0].problem.message
    assert len(outcome.examples) == 151


HEADERS = [
    ("txt,label\nx,a\n", {}, "data.no_column", "there is no column `text`; there are: 'txt, label'"),
    ("text,text\nx,a\n", {}, "data.ambiguous_column", "2 columns bear the name `text`"),
    ("text,label\nx,a\n", {"extra": ("page",)}, "data.no_column", "there is no column `page`"),
    ("text,label\n", {}, "data.no_examples", "no example"),
]


@pytest.mark.parametrize(("content", "values", "code", "words"), HEADERS)
def test_headers_that_do_not_fit(tmp_path, content, values, code, words):
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, content), "csv", **values)
    assert caught.value.code == code and words in caught.value.message


def test_a_file_without_labels_is_told(tmp_path):
    outcome = read(written(tmp_path, "text,labl\nx,a\n"), "csv")
    assert outcome.examples[0].label is None and outcome.noted == ["data.absent_column"]
    assert "nearest: labl" in outcome.records.records[0].problem.hint


def test_zip_of_tsv(tmp_path):
    path = packed(tmp_path, {"train.tsv": "label\ttext_a\n1\t好\n", "test.tsv": "label\ttext_a\n0\t坏\n"})
    outcome = read(path / "test.tsv", "csv", text="text_a")
    assert [(e.text, e.label) for e in outcome.examples] == [("坏", "0")]


ROWS = [["text", "label", "when"], ["好", "a", datetime.date(2020, 1, 2)], [], ["坏", 3, 1.5], ["x", 2.0, None]]


def test_excel(tmp_path):
    path = written(tmp_path, workbook(ROWS), "a.xlsx")
    outcome = read(path, "excel", extra=("when",))
    assert [(e.text, e.label, e.line) for e in outcome.examples] == [("好", "a", 2), ("坏", "3", 4), ("x", "2", 5)]
    assert [dict(e.extra) for e in outcome.examples] == [{"when": "2020-01-02T00:00:00"}, {"when": "1.5"}, {}]
    assert read(packed(tmp_path, {"d/a.xlsx": workbook(ROWS)}), "excel").texts == outcome.texts
    assert read(written(tmp_path, gzipped(workbook(ROWS)), "a.xlsx.gz"), "excel").texts == outcome.texts


EXCEL_FAULTS = [
    (workbook(ROWS), {"sheet": "Shet"}, "data.no_sheet", "there is no sheet `Shet`; there are: Sheet"),
    (workbook(ROWS), {"text": "txt"}, "data.no_column", "there is no column `txt`"),
    (workbook([]), {}, "data.no_examples", "no example"),
    (b"text,label\n", {}, "data.binary_file", "renamed CSV"),
    (workbook(ROWS)[:-200], {}, "data.binary_file", "renamed CSV"),
]


@pytest.mark.parametrize(("data", "values", "code", "words"), EXCEL_FAULTS, ids=range(len(EXCEL_FAULTS)))
def test_workbooks_that_do_not_fit(tmp_path, data, values, code, words):
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, data, "a.xlsx"), "excel", **values)
    assert caught.value.code == code and words in caught.value.message


def test_a_row_of_a_workbook_that_cannot_be_used(tmp_path):
    rows = [["text", "label"], ["x", "a"], [None, "b"], ["y", None], ["z", "c", "more"]]
    outcome = read(written(tmp_path, workbook(rows), "a.xlsx"), "excel")
    assert outcome.texts == ["x"]
    assert outcome.rejected == [("data.bad_text", 3), ("data.bad_label", 4), ("data.wrong_width", 5)]


def test_a_workbook_with_entities_is_refused(tmp_path):
    import io
    import zipfile

    buffer = io.BytesIO(workbook(ROWS))
    hostile = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(hostile, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data
            new.writestr(name, data)
    with pytest.raises(DataError, match="declares entities"):
        read(written(tmp_path, hostile.getvalue(), "a.xlsx"), "excel")


TEXTS = [
    ("one\n\n two \n", {}, [("one", None), (" two ", None)]),
    ("5 How far ?\n4 What ?\n", {"label_end": " "}, [("How far ?", "5"), ("What ?", "4")]),
    ("__label__a x y\n", {"label_end": " ", "label_prefix": "__label__"}, [("x y", "a")]),
    ("NUM:dist How ?\n", {"label_end": " "}, [("How ?", "NUM:dist")]),
]


@pytest.mark.parametrize(("content", "values", "expected"), TEXTS)
def test_plain_text(tmp_path, content, values, expected):
    outcome = read(written(tmp_path, content), "text", **values)
    assert [(e.text, e.label) for e in outcome.examples] == expected


def test_plain_text_without_its_class_is_told(tmp_path):
    outcome = read(written(tmp_path, "a x\nb\n x\n"), "text", label_end=" ")
    assert outcome.rejected == [("data.no_label", 2), ("data.no_label", 3)]


def parallel(folder, tokens, tags, label):
    written(folder, tags, "seq.out")
    written(folder, label, "label")
    return written(folder, tokens, "seq.in")


def test_parallel_files(tmp_path):
    path = parallel(tmp_path, "play the  song \nadd x\n", "O O B-song \nO B-a.b\n", "Play\nAdd\n")
    outcome = read(path, "parallel")
    assert outcome.spans == [[("song", "song")], [("x", "a.b")]]
    assert [(e.text, e.label, e.line) for e in outcome.examples] == [("play the song", "Play", 1), ("add x", "Add", 2)]
    assert read(path, "parallel", tags=None).spans == [[], []]


PARALLEL_FAULTS = [
    ("a b\nc\n", "O\nO\n", "L\nL\n", [("data.unequal_tokens", 1)]),
    ("a\nc\n", "X-Y\nO\n", "L\nL\n", [("data.bad_tag", 1)]),
    ("\nc\n", "\nO\n", "L\nL\n", [("data.bad_text", 1)]),
    ("a\nc\n", "O\nO\n", " \nL\n", [("data.bad_label", 1)]),
]


@pytest.mark.parametrize(("tokens", "tags", "label", "expected"), PARALLEL_FAULTS)
def test_faults_of_parallel_files(tmp_path, tokens, tags, label, expected):
    outcome = read(parallel(tmp_path, tokens, tags, label), "parallel")
    assert outcome.rejected == expected and outcome.texts == ["c"]


def test_a_parallel_file_that_was_cut_off(tmp_path):
    with pytest.raises(DataError, match=r"seq.out:2: the file ends before seq.in does"):
        read(parallel(tmp_path, "a\nb\n", "O\n", "L\nL\n"), "parallel")
    with pytest.raises(DataError, match="there is no such file"):
        read(written(tmp_path, "a\n", "other.in"), "parallel", tags="other.out")
