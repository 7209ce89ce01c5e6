"""Counts and scores: by hand, by brute force, and equal to seqeval and scikit-learn."""

from __future__ import annotations

import warnings

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import classification_report
from seqeval.scheme import IOBES

from tengjia.data.labels import LabelSet
from tengjia.metrics.scores import macro, micro, ratio, score, weighted
from tengjia.metrics.span_counts import count_spans, count_tags, types_in
from tengjia.registry import evaluators

TYPES = ("LOC", "ORG", "PER")


def test_scores_by_hand():
    counts = numpy.array([[1, 2, 4], [0, 0, 0], [3, 3, 3], [0, 0, 2], [0, 5, 0]])
    scores = score(counts)
    assert scores.precision.tolist() == [0.5, 0, 1, 0, 0]
    assert scores.recall.tolist() == [0.25, 0, 1, 0, 0]
    assert scores.f1.tolist() == pytest.approx([1 / 3, 0, 1, 0, 0])
    assert micro(counts).f1 == pytest.approx(8 / 19)
    assert macro(counts).f1 == pytest.approx((1 / 3 + 1) / 4)  # the type that never occurs does not count
    assert weighted(counts).recall == pytest.approx(4 / 9)
    assert ratio(numpy.array(1), numpy.array(0)) == 0


def spans_in(length: int):
    pair = st.tuples(st.integers(0, length - 1), st.integers(1, 4), st.sampled_from(TYPES))
    return st.lists(pair.map(lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])), max_size=5)


@given(st.lists(st.tuples(spans_in(8), spans_in(8)), max_size=5))
def test_span_counts_equal_brute_force(texts):
    predicted, gold = [p for p, _ in texts], [g for _, g in texts]
    counts = count_spans(predicted, gold, TYPES)
    assert counts.shape == (len(texts), 3, 3)
    for row, found, true in zip(counts, predicted, gold):
        for number, name in enumerate(TYPES):
            mine = {span for span in found if span[2] == name}
            theirs = {span for span in true if span[2] == name}
            assert row[number].tolist() == [sum(span in theirs for span in mine), len(mine), len(theirs)]


def test_span_counts_refuse_what_does_not_fit():
    with pytest.raises(KeyError, match="NEW"):
        count_spans([[(0, 1, "NEW")]], [[]], TYPES)
    with pytest.raises(ValueError):
        count_spans([[]], [[], []], TYPES)
    assert types_in([[(0, 1, "B")], []], [[(0, 2, "A")]]) == ("A", "B")


def batches(draw, labels: LabelSet):
    """Some batches of tag ids, often equal, with gaps at the ends of texts."""
    for _ in range(draw(st.integers(1, 3))):
        rows, width = draw(st.integers(1, 4)), draw(st.integers(1, 7))
        ids = st.lists(st.integers(0, len(labels) - 1), min_size=rows * width, max_size=rows * width)
        gold = torch.tensor(draw(ids)).reshape(rows, width)
        other = torch.tensor(draw(ids)).reshape(rows, width)
        same = torch.tensor(draw(st.lists(st.booleans(), min_size=rows * width, max_size=rows * width)))
        lengths = torch.tensor(draw(st.lists(st.integers(0, width), min_size=rows, max_size=rows)))
        mask = torch.arange(width)[None] < lengths[:, None]
        yield torch.where(same.reshape(rows, width), gold, other), gold, mask


def tag_rows(labels: LabelSet, ids: torch.Tensor, mask: torch.Tensor) -> list[list[str]]:
    return [[labels.tags[i] for i in row[keep].tolist()] for row, keep in zip(ids, mask)]


@settings(deadline=None)
@given(st.data(), st.sampled_from(["bio", "bioes"]), st.booleans())
def test_entity_f1_equals_seqeval(data, scheme, strict):
    labels = LabelSet(scheme, TYPES)
    repair = "strict" if strict and scheme == "bioes" else "lenient"
    evaluator = evaluators.build({"name": "entity_f1", "repair": repair}, labels=labels)
    # One span at least is gold: over none, seqeval cannot average.
    first = torch.from_numpy(labels.encode([(1, 3, "ORG")], 4)).long()[None]
    predicted_tags, gold_tags = list[list[str]](), list[list[str]]()
    every = (torch.zeros_like(first), first, torch.ones_like(first, dtype=torch.bool))
    for predicted, gold, mask in (every, *batches(data.draw, labels)):
        evaluator.update(predicted, gold, mask)
        predicted_tags += tag_rows(labels, predicted, mask)
        gold_tags += tag_rows(labels, gold, mask)
    mode = {"mode": "strict", "scheme": IOBES} if repair == "strict" else {}
    result = evaluator.compute()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = classification_report(gold_tags, predicted_tags, output_dict=True, zero_division=0, **mode)
    for name, average in (("", "micro avg"), ("_macro", "macro avg"), ("_weighted", "weighted avg")):
        assert result[f"entity_f1{name}"] == pytest.approx(report[average]["f1-score"], abs=1e-12)
    assert result["entity_precision"] == pytest.approx(report["micro avg"]["precision"], abs=1e-12)
    assert result["entity_recall"] == pytest.approx(report["micro avg"]["recall"], abs=1e-12)
    for name in TYPES:
        assert result[f"entity_f1/{name}"] == pytest.approx(report.get(name, {"f1-score": 0})["f1-score"], abs=1e-12)


