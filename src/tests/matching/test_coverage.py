"""How much of one text stands in another: against loops over pieces; texts taken apart and read one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from tengjia.base_tasks.text_matching.columns import marked_batch
from tengjia.base_tasks.text_matching.joining import joined
from tengjia.contracts import Batch, Inputs
from tengjia.data.scale import Scale
from tengjia.layers import coverage
from tengjia.layers.apart import encoded_apart
from tengjia.layers.measured_score import Standardisation
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tests.models.samples import make_encoder

BEGIN, END = 2, 3
TEXT = some.lists(some.integers(1, 12), max_size=6)
PAIRS = some.lists(some.tuples(TEXT, TEXT), min_size=1, max_size=4)


def pair_batch(pairs: Sequence[tuple[list[int], list[int]]], *, framed: bool = True) -> Batch:
    """Joined pairs; pieces with an even number stand in the question too."""
    sides = []
    for side in (0, 1):
        rows = [numpy.array(pair[side], numpy.int32) for pair in pairs]
        marks = [numpy.where(row % 2 == 0, 2, 1) for row in rows]
        sides.append(marked_batch(rows, {"given": marks}, (BEGIN, END) if framed else None))
    return joined(sides[0], sides[1], longest=64)


def likeness(one: int, other: int) -> float:
    """A made-up likeness of pieces."""
    return 1.0 if one == other else 1.0 / (2 + abs(one - other))


def weight(piece: int) -> float:
    return 0.5 + piece % 5


def by_loops(first: list[int], second: list[int]) -> list[float]:
    """Share of the first in the second, of the second in the first, cosine of the bags."""

    def covered(own: list[int], other: list[int]) -> float:
        total = sum(weight(piece) for piece in own)
        found = sum(weight(piece) * max((likeness(piece, one) for one in other), default=0.0) for piece in own)
        return found / total if total else 0.0

    def product(one: list[int], other: list[int]) -> float:
        return sum(weight(a) * weight(b) * likeness(a, b) for a in one for b in other)

    norm = math.sqrt(product(first, first) * product(second, second))
    return [covered(first, second), covered(second, first), product(first, second) / norm if norm else 0.0]


@settings(deadline=None)
@given(PAIRS)
def test_as_by_loops_with_and_without_the_question(pairs: list[tuple[list[int], list[int]]]):
    batch = pair_batch(pairs)
    table = torch.tensor([[likeness(one, other) for other in range(14)] for one in range(14)])
    alike = table[batch.ids[:, :, None], batch.ids[:, None, :]]
    weights = torch.tensor([weight(piece) for piece in range(14)])[batch.ids]
    texts = coverage.sides(batch.mask, batch.features)
    told = coverage.coverage([alike], weights, texts, batch.features["given"] == coverage.GIVEN)
    assert told.shape == (len(pairs), coverage.measures(1, with_context=True))
    for row, (first, second) in zip(told.tolist(), pairs):
        demoted = [[piece for piece in text if piece % 2] for text in (first, second)]
        assert row[:3] == pytest.approx(by_loops(first, second), abs=1e-5)
        assert row[3:6] == pytest.approx(by_loops(*demoted), abs=1e-5)
        ratio = len(second) / (1 + len(first))
        assert row[6:] == pytest.approx(
            [math.log1p(len(first)), math.log1p(len(second)), math.log1p(ratio), min(1, ratio)], abs=1e-5
        )


def test_the_same_known_piece():
    ids = torch.tensor([[5, 1, 5, 1, 7]])
    expected = [[1, 0, 1, 0, 0], [0] * 5, [1, 0, 1, 0, 0], [0] * 5, [0, 0, 0, 0, 1]]
    assert coverage.same_pieces(ids)[0].tolist() == expected


def test_texts_of_nothing_measure_nothing_and_have_a_gradient():
    batch = pair_batch([([], []), ([4], []), ([], [5])])
    weights = torch.ones(batch.ids.shape, requires_grad=True)
    texts = coverage.sides(batch.mask, batch.features)
    told = coverage.coverage([coverage.same_pieces(batch.ids)], weights, texts, batch.features["given"] == 2)
    assert not told[:, :6].any()
    told.sum().backward()
    assert weights.grad is not None and bool(weights.grad.isfinite().all())


@pytest.mark.parametrize("framed", [True, False])
def test_texts_taken_apart_are_read_as_if_alone(framed: bool, tmp_path: Path):
    encoder = PretrainedEncoder(
        PretrainedEncoder.Config(), Inputs(pieces=30, labels=Scale(), encoder=make_encoder(tmp_path / "encoder"))
    ).eval()
    pairs = [([5, 6, 7], [8, 9]), ([5, 6, 7], [10]), ([11], [5, 6, 7, 8, 9]), ([12], [12])]
    batch = pair_batch(pairs, framed=framed)
    seen: list[int] = []

    def encode(ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        seen.append(len(ids))
        return encoder.states(ids, mask)

    with torch.no_grad():
        found = encoded_apart(batch, encode)
        assert seen == [6]  # 5 6 7 once as a first text, and 12 once
        for row, texts in enumerate(pairs):
            place = 0
            for number, text in enumerate(texts):
                whole = [BEGIN, *text, END] if framed else text
                ids = torch.tensor([whole])
                alone = encoder.states(ids, torch.ones_like(ids, dtype=torch.bool))
                skipped = 1 if framed and number else 0  # the piece before a second text was left out
                for states, expected in zip(found, alone):
                    shown = states[row, place : place + len(whole) - skipped]
                    torch.testing.assert_close(shown, expected[0, skipped:], rtol=1e-4, atol=1e-5)
                place += len(whole) - skipped
            assert not found[-1][row, place:].any()


def test_hidden_states_end_in_the_last_one(tmp_path: Path):
    encoder = PretrainedEncoder(
        PretrainedEncoder.Config(), Inputs(pieces=30, labels=Scale(), encoder=make_encoder(tmp_path / "encoder"))
    ).eval()
    ids, mask = torch.tensor([[2, 5, 3]]), torch.ones(1, 3, dtype=torch.bool)
    states = encoder.states(ids, mask)
    assert len(states) == 3
    torch.testing.assert_close(states[-1], encoder(ids, mask))


@settings(deadline=None)
@given(some.lists(some.integers(1, 9), min_size=1, max_size=6), some.integers(0, 9))
def test_measures_are_brought_to_one_scale(sizes: list[int], seed: int):
    random = numpy.random.default_rng(seed)
    rows = [torch.from_numpy(random.normal(3, [1e-3, 50.0], (size, 2))).float() for size in sizes]
    layer = Standardisation(2)
    for row in rows:
        layer(row)
    whole = torch.cat(rows)
    torch.testing.assert_close(layer.mean, whole.mean(0), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(layer.spread / len(whole), whole.var(0, correction=0), rtol=1e-2, atol=1e-6)
    layer.eval()
    before = layer.mean.clone()
    result = layer(whole)
    assert torch.equal(layer.mean, before)
    if len(whole) > 1:
        torch.testing.assert_close(result.mean(0), torch.zeros(2), rtol=0, atol=2e-2)


def test_what_never_varies_says_nothing():
    layer = Standardisation(2)
    assert layer.eval()(torch.tensor([[3.0, 4.0]])).tolist() == [[0.0, 0.0]]
    layer.train()
    shown = layer(torch.tensor([[1.0, 2.0], [1.0, 4.0]]))
    assert shown.tolist() == [[0.0, -1.0], [0.0, 1.0]]
