"""The text that both texts of a pair belong to: what of them stands in it, from the corpus to an answer."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from tengjia.base_tasks import text_matching
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.base_tasks.text_matching.columns import GIVEN, given_by
from tengjia.base_tasks.text_matching.encoding import Encoding
from tengjia.base_tasks.text_matching.task import example, row_options
from tengjia.contracts import TokenArrays, Tokens
from tengjia.data.token_arrays import joined as flat
from tengjia.errors import ConfigurationError, DataError
from tengjia.layers import coverage
from tengjia.runs import RunFolder
from tengjia.utilities.files import read_json, write_json

from .project import TOPICS, config, dataset, new_run, pairs, written

WORDS = ["reader.extra=[second,score,group,asked]", "encoding.context=[asked]"]
TEXT = some.lists(some.sampled_from("甲乙丙丁戊己"), max_size=5).map("".join)


def rows() -> list[dict[str, Any]]:
    """The pairs, and what was asked: the topic of the first text."""
    return [{**row, "asked": f"谁会{TOPICS[number // 3 % 6]}？"} for number, row in enumerate(pairs())]


def tokens(texts: list[str]) -> TokenArrays:
    return flat([Tokens(list(text), list(range(len(text))), list(range(1, len(text) + 1))) for text in texts])


@given(some.lists(TEXT, min_size=1, max_size=4), some.lists(some.tuples(TEXT, some.integers(0, 3)), max_size=6))
def test_marks_as_by_hand(contexts: list[str], texts: list[tuple[str, int]]):
    belongs = [number % len(contexts) for _, number in texts]
    found = given_by(tokens(contexts), tokens([text for text, _ in texts]), numpy.array(belongs, numpy.int64))
    expected = [
        coverage.GIVEN if piece in contexts[number] else 1
        for (text, _), number in zip(texts, belongs)
        for piece in text
    ]
    assert found.dtype == numpy.int32 and found.tolist() == expected


def test_rows_and_batches_carry_the_marks(tmp_path: Path):
    data = dataset(written(tmp_path, rows()), *WORDS)
    assert data.inputs.features == {GIVEN: 3}
    batch = data.encoded["train"].batch(numpy.array([0, 2, 5]))
    pieces = data.encoding.texts.vocabulary.pieces
    for text in batch.texts:
        for ids, mask, marks, number in zip(text.ids, text.mask, text.features[GIVEN], (0, 2, 5)):
            asked = rows()[number]["asked"]
            assert [mark == 2 for mark in marks[mask].tolist()] == [pieces[n] in asked for n in ids[mask].tolist()]
            assert not marks[~mask].any()
    one = next(iter(data.examples("train")))
    assert data.encoding.question(one) == (rows()[0]["text"], rows()[0]["second"], rows()[0]["asked"])


def test_words_that_no_vocabulary_holds_are_marked_too(tmp_path: Path):
    encoding = dataset(written(tmp_path, rows()), *WORDS).encoding
    columns, _ = encoding.encoded(["鑫淼淼", "鑫"], ["问鑫？", ""])
    assert columns.ids.tolist() == [1, 1, 1, 1]
    assert columns.features[GIVEN].tolist() == [2, 1, 1, 1]


def test_a_long_context_is_not_cut_and_marks_are_cut_with_the_text(tmp_path: Path):
    encoding = dataset(written(tmp_path, rows()), *WORDS, "encoding.maximum_length=4").encoding
    columns, cut = encoding.encoded(["做账报税做"], ["一二三四五六七八九十税"])
    assert cut == 1 and columns.features[GIVEN].tolist() == [1, 1, 1, 2]


SEEING = {
    "siamese_bilstm": ["model.hidden_size=8", "model.feature_size=4"],
    "point_grader": ["model.hidden_size=8", "model.feature_size=4"],
    "alignment": ["model.hidden_size=0"],
}


@pytest.mark.parametrize("model", SEEING)
def test_models_with_further_inputs_see_the_marks(model: str, tmp_path: Path):
    folder = written(tmp_path, rows())
    settings = config(folder, *WORDS, f"model={model}", *SEEING[model])
    data = text_matching.build_dataset(settings, new_run(folder))
    built: Any = text_matching.build_model(settings, data)
    unit = text_matching.TextMatchingUnit(built, lambda *_: torch.zeros(()))  # type: ignore[arg-type]
    batch = data.encoded["train"].batch(numpy.arange(6))
    unit.scores(batch)  # what is measured is brought to scale in training
    built.eval()
    before = unit.scores(batch)
    for text in batch.texts:
        text.features[GIVEN] = (3 - text.features[GIVEN]) * text.mask
    assert not torch.allclose(before, unit.scores(batch))


def test_a_column_that_is_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written(tmp_path)
    with pytest.raises(DataError, match="the examples have no column `asked`") as caught:
        dataset(tmp_path, "encoding.context=[asked]")
    assert "reader.extra=[asked]" in str(caught.value.hint) and "encoding.context" in str(caught.value)


def test_pairs_without_a_context_are_used_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    given_rows = rows()
    given_rows[3]["asked"], given_rows[4]["asked"] = "", " "
    data = dataset(written(tmp_path, rows(), train=given_rows), *WORDS)
    assert len(data.encoded["train"].lengths) == len(given_rows)
    assert "2 pairs have no text in asked" in caplog.text
    assert data.encoded["train"].batch(numpy.array([3])).texts[0].features[GIVEN].max() == 1


def test_an_encoding_of_before_loads_unchanged(tmp_path: Path):
    encoding = dataset(written(tmp_path)).encoding
    encoding.save(tmp_path / "saved")
    content = read_json(tmp_path / "saved/encoding.json")
    del content["config"]["context"], content["config"]["stems"]
    write_json(tmp_path / "saved/encoding.json", content)
    old = Encoding.load(tmp_path / "saved")
    assert old.inputs()["features"] == {} and old.config.context == ()
    assert old.encoded(["做账"], ["做账"])[0].features == {}


def test_examples_of_a_program_carry_it(tmp_path: Path):
    encoding = dataset(written(tmp_path, rows()), *WORDS).encoding
    row = example(("first", "second", "context"), 0.5, encoding)
    assert row == {"text": "first", "second": "second", "asked": "context", "group": "first", "score": "0.5"}
    assert "asked" in row_options(encoding)["extra"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunFolder]:
    """A run of `alignment` with a context."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = written(tmp_path_factory.mktemp("context"), rows())
    words = ["model=alignment", "model.hidden_size=0", "trainer.max_epochs=6", "optimizer.lr=0.03"]
    settings, run = config(folder, *WORDS, *words), new_run(folder)
    run.begin("train")
    data = text_matching.build_dataset(settings, run)
    text_matching.train(settings, run, data, text_matching.build_model(settings, data))
    run.finish("train")
    torch.set_num_threads(before)
    return folder, run