KINDS = ["entity_f1", "token_accuracy", "tag_f1"]


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_the_sum_of_the_statistics_of_ranks_is_that_of_all(data, name):
    labels = LabelSet("bmes", TYPES)
    ranks = [evaluators.build({"name": name}, labels=labels) for _ in range(2)]
    alone = evaluators.build({"name": name}, labels=labels)
    for number, batch in enumerate(batches(data.draw, labels)):
        alone.update(*batch)
        ranks[number % 2].update(*batch)
    total = ranks[0].statistics() + ranks[1].statistics()
    assert total.dtype == torch.float64 and total.dim() == 1
    assert torch.equal(total, alone.statistics())
    assert ranks[0].compute(total) == alone.compute()
    alone.reset()
    assert set(alone.compute().values()) == {0.0}


@pytest.mark.parametrize("name", KINDS)
def test_the_declared_metrics_are_given(name):
    module = evaluators.load(name)
    given_metrics = evaluators.build({"name": name}, labels=LabelSet("bio", TYPES)).compute()
    assert set(module.metrics) <= set(given_metrics)
    assert set(module.metrics.values()) == {"max"}


def test_figures_of_types_by_choice():
    labels = LabelSet("bio", ("A",))
    names = set(evaluators.build({"name": "entity_f1"}, labels=labels).compute())
    fewer = set(evaluators.build({"name": "entity_f1", "per_type": False}, labels=labels).compute())
    assert names - fewer == {"entity_f1/A", "entity_precision/A", "entity_recall/A"}


def test_token_accuracy_by_hand():
    evaluator = evaluators.build({"name": "token_accuracy"}, labels=LabelSet("bio", ("A",)))
    gold = torch.tensor([[1, 2, 0], [0, 0, 0], [0, 0, 0]])
    predicted = torch.tensor([[1, 0, 0], [0, 0, 2], [1, 1, 1]])
    mask = torch.tensor([[True, True, True], [True, True, False], [False, False, False]])
    evaluator.update(predicted, gold, mask)
    assert evaluator.compute() == {"token_accuracy": 0.8, "token_accuracy_inside": 0.5, "sequence_accuracy": 0.5}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_tag_f1_equals_scikit_learn(pairs):
    from sklearn.metrics import accuracy_score, f1_score

    labels = LabelSet("bio", ("A",))  # tags O, B-A, I-A
    predicted, gold = (torch.tensor(side) for side in zip(*pairs))
    evaluator = evaluators.build({"name": "tag_f1"}, labels=labels)
    evaluator.update(predicted, gold, torch.ones_like(gold, dtype=torch.bool))
    result = evaluator.compute()
    present = sorted({number for pair in pairs for number in pair})
    for name, average in (("", "macro"), ("_micro", "micro"), ("_weighted", "weighted")):
        expected = f1_score(gold, predicted, average=average, labels=present, zero_division=0)
        assert result[f"tag_f1{name}"] == pytest.approx(expected, abs=1e-12)
    assert result["tag_accuracy"] == pytest.approx(accuracy_score(gold, predicted), abs=1e-12)


def test_ignored_classes_are_left_out_of_means_only():
    evaluator = evaluators.build({"name": "tag_f1", "ignored": ("O",)}, labels=LabelSet("bio", ("A",)))
    gold, predicted = torch.tensor([0, 0, 0, 1]), torch.tensor([0, 0, 1, 1])
    evaluator.update(predicted, gold, torch.ones(4, dtype=torch.bool))
    result = evaluator.compute()
    assert result["tag_f1"] == result["tag_f1/B-A"] == pytest.approx(2 / 3)
    assert result["tag_accuracy"] == 0.75
    assert "tag_f1/O" not in result


def test_tags_of_one_text_do_not_run_into_the_next():
    labels = LabelSet("bio", ("A",))
    ids = numpy.array([1, 2, 2, 0])
    counts = count_tags(labels, ids, ids, numpy.array([2, 0, 2]), "lenient")
    assert counts.tolist() == [[2, 2, 2]]
