"""Texts with slots and an intent as rows and batches; what is saved, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pytest

from src.tests.joint.support import make_encoding
from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.data.example import Example, Span
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import DataError


def example(text: str, label: str | None, *spans: tuple[int, int, str]) -> Example:
    return Example(text, tuple(Span(*span) for span in spans), "f.jsonl", 1, label=label)


def part_of(encoding: Encoding, examples: list[Example], folder: Path) -> Any:
    batch, _ = encoding.rows(examples, numpy.arange(len(examples), dtype=numpy.int32), CollectedRejects())
    file = folder / "rows.arrow"
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, encoding.schema()) as writer:
        writer.write_batch(batch)
    return encoding.part(file)


def test_rows_and_batches(tmp_path: Path):
    encoding = make_encoding()
    examples = [example("找北京的会计", "search", (1, 3, "city"), (4, 6, "post")), example("讲笑话", "outside")]
    part = part_of(encoding, examples, tmp_path)
    batch = part.batch(numpy.array([1, 0]))
    assert batch.target.tolist() == [1, 2] and part.classes.tolist() == [2, 1]
    assert batch.labels.tolist() == [[0, 0, 0, 0, 0, 0], [0, 1, 2, 0, 3, 4]]
    assert part.lengths.tolist() == part.weights.tolist() == [6, 3]


def test_a_long_text_has_its_intent_in_every_row(tmp_path: Path):
    encoding = make_encoding(maximum_length=10)
    text = "找北京的会计" * 6
    part = part_of(encoding, [example(text, "search", (19, 21, "city")), example("  ", "apply")], tmp_path)
    batch = part.batch(numpy.arange(len(part.lengths)))
    assert len(part.lengths) == 4 and batch.target.tolist() == [2] * 4  # blanks have no units, and so no row
    assert int((batch.labels > 0).sum()) == 2


def test_what_is_odd_is_told():
    encoding, rejects = make_encoding(outside="outside"), CollectedRejects()
    rows = [
        example("找会计", None),
        example("找会计", " "),
        example("找会计", "ｓｅａｒｃｈ"),
        example("找会计", "never learnt"),
        example("找会计", "search", (1, 9, "post")),
        example("找会计", "search", (1, 3, "company")),
    ]
    batch, odd = encoding.rows(rows, numpy.arange(6, dtype=numpy.int32), rejects)
    assert [record.problem.code for record in rejects.records] == ["joint.no_intent"] * 2
    assert batch.column("class").to_pylist() == [2, -1, 2, 2] and batch.column("example").to_pylist() == [2, 3, 4, 5]
    assert (odd["unknown_intent"], odd["respelled"], odd["unseen"], odd["widened"]) == (1, 1, 1, 1)
    assert [one.message.split(" ")[0] for one in encoding.warnings(odd)] == ["1", "1", "1"]


def test_the_intent_outside_is_known_however_it_is_written():
    assert make_encoding(outside="ｏｕｔｓｉｄｅ").outside == "outside"
    assert make_encoding(outside="oos").outside == "oos" and make_encoding().outside is None
    rows = [example("找会计", "oos")]
    _, odd = make_encoding(outside="oos").rows(rows, numpy.zeros(1, numpy.int32), CollectedRejects())
    assert not odd["unknown_intent"]  # never learnt, and yet no surprise


def test_saved_and_read_again(tmp_path: Path):
    encoding = make_encoding(outside="outside", maximum_length=99)
    encoding.save(tmp_path)
    loaded = Encoding.load(tmp_path)
    assert loaded.config == encoding.config and loaded.labels == encoding.labels
    assert loaded.texts.vocabulary.pieces == encoding.texts.vocabulary.pieces
    assert loaded.inputs().keys() == {"pieces", "features", "labels", "classes"}
    assert loaded.facts()["class_counts"] == {"apply": 2, "outside": 2, "search": 2}


@pytest.mark.parametrize(
    "change",
    [
        {"classes": {"names": ["a", "a"], "counts": {}, "texts": 1}},
        {"classes": {"names": [], "counts": {}, "texts": 1}},
        {"classes": {"names": ["a"], "counts": [], "texts": 1}},
        {"classes": {"names": ["a"], "counts": {}, "texts": "many"}},
        {"classes": None},
        {"labels": {"scheme": "bio", "types": []}},
        {"labels": {"scheme": "xyz", "types": ["a"]}},
        {"format": 99},
        {"config": {"outside": 3}},
    ],
    ids=str,
)
def test_a_damaged_description_is_told(tmp_path: Path, change: dict[str, Any]):
    make_encoding().save(tmp_path)
    file = tmp_path / "encoding.json"
    content = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**content, **change}), "utf-8")
    with pytest.raises(DataError) as error:
        Encoding.load(tmp_path)
    assert error.value.code == "encoding.bad_file"
