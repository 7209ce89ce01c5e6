"""Models of pairs: shapes, padding, empty texts, pooling as a folder says, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.contracts import Batch, Inputs
from tengjia.data.scale import Scale
from tengjia.errors import CheckpointError
from tengjia.layers.comparison import Comparison, cosine
from tengjia.layers.sentence_folder import pooling_of
from tengjia.layers.text_pooling import POOLINGS, pooled
from tengjia.registry import models
from tests.models.samples import make_encoder

NAMES = ("siamese_bilstm", "siamese_bert", "bert_cross_encoder", "alignment", "bert_alignment")


def batch(lengths: tuple[int, ...] = (6, 3, 4), *, padding: int = 0, rubbish: int = 0) -> Batch:
    """Random pieces; what stands in the padding is `rubbish`."""
    torch.manual_seed(1)
    mask = torch.arange(max(lengths) + padding) < torch.tensor(lengths)[:, None]
    ids = torch.randint(2, 30, (len(lengths), max(lengths)))
    ids = torch.nn.functional.pad(ids, (0, padding)).masked_fill(~mask, rubbish)
    segments = (torch.arange(mask.shape[1]) >= 2).long().expand(len(lengths), -1)
    return Batch(ids, mask, features={"segments": segments.masked_fill(~mask, 0)})


def build(name: str, folder: Path, **values: Any) -> Any:
    torch.manual_seed(2)
    encoder = make_encoder(folder / "encoder") if "bert" in name else None
    inputs = Inputs(pieces=30, labels=Scale(), encoder=encoder)
    return models.build({"name": name, **values}, inputs=inputs)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pooling", ["", "mean", "max", "first"])
def test_padding_changes_nothing(name: str, pooling: str, tmp_path: Path):
    if (name == "siamese_bilstm" and pooling == "first") or (pooling and "alignment" in name):
        return
    model = build(name, tmp_path, **({"pooling": pooling} if pooling else {})).eval()
    plain, padded = model(batch()), model(batch(padding=4, rubbish=9))
    torch.testing.assert_close(plain, padded)
    if model.decoder == "score":
        assert plain.shape == (3,)
        assert bool(((plain > 0) & (plain < 1)).all())
    else:
        assert plain.ndim == 2
        assert model.compare(plain, plain).tolist() == pytest.approx([1.0] * 3)


@pytest.mark.parametrize("values", [{}, {"hidden_size": 0}, {"bag": False}, {"vector_size": 7}, {"pooling": "mean"}])
def test_the_forms_of_the_lstm(values: dict[str, Any], tmp_path: Path):
    model = build("siamese_bilstm", tmp_path, comparison="learned", **values)
    found = model(batch())
    score = model.compare(found, found.flip(0))
    assert score.shape == (3,)
    score.sum().backward()
    assert all(weight.grad is not None for weight in model.parameters())


def test_a_text_of_nothing_is_a_zero_vector_that_fits_nothing(tmp_path: Path):
    model = build("siamese_bilstm", tmp_path).eval()
    found = model(batch((0, 3))).detach()
    assert not found[0].any()
    assert float(model.compare(found[0], found[1])) == 0.0


@pytest.mark.parametrize("kind", ["cosine", "learned"])
def test_comparisons_are_symmetric_and_broadcast(kind: Any):
    torch.manual_seed(0)
    comparison = Comparison(5, kind).eval()
    query, index = torch.randn(5), torch.randn(9, 5)
    together = comparison(query, index)
    torch.testing.assert_close(together, torch.stack([comparison(row, query) for row in index]))
    assert together.shape == (9,)


def test_poolings_by_hand():
    hidden = torch.randn(2, 3, 4)
    mask = torch.tensor([[True, True, False], [False, False, False]])
    torch.testing.assert_close(pooled(hidden, mask, "mean")[0], hidden[0, :2].mean(0))
    torch.testing.assert_close(pooled(hidden, mask, "max")[0], hidden[0, :2].amax(0))
    torch.testing.assert_close(pooled(hidden, mask, "first")[0], hidden[0, 0])
    assert not any(pooled(hidden, mask, how)[1].any() for how in POOLINGS)


FOLDERS: list[tuple[object, str]] = [
    ({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, "mean"),
    ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "first"),
    ({"pooling_mode_max_tokens": True}, "max"),
    ({"pooling_mode": "cls"}, "first"),
]


@pytest.mark.parametrize(("content", "how"), FOLDERS)
def test_a_folder_says_how_vectors_are_made(content: object, how: str, tmp_path: Path):
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling/config.json").write_text(json.dumps(content))
    assert pooling_of(tmp_path) == how


def test_a_folder_that_is_silent_means_the_mean(tmp_path: Path):
    assert pooling_of(tmp_path) == pooling_of(None) == "mean"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"pooling_mode_weightedmean_tokens": true}', "[" * 100_000])
def test_a_folder_that_makes_no_sense_is_told(content: str, tmp_path: Path):
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling/config.json").write_text(content)
    with pytest.raises(CheckpointError, match="sentence encoder") as caught:
        pooling_of(tmp_path)
    assert "model.pooling=mean" in str(caught.value.hint)


def test_the_pooling_of_a_folder_goes_with_the_weights(tmp_path: Path):
    first = build("siamese_bert", tmp_path)
    assert POOLINGS[int(first.pooling)] == "mean"
    (tmp_path / "encoder/1_Pooling").mkdir()
    (tmp_path / "encoder/1_Pooling/config.json").write_text('{"pooling_mode_cls_token": true}')
    inputs = Inputs(pieces=30, labels=Scale(), encoder=tmp_path / "encoder")
    said = models.build({"name": "siamese_bert"}, inputs=inputs)
    assert POOLINGS[int(said.pooling)] == "first"
    first.load_state_dict(said.state_dict())
    torch.testing.assert_close(first.eval()(batch()), said.eval()(batch()))


def test_segments_matter_to_an_encoder_that_knows_them(tmp_path: Path):
    model = build("bert_cross_encoder", tmp_path).eval()
    given = batch()
    other = Batch(given.ids, given.mask, features={"segments": torch.zeros_like(given.ids)})
    assert not torch.allclose(model(given), model(other))


def test_an_encoder_without_segments_is_used_without(tmp_path: Path):
    encoder = make_encoder(tmp_path / "roberta", "roberta", type_vocab_size=1)
    inputs = Inputs(pieces=30, labels=Scale(), encoder=encoder)
    model = models.build({"name": "bert_cross_encoder"}, inputs=inputs).eval()
    given = batch()
    other = Batch(given.ids, given.mask, features={"segments": torch.zeros_like(given.ids)})
    torch.testing.assert_close(model(given), model(other))


def test_cosine_of_zero_is_zero():
    assert float(cosine(torch.zeros(3), torch.ones(3))) == 0.0
