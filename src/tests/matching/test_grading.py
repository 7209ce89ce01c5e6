"""The project's own grading: points of a reference, score and points of an answer, better than a bag of characters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from src.modules.grading.points import Grade, Grader, split_points
from src.modules.grading.testing import Labelled, of_characters, point_scores
from tengjia.base_tasks.text_matching.answers import Match
from tengjia.command.notebook import compose
from tengjia.data.scale import Scale
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder

from .project import ROOT


@pytest.mark.parametrize(
    ("reference", "points"),
    [
        ("光照；水；叶绿素。", ["光照", "水", "叶绿素"]),
        ("1、先道歉；2、记录\n（3）回访", ["先道歉", "记录", "回访"]),
        ("It is fast. It is small.", ["It is fast.", "It is small."]),
        ("3.5 伏；3.5 伏", ["3.5 伏"]),
        ("只有一点", ["只有一点"]),
        ("；。\n", []),
        ("", []),
    ],
)
def test_points_of_a_reference(reference: str, points: list[str]):
    assert split_points(reference) == points


@given(some.text(max_size=60))
def test_points_are_parts_of_the_reference(reference: str):
    points = split_points(reference)
    assert all(point and point in reference for point in points)
    assert len(set(points)) == len(points)


class Words:
    """A pipeline that finds how many characters of the first text stand in the second."""

    device = torch.device("cpu")
    options = None
    encoding = SimpleNamespace(labels=Scale(0.0, 10.0))

    def stream(
        self, questions: Sequence[tuple[str, ...]], *, batch_size: int, check: Callable[[], None]
    ) -> Iterator[Match]:
        for first, second, *_ in questions:
            share = sum(character in second for character in first) / max(1, len(first))
            yield Match(10 * share, share >= 0.8)


def grader(**values: Any) -> Grader:
    pipeline: Any = Words()
    return Grader(pipeline, **values)


def test_a_grade_has_a_score_and_points():
    grade = grader().grade("光照；叶绿素。", "有光照就行")
    assert (grade.met, grade.missed) == (["光照"], ["叶绿素"])
    assert grade.score == pytest.approx(10 * 2 / 7)
    assert Grade.restored(json.loads(json.dumps(grade.plain()))).met == ["光照"]
    assert grader(least=0.0).grade("光照；叶绿素。", "").missed == []
    assert grader().grade("", "说了").points == ()


def test_many_at_once_are_graded_as_one_by_one():
    questions = [("甲；乙；丙。", "甲丙"), ("", "丁"), ("戊。", ""), ("己；庚", "己庚")] * 3
    assert list(grader().stream(questions)) == [grader().grade(*question) for question in questions]


def test_scores_of_points_by_hand():
    points = [Labelled("甲乙", "甲乙丙", True), Labelled("丁戊", "甲", False), Labelled("己", "庚", True)]
    assert point_scores(grader(), points) == pytest.approx(
        {"point_f1": 2 / 3, "point_precision": 1.0, "point_recall": 0.5, "point_accuracy": 2 / 3}
    )
    assert of_characters(points, points)["point_f1_of_characters"] == pytest.approx(4 / 5)


@pytest.mark.slow
def test_points_are_judged_better_than_by_a_bag_of_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from src.modules import grading
    from tengjia.base_tasks import text_matching

    before, threads = scope(), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        places = [f"{name}={tmp_path / name}" for name in ("check_point_root", "log_root", "cache_root")]
        words = ["task=answer_grade", *places, "preprocess.workers=0"]
        run = RunFolder.create(tmp_path / "check_point_root", seed=1, app="demo_app", task="answer_grade", name="one")
        settings = compose(
            ROOT, [*words, "stage=train", "trainer.max_epochs=5", "trainer.device=cpu", "trainer.threads=1"]
        )
        run.begin("train")
        data = text_matching.build_dataset(settings, run)
        text_matching.train(settings, run, data, text_matching.build_model(settings, data))
        run.finish("train")
        result = grading.test(compose(ROOT, [*words, "stage=test", "tester.device=cpu", "tester.samples=20"]), run)
        assert result["point_f1"] > result["point_f1_of_characters"] + 0.02
        assert result["pearson"] > 0.65
        capsys.readouterr()
        asked = [
            "apply.text=光照；二氧化碳；水；叶绿素。",
            "apply.second=要有太阳光，根吸上来的水分",
            "apply.context=光合作用需要哪些条件？",
            "apply.device=cpu",
        ]
        grading.apply(compose(ROOT, ["task=answer_grade", "stage=apply", *places, *asked]), run)
        said = capsys.readouterr().out.splitlines()
        assert said[0].startswith("score")
        assert len(said) == 5
        assert {line[0] for line in said[1:]} == {"✓", "✗"}
    finally:
        set_scope(before)
        torch.set_num_threads(threads)
