"""Models that measure coverage: what a question takes away, texts read once in training, what old sides see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.contracts import Batch, Inputs
from tengjia.data.scale import Scale
from tengjia.layers import coverage
from tengjia.layers.kept_states import KeptStates
from tengjia.layers.piece_weights import LEAST, PieceWeights
from tengjia.registry import models
from tengjia.testing.learning import resumes
from tengjia.testing.toy import run_in, toy_trainer
from tengjia.testing.toy_pairs import TOYS
from tengjia.testing.toys import seeded, unit_for
from tengjia.training.callback import Callback
from tests.models.samples import make_encoder

from .test_coverage import pair_batch

NAMES = ("alignment", "bert_alignment")
PAIRS = [([5, 6, 7], [8, 9, 5]), ([5, 6, 7], [10]), ([11, 12], [12, 5, 6, 7])]


def build(name: str, folder: Path, features: dict[str, int] | None = None, **values: Any) -> Any:
    torch.manual_seed(2)
    encoder = make_encoder(folder / "encoder") if "bert" in name else None
    inputs = Inputs(pieces=30, labels=Scale(), encoder=encoder, features=features or {})
    return models.build({"name": name, **values}, inputs=inputs)


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_in_the_question_counts_apart(name: str, tmp_path: Path):
    batch = pair_batch(PAIRS)
    unmarked = Batch(batch.ids, batch.mask, features={**batch.features, "given": batch.features["given"].clamp(max=1)})
    plain, told = build(name, tmp_path).train(), build(name, tmp_path, {"given": 3}).train()
    assert told.score.standardise.mean.shape[0] > plain.score.standardise.mean.shape[0]
    plain(batch), told(batch)
    torch.testing.assert_close(plain.eval()(batch), plain(unmarked))
    assert not torch.allclose(told.eval()(batch), told(unmarked))


def test_stems_are_one_more_likeness(tmp_path: Path):
    batch = pair_batch(PAIRS)
    batch.features["stems"] = torch.where(batch.ids > 3, batch.ids // 2, 0)
    model = build("alignment", tmp_path, {"stems": 20}).train()
    other = Batch(batch.ids, batch.mask, features={**batch.features, "stems": batch.ids.clone()})
    model(batch)
    assert not torch.allclose(model.eval()(batch), model(other))


@pytest.mark.parametrize("rarity", [True, False])
def test_every_parameter_learns(rarity: bool, tmp_path: Path):
    for name in NAMES:
        model = build(name, tmp_path / name, {"given": 3}, rarity=rarity, hidden_size=4).train()
        model(pair_batch(PAIRS))
        (model(pair_batch(PAIRS)) * torch.tensor([1.0, 2.0, -1.0])).sum().backward()
        assert [each for each, one in model.named_parameters() if one.grad is None] == []


def test_rare_pieces_count_more():
    weights = PieceWeights(12).train()
    batch = pair_batch([([5, 5, 6], [5]), ([5, 7], [6])], framed=False)
    texts = coverage.sides(batch.mask, batch.features)
    found = weights(batch.ids, texts)
    counts = {5: 3, 6: 2, 7: 1}
    for piece, weight in zip(batch.ids[batch.mask].tolist(), found[batch.mask].tolist()):
        expected = torch.tensor(5.0 / (counts[piece] + 1)).log() + LEAST
        assert weight == pytest.approx(float(expected))
    before = weights.counts.clone()
    weights.eval()(batch.ids, texts)
    assert torch.equal(weights.counts, before) and int(weights.texts) == 4
    assert float(weights(torch.tensor([[11]]), texts)) == pytest.approx(float(torch.tensor(5.0).log()) + LEAST)


def test_a_frozen_encoder_reads_each_text_once(tmp_path: Path):
    model = build("bert_alignment", tmp_path, frozen_layers=2, encoder_dropout=0.5).train()
    calls: list[tuple[int, ...]] = []
    run = model.encoder.states
    model.encoder.states = lambda ids, mask: calls.append(tuple(ids.shape)) or run(ids, mask)
    batch = pair_batch(PAIRS)
    first = model(batch)
    assert len(calls) == 5 and all(shape[0] == 1 for shape in calls)  # 5 6 7 is the reference of two answers
    model(batch)
    assert len(calls) == 5 and not model.encoder.model.training
    first.sum().backward()
    kept = model.eval()(batch)
    fresh = build("bert_alignment", tmp_path, frozen_layers=2).eval()
    fresh.load_state_dict(model.state_dict())
    torch.testing.assert_close(fresh(batch), kept)  # a model that only answers reads them together, and keeps nothing
    assert fresh._kept is None
    again = build("bert_alignment", tmp_path, frozen_layers=2).train()
    again.encoder.states = model.encoder.states
    again(batch)
    assert len(calls) == 5  # the next training of the process, as that of another fold, has them too
    again.encoder.states = run
    changed = build("bert_alignment", tmp_path, frozen_layers=2).train()
    with torch.no_grad():
        next(changed.encoder.parameters()).add_(0.1)
    changed(batch)
    assert changed._kept is not again._kept
    alone = pair_batch(PAIRS[:1])
    assert torch.equal(model(alone)[0], model(batch)[0]) or torch.allclose(model(alone)[0], kept[0], atol=1e-6)


def test_an_encoder_that_learns_is_read_every_time(tmp_path: Path):
    model = build("bert_alignment", tmp_path, frozen_layers=1).train()
    model(pair_batch(PAIRS))
    assert model._kept is None and model.encoder.model.training


def test_memory_is_bounded_and_texts_are_the_same_in_any_batch():
    calls: list[int] = []

    def encode(ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        calls.append(ids.shape[1])
        return [ids[..., None].float() * torch.ones(1, 1, 2**16), ids[..., None].float()]

    kept = KeptStates(1)  # MiB: one text of three pieces takes 0.75
    ids = torch.tensor([[1, 2, 3], [4, 5, 0]])
    mask = ids > 0
    wide, narrow = kept.states(encode, ids, mask)
    assert wide.shape == (2, 3, 2**16) and not wide[1, 2].any()
    assert narrow[..., 0].tolist() == ids.tolist()
    assert len(kept) == 1
    kept.states(encode, ids, mask)
    assert calls == [3, 2, 2]


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [0, 2])
def test_a_training_that_was_stopped_ends_in_the_same_bits(frozen: int, tmp_path: Path):
    toy = TOYS["score"]

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        KeptStates._last = None  # as in a process of its own
        seeded()
        model = build("bert_alignment", tmp_path, frozen_layers=frozen)
        return toy_trainer(8, run_in(run.path), more, toy=toy, unit=unit_for(toy, model))

    resumes(make_trainer, "bert_alignment")
