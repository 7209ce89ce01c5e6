"""What is wrong with a distillation is told before anything is trained, all at once, with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.notebook import compose
from tengjia.command.reading import make_plan
from tengjia.distillation.students import student_config

ROOT = Path(__file__).parents[3]
MATCHED = ("model=transformer_classifier", "student.model=transformer_classifier", "distil.hidden_weight=1")

CASES = [
    (["distil.temperature=0"], "config.out_of_range", "distil.temperature", "0.1"),
    (["distil.soft_weight=1.5"], "config.out_of_range", "distil.soft_weight", "1"),
    (["distil.soft_weight=0"], "distillation.nothing_taught", "distil.soft_weight", "distil.students=[alone]"),
    (["distil.students=[]"], "distillation.no_students", "distil.students", "[alone,distilled]"),
    (["distil.students=[alone,alone]"], "distillation.no_students", "distil.students", "[alone,distilled]"),
    (["distil.students=[together]"], "config.wrong_choice", "distil.students.0", "alone"),
    (["distil.soft_loss=kld"], "config.wrong_choice", "distil.soft_loss", "kl"),
    (["distil.temprature=2"], "config.unknown_parameter", "distil.temprature", "temperature"),
    (["distil.teacher=tomorrow"], "distillation.teacher_not_there", "distil.teacher", "store://"),
    (["student.model=bilstm_atention"], "distillation.unknown_student", "student.model", "`bilstm_attention`"),
    (["student.model=bilstm_crf"], "distillation.unknown_student", "student.model", "bert_classifier"),
    (["student.parameters={hiden_size: 8}"], "distillation.unknown_parameter", "student.parameters", "`hidden_size`"),
    (["student.parameters={hidden_size: wide}"], "distillation.parameter_value", "student.parameters", "int"),
    (["student.parameters={hidden_size: 0}"], "distillation.parameter_value", "student.parameters", "1"),
    (["student.parameters={dropout: 1.5}"], "distillation.parameter_value", "student.parameters", "dropout"),
    (["student.model=text_cnn"], "distillation.unknown_parameter", "student.parameters", "hidden_size=null"),
    (["distil.hidden_weight=1"], "distillation.no_layers", "distil.hidden_weight", "transformer_classifier"),
    (["distil.attention_weight=1"], "distillation.no_layers", "distil.attention_weight", "transformer_classifier"),
    ([*MATCHED, "distil.layer_map=[0,1]"], "distillation.layer_map", "distil.layer_map", "needs 3 numbers"),
    ([*MATCHED, "distil.layer_map=[0,1,5]", "model.layers=4"], "distillation.layer_map", "distil.layer_map", "0 - 4"),
    (
        ["augmentation.mask=0.6", "augmentation.replace=0.6"],
        "distillation.more_than_all",
        "augmentation.replace",
        "1.2",
    ),
    (["augmentation.shortest=9"], "distillation.shortest_longest", "augmentation.shortest", "at most 8"),
    (["augmentation.rounds=0"], "config.out_of_range", "augmentation.rounds", "1"),
]


def problems(*words: str) -> list[tuple[str, str, str]]:
    plan = make_plan(ROOT, read_arguments(["task=model_distilling", "stage=distil", *words]))
    return [(problem.code, problem.key, str(problem)) for problem in check_plan(plan)]


@pytest.mark.parametrize(("words", "code", "key", "said"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_told_before_it_starts(words: list[str], code: str, key: str, said: str) -> None:
    found = [problem for problem in problems(*words) if problem[1] == key]
    assert [problem[0] for problem in found] == [code], problems(*words)
    assert said in found[0][2]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["distil.students=[alone]", "distil.soft_weight=0"],
        ["distil.teacher=store://intents@production"],
        [*MATCHED, "distil.attention_weight=0.5", "distil.layer_map=[0,2,4]", "model.layers=4"],
        ["student.model=text_cnn", "student.parameters={hidden_size: null, filters: 20}"],
        ["student.model=fasttext", "student.parameters={hidden_size: null, feature_size: null}"],
    ],
    ids=" ".join,
)
def test_nothing_is_wrong_with(words: list[str]) -> None:
    assert problems(*words) == []


def test_other_tasks_are_left_alone() -> None:
    plan = make_plan(ROOT, read_arguments(["task=text_classification", "stage=train"]))
    assert check_plan(plan) == []


def test_the_student_is_the_task_with_another_model() -> None:
    words = ["student.lr=0.01", "student.max_epochs=7", "student.model=text_cnn", "publish.model=tutor"]
    config = compose(
        ROOT,
        ["task=model_distilling", "stage=distil", *words, "student.parameters={hidden_size: null, filters: 20}"],
    )
    own = student_config(config)
    assert own.model.name == "text_cnn" and own.model.filters == 20 and "hidden_size" not in own.model
    assert own.model.embedding_size == 48 and own.model.dropout == 0.5
    assert (own.optimizer.lr, own.trainer.max_epochs) == (0.01, 7)
    assert own.publish.model is None and config.publish.model == "tutor"
    assert own.encoding == config.encoding and own.trainer.batch_size == config.trainer.batch_size
