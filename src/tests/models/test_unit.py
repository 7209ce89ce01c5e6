"""The unit: what a training step minimises, what an evaluation step measures; and how a model is built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch

from src.tests.models.samples import LABELS, make_batch, make_inputs
from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
from tengjia.base_tasks.stages.building import build_model
from tengjia.config import Settings
from tengjia.contracts import Inputs
from tengjia.registry import criteria, evaluators


@dataclass
class Sizes:
    """Of a dataset, what a model needs."""

    inputs: Inputs


def build(seed: int, name: str = "bilstm_crf") -> Any:
    config = Settings({"seed": seed, "model": {"name": name, "hidden_size": 8}})
    return build_model(config, Sizes(make_inputs()))  # type: ignore[arg-type]


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_first_weights_depend_on_the_seed_alone() -> None:
    before = torch.get_rng_state()
    first = build(1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(7)
    assert same(first, build(1)) and not same(first, build(2))


@pytest.mark.parametrize(("model", "criterion"), [("bilstm_crf", "crf"), ("bilstm_softmax", "focal")])
def test_training_sums_over_units_and_evaluation_tells_the_evaluator(model: str, criterion: str) -> None:
    module = build(1, model).eval()
    unit = SequenceLabelingUnit(module, criteria.build({"name": criterion}, model=module))
    batch = make_batch()
    evaluator = evaluators.build({"name": "token_accuracy"}, labels=LABELS)
    with torch.inference_mode():
        trained, evaluated = unit.training_step(batch), unit.evaluation_step(batch, evaluator)
    assert evaluated is not None and trained.weight == evaluated.weight == 15
    torch.testing.assert_close(trained.total, evaluated.total)
    tags = module.decode(module(batch), batch.mask)
    assert batch.labels is not None
    right = float((tags == batch.labels)[batch.mask].float().mean())
    assert evaluator.compute()["token_accuracy"] == pytest.approx(right)
    assert unit.evaluation_step(replace(batch, labels=None), evaluator) is None


def test_halves_of_a_batch_add_up() -> None:
    module = build(1).eval()
    unit = SequenceLabelingUnit(module, criteria.build({"name": "crf"}, model=module))
    batch = make_batch()
    whole = unit.training_step(batch)
    parts = [unit.training_step(rows(batch, part)) for part in (slice(0, 1), slice(1, 3))]
    assert sum(part.weight for part in parts) == whole.weight
    torch.testing.assert_close(parts[0].total + parts[1].total, whole.total)


def rows(batch: Any, part: slice) -> Any:
    features = {name: values[part] for name, values in batch.features.items()}
    return replace(batch, ids=batch.ids[part], mask=batch.mask[part], labels=batch.labels[part], features=features)