def test_a_pipeline_is_asked_with_the_context(trained: tuple[Path, RunFolder]):
    pipeline = load_pipeline(trained[1].bundle)
    questions = [(row["text"], row["second"], row["asked"]) for row in rows()]
    answers = [answer.score for answer in pipeline(questions)]
    assert [pipeline(question).score for question in questions] == pytest.approx(answers, abs=1e-5)
    without = [answer.score for answer in pipeline([question[:2] for question in questions])]
    assert without != pytest.approx(answers, abs=1e-3)
    mixed = [answer.score for answer in pipeline([questions[0], questions[0][:2]])]
    assert mixed == pytest.approx([answers[0], without[0]], abs=1e-5)
    found = pipeline.rank(questions[0][0], [question[1] for question in questions], context=questions[0][2])
    scores = pipeline([(questions[0][0], question[1], questions[0][2]) for question in questions])
    assert [one.match.score for one in found] == pytest.approx(
        sorted((s.score for s in scores), reverse=True), abs=1e-5
    )


def test_the_test_stage_asks_with_the_context(trained: tuple[Path, RunFolder], capsys: pytest.CaptureFixture[str]):
    folder, run = trained
    result = text_matching.test(config(folder, *WORDS[:1], stage="test"), run)
    pipeline = load_pipeline(run.bundle)
    answers = [answer.score for answer in pipeline([(r["text"], r["second"], r["asked"]) for r in rows()])]
    expected = numpy.corrcoef(answers, [row["score"] for row in rows()])[0, 1]
    assert result["pearson"] == pytest.approx(float(expected), abs=1e-4)
    capsys.readouterr()


def test_files_and_prompts_ask_for_the_context(
    trained: tuple[Path, RunFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, run = trained
    pipeline = load_pipeline(run.bundle)
    first, second, asked = rows()[0]["text"], rows()[0]["second"], rows()[0]["asked"]
    file = tmp_path / "pairs.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["text", "second", "asked"], [first, second, asked], [first, second, ""]])
    words = [f"apply.input={file}", "apply.context_column=asked"]
    result = text_matching.apply(config(folder, *words, stage="apply"), run)
    assert result["texts"] == 1 and result["rejects"] == 1
    lines = [json.loads(line) for line in (tmp_path / "pairs.scores.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["context"] == asked
    assert lines[0]["score"] == pytest.approx(pipeline((first, second, asked)).score, abs=1e-5)
    with pytest.raises(DataError, match="`context`"):
        text_matching.apply(config(folder, f"apply.input={file}", stage="apply"), run)
    result = text_matching.apply(
        config(folder, f"apply.input={file}", "apply.context_column=null", "apply.resume=never", stage="apply"), run
    )
    assert result["texts"] == 2
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", iter_lines([first, second, asked]))
        text_matching.apply(config(folder, stage="apply"), run)
    shown = capsys.readouterr().out
    text_matching.apply(
        config(folder, f"apply.text={first}", f"apply.second={second}", f"apply.context={asked}", stage="apply"), run
    )
    assert capsys.readouterr().out.strip() == shown.strip()


def iter_lines(lines: list[str]) -> Any:
    """Standard input that is no terminal."""
    import io

    return io.StringIO("".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize(("language", "message"), [("en", "context"), ("zh", "对应的 `context`")])
def test_a_pair_without_the_context_that_belongs_to_it(
    language: str, message: str, trained: tuple[Path, RunFolder], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TENGJIA_LANG", language)
    with pytest.raises(ConfigurationError, match=message):
        text_matching.apply(config(trained[0], "apply.text=a", "apply.second=b", stage="apply"), trained[1])


@pytest.mark.parametrize(
    ("language", "message"), [("en", "without encoding.context"), ("zh", "未设置 encoding.context")]
)
def test_a_context_for_a_model_that_has_none(
    language: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TENGJIA_LANG", language)
    folder = written(tmp_path)
    settings, run = config(folder, "trainer.max_steps=1"), new_run(folder)
    run.begin("train")
    data = text_matching.build_dataset(settings, run)
    text_matching.train(settings, run, data, text_matching.build_model(settings, data))
    run.finish("train")
    asked = ["apply.text=a", "apply.second=b", "apply.context=c"]
    with pytest.raises(ConfigurationError, match=message):
        text_matching.apply(config(folder, *asked, stage="apply"), run)
