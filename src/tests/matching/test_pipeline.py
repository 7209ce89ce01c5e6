"""Pairs and rankings by a trained pipeline, what they are worth, and what the stages write."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from tengjia.base_tasks import text_matching
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.base_tasks.text_matching.answers import Match
from tengjia.base_tasks.text_matching.outcome import Measuring, Outcome
from tengjia.data.example import Example
from tengjia.data.scale import Scale
from tengjia.errors import ConfigurationError, DataError
from tengjia.reports.head import ReportHead
from tengjia.runs import RunFolder

from .project import config, new_run, pairs, written


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunFolder]:
    """A folder with rows, and a run on them."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = written(tmp_path_factory.mktemp("matching"))
    settings, run = (
        config(folder, "trainer.max_epochs=25", "trainer.batch_size=6", "optimizer.lr=0.01"),
        new_run(folder),
    )
    run.begin("train")
    data = text_matching.build_dataset(settings, run)
    text_matching.train(settings, run, data, text_matching.build_model(settings, data))
    run.finish("train")
    torch.set_num_threads(before)
    return folder, run


@pytest.fixture
def pipeline(trained: tuple[Path, RunFolder]) -> Any:
    return load_pipeline(trained[1].bundle)


def test_a_pair_is_a_tuple_and_many_are_a_list(pipeline: Any):
    questions = [(row["text"], row["second"]) for row in pairs()]
    answers = pipeline(questions)
    assert isinstance(pipeline(questions[0]), Match)
    assert [answer.score for answer in answers] == pytest.approx([float(pipeline(one)) for one in questions], abs=1e-5)
    assert all(0 <= answer.score <= 1 for answer in answers)
    right = [row["score"] for row in pairs()]
    assert numpy.corrcoef(right, [answer.score for answer in answers])[0, 1] > 0.8
    assert pipeline([]) == []
    assert math.isfinite(pipeline(("", "")).score)


def test_rankings_are_the_order_of_the_scores(pipeline: Any):
    candidates = [row["second"] for row in pairs()]
    found = pipeline.rank("招人做账报税", candidates, top=5)
    scores = pipeline([("招人做账报税", candidate) for candidate in candidates])
    best = sorted(range(len(candidates)), key=lambda number: -scores[number].score)[:5]
    assert [one.match.score for one in found] == pytest.approx([scores[number].score for number in best], abs=1e-5)
    assert [one.text for one in found] == [candidates[one.index] for one in found]
    index = pipeline.index(candidates)
    assert [one.index for one in pipeline.rank("招人做账报税", index, top=5)] == [one.index for one in found]
    assert pipeline.rank("招人", []) == []
    assert pipeline.rank("招人", [], top=3) == []
    assert len(pipeline.rank("招人", candidates)) == len(candidates)


def test_a_prompt_line_and_a_file_of_candidates(trained: tuple[Path, RunFolder], capsys: pytest.CaptureFixture[str]):
    folder, run = trained
    candidates = folder / "candidates.txt"
    candidates.write_text("".join(f"{row['second']}\n" for row in pairs()), "utf-8")
    words = [f"apply.candidates={candidates}", "apply.top=3"]
    text_matching.apply(config(folder, "apply.text=招人做账报税", *words, stage="apply"), run)
    assert len(capsys.readouterr().out.strip().splitlines()) == 5
    queries = folder / "queries.txt"
    queries.write_text("招人做账报税\n招人修理电机\n", "utf-8")
    result = text_matching.apply(config(folder, f"apply.input={queries}", *words, stage="apply"), run)
    assert result["texts"] == 2
    lines = [json.loads(line) for line in (folder / "queries.rankings.jsonl").read_text("utf-8").splitlines()]
    assert [len(line["ranking"]) for line in lines] == [3, 3]
    assert [one["rank"] for one in lines[0]["ranking"]] == [1, 2, 3]
    text_matching.apply(config(folder, "apply.text=招人做账报税", "apply.second=我会做账报税", stage="apply"), run)
    assert "score" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("apply.text=a", "apply.second=b", "apply.candidates=c.txt"), "both a second text and a file of candidates"),
        (("apply.text=a", "apply.input=b.txt", "apply.candidates=c.txt"), "both a text and a file"),
        (("apply.output=b", "apply.text=a", "apply.candidates=c.txt"), "without an input"),
        (("apply.text=a",), "second"),
    ],
)
def test_settings_that_contradict_one_another(trained: tuple[Path, RunFolder], words: tuple[str, ...], message: str):
    with pytest.raises(ConfigurationError, match=message):
        text_matching.apply(config(trained[0], *words, stage="apply"), trained[1])


