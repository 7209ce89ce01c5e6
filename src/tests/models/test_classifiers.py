"""Every registered model of whole texts: shapes, padding, learning, freezing, rates, rebuilding from weights."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.models.samples import PIECES, make_batch, make_encoder, padded
from tengjia.contracts import Batch, Inputs
from tengjia.data.classes import Classes
from tengjia.errors import ConfigurationError
from tengjia.layers.attention_pooling import AttentionPooling
from tengjia.layers.ngram_bag import NgramBag
from tengjia.layers.ngram_weights import NgramWeights
from tengjia.layers.parameter_groups import parameter_groups
from tengjia.layers.pooling import POOLINGS
from tengjia.registry import criteria, models, optimizers

PLAIN: dict[str, dict[str, Any]] = {
    "text_cnn": {"filters": 12},
    "bilstm_attention": {"hidden_size": 12, "layers": 2},
    "fasttext": {"embedding_size": 16, "buckets": 50},
    "ngram_linear": {"buckets": 50},
    "transformer_classifier": {"hidden_size": 12, "heads": 2, "feed_forward_size": 24},
}
ALL: dict[str, dict[str, Any]] = {**PLAIN, "bert_classifier": {}}
CLASSES = Classes.counted([["one"], ["two"], ["three"], ["three"]])


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoder"))


def make_inputs(**changes: Any) -> Inputs:
    return Inputs(**{"pieces": PIECES, "labels": CLASSES, "features": {"bigrams": 40}, **changes})


def build(name: str, encoder: Path | None = None, **changes: Any) -> Any:
    torch.manual_seed(1)
    inputs = changes.pop("inputs", None) or make_inputs(encoder=encoder if name not in PLAIN else None)
    model = models.build({"name": name, **ALL[name], **changes}, inputs=inputs)
    if name == "ngram_linear":  # it begins with no opinion at all, and would pass every test of equality
        torch.nn.init.normal_(model.weights)
    return model


def text_batch(lengths: tuple[int, ...] = (7, 3, 5), seed: int = 0) -> Batch:
    return replace(make_batch(lengths, seed=seed), labels=None, target=torch.arange(len(lengths)) % 3)


def alone(batch: Batch, row: int) -> Batch:
    size = int(batch.mask[row].sum())
    features = {name: values[row : row + 1, :size] for name, values in batch.features.items()}
    return Batch(batch.ids[row : row + 1, :size], batch.mask[row : row + 1, :size], features=features)


def test_every_registered_classifier_is_tested_here() -> None:
    assert {name for name in models.entries() if models.load(name).decoder == "classes"} == set(ALL)


@pytest.mark.parametrize("name", ALL)
@settings(deadline=None, max_examples=15)
@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=4), more=st.integers(0, 5), seed=st.integers(0, 99))
def test_scores_do_not_depend_on_padding(name: str, encoder: Path, lengths: list[int], more: int, seed: int) -> None:
    model, batch = build(name, encoder).eval(), text_batch(tuple(lengths), seed)
    with torch.no_grad():
        scores, wider = model(batch), model(padded(batch, more))
        single = torch.cat([model(alone(batch, row)) for row in range(len(lengths))])
    assert scores.shape == (len(lengths), len(CLASSES))
    torch.testing.assert_close(wider, scores, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(single, scores, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PLAIN)
def test_a_text_without_pieces_has_finite_scores(name: str) -> None:
    batch = text_batch((3, 1))
    batch.mask[1] = False
    model = build(name)
    scores = model(batch)
    scores.sum().backward()
    assert scores.isfinite().all()
    assert all(parameter.grad is None or parameter.grad.isfinite().all() for parameter in model.parameters())


@pytest.mark.parametrize("pooling", POOLINGS)
def test_encoders_pool_as_told(pooling: str, encoder: Path) -> None:
    model = build("bert_classifier", encoder, pooling=pooling).eval()
    batch = text_batch()
    with torch.no_grad():
        hidden, scores, wider = model.encoder(batch.ids, batch.mask), model(batch), model(padded(batch, 4))
    torch.testing.assert_close(wider, scores, rtol=1e-4, atol=1e-5)
    for row, length in enumerate((7, 3, 5)):
        pieces = hidden[row, :length]
        text = {"cls": pieces[0], "mean": pieces.mean(0), "max": pieces.amax(0)}[pooling]
        torch.testing.assert_close(model.output(text), scores[row], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ALL)
def test_probabilities(name: str, encoder: Path) -> None:
    scores = torch.tensor([[1.0, 2.0, -1.0]], dtype=torch.bfloat16)
    one = build(name, encoder).probabilities(scores)
    assert one.dtype == torch.float32 and float(one.sum()) == pytest.approx(1.0)
    several = build(name, inputs=make_inputs(labels=replace(CLASSES, multiple=True), encoder=encoder))
    torch.testing.assert_close(several.probabilities(scores), torch.sigmoid(scores.float()))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("criterion", ["cross_entropy", "binary_cross_entropy"])
def test_a_few_steps_learn_a_batch_by_heart(name: str, criterion: str, encoder: Path) -> None:
    model = build(name, encoder)
    loss_of = criteria.build({"name": criterion}, model=model)
    rate = 1e-3 if name not in PLAIN else 2e-2
    optimizer = optimizers.build({"name": "adamw", "lr": rate}, parameters=parameter_groups(model, lr=rate))
    batch, losses = text_batch(), []
    assert batch.target is not None
    gold = batch.target if criterion == "cross_entropy" else torch.eye(3)[batch.target]
    for _ in range(40):
        loss = loss_of(model(batch), gold, torch.ones(3, dtype=torch.bool))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]
    assert model.eval()(batch).argmax(1).tolist() == batch.target.tolist()


@pytest.mark.parametrize("name", ALL)
def test_every_parameter_gets_a_gradient(name: str, encoder: Path) -> None:
    # A parameter without one stops distributed training; single pieces make no n-gram.
    for lengths in ((7, 3, 5), (1, 1)):
        model = build(name, encoder)
        model(text_batch(lengths)).sum().backward()
        assert [name for name, p in model.named_parameters() if p.requires_grad and p.grad is None] == []


@pytest.mark.parametrize("name", sorted(ALL.keys() - {"ngram_linear"}))
def test_the_same_seed_drops_the_same(name: str, encoder: Path) -> None:
    model, batch = build(name, encoder), text_batch()
    results = []
    for seed in (5, 5, 6):
        torch.default_generator.manual_seed(seed)
        results.append(model(batch))
    assert torch.equal(results[0], results[1]) and not torch.equal(results[0], results[2])


@pytest.mark.parametrize("name", sorted(PLAIN.keys() - {"ngram_linear"}))
def test_pretrained_vectors_are_really_loaded(name: str) -> None:
    vectors = numpy.random.default_rng(0).normal(size=(PIECES, 20)).astype(numpy.float32)
    for frozen in (False, True):
        model = build(name, inputs=make_inputs(vectors=vectors, vectors_frozen=frozen))
        table = model.embedding.pieces.weight
        ratio = table.detach().numpy()[2:] / vectors[2:]
        assert numpy.allclose(ratio, ratio[0, 0], rtol=1e-4) and table.requires_grad is not frozen
        model(text_batch())


def test_a_bundle_needs_no_weights_of_the_encoder(encoder: Path, tmp_path: Path) -> None:
    trained = build("bert_classifier", encoder).eval()
    (tmp_path / "config.json").write_bytes((encoder / "config.json").read_bytes())
    again = build("bert_classifier", inputs=make_inputs(encoder=tmp_path, encoder_weights=False)).eval()
    again.load_state_dict(trained.state_dict())
    torch.testing.assert_close(again(text_batch()), trained(text_batch()))


def test_layers_of_an_encoder_learn_at_their_own_rates_or_not_at_all(encoder: Path) -> None:
    model = build("bert_classifier", encoder, layer_decay=0.5, frozen_layers=1)
    groups = parameter_groups(model, lr=1e-4)
    assert {group["lr"] for group in groups} == {1e-4, 1e-3}
    frozen = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
    assert all(".embeddings." in name or ".layer.0." in name for name in frozen) and frozen
    with pytest.raises(ConfigurationError) as caught:
        parameter_groups(model, lr=1e-2)
    assert caught.value.code == "model.rate_too_high"


def test_a_bank_without_width_is_told() -> None:
    for widths in ((), (2, 0)):
        with pytest.raises(ConfigurationError) as caught:
            build("text_cnn", widths=widths)
        assert caught.value.code == "model.no_filters" and "model.widths=[2,3,4]" in caught.value.hint


@settings(deadline=None, max_examples=40)
@given(
    texts=st.lists(st.lists(st.integers(1, 5), max_size=6), min_size=1, max_size=4),
    longest=st.integers(1, 4),
    more=st.integers(0, 3),
)
def test_bags_hold_every_ngram_once_and_nothing_else(texts: list[list[int]], longest: int, more: int) -> None:
    torch.manual_seed(0)
    bag = NgramBag(4, longest=longest, buckets=100_003)
    width = max(map(len, texts)) + more
    ids = torch.tensor([row + [7] * (width - len(row)) for row in texts], dtype=torch.int64)
    mask = torch.arange(width) < torch.tensor([len(row) for row in texts])[:, None]
    sums, counts = bag(ids, mask)
    wanted = [
        Counter(tuple(row[i : i + n]) for n in range(2, longest + 1) for i in range(len(row) - n + 1)) for row in texts
    ]
    assert counts.tolist() == [sum(row.values()) for row in wanted]
    if longest == 1:
        return
    # Equal bags have equal sums, and texts with the same n-grams in other places too.
    for a, first in enumerate(wanted):
        for b, second in enumerate(wanted):
            assert torch.allclose(sums[a], sums[b], atol=1e-5) is (first == second)


@settings(deadline=None, max_examples=40)
@given(
    texts=st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=6), min_size=2, max_size=6),
    classes=st.lists(st.integers(-1, 2), min_size=6, max_size=6),
    minimum=st.integers(1, 2),
    cut=st.integers(1, 5),
)
def test_ngrams_weigh_what_they_tell(texts: list[list[int]], classes: list[int], minimum: int, cut: int) -> None:
    weights = NgramWeights(3, longest=3, buckets=1_000_003, minimum_count=minimum)
    width = max(map(len, texts))
    ids = torch.tensor([row + [7] * (width - len(row)) for row in texts], dtype=torch.int64)
    mask = torch.arange(width) < torch.tensor([len(row) for row in texts])[:, None]
    target = torch.tensor(classes[: len(texts)])
    batch = Batch(ids, mask, target=target)
    halves = [Batch(ids[part], mask[part], target=target[part]) for part in (slice(0, cut), slice(cut, None))]
    weights.count(half for half in halves if len(half.ids))
    found = [Counter(tuple(row[i : i + n]) for n in (1, 2, 3) for i in range(len(row) - n + 1)) for row in texts]
    known = [(bag, label) for bag, label in zip(found, target.tolist()) if label >= 0]
    having = {
        gram: [sum(gram in bag for bag, label in known if label == c) for c in range(3)]
        for bag in found
        for gram in bag
    }

    def told(gram: tuple[int, ...], label: int) -> float:
        inside, outside = (
            [(sum(counts) - counts[label] if other else counts[label]) + 1 for counts in having.values()]
            for other in (0, 1)
        )
        rest = 1_000_003 - len(having)
        one = having[gram]
        return math.log((one[label] + 1) / (sum(inside) + rest)) - math.log(
            (sum(one) - one[label] + 1) / (sum(outside) + rest)
        )

    numbers, codes, values = weights(batch)
    for number, bag in enumerate(found):
        rarity = {
            g: math.log((1 + len(known)) / (1 + sum(having[g]))) + 1 if sum(having[g]) >= minimum else 0.0 for g in bag
        }
        plain = {gram: (1 + math.log(times)) * rarity[gram] for gram, times in bag.items()}
        length = math.sqrt(sum(value**2 for value in plain.values())) or 1.0
        wanted = sorted([plain[gram] / length * told(gram, label) for label in range(3)] for gram in bag)
        numpy.testing.assert_allclose(sorted(values[numbers == number].tolist()), wanted, atol=1e-4)
        assert len(set(codes[numbers == number].tolist())) == len(bag)


def test_texts_of_many_classes_are_counted_for_each() -> None:
    one, many = (NgramWeights(3, longest=1, buckets=10, minimum_count=1) for _ in range(2))
    ids = torch.tensor([[2, 3], [3, 4]])
    mask, target = torch.ones_like(ids, dtype=torch.bool), torch.tensor([2, 0])
    one.count([Batch(ids, mask, target=target)])
    many.count([Batch(ids, mask, target=torch.eye(3)[target])])
    torch.testing.assert_close(one.ratio, many.ratio)
    torch.testing.assert_close(one.rarity, many.rarity)
    assert one.ratio[2, 2] > 0 > one.ratio[4, 2]


def test_ngrams_are_left_out_in_training_only() -> None:
    torch.manual_seed(0)
    bag, ids = NgramBag(4, longest=3, buckets=50, dropout=0.5), torch.randint(2, 9, (8, 100))
    mask = torch.ones_like(ids, dtype=torch.bool)
    counts = bag(ids, mask)[1]
    assert (counts < 160).all() and 0.4 < float(counts.sum()) / (8 * 197) < 0.6
    assert bag.eval()(ids, mask)[1].tolist() == [197] * 8


def test_attention_weights_sum_to_one_and_skip_padding() -> None:
    torch.manual_seed(0)
    pooling, values = AttentionPooling(6), torch.randn(3, 5, 6)
    mask = torch.arange(5) < torch.tensor([5, 2, 0])[:, None]
    weights = pooling.weights(values, mask)
    torch.testing.assert_close(weights.sum(1), torch.tensor([1.0, 1.0, 0.0]))
    assert not weights[~mask].any() and not pooling(values, mask)[2].any()
    torch.testing.assert_close(pooling(values, mask)[1], (weights[1, :2, None] * values[1, :2]).sum(0))
