"""Texts and labels as batches: classes, truncation, odd labels, files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pytest
import torch

from src.tests.classification.support import make_encoding
from tengjia.base_tasks.text_classification.encoding import UNKNOWN, Encoding
from tengjia.data.arrow_tables import write_table
from tengjia.data.example import Example
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import ConfigurationError, DataError


class Corpus:
    """Labels of a part, as `stages.corpus.Examples` has them."""

    def __init__(self, **labels: Sequence[str | None]) -> None:
        self._labels = labels

    def __getitem__(self, part: str) -> Any:
        batch = pa.RecordBatch.from_arrays([pa.array(self._labels[part], pa.string())], ["label"])
        return type("Part", (), {"table": [batch]})()


def learn(labels: Sequence[str | None], **values: Any) -> Encoding:
    config = Encoding.Config(**values)
    return Encoding.learn(config, make_encoding().texts, Corpus(train=labels), ("train",))  # type: ignore[arg-type]


def encoded(encoding: Encoding, folder: Path, *rows: tuple[str, str | None]) -> tuple[Any, Any, CollectedRejects]:
    rejects = CollectedRejects()
    examples = [Example(text, label=label, file="f", line=n) for n, (text, label) in enumerate(rows, 1)]
    batch, odd = encoding.rows(examples, numpy.arange(len(rows), dtype=numpy.int32), rejects)
    write_table(folder / "part.arrow", encoding.schema(), [batch])
    return encoding.part(folder / "part.arrow"), odd, rejects


def test_classes_are_those_of_the_training_part_with_their_counts():
    encoding = learn(["好", "坏", " 好 ", None, "好"])
    assert encoding.labels.names == ("坏", "好") and encoding.labels.counts == {"坏": 1, "好": 3}
    assert not encoding.labels.multiple and encoding.labels.texts == 4
    several = learn(["a|b", "b", "-"], separator="|")
    assert several.labels.names == ("a", "b") and several.labels.multiple
    assert several.labels.counts == {"a": 1, "b": 2} and several.labels.texts == 3


@pytest.mark.parametrize(
    ("labels", "values", "code", "words"),
    [
        ([None, None], {}, "classification.no_classes", "reader.label"),
        (["-", "-"], {"separator": "|"}, "classification.no_classes", "nothing to learn"),
        (["好", " 好", "好"], {}, "classification.one_class", "all 3 texts of the training part have the class 好"),
    ],
)
def test_nothing_to_tell_apart_is_told(labels, values, code, words):
    with pytest.raises(DataError) as caught:
        learn(labels, **values)
    assert caught.value.code == code and words in f"{caught.value.message} {caught.value.hint}"


def test_one_of_several_classes_is_enough():
    assert learn(["a", "-"], separator="|").labels.names == ("a",)


def test_batches_hold_pieces_classes_and_numbers(tmp_path):
    encoding = make_encoding(counts={"坏": 1, "好": 9, "平": 5})
    part, odd, rejects = encoded(encoding, tmp_path, ("很好", "好"), ("太吵了", " 坏"), ("一", None), ("", "平"))
    assert part.lengths.tolist() == [2, 3, 1] and part.weights.tolist() == [1, 1, 1]
    batch = part.batch(numpy.array([1, 2]))
    assert batch.target.tolist() == [0, 2] and batch.target.dtype == torch.int64
    assert batch.index.tolist() == [1, 3] and batch.mask.sum(1).tolist() == [3, 1]
    assert part.classes.tolist() == [1, 0, 2]
    assert odd == {"texts": 3, "shortened": 0, "unknown_class": 0, "respelled": 1}
    (refused,) = rejects.records
    assert refused.problem.code == "classification.no_label" and refused.problem.line == 3


def test_several_classes_are_rows_of_yes_and_no_and_balanced_by_the_rarest(tmp_path):
    encoding = make_encoding(separator="、", counts={"坏": 4, "好": 9, "平": 1})
    part, odd, _ = encoded(encoding, tmp_path, ("很好", "好、平"), ("太吵了", "-"), ("书", "坏、好、新"))
    batch = part.batch(numpy.arange(3))
    assert batch.target.tolist() == [[0, 1, 1], [0, 0, 0], [1, 1, 0]] and batch.target.dtype == torch.float32
    assert part.classes.tolist() == [2, UNKNOWN, 0] and odd["unknown_class"] == 1


def test_a_class_that_was_never_learnt_is_told_and_counted_but_not_lost(tmp_path):
    encoding = make_encoding()
    part, odd, rejects = encoded(encoding, tmp_path, ("很好", "极好"), ("太吵", "Ｘ"), ("书", "好 "))
    assert part.batch(numpy.arange(3)).target.tolist() == [UNKNOWN, UNKNOWN, 1]
    assert odd["unknown_class"] == 2 and odd["respelled"] == 1 and not rejects.records
    told, _ = encoding.warnings(odd)
    assert "2 texts have a class that no text of the training part has" in told.message


def test_a_class_outside_is_expected_to_be_unknown(tmp_path):
    encoding = make_encoding(outside="其他")
    part, odd, _ = encoded(encoding, tmp_path, ("很好", "其他"), ("太吵", "坏"))
    assert encoding.outside == "其他" and odd["unknown_class"] == 0
    assert part.batch(numpy.arange(2)).target.tolist() == [UNKNOWN, 0]
    assert make_encoding(outside="Ｂ", names=("a", "B")).outside == "B" and make_encoding().outside is None


@pytest.mark.parametrize(
    ("truncation", "expected"),
    [("head", "abababab"), ("tail", "babababa"), ("head_and_tail", "abababba")],
)
def test_long_texts_are_cut_and_counted(truncation, expected, tmp_path):
    encoding = make_encoding(maximum_length=8, truncation=truncation)
    text = "ab" * 500 + "a" if truncation == "tail" else "ab" * 499 + "ba"
    part, odd, _ = encoded(encoding, tmp_path, (text, "好"), ("abababab", "坏"), ("a" * 1_000_000, "坏"))
    pieces = encoding.texts.vocabulary.pieces
    batch = part.batch(numpy.array([0]))
    assert "".join(pieces[number] for number in batch.ids[0].tolist()) == expected
    assert odd["shortened"] == 2 and part.lengths.tolist() == [8, 8, 8]
    (told,) = encoding.warnings(odd)
    assert "2 of 3 texts" in told.message and f"encoding.truncation = {truncation}" in told.message


def test_warnings_about_labels():
    encoding = make_encoding(names=("a", "b", "a;b"))
    (told,) = encoding.warnings({"texts": 3})
    assert "joined by `;`" in told.message and "encoding.separator=';'" in told.hint
    several = make_encoding(names=("a", "b"), separator="|")
    (told,) = several.warnings({"texts": 2})
    assert "exactly one class" in told.message
    (told,) = make_encoding().warnings({"texts": 2, "respelled": 1})
    assert "written in another way" in told.message


def test_no_room_is_told():
    with pytest.raises(ConfigurationError) as caught:
        make_encoding(maximum_length=2, begin_symbol="这", end_symbol="家")
    assert caught.value.code == "classification.no_room"


def test_saved_and_read_again(tmp_path):
    # Names that a config in a bundle could not hold.
    encoding = make_encoding(
        names=("/etc", "a b", "${x}"), separator="|", truncation="tail", counts={"/etc": 3, "a b": 1, "${x}": 0}
    )
    encoding.save(tmp_path)
    again = Encoding.load(tmp_path)
    assert again.labels == encoding.labels and again.config == encoding.config
    assert again.cut(["这家ab"]).ids.tolist() == encoding.cut(["这家ab"]).ids.tolist()


@pytest.mark.parametrize(
    "classes",
    [
        {},
        {"names": [], "counts": [], "texts": 0},
        {"names": ["a", "a"], "counts": [1, 1], "texts": 2},
        {"names": ["a", 1], "counts": [1, 1], "texts": 2},
        {"names": ["a", "b"], "counts": [1], "texts": 2},
        {"names": ["a", "b"], "counts": ["x", 1], "texts": 2},
        ["a"],
        None,
    ],
)
def test_a_damaged_file_of_classes_is_told(classes, tmp_path):
    make_encoding().save(tmp_path)
    (tmp_path / "classes.json").write_text(json.dumps(classes))
    with pytest.raises(DataError) as caught:
        Encoding.load(tmp_path)
    assert caught.value.code == "encoding.bad_file"


def test_a_model_that_is_trained_on_must_know_the_classes():
    encoding = make_encoding()
    encoding.check(Corpus(train=["好", " 坏"]), ("train",))  # type: ignore[arg-type]
    with pytest.raises(DataError) as caught:
        encoding.check(Corpus(train=["好", "新"]), ("train",))  # type: ignore[arg-type]
    assert caught.value.code == "classification.other_classes" and "新" in caught.value.message
    with pytest.raises(DataError) as caught:
        encoding.check(Corpus(train=[None]), ("train",))  # type: ignore[arg-type]
    assert caught.value.code == "classification.no_classes"
