"""Rows of pairs, sound and hostile: what is set aside and why, scales, groups, batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from tengjia.base_tasks.text_matching.encoding import Encoding
from tengjia.errors import ConfigurationError, DataError

from .project import config, dataset, new_run, pairs, written


def rejected(folder: Path) -> list[dict[str, Any]]:
    """What stands in the rejects files of the run."""
    found = []
    for file in sorted(folder.rglob("*rejects*.jsonl")):
        found += [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return found


def test_rows_become_batches_of_pairs(tmp_path: Path):
    data = dataset(written(tmp_path), "encoding.low=0", "encoding.high=1")
    part = data.encoded["train"]
    batch = part.batch(numpy.array([0, 1, 2]))
    assert batch.target.tolist() == [1.0, 0.5, 0.0]
    assert len(set(batch.groups.tolist())) == 1
    assert batch.index.tolist() == [0, 1, 2]
    pieces = data.encoding.texts.vocabulary.pieces
    shown = [
        "".join(pieces[n] for n in ids[mask].tolist()) for ids, mask in zip(batch.texts[1].ids, batch.texts[1].mask)
    ]
    assert shown == [row["second"] for row in pairs()[:3]]
    assert int(batch.groups.max()) < 2**48


def test_the_scale_is_that_of_the_corpus_unless_one_is_given(tmp_path: Path):
    rows = [{**row, "score": 2 + row["score"]} for row in pairs()]
    learnt = dataset(written(tmp_path, rows), "encoding.low=null", "encoding.high=null").encoding.labels
    assert (learnt.low, learnt.high) == (2.0, 3.0)
    given = dataset(tmp_path, "encoding.low=0", "encoding.high=5").encoding.labels
    assert (given.low, given.high) == (0.0, 5.0)


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"score": "7"}, "matching.bad_score"),
    ({"score": "nan"}, "matching.bad_score"),
    ({"score": "inf"}, "matching.bad_score"),
    ({"score": "-0.1"}, "matching.bad_score"),
    ({"score": "viel"}, "matching.bad_score"),
    ({"score": ""}, "matching.no_score"),
    ({"score": None}, "matching.no_score"),
    ({"second": ""}, "matching.no_text"),
    ({"second": "  \u3000"}, "matching.no_text"),
    ({"second": None}, "matching.no_text"),
]


@pytest.mark.parametrize(("change", "code"), HOSTILE)
def test_a_row_that_makes_no_sense_is_set_aside_with_its_place(tmp_path: Path, change: dict[str, Any], code: str):
    rows = pairs()
    rows[4] = {**rows[4], **change}
    data = dataset(written(tmp_path, train=rows), "preprocess.max_rejects=5")
    assert len(data.encoded["train"].lengths) == len(rows) - 1
    [record] = [one for one in rejected(tmp_path) if one["code"] == code]
    assert record["line"] == 5
    assert record["file"].endswith("train.jsonl")


@pytest.mark.parametrize("change", [{"text": ""}, {"text": 7}])
def test_a_first_text_that_is_none_is_set_aside_too(tmp_path: Path, change: dict[str, Any]):
    rows = pairs()
    rows[4] = {**rows[4], **change}
    data = dataset(written(tmp_path, train=rows), "preprocess.max_rejects=5")
    assert len(data.encoded["train"].lengths) == len(rows) - 1


def test_a_column_that_is_nowhere_is_told_at_once(tmp_path: Path):
    written(tmp_path)
    with pytest.raises(DataError, match="the examples have no column `answer`; there are: text, ") as caught:
        dataset(tmp_path, "encoding.second=[answer]")
    assert "reader.extra=[answer]" in str(caught.value.hint)


def test_scores_of_which_none_is_a_number(tmp_path: Path):
    rows = [{**row, "score": "good"} for row in pairs()]
    with pytest.raises(DataError, match="no value of column `score` is a number"):
        dataset(written(tmp_path, rows), "encoding.low=null", "encoding.high=null")


def test_a_scale_that_ends_below_its_beginning(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="the scale begins at 5"):
        dataset(written(tmp_path), "encoding.low=5", "encoding.high=1")


@pytest.mark.parametrize("score", [1, 0, 0.3, 7])
def test_one_score_alone_is_told(tmp_path: Path, score: float, caplog: pytest.LogCaptureFixture):
    rows = [{**row, "score": score} for row in pairs()]
    data = dataset(written(tmp_path, rows), "encoding.low=null", "encoding.high=null")
    scale = data.encoding.labels
    assert scale.low <= 0 and scale.high >= 1 and scale.low <= score <= scale.high
    if score in (0, 1, 7):
        assert "all pairs have one and the same score" in caplog.text


def test_pairs_without_scores_all_fit(tmp_path: Path):
    rows = [{key: value for key, value in row.items() if key != "score"} for row in pairs()]
    data = dataset(written(tmp_path, rows), "encoding.score=null", "reader.extra=[second,group]")
    assert data.encoded["train"].batch(numpy.arange(4)).target is None


def test_third_texts_and_columns_that_are_joined(tmp_path: Path):
    rows = [{**row, "worse": "别的事情"} for row in pairs()]
    words = ["reader.extra=[second,score,group,worse]", "encoding.third=[worse]", "encoding.first=[group,text]"]
    data = dataset(written(tmp_path, rows), *words)
    batch = data.encoded["train"].batch(numpy.array([3]))
    assert len(batch.texts) == 3
    assert data.encoding.question(
        data.examples("train")[0]
        if hasattr(data.examples("train"), "__getitem__")
        else next(iter(data.examples("train")))
    )[0].startswith("0 招人")


def test_long_texts_are_cut_and_that_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    rows = pairs()
    rows[0]["second"] = "长" * 50
    data = dataset(written(tmp_path, train=rows), "encoding.maximum_length=30")
    assert data.encoded["train"].batch(numpy.array([0])).texts[1].ids.shape[1] == 30
    assert "1 texts are longer than encoding.maximum_length=30" in caplog.text


def test_an_encoding_comes_back_as_it_was(tmp_path: Path):
    data = dataset(written(tmp_path), "encoding.bigrams=true")
    data.encoding.save(tmp_path / "saved")
    again = Encoding.load(tmp_path / "saved")
    assert again.config == data.encoding.config
    assert again.labels == data.encoding.labels
    content = json.loads((tmp_path / "saved/encoding.json").read_text("utf-8"))
    for scale in ({"low": 1, "high": 0}, {"low": 0}, {"low": "nan", "high": 1}, {"low": 0, "high": 1e300}, None, []):
        (tmp_path / "saved/encoding.json").write_text(json.dumps({**content, "scale": scale}), "utf-8")
        with pytest.raises(DataError, match="encoding.json"):
            Encoding.load(tmp_path / "saved")


def test_groups_go_by_the_first_text_or_by_a_column(tmp_path: Path):
    by_text = dataset(written(tmp_path), "encoding.group=null").encoded["train"].batch(numpy.arange(36)).groups
    by_column = dataset(tmp_path, "encoding.group=group").encoded["train"].batch(numpy.arange(36)).groups
    assert len(torch.unique(by_text)) == 6
    assert len(torch.unique(by_column)) == 12


def test_preprocessing_by_many_processes_gives_the_same_bytes(tmp_path: Path):
    from tengjia.base_tasks import text_matching

    written(tmp_path)
    found = []
    for workers in (0, 2):
        words = [f"preprocess.workers={workers}", f"cache_root={tmp_path / str(workers)}", "preprocess.chunk_size=5"]
        run = new_run(tmp_path, f"workers{workers}")
        data = text_matching.build_dataset(config(tmp_path, *words, stage="train"), run)
        found.append(data.prepared.encoded.file("train.arrow").read_bytes())
    assert found[0] == found[1]


def test_stems_go_with_the_encoding(tmp_path: Path):
    data = dataset(written(tmp_path), "encoding.stems=1")
    assert data.inputs.features == {"stems": 65536}
    batch = data.encoded["train"].batch(numpy.array([0, 1]))
    text = batch.texts[0]
    same = text.ids[:, :, None] == text.ids[:, None, :]
    stems = text.features["stems"]
    assert torch.equal(same, stems[:, :, None] == stems[:, None, :])  # pieces are single characters
    data.encoding.save(tmp_path / "saved")
    again = Encoding.load(tmp_path / "saved")
    assert again.encoded(["招人"], [""])[0].features["stems"].tolist() == stems[0, :2].tolist()
