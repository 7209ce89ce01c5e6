"""doccano, Label Studio and brat: read as they export, and what we write is read back equal."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.tests.readers.support import packed, read, written
from tengjia.data.annotation import brat, doccano, label_studio
from tengjia.data.example import Example, Span
from tengjia.errors import DataError

TEXT = "张三在北京👍工作"
SPANS = [("张三", "NAME"), ("北京", "LOC")]


class Found(NamedTuple):
    start: int
    end: int
    type: str
    score: float


DOCCANO = [
    {"id": 1, "text": TEXT, "labels": [[0, 2, "NAME"], [3, 5, "LOC"]]},
    {"id": 1, "text": TEXT, "label": [[3, 5, "LOC"], [0, 2, "NAME"]], "Comments": []},
    {"id": 1, "data": TEXT, "label": [[0, 2, "NAME"], [3, 5, "LOC"]]},
    {
        "id": 1,
        "text": TEXT,
        "entities": [
            {"id": 5, "label": "NAME", "start_offset": 0, "end_offset": 2},
            {"id": 6, "label": "LOC", "start_offset": 3, "end_offset": 5},
        ],
        "relations": [],
        "Comments": [],
    },
]


@pytest.mark.parametrize("row", DOCCANO)
def test_layouts_of_doccano(tmp_path, row):
    for content in (json.dumps(row) + "\n", json.dumps([row], indent=1)):
        outcome = read(written(tmp_path, content), "doccano")
        assert outcome.spans == [SPANS] and outcome.rejected == [] and outcome.noted == []


def test_doccano_relations_are_ignored_and_that_is_said(tmp_path):
    row = DOCCANO[3] | {"relations": [{"id": 1, "from_id": 5, "to_id": 6, "type": "in"}]}
    outcome = read(written(tmp_path, json.dumps(row) + "\n"), "doccano")
    assert outcome.spans == [SPANS] and outcome.noted == ["data.ignored"]
    assert "not read: relations" in outcome.records.records[0].problem.message


DOCCANO_FAULTS = [
    ({"txt": "a"}, "data.missing_key"),
    ({"text": "a", "label": ["x", "y"]}, "data.bad_label"),
    ({"text": "a", "label": {"x": 1}}, "data.bad_spans"),
    ({"text": "a", "label": [[0, 1]]}, "data.bad_spans"),
    ({"text": "a", "entities": [{"label": "x"}]}, "data.bad_spans"),
    ({"text": "a", "label": [[0, 5, "x"]]}, "data.bad_offsets"),
    ({"text": "ab", "label": [[0, 2, "x"], [1, 2, "y"]]}, "data.overlapping_spans"),
]


@pytest.mark.parametrize(("row", "code"), DOCCANO_FAULTS)
def test_faults_of_doccano(tmp_path, row, code):
    good = json.dumps({"text": "ok", "label": ["pos"]})
    outcome = read(written(tmp_path, f"{good}\n{json.dumps(row)}\n"), "doccano")
    assert outcome.rejected == [(code, 2)] and outcome.examples[0].label == "pos"


def region(start, end, name, text=None, **more):
    value = {"start": start, "end": end, "labels": [name] if isinstance(name, str) else name}
    return {"value": value | ({"text": text} if text else {}), "type": "labels", **more}


def task(*annotations, text=TEXT, **more):
    return {"id": 7, "data": {"text": text}, "annotations": [{"result": list(a)} for a in annotations], **more}


GOLD = [region(0, 2, "NAME", "张三"), region(3, 5, "LOC", "北京")]
LABEL_STUDIO = [
    ([task(GOLD)], {}, []),
    ([task(GOLD, [region(0, 1, "X")])], {}, ["data.several_annotations"]),
    ([task([region(0, 1, "X")], GOLD)], {"annotation": "last"}, ["data.several_annotations"]),
    ([{"data": {"text": TEXT}, "annotations": [
        {"result": [], "was_cancelled": True}, {"result": []}, {"result": GOLD, "ground_truth": True}]}], {}, []),
    ([{"data": {"text": TEXT}, "completions": [{"result": GOLD}]}], {}, []),
    ([{"data": {"text": TEXT}, "predictions": [{"result": GOLD}]}], {"predictions": True}, []),
    ([{"text": TEXT, "id": 1, "label": [r["value"] for r in GOLD], "annotator": 1}], {}, []),
    ([task([*GOLD, {"type": "relation", "from_id": "a", "to_id": "b"}])], {}, ["data.ignored"]),
    ([{"data": {"body": TEXT}, "annotations": [{"result": GOLD}]}], {"text": "body"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("tasks", "values", "notes"), LABEL_STUDIO, ids=range(len(LABEL_STUDIO)))
def test_layouts_of_label_studio(tmp_path, tasks, values, notes):
    for indent in (None, 2):
        content = json.dumps(tasks, indent=indent, ensure_ascii=False)
        outcome = read(written(tmp_path, content), "label_studio", **values)
        assert outcome.spans == [SPANS] and outcome.rejected == [] and outcome.noted == notes


def test_label_studio_offsets_of_browsers(tmp_path):
    text = "👍张三\n来了"
    path = written(tmp_path, json.dumps([task([region(2, 6, "X", "张三\\n来")], text=text)]))
    assert read(path, "label_studio").spans == [[("张三\n来", "X")]]
    assert read(path, "label_studio", offsets="utf16").spans == [[("张三\n来", "X")]]


def test_label_studio_classes_and_unlabelled_tasks(tmp_path):
    choice = {"type": "choices", "value": {"choices": ["pos"]}}
    rows = [task([choice]), task(), {"text": "x", "sentiment": "neg"}, {"text": "y"}]
    outcome = read(written(tmp_path, json.dumps(rows)), "label_studio", extra=("id",))
    assert [e.label for e in outcome.examples] == ["pos", None, "neg", None]
    assert outcome.noted == ["data.no_annotation"] * 2
    assert outcome.examples[0].extra == {"id": "7"}


LABEL_STUDIO_FAULTS = [
    (task([region(0, 2, "NAME", "李四")]), {}, "data.wrong_surface"),
    (task([region(0, 2, ["A", "B"])]), {}, "data.overlapping_spans"),
    (task([region(0, 99, "A")]), {}, "data.bad_offsets"),
    (task([region("/p[1]/text()[1]", "/p[1]/text()[1]", "A")]), {}, "data.bad_spans"),
    (task(["x"]), {}, "data.bad_spans"),
    (task(GOLD, GOLD), {"annotation": "error"}, "data.many_annotations"),
    ({"data": {"text": "a"}, "annotations": [{"result": None}]}, {}, "data.bad_spans"),
    ({"data": {"txt": "a"}}, {}, "data.missing_key"),
    (task([{"type": "choices", "value": {"choices": ["a", "b"]}}]), {}, "data.bad_label"),
]


@pytest.mark.parametrize(("row", "values", "code"), LABEL_STUDIO_FAULTS, ids=range(len(LABEL_STUDIO_FAULTS)))
def test_faults_of_label_studio(tmp_path, row, values, code):
    content = "[\n" + ",\n".join(json.dumps(each) for each in (task(GOLD), row, task(GOLD))) + "\n]"
    outcome = read(written(tmp_path, content), "label_studio", **values)
    assert outcome.rejected == [(code, 3)] and outcome.spans == [SPANS, SPANS]


def brat_folder(folder, **files):
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content.encode())
    return folder


ANN = "T1\tNAME 0 2\t张三\nT2\tLOC 3 5\t北京\nR1\tIn Arg1:T1 Arg2:T2\n#1\tAnnotatorNotes T1\tsure\nA1\tOld T1\n"


def test_brat_folders_archives_and_files(tmp_path):
    folder = tmp_path / "brat"
    (folder / "inner").mkdir(parents=True)
    brat_folder(folder, b_txt=TEXT, b_ann=ANN)
    brat_folder(folder / "inner", a_txt="x", a_ann="")
    outcome = read(folder, "brat")
    assert outcome.texts == [TEXT, "x"] and outcome.spans == [SPANS, []]
    assert outcome.noted == ["data.ignored"]
    assert "attributes 1, relations 1" in outcome.records.records[0].problem.message
    archive = packed(tmp_path, {"d/b.txt": TEXT, "d/b.ann": ANN, "e/x.txt": "y", "e/x.ann": ""})
    assert read(archive, "brat").texts == [TEXT, "y"]
    assert read(archive / "d", "brat").spans == [SPANS]
    assert read(folder / "b.txt", "brat").spans == [SPANS]


BRAT_FAULTS = [
    ("T1\tNAME 0 2;3 5\t张三 北京", "data.discontinuous_span"),
    ("T1\tNAME 0 2\t李四", "data.wrong_surface"),
    ("T1\tNAME 0 99\t张三", "data.bad_offsets"),
    ("T1\tNAME 0\t张三", "data.bad_annotation"),
    ("T1 NAME 0 2 张三", "data.bad_annotation"),
    ("T1\tNAME ０ 2\t张三", "data.bad_annotation"),
    ("what", "data.bad_annotation"),
]


@pytest.mark.parametrize(("line", "code"), BRAT_FAULTS)
def test_a_bad_brat_annotation_is_set_aside_and_its_document_stays(tmp_path, line, code):
    folder = brat_folder(tmp_path, a_txt=TEXT, a_ann=f"T2\tLOC 3 5\t北京\n{line}\n")
    outcome = read(folder, "brat")
    assert outcome.rejected == [(code, 2)] and outcome.spans == [[("北京", "LOC")]]
    assert outcome.records.records[-1].problem.file.endswith("a.ann")


def test_brat_lines_line_ends_and_missing_files(tmp_path):
    text = "张三\r\n在北京\r\n\r\n工作"
    for shift in (0, 1):
        ann = f"T1\tNAME 0 2\t张三\nT2\tLOC {4 + shift} {6 + shift}\t北京\nT3\tX 1 {4 + shift}\t三 在\n"
        folder = tmp_path / str(shift)
        folder.mkdir()
        outcome = read(brat_folder(folder, a_txt=text, a_ann=ann, b_txt="z", c_ann=""), "brat", unit="line")
        assert outcome.texts == ["张三", "在北京", "工作", "z"]
        assert outcome.spans[1] == [("北京", "LOC")] and [e.line for e in outcome.examples] == [1, 2, 4, 1]
        assert ("data.no_text", 0) in outcome.rejected and outcome.noted == ["data.no_annotation"]
        assert outcome.rejected[-1][0] in ("data.span_over_lines", "data.wrong_surface")


def test_brat_without_documents(tmp_path):
    with pytest.raises(DataError, match="no example"):
        read(tmp_path, "brat")
    with pytest.raises(DataError, match="no such file"):
        read(tmp_path / "nowhere", "brat")
    with pytest.raises(DataError, match="no example"):
        read(brat_folder(tmp_path, a_txt=""), "brat")


CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
TYPES = st.sampled_from(["NAME", "a-b", "地点", "X/Y"])


@st.composite
def examples(draw):
    text = draw(st.text(CHARACTERS | st.sampled_from("\r\n\t \u2028\ufeff👍"), min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = tuple(Span(start, end, draw(TYPES)) for start, end in zip(cuts[::2], cuts[1::2]))
    return Example(text, spans)


def same(outcome, expected):
    assert outcome.rejected == []
    assert [(e.text, e.spans) for e in outcome.examples] == [(e.text, e.spans) for e in expected]


ROUND_TRIP = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ROUND_TRIP
@given(st.lists(examples(), min_size=1, max_size=4), st.booleans())
def test_round_trips(tmp_path_factory, written_examples, predicted):
    folder = tmp_path_factory.mktemp("tools")
    predictions = None
    given_examples = written_examples
    if predicted:
        predictions = [[Found(*span, 0.5) for span in e.spans] for e in written_examples]
        given_examples = [Example(e.text) for e in written_examples]
    count = len(written_examples)
    assert doccano.write(folder / "d.jsonl", given_examples, predictions) == count
    same(read(folder / "d.jsonl", "doccano"), written_examples)
    assert label_studio.write(folder / "l.json", given_examples, predictions) == count
    same(read(folder / "l.json", "label_studio", predictions=predicted), written_examples)
    assert brat.write(folder / "brat", given_examples, predictions) == count
    same(read(folder / "brat", "brat"), written_examples)


def test_classes_and_further_columns_go_round(tmp_path):
    example = Example("好", label="pos", extra={"page": "3"})
    doccano.write(tmp_path / "d", [example])
    label_studio.write(tmp_path / "l", [example])
    for outcome in (
        read(tmp_path / "d", "doccano", extra=("page",)),
        read(tmp_path / "l", "label_studio", extra=("data.page",)),
    ):
        assert outcome.examples[0].label == "pos" and list(outcome.examples[0].extra.values()) == ["3"]


def test_scores_are_written_where_the_tool_has_a_place(tmp_path):
    example, found = Example("张三在北京"), [[Found(0, 2, "NAME", 0.75), Found(3, 5, "LOC", 0.25)]]
    doccano.write(tmp_path / "d.jsonl", [example], found)
    assert json.loads((tmp_path / "d.jsonl").read_text("utf-8"))["scores"] == [0.75, 0.25]
    label_studio.write(tmp_path / "l.json", [example], found, model="ner-7")
    written_task = json.loads((tmp_path / "l.json").read_text("utf-8"))[0]
    prediction = written_task["predictions"][0]
    assert (prediction["model_version"], prediction["score"]) == ("ner-7", 0.5)
    assert [r["score"] for r in prediction["result"]] == [0.75, 0.25] and written_task["annotations"] == []
    brat.write(tmp_path / "brat", [example], found)
    assert "#1\tAnnotatorNotes T1\tscore 0.750000" in (tmp_path / "brat" / "00000001.ann").read_text("utf-8")
    assert "LOC\nNAME\n" in (tmp_path / "brat" / "annotation.conf").read_text("utf-8")


def test_the_labelling_interface_names_the_types():
    assert '<Label value="a&lt;b"/>' in label_studio.labeling_interface(["a<b"])


@pytest.mark.parametrize("counts", [(2, 1), (1, 2)])
def test_predictions_must_pair_up(tmp_path, counts):
    examples_given, predictions = [Example("a")] * counts[0], [[]] * counts[1]
    with pytest.raises(DataError, match="do not pair up: one of the two ends after 1"):
        doccano.write(tmp_path / "d", examples_given, predictions)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(DataError, match=r"span \[0, 9\)"):
        doccano.write(tmp_path / "d", [Example("a")], [[Found(0, 9, "X", 1.0)]])
    with pytest.raises(DataError, match="uses the name text itself"):
        label_studio.write(tmp_path / "l", [Example("a", extra={"text": "b"})])
    with pytest.raises(DataError, match="uses the name id itself"):
        doccano.write(tmp_path / "d", [Example("a", extra={"id": "b"})])
    with pytest.raises(DataError, match="`a b` cannot stand"):
        brat.write(tmp_path / "brat", [Example("a", (Span(0, 1, "a b"),))])
    with pytest.raises(DataError, match="not empty"):
        written(tmp_path, "x")
        brat.write(tmp_path, [Example("a")])
