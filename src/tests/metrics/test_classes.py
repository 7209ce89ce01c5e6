"""Measures of classes: by hand, by brute force, and equal to scikit-learn; evaluators in any order and any cut."""

from __future__ import annotations

import warnings
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from tengjia.data.classes import Classes
from tengjia.metrics import areas
from tengjia.metrics.calibration import expected_calibration_error, reliability
from tengjia.metrics.class_counts import chosen, confusion, counts, one_hot, rows_of, summed_counts
from tengjia.registry import evaluators

ONE = Classes(("a", "b", "c"))
SEVERAL = Classes(("a", "b", "c"), multiple=True)
AREAS = (areas.roc_auc, areas.average_precision)
KINDS = ("classification_f1", "accuracy", "roc_auc", "average_precision")

# Few different scores, so that there are ties.
score = st.integers(0, 5).map(lambda number: number / 5)
scored = st.lists(st.tuples(score, st.booleans()), min_size=1, max_size=30)
row = st.tuples(score, score, score)


@given(scored)
def test_areas_equal_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    scores, gold = (numpy.array(side) for side in zip(*pairs))
    ours, precision = (float(measure(scores[:, None], gold[:, None])[0]) for measure in AREAS)
    if gold.all() or not gold.any():
        assert numpy.isnan(ours)
    else:
        assert ours == pytest.approx(sklearn.roc_auc_score(gold, scores))
    if gold.any():
        assert precision == pytest.approx(sklearn.average_precision_score(gold, scores))
    else:
        assert numpy.isnan(precision)


@given(scored)
def test_roc_auc_is_how_often_pairs_are_in_order(pairs: list[tuple[float, bool]]) -> None:
    yes, no = ([value for value, gold in pairs if gold is kind] for kind in (True, False))
    if yes and no:
        order = sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))
        scores, gold = (numpy.array(side) for side in zip(*pairs))
        assert areas.roc_auc(scores[:, None], gold[:, None]).tolist() == pytest.approx([order])


@settings(deadline=None)
@given(st.lists(st.tuples(row, st.integers(0, 2)), min_size=1, max_size=25))
def test_one_class_equals_scikit_learn(rows: list[tuple[tuple[float, ...], int]]) -> None:
    probabilities, gold = torch.tensor([p for p, _ in rows]), torch.tensor([g for _, g in rows])
    found = probabilities.argmax(1)
    result = measured("classification_f1", ONE, probabilities, gold)
    present = sorted({*found.tolist(), *gold.tolist()})
    for name, average in (("", "macro"), ("_micro", "micro"), ("_weighted", "weighted")):
        expected = sklearn.f1_score(gold, found, average=average, labels=present, zero_division=0)
        assert result[f"classification_f1{name}"] == pytest.approx(expected)
    each = sklearn.precision_recall_fscore_support(gold, found, labels=[0, 1, 2], zero_division=0)
    for name, figures in zip(("precision", "recall", "f1"), each):
        assert [result[f"classification_{name}/{label}"] for label in "abc"] == pytest.approx(figures.tolist())
    assert result["accuracy"] == measured("accuracy", ONE, probabilities, gold)["accuracy"]
    assert result["accuracy"] == pytest.approx(sklearn.accuracy_score(gold, found))


@settings(deadline=None)
@given(st.lists(st.tuples(row, st.tuples(*[st.booleans()] * 3)), min_size=1, max_size=25), st.sampled_from([0.2, 0.5]))
def test_several_classes_equal_scikit_learn(rows: list[Any], threshold: float) -> None:
    probabilities, gold = torch.tensor([p for p, _ in rows]), torch.tensor([g for _, g in rows]).float()
    found = (probabilities >= threshold).numpy()
    result = measured("classification_f1", SEVERAL, probabilities, gold, threshold=threshold)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        micro = sklearn.f1_score(gold, found, average="micro", zero_division=0)
        weighted = sklearn.f1_score(gold, found, average="weighted", zero_division=0)
    assert result["classification_f1_micro"] == pytest.approx(micro)
    assert result["classification_f1_weighted"] == pytest.approx(weighted)
    assert result["accuracy"] == pytest.approx(sklearn.accuracy_score(gold, found))
    average = measured("average_precision", SEVERAL, probabilities, gold)
    for number, label in enumerate("abc"):
        column = gold[:, number]
        expected = {f"average_precision/{label}"} if column.any() else set()
        assert {name for name in average if name.endswith(f"/{label}")} == expected
        if expected:
            value = sklearn.average_precision_score(column, probabilities[:, number])
            assert average[f"average_precision/{label}"] == pytest.approx(value)


