"""Models, criterion and evaluator of intents with slots, each against a reckoning by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from tengjia.contracts import Batch, Inputs
from tengjia.data.classes import Classes
from tengjia.data.joint_labels import JointLabels
from tengjia.data.labels import LabelSet
from tengjia.errors import ConfigurationError
from tengjia.layers.slot_gate import SlotGate
from tengjia.registry import criteria, evaluators, models

TAGS = LabelSet("bio", ("CITY", "POST"))
INTENTS = Classes(("apply", "ask", "oos"), counts={"apply": 6, "ask": 3, "oos": 1})
LABELS = JointLabels(TAGS, INTENTS)
SMALL = {"embedding_size": 8, "hidden_size": 6, "embedding_dropout": 0.0, "dropout": 0.0}


def inputs(**changes: Any) -> Inputs:
    return Inputs(**{"pieces": 30, "labels": TAGS, "classes": INTENTS, **changes})


def batch(rows: int = 3, width: int = 7, *, units: bool = False) -> Batch:
    generator = torch.Generator().manual_seed(1)
    lengths = torch.tensor([width, 4, 1][:rows])
    mask = torch.arange(width) < lengths[:, None]
    ids = torch.randint(2, 30, (rows, width), generator=generator) * mask
    made = Batch(ids, mask, labels=torch.randint(0, 5, (rows, width), generator=generator) * mask)
    made.target = torch.tensor([0, 1, 2][:rows])
    if units:
        made.units, made.unit_mask = torch.zeros(rows, 3, dtype=torch.int64), torch.ones(rows, 3, dtype=torch.bool)
        made.labels = torch.zeros(rows, 3, dtype=torch.int64)
    return made


@pytest.mark.parametrize("crf", [True, False])
@pytest.mark.parametrize("interaction", ["none", "gate"])
@pytest.mark.parametrize("units", [True, False])
def test_bilstm_joint(crf: bool, interaction: str, units: bool):
    model = models.build(
        {"name": "bilstm_joint", **SMALL, "crf": crf, "interaction": interaction}, inputs=inputs()
    ).eval()
    given = batch(units=units)
    with torch.no_grad():
        tags, classes = model(given)
    assert tags.shape == (3, 3 if units else 7, 5) and classes.shape == (3, 3)
    assert model.class_probabilities(classes).sum(1).numpy() == pytest.approx(numpy.ones(3))
    mask = given.label_mask
    decoded, probabilities = model.decode(tags, mask), model.probabilities(tags, mask)
    assert not decoded[~mask].any()
    assert probabilities[mask].sum(-1).detach().numpy() == pytest.approx(numpy.ones(int(mask.sum())), abs=1e-5)


@pytest.mark.parametrize("interaction", ["none", "gate"])
def test_nothing_depends_on_padding(interaction: str):
    torch.manual_seed(0)
    model = models.build({"name": "bilstm_joint", **SMALL, "interaction": interaction}, inputs=inputs()).eval()
    if model.gate is not None:
        torch.nn.init.normal_(model.gate.weight)
    together = model(batch())
    for row, length in enumerate([7, 4, 1]):
        alone = batch()
        single = Batch(alone.ids[row : row + 1, :length], alone.mask[row : row + 1, :length])
        tags, classes = model(single)
        assert tags[0].detach().numpy() == pytest.approx(together[0][row, :length].detach().numpy(), abs=1e-5)
        assert classes[0].detach().numpy() == pytest.approx(together[1][row].detach().numpy(), abs=1e-5)


def test_the_gate_of_goo():
    gate = SlotGate(4, 3)
    hidden, intent = torch.randn(2, 5, 4), torch.randn(2, 3)
    assert torch.equal(gate(hidden, intent), hidden)
    torch.nn.init.normal_(gate.weight)
    expected = torch.empty_like(hidden)
    for row in range(2):
        for unit in range(5):
            inner = torch.tanh(hidden[row, unit] + gate.intent.weight @ intent[row])
            expected[row, unit] = hidden[row, unit] * (1 + (gate.weight * inner).sum())
    assert gate(hidden, intent).detach().numpy() == pytest.approx(expected.detach().numpy(), abs=1e-5)


def test_a_model_wants_classes():
    with pytest.raises(ConfigurationError, match=r"joint\.no_classes"):
        models.build({"name": "bilstm_joint"}, inputs=inputs(classes=None))


@pytest.mark.parametrize("crf", [True, False])
@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
def test_the_loss_is_that_of_both(crf: bool, weight: float):
    model = models.build({"name": "bilstm_joint", **SMALL, "crf": crf, "constraints": False}, inputs=inputs())
    given = batch()
    scores, known = model(given), torch.tensor([True, True, False])
    found = criteria.build({"name": "joint", "intent_weight": weight}, model=model)(
        scores, (given.labels, given.target), (given.mask, known)
    )
    slots = criteria.build({"name": "crf" if crf else "cross_entropy"}, model=model if crf else None)(
        scores[0], given.labels, given.mask
    )
    intents = functional.cross_entropy(scores[1][:2], given.target[:2], reduction="sum")  # type: ignore[index]
    assert found.item() == pytest.approx((slots + weight * intents).item(), rel=1e-5)
    assert torch.isfinite(found) and found.requires_grad


def test_rare_intents_can_count_more():
    model = models.build({"name": "bilstm_joint", **SMALL, "crf": False}, inputs=inputs())
    given = batch()
    scores, every = model(given), torch.ones(3, dtype=torch.bool)
    both = (given.labels, given.target), (given.mask, every)
    plain, balanced = (
        criteria.build({"name": "joint", "class_weights": kind}, model=model)(scores, *both)
        for kind in ("none", "balanced")
    )
    logs = -functional.log_softmax(scores[1], -1)[torch.arange(3), given.target]
    expected = (logs * (torch.tensor([10 / 18, 10 / 9, 10 / 3]) - 1)).sum()
    assert (balanced - plain).item() == pytest.approx(expected.item(), rel=1e-4)


@pytest.mark.parametrize(("crf", "slot"), [(True, "cross_entropy"), (True, "dice"), (False, "crf")])
def test_a_loss_that_does_not_fit(crf: bool, slot: str):
    model = models.build({"name": "bilstm_joint", **SMALL, "crf": crf}, inputs=inputs())
    with pytest.raises(ConfigurationError) as error:
        criteria.build({"name": "joint", "slot": slot}, model=model)
    assert error.value.code == "model.criterion_does_not_fit" and "criterion.slot" in str(error.value)


def test_focal_and_dice_are_possible():
    model = models.build({"name": "bilstm_joint", **SMALL, "crf": False}, inputs=inputs())
    given = batch()
    for slot in ("focal", "dice"):
        criterion = criteria.build({"name": "joint", "slot": slot, "intent": "focal"}, model=model)
        loss = criterion(model(given), (given.labels, given.target), (given.mask, torch.ones(3, dtype=torch.bool)))
        assert torch.isfinite(loss) and loss.item() > 0


def brute(rows: list[tuple[list[int], list[int], int, int]]) -> dict[str, float]:
    """Slot F1, intent and sentence accuracy, one text after another; rows of (found, true, intent, true intent)."""
    matched = predicted = gold = right = whole = 0
    for found, true, intent, wanted in rows:
        spans = [
            set(zip(*(part.tolist() for part in TAGS.decode(numpy.array([tags]), repair="strict")[1:])))
            for tags in (found, true)
        ]
        matched, predicted, gold = matched + len(spans[0] & spans[1]), predicted + len(spans[0]), gold + len(spans[1])
        right += intent == wanted
        whole += intent == wanted and found == true
    f1 = 2 * matched / (predicted + gold) if predicted + gold else 0.0
    return {"slot_f1": f1, "intent_accuracy": right / len(rows), "sentence_accuracy": whole / len(rows)}


ROW = st.integers(1, 5).flatmap(
    lambda length: st.tuples(
        st.lists(st.integers(0, 4), min_size=length, max_size=length),
        st.lists(st.integers(0, 4), min_size=length, max_size=length),
        st.integers(0, 2),
        st.integers(-1, 2),
    )
)


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6), st.integers(0, 6))
def test_the_measures_against_brute_force(rows: list[tuple[list[int], list[int], int, int]], cut: int):
    whole = evaluators.build({"name": "joint_intent_slot"}, labels=LABELS)
    parts = []
    for some in (rows[:cut], rows[cut:]):
        part = evaluators.build({"name": "joint_intent_slot"}, labels=LABELS)
        if some:
            for one in (whole, part):
                one.update(*tensors(some))
        parts.append(part.statistics())
    expected = brute(rows)
    summed = whole.compute(parts[0] + parts[1])  # as over two processes
    assert summed == whole.compute()
    assert {name: summed[name] for name in expected} == pytest.approx(expected)
    assert summed["joint_score"] == pytest.approx((expected["slot_f1"] + expected["intent_accuracy"]) / 2)
    assert set(whole.metrics) <= set(summed) and {"slot_f1/CITY", "intent_recall/oos"} <= set(summed)


def tensors(rows: list[tuple[list[int], list[int], int, int]]) -> Any:
    width = max(len(found) for found, *_ in rows)

    def padded(values: list[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [0] * (width - len(row)) for row in values])

    found, true, intents, wanted = zip(*rows)
    mask = padded([[1] * len(row) for row in found]).bool()
    every = torch.ones(len(rows), dtype=torch.bool)
    return (padded(list(found)), torch.tensor(intents)), (padded(list(true)), torch.tensor(wanted)), (mask, every)


def test_nothing_measured_is_nothing():
    evaluator = evaluators.build({"name": "joint_intent_slot", "per_type": False, "per_class": False}, labels=LABELS)
    assert set(evaluator.compute().values()) == {0.0} and len(evaluator.compute()) == 7


def test_joint_labels():
    assert len(LABELS) == 5 and SimpleNamespace(labels=LABELS).labels.classes.ids["ask"] == 1