def test_a_file_of_pairs_without_the_second_column(trained: tuple[Path, RunFolder]):
    folder, run = trained
    (folder / "one.csv").write_text("text,other\na,b\n", "utf-8")
    with pytest.raises(DataError, match="`second`.*text, other"):
        text_matching.apply(config(folder, f"apply.input={folder / 'one.csv'}", stage="apply"), run)


def test_the_test_stage_writes_scores_and_a_page(trained: tuple[Path, RunFolder], capsys: pytest.CaptureFixture[str]):
    folder, run = trained
    result = text_matching.test(config(folder, stage="test"), run)
    assert result["pearson"] > 0.8
    assert result["ndcg"] > 0.8
    page = (run.reports / "test_report.html").read_text("utf-8")
    assert page.count("<svg") >= 3
    assert "nan" not in page.lower().replace("finance", "")
    json.dumps(result, allow_nan=False)
    capsys.readouterr()


def outcome(gold: list[float], found: list[float], groups: list[int] | None = None, **values: Any) -> Outcome:
    """An outcome of made-up scores."""
    count = len(gold)
    return Outcome(
        [Example(f"text {number}", file="a.jsonl", line=number + 1) for number in range(count)],
        [(f"first {number % 3}", f"<b>second {number}</b>") for number in range(count)],
        [Match(score, score >= 0.5) for score in found],
        numpy.array(gold, float),
        numpy.array(groups or list(range(count))),
        Scale(),
        frozenset({"first 0"}),
        seed=1,
        samples=50,
        **values,
    )


CASES = {
    "nothing known": ([math.nan] * 4, [0.1, 0.2, 0.3, 0.4], None),
    "one gold score": ([0.5] * 6, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], None),
    "one answer": ([0.1, 0.5, 0.9, 0.4], [0.3] * 4, None),
    "groups of one": ([0.1, 0.5, 0.9, 0.4], [0.2, 0.4, 0.6, 0.8], [1, 2, 3, 4]),
    "one pair": ([0.4], [0.3], None),
    "yes or no, all yes": ([1.0] * 4, [0.2, 0.4, 0.6, 0.8], [1, 1, 2, 2]),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("chief", ["", "retrieval", "pair_f1", "score_agreement"])
def test_what_has_no_answer_is_told_and_is_no_nan(case: str, chief: str, tmp_path: Path):
    made = outcome(*CASES[case], measuring=Measuring(chief=chief))
    flat = made.flat()
    json.dumps(flat, allow_nan=False)
    assert ("pearson" in flat) == ("pearson" not in made.undefined)
    if case in ("nothing known", "one gold score", "one answer", "one pair"):
        assert "pearson" in made.undefined
        assert "Not defined" in made.terminal_table()
    page = made.write_report(tmp_path / "page.html", ReportHead("r", "p", "m", 3)).read_text("utf-8")
    assert ">nan" not in page.lower()
    assert "<b>second" not in page


def test_figures_by_hand_and_a_better_run():
    gold, found = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [0.9, 0.1, 0.8, 0.6, 0.4, 0.2]
    made = outcome(gold, found, [1, 1, 2, 2, 3, 3], measuring=Measuring(chief="pair_f1"))
    flat = made.flat()
    assert flat["pair_accuracy"] == pytest.approx(4 / 6)
    assert flat["pair_f1"] == pytest.approx(2 * 2 / (3 + 3))
    assert flat["rmse"] == pytest.approx(float(numpy.sqrt(((numpy.array(gold) - found) ** 2).mean())))
    assert flat["pair_roc_auc"] == pytest.approx(8 / 9)
    ranked = outcome(gold, found, [1, 1, 2, 2, 3, 3], measuring=Measuring(chief="retrieval"))
    assert ranked.flat()["mrr"] == 1.0
    worse = outcome(gold, [1 - one for one in found], [1, 1, 2, 2, 3, 3], measuring=Measuring(chief="retrieval"))
    assert ranked.difference(worse, samples=200).value > 0
    assert made.difference(made, samples=100).value == 0