def test_macro_area_is_that_of_scikit_learn() -> None:
    generator = numpy.random.default_rng(0)
    probabilities = torch.tensor(generator.dirichlet([1, 1, 1], 60))
    gold = torch.tensor(generator.integers(0, 3, 60))
    result = measured("roc_auc", ONE, probabilities, gold)
    expected = sklearn.roc_auc_score(gold, probabilities, multi_class="ovr", average="macro")
    assert result["roc_auc"] == pytest.approx(expected, abs=1e-6)


def measured(
    kind: str, labels: Classes, probabilities: torch.Tensor, gold: torch.Tensor, **options: Any
) -> dict[str, float]:
    evaluator = evaluators.build({"name": kind, **options}, labels=labels)
    evaluator.update(probabilities, gold, torch.ones(len(gold), dtype=torch.bool))
    result: dict[str, float] = evaluator.compute()
    return result


@settings(deadline=None, max_examples=25)
@given(
    rows=st.lists(st.tuples(row, st.integers(-1, 2), st.booleans()), min_size=1, max_size=20),
    cut=st.integers(0, 20),
    kind=st.sampled_from(KINDS),
)
def test_ranks_and_batches_give_the_figures_of_the_whole(rows: list[Any], cut: int, kind: str) -> None:
    tensors = [torch.tensor([one[i] for one in rows]) for i in range(3)]
    whole = evaluators.build({"name": kind}, labels=ONE)
    whole.update(*tensors)
    first, second = (evaluators.build({"name": kind}, labels=ONE) for _ in range(2))
    first.update(*(values[:cut] for values in tensors))
    second.update(*(values[cut:] for values in tensors))
    parts = first.statistics(), second.statistics()
    joined = torch.cat(parts) if getattr(whole, "gathered", False) else parts[0] + parts[1]
    assert whole.compute(joined) == pytest.approx(whole.compute())
    first.reset()
    assert first.statistics().numel() == 0 or not first.statistics().any()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_measured_is_nought(kind: str) -> None:
    result = evaluators.build({"name": kind}, labels=ONE).compute()
    assert set(result.values()) == {0.0}
    assert set(evaluators.load(kind).metrics) <= set(result)


@pytest.mark.parametrize("kind", ["classification_f1", "accuracy"])
def test_a_class_that_is_not_known_is_an_error_not_a_hit(kind: str) -> None:
    probabilities = torch.tensor([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1]])
    result = measured(kind, ONE, probabilities, torch.tensor([0, -1]))
    assert result["accuracy"] == 0.5
    if kind == "classification_f1":
        assert result["classification_precision/a"] == 0.5 and result["classification_recall/a"] == 1.0


def test_ignored_classes_are_left_out_of_means_only() -> None:
    probabilities, gold = torch.eye(3)[[0, 0, 2, 2]], torch.tensor([0, 0, 1, 2])
    result = measured("classification_f1", ONE, probabilities, gold, ignored=("a",))
    assert result["accuracy"] == 0.75 and "classification_f1/a" not in result
    assert result["classification_f1"] == pytest.approx((0 + 2 / 3) / 2)


def test_rows_counts_and_confusion_by_hand() -> None:
    gold, found = one_hot(numpy.array([0, 1, -1]), 2), rows_of([["a"], ["a"], ["b"]], ("a", "b"))
    assert gold.tolist() == [[True, False], [False, True], [False, False]]
    assert counts(found, gold)[0].tolist() == [[1, 1, 1], [0, 0, 0]]
    assert summed_counts(found, gold).tolist() == counts(found, gold).sum(0).tolist() == [[1, 2, 1], [0, 1, 1]]
    table = confusion(numpy.array([0, 0, 1, -1]), numpy.array([0, 1, -1, 1]), 2)
    assert table.tolist() == [[1, 0, 0], [1, 0, 1], [0, 1, 0]]
    with pytest.raises(KeyError, match="z"):
        rows_of([["z"]], ("a",))
    assert chosen(numpy.zeros((0, 0)), multiple=False).shape == (0, 0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.integers(1, 12))
def test_calibration_equals_brute_force(pairs: list[tuple[float, bool]], bins: int) -> None:
    confidence = numpy.array([value for value, _ in pairs])
    right = numpy.array([gold for _, gold in pairs], bool)
    found = reliability(confidence, right, bins=bins)
    assert sum(one.answers for one in found) == len(pairs)
    for one in found:
        inside = [
            (value, gold) for value, gold in pairs if one.low < value <= one.high or (one.low == 0.0 and value == 0.0)
        ]
        assert one.answers == len(inside)
        assert one.confidence == pytest.approx(sum(value for value, _ in inside) / len(inside))
        assert one.right == pytest.approx(sum(gold for _, gold in inside) / len(inside))
    error = expected_calibration_error(found)
    assert 0.0 <= error <= 1.0
    assert bool(pairs) or error == 0.0
