"""What is seen inside transformers is what goes on there; layers are matched as the map says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from src.tests.models.samples import PIECES, make_batch, make_encoder
from tengjia.contracts import Batch, Inputs
from tengjia.data.classes import Classes
from tengjia.distillation.insides import Insides
from tengjia.distillation.losses import attention_loss, hidden_loss
from tengjia.distillation.matching import NAME, Matching, layer_map
from tengjia.distillation.section import Distil
from tengjia.distillation.unit import DistillationUnit, TaughtBatch
from tengjia.errors import ConfigurationError
from tengjia.registry import criteria, models

CLASSES = Classes.counted([["one"], ["two"], ["three"]])
SMALL = {"name": "transformer_classifier", "hidden_size": 8, "heads": 2, "feed_forward_size": 16, "feature_size": 0}


def build(encoder: Path | None = None, **changes: Any) -> Any:
    torch.manual_seed(1)
    settings = {"name": "bert_classifier"} if encoder is not None else SMALL
    return models.build({**settings, **changes}, inputs=Inputs(PIECES, CLASSES, encoder=encoder)).eval()


def text_batch() -> Batch:
    batch = make_batch()
    return Batch(batch.ids, batch.mask, target=torch.tensor([0, 2, 1]))


@pytest.mark.parametrize("kind", ["bert", "roberta", "distilbert", "electra"])
def test_an_encoder_shows_what_its_library_tells(kind: str, tmp_path: Path) -> None:
    model, batch = build(make_encoder(tmp_path, kind)), text_batch()
    with torch.no_grad(), Insides(model) as seen:
        scores = model(batch)
    model.encoder.model.set_attn_implementation("eager")
    with torch.no_grad():
        told = model.encoder.model(
            input_ids=batch.ids, attention_mask=batch.mask.long(), output_hidden_states=True, output_attentions=True
        )
        torch.testing.assert_close(model(batch), scores, rtol=1e-4, atol=1e-5)
    assert len(seen.hidden) == len(told.hidden_states) == seen.layers + 1
    for own, its in zip(seen.hidden, told.hidden_states):
        torch.testing.assert_close(own[batch.mask], its[batch.mask], rtol=1e-3, atol=1e-4)
    assert len(seen.attention) == seen.layers
    for own, its in zip(seen.attention, told.attentions):
        weights = own.masked_fill(~batch.mask[:, None, None], -1e9).softmax(-1)
        places = batch.mask[:, None].expand(weights.shape[:3])
        torch.testing.assert_close(weights[places], its[places], rtol=1e-3, atol=1e-4)


def test_a_transformer_of_the_house_shows_its_layers() -> None:
    model, batch = build(layers=3), text_batch()
    with torch.no_grad(), Insides(model) as seen:
        scores = model(batch)
    assert [tuple(one.shape) for one in seen.hidden] == [(3, 7, 8)] * 4
    assert [tuple(one.shape) for one in seen.attention] == [(3, 2, 7, 7)] * 3
    text = model.pool(seen.hidden[-1], batch.mask)
    torch.testing.assert_close(model.output(text), scores)
    before = len(seen.hidden)
    model(batch)
    assert len(seen.hidden) == before, "outside the context nobody looks"


def test_a_recurrent_net_has_no_layers_to_match() -> None:
    model = models.build({"name": "bilstm_attention", "hidden_size": 4}, inputs=Inputs(PIECES, CLASSES))
    with pytest.raises(ConfigurationError) as caught:
        Insides(model)
    assert caught.value.code == "distillation.no_layers" and "BiLSTMAttention" in caught.value.message


@pytest.mark.parametrize(
    ("given", "student", "teacher", "wanted"),
    [
        ((), 3, 12, (0, 4, 8, 12)),
        ((), 2, 2, (0, 1, 2)),
        ((), 1, 6, (0, 6)),
        ((0, 1, 12), 2, 12, (0, 1, 12)),
    ],
)
def test_layer_maps(given: tuple[int, ...], student: int, teacher: int, wanted: tuple[int, ...]) -> None:
    assert layer_map(given, student, teacher) == wanted


@pytest.mark.parametrize("given", [(0, 7), (0, 1), (0, 1, 2, 3), (0, -1, 2)])
def test_layer_maps_that_do_not_fit(given: tuple[int, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        layer_map(given, 2, 6)
    assert caught.value.code == "distillation.layer_map"
    assert "needs 3 numbers" in caught.value.message and "0 - 6" in caught.value.message


def test_matching_is_the_mean_over_matched_layers() -> None:
    batch, student, teacher = text_batch(), build(layers=1), build(layers=2, hidden_size=12)
    with torch.no_grad(), Insides(student) as own, Insides(teacher) as its:
        student(batch), teacher(batch)
    matching = Matching((0, 2), (own.width, its.width), seed=3)
    hidden = [
        hidden_loss(project(own.hidden[number]), its.hidden[layer], batch.mask)
        for number, layer, project in zip((0, 1), (0, 2), matching.projections)
    ]
    torch.testing.assert_close(matching.hidden(own, its, batch.mask), (hidden[0] + hidden[1]) / 2)
    attention = attention_loss(own.attention[0], its.attention[1], batch.mask)
    torch.testing.assert_close(matching.attention(own, its, batch.mask), attention)
    again = Matching((0, 2), (own.width, its.width), seed=3)
    assert all(torch.equal(a, b) for a, b in zip(matching.state_dict().values(), again.state_dict().values()))


def unit(student: Any, teacher: Any = None, **changes: Any) -> DistillationUnit:
    from tengjia.base_tasks.text_classification.unit import TextClassificationUnit

    criterion = criteria.build({"name": "cross_entropy"}, model=student)
    own = TextClassificationUnit(student, criterion)
    return DistillationUnit(own, student, criterion, Distil.Config(**changes), teacher, seed=1)


def taught(teacher: Any) -> TaughtBatch:
    batch = text_batch()
    with torch.no_grad():
        scores = teacher(batch)
    return TaughtBatch(batch, scores, torch.tensor([True, True, False]), batch.index)


def test_the_loss_mixes_teacher_and_labels_as_it_should() -> None:
    student, teacher = build(), build(layers=1, hidden_size=12)
    batch = taught(teacher)
    scores = student(batch.batch)
    target = batch.batch.target
    assert target is not None
    hard = torch.nn.functional.cross_entropy(scores[:2], target[:2], reduction="sum")  # the third text has no label
    soft = 4 * torch.nn.functional.kl_div((scores / 2).log_softmax(-1), (batch.scores / 2).softmax(-1), reduction="sum")
    loss = unit(student, soft_weight=0.7, temperature=2.0).training_step(batch)
    assert loss.weight == 3
    torch.testing.assert_close(loss.total, 0.7 * soft + 0.3 * hard, rtol=1e-4, atol=1e-5)


def test_layers_are_added_and_projections_learn_but_the_teacher_does_not() -> None:
    student, teacher = build(), build(layers=4, hidden_size=12)
    batch = taught(teacher)
    plain = unit(build(), soft_weight=1.0).training_step(batch).total
    matched = unit(student, teacher, soft_weight=1.0, hidden_weight=0.5, attention_weight=0.25)
    total = matched.training_step(batch).total
    with torch.no_grad(), Insides(student) as own, Insides(teacher) as its:
        student(batch.batch), teacher(batch.batch)
    matching = student.get_submodule(NAME)
    more = 0.5 * matching.hidden(own, its, batch.batch.mask).sum()
    more = more + 0.25 * matching.attention(own, its, batch.batch.mask).sum()
    torch.testing.assert_close(total, plain + more, rtol=1e-4, atol=1e-5)
    total.backward()
    assert all(parameter.grad is not None for parameter in matching.parameters())
    assert all(parameter.grad is None for parameter in teacher.parameters())


def test_attention_needs_as_many_heads() -> None:
    with pytest.raises(ConfigurationError) as caught:
        unit(build(), build(heads=4), attention_weight=1.0)
    assert caught.value.code == "distillation.other_heads" and "student.parameters.heads=4" in caught.value.hint
    assert unit(build(), build(heads=4), hidden_weight=1.0).insides is not None
