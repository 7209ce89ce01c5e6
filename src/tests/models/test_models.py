"""Every registered tagger: shapes, padding, learning, freezing, rates, rebuilding from weights."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from src.tests.models.samples import LABELS, PIECES, make_batch, make_encoder, make_inputs, padded
from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
from tengjia.errors import ConfigurationError, TrainingError
from tengjia.layers.parameter_groups import parameter_groups
from tengjia.registry import criteria, models, optimizers

PLAIN = {
    "bilstm_crf": {"hidden_size": 12, "layers": 2},
    "bilstm_softmax": {"hidden_size": 12},
    "cnn_crf": {"hidden_size": 16},
    "transformer_crf": {"hidden_size": 16, "heads": 2, "feed_forward_size": 32},
}
PRETRAINED: dict[str, dict[str, Any]] = {
    "bert_crf": {},
    "bert_softmax": {},
    "bert_bilstm_crf": {"hidden_size": 12, "layers": 2},
}
ALL = {**PLAIN, **PRETRAINED}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoder"))


def build(name: str, encoder: Path, **changes: Any) -> Any:
    torch.manual_seed(1)
    inputs = make_inputs(encoder=encoder) if name in PRETRAINED else make_inputs()
    return models.build({"name": name, **ALL[name], **changes}, inputs=inputs)


def test_every_registered_tagger_is_tested_here() -> None:
    assert {name for name in models.entries() if models.load(name).decoder in ("crf", "softmax")} == set(ALL)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("units", [False, True], ids=["pieces", "units"])
def test_scores_do_not_depend_on_padding(name: str, units: bool, encoder: Path) -> None:
    model = build(name, encoder).eval()
    batch = make_batch(units=units)
    scores, more = model(batch), model(padded(batch, 4))
    mask = batch.label_mask
    assert scores.shape == (*mask.shape, len(LABELS))
    torch.testing.assert_close(more[:, : mask.shape[1]][mask], scores[mask], rtol=1e-4, atol=1e-5)
    alone = model(make_batch_of_one(batch, 1))
    length = int(mask[1].sum())
    torch.testing.assert_close(alone[0, :length], scores[1, :length], rtol=1e-4, atol=1e-5)


def make_batch_of_one(batch: Any, row: int) -> Any:
    """One example of a batch, with no padding at all."""
    from tengjia.contracts import Batch

    size, count = int(batch.mask[row].sum()), int(batch.label_mask[row].sum())
    cut = slice(row, row + 1)
    units = None if batch.units is None else batch.units[cut, :count]
    unit_mask = None if batch.unit_mask is None else batch.unit_mask[cut, :count]
    features = {name: values[cut, :size] for name, values in batch.features.items()}
    return Batch(batch.ids[cut, :size], batch.mask[cut, :size], units, unit_mask, batch.labels[cut, :count], features)


@pytest.mark.parametrize("name", ALL)
def test_decoding_and_probabilities(name: str, encoder: Path) -> None:
    model = build(name, encoder).eval()
    batch = make_batch()
    with torch.no_grad():
        scores = model(batch)
        tags, probabilities = model.decode(scores, batch.mask), model.probabilities(scores, batch.mask)
    assert tags.dtype == torch.long and not tags[~batch.mask].any() and not probabilities[~batch.mask].any()
    torch.testing.assert_close(probabilities.sum(-1)[batch.mask], torch.ones(int(batch.mask.sum())))
    if model.decoder == "crf":
        start, steps, end = LABELS.allowed
        for row, length in zip(tags.tolist(), batch.mask.sum(1).tolist()):
            assert start[row[0]] and end[row[length - 1]]
            assert all(steps[a, b] for a, b in itertools.pairwise(row[:length]))


@pytest.mark.parametrize("name", ALL)
def test_a_few_steps_learn_a_batch_by_heart(name: str, encoder: Path) -> None:
    model = build(name, encoder)
    criterion = criteria.build({"name": "crf" if model.decoder == "crf" else "cross_entropy"}, model=model)
    unit = SequenceLabelingUnit(model, criterion)
    rate = 1e-3 if name in PRETRAINED else 2e-2
    optimizer = optimizers.build({"name": "adamw", "lr": rate}, parameters=parameter_groups(model, lr=rate))
    batch, losses = make_batch(), []
    for _ in range(40):
        loss = unit.training_step(batch)
        loss.total.div(loss.weight).backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.total.detach()))
    assert loss.weight == 15
    assert losses[-1] < 0.75 * losses[0]


@pytest.mark.parametrize("name", ALL)
def test_every_parameter_gets_a_gradient(name: str, encoder: Path) -> None:
    # A parameter without one stops distributed training.
    model = build(name, encoder)
    batch = make_batch()
    scores = model(batch)
    if model.decoder == "crf":
        model.crf.negative_log_likelihood(scores, batch.labels, batch.mask).sum().backward()
    else:
        scores.sum().backward()
    assert [name for name, p in model.named_parameters() if p.requires_grad and p.grad is None] == []


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_drops_the_same(name: str, encoder: Path) -> None:
    model, batch = build(name, encoder), make_batch()
    results = []
    for seed in (5, 5, 6):
        torch.default_generator.manual_seed(seed)
        results.append(model(batch))
    assert torch.equal(results[0], results[1]) and not torch.equal(results[0], results[2])


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_bundle_needs_no_weights_of_the_encoder(name: str, encoder: Path, tmp_path: Path) -> None:
    trained = build(name, encoder).eval()
    (tmp_path / "config.json").write_bytes((encoder / "config.json").read_bytes())
    inputs = make_inputs(encoder=tmp_path, encoder_weights=False)
    again = models.build({"name": name, **ALL[name]}, inputs=inputs).eval()
    again.load_state_dict(trained.state_dict())
    batch = make_batch()
    torch.testing.assert_close(again(batch), trained(batch))


@pytest.mark.parametrize("name", PLAIN)
def test_pretrained_vectors_are_really_loaded(name: str, encoder: Path) -> None:
    generator = numpy.random.default_rng(0)
    vectors = generator.normal(size=(PIECES, 20)).astype(numpy.float32)
    vectors[7] = numpy.nan
    for frozen in (False, True):
        inputs = make_inputs(vectors=vectors, vectors_frozen=frozen)
        model = models.build({"name": name, **ALL[name], "extra_embedding_size": 6}, inputs=inputs)
        table = model.embedding.pieces.weight
        assert table.shape == (PIECES, 20) and table.requires_grad is not frozen
        ratio = table.detach().numpy()[2:7] / vectors[2:7]
        assert numpy.allclose(ratio, ratio[0, 0]) and abs(float(table[2:].detach().std()) - 0.3) < 0.03
        assert table[7].isfinite().all() and not table[0].any()
        assert model.embedding.width == 20 + 6 + 64
        model(make_batch())


def test_vectors_that_know_no_piece_leave_a_random_table() -> None:
    vectors = numpy.full((PIECES, 20), numpy.nan, numpy.float32)
    model = models.build({"name": "bilstm_crf"}, inputs=make_inputs(vectors=vectors))
    assert model.embedding.pieces.weight.isfinite().all()


def test_features_can_be_left_out_and_pieces_dropped() -> None:
    model = models.build({"name": "bilstm_crf", "feature_size": 0, "piece_dropout": 0.999}, inputs=make_inputs())
    assert model.embedding.width == 128
    batch = make_batch()
    ids = model.embedding._dropped(batch.ids, batch.mask)
    assert (ids[batch.mask] == 1).float().mean() > 0.9 and not ids[~batch.mask].any()
    assert torch.equal(model.embedding.eval()._dropped(batch.ids, batch.mask), batch.ids)


@pytest.mark.parametrize("kind", ["bert", "roberta", "electra", "distilbert"])
def test_other_encoders(kind: str, tmp_path: Path) -> None:
    sizes = {"n_layers": 2, "n_heads": 2, "dim": 16, "hidden_dim": 32} if kind == "distilbert" else {}
    folder = make_encoder(tmp_path / kind, kind, **sizes)
    changes = {"layer_decay": 0.5, "frozen_layers": 1}
    model = models.build({"name": "bert_crf", **changes}, inputs=make_inputs(encoder=folder)).eval()
    assert model(make_batch()).shape == (3, 7, 9)
    rates = sorted({rate for name, rate in model.rates.items() if name.startswith("encoder")})
    assert rates == [0.25, 0.5, 1.0]
    frozen = [name for name, parameter in model.named_parameters() if not parameter.requires_grad]
    assert any(".embeddings." in name for name in frozen) and any(".0." in name for name in frozen)
    assert not any("layer.1." in name for name in frozen)
    long = make_batch((23,)) if kind == "roberta" else make_batch((25,))
    with pytest.raises(TrainingError) as caught:
        model(long)
    assert caught.value.code == "model.too_long"


def test_layers_learn_at_their_own_rates(encoder: Path) -> None:
    model = build("bert_crf", encoder, layer_decay=0.5)
    groups = parameter_groups(model, lr=1e-4, weight_decay=0.1)
    rate_of = {id(p): (group["lr"], group["weight_decay"]) for group in groups for p in group["params"]}
    assert sum(len(group["params"]) for group in groups) == len(list(model.parameters()))
    expected = {
        "encoder.model.embeddings.word_embeddings.weight": (2.5e-5, 0.1),
        "encoder.model.encoder.layer.0.output.dense.weight": (5e-5, 0.1),
        "encoder.model.encoder.layer.1.output.dense.weight": (1e-4, 0.1),
        "encoder.model.encoder.layer.1.output.dense.bias": (1e-4, 0.0),
        "encoder.model.encoder.layer.1.output.LayerNorm.weight": (1e-4, 0.0),
        "output.weight": (1e-3, 0.1),
        "crf.transitions": (1e-2, 0.1),
        "crf.start": (1e-2, 0.0),
    }
    named = dict(model.named_parameters())
    assert {name: pytest.approx(rate_of[id(named[name])]) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "changes", "code", "message", "hint"),
    [
        ("bert_crf", {"frozen_layers": 3}, "model.too_few_layers", "has 2 layers", "at most 2"),
        ("bert_crf", {"freeze": ("encoder.modle",)}, "model.freeze_fits_nothing", "nearest: encoder.model", "pattern"),
        ("bilstm_crf", {"freeze": ("embeding",)}, "model.freeze_fits_nothing", "nearest: embedding", "beginning"),
    ],
)
def test_wrong_freezing_is_told(
    name: str, changes: dict[str, Any], code: str, message: str, hint: str, encoder: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(name, encoder, **changes)
    assert caught.value.code == code
    assert message in caught.value.message and hint in caught.value.hint


def test_freezing_by_pattern(encoder: Path) -> None:
    model = build("bilstm_crf", encoder, freeze=("embedding", "*.bias", "lstm.forwards.0"))
    learning = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert not any(name.startswith(("embedding.", "lstm.forwards.0.")) or name.endswith(".bias") for name in learning)
    assert "output.weight" in learning and "lstm.backwards.0.weight_ih_l0" in learning
    with pytest.raises(TrainingError) as caught:
        parameter_groups(build("bilstm_crf", encoder, freeze=("*",)), lr=1e-3)
    assert caught.value.code == "model.nothing_learns"


def test_a_rate_that_destroys_an_encoder_is_refused(encoder: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parameter_groups(build("bert_softmax", encoder), lr=2e-3)
    assert caught.value.code == "model.rate_too_high"
    assert "0.002" in caught.value.message and "optimizer.lr=3e-5" in caught.value.hint


def test_the_criterion_must_fit_the_model(encoder: Path) -> None:
    model = build("bilstm_softmax", encoder)
    with pytest.raises(ConfigurationError) as caught:
        SequenceLabelingUnit(model, criteria.build({"name": "crf"}, model=build("bilstm_crf", encoder)))
    assert caught.value.code == "model.criterion_does_not_fit"
    assert "decodes by `softmax`" in caught.value.message and "cross_entropy" in caught.value.hint


def test_heads_share_the_width_evenly() -> None:
    with pytest.raises(ConfigurationError, match=r"hidden_size = 100 cannot be shared evenly among 8 heads"):
        models.build({"name": "transformer_crf", "hidden_size": 100, "heads": 8}, inputs=make_inputs())
