"""Dropout, the bidirectional LSTM, attention, reversal, and other small parts."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.dilated_cnn import DilatedCNN
from tengjia.layers.dropout import Dropout
from tengjia.layers.reversal import reversal, reverse, rows
from tengjia.layers.transformer import TransformerEncoder, sinusoids
from tengjia.layers.units import at_units


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("variational", [False, True])
def test_dropout_keeps_the_expectation(share: float, variational: bool) -> None:
    torch.manual_seed(0)
    dropout = Dropout(share, variational=variational)
    values = torch.ones(200, 5, 301)
    result = dropout(values)
    kept = (result != 0).float().mean()
    assert abs(float(kept) - (1 - share)) < 0.01
    assert abs(float(result.mean()) - 1) < 0.02
    scale = 1 / (1 - round(share * 65536) / 65536)
    torch.testing.assert_close(result[result != 0].unique(), torch.tensor([scale]))
    same = bool((result == result[:, :1]).all())
    assert same is variational


@given(st.lists(st.integers(1, 7), min_size=1, max_size=4), st.integers(0, 2**31))
@settings(max_examples=50, deadline=None)
def test_dropout_masks_are_independent_of_shape_and_a_function_of_the_seed(shape: list[int], seed: int) -> None:
    dropout, values = Dropout(0.5), torch.ones(shape)
    results = []
    for _ in range(2):
        torch.default_generator.manual_seed(seed)
        results.append(dropout(values))
    assert torch.equal(*results) and results[0].shape == values.shape


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.parametrize("variational", [False, True])
def test_dropout_can_be_compiled(variational: bool) -> None:
    torch.manual_seed(0)
    values = torch.ones(50, 20, 30, requires_grad=True)
    result = torch.compile(Dropout(0.5, variational=variational), backend="aot_eager")(values)
    result.sum().backward()
    assert values.grad is not None and torch.equal(result != 0, values.grad != 0)
    assert abs(float((result != 0).float().mean()) - 0.5) < 0.05 and set(result.unique().tolist()) == {0.0, 2.0}
    assert bool((result == result[:, :1]).all()) is variational


def test_dropout_rests_in_evaluation_and_at_zero() -> None:
    values = torch.ones(3, 4)
    state = torch.get_rng_state()
    assert Dropout(0.5).eval()(values) is values and Dropout(0.0)(values) is values
    assert torch.equal(torch.get_rng_state(), state)


def test_dropout_backward_uses_the_same_mask() -> None:
    values = torch.ones(50, 50, requires_grad=True)
    result = Dropout(0.5)(values)
    result.sum().backward()
    assert values.grad is not None and torch.equal(values.grad, result.detach())


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_reversal_turns_each_sequence_and_is_its_own_inverse(lengths: list[int]) -> None:
    steps = max(6, *lengths)
    order = rows(reversal(torch.tensor(lengths), steps))
    values = torch.arange(len(lengths) * steps, dtype=torch.float64).view(steps, len(lengths), 1).requires_grad_()
    turned = reverse(values, order)
    for row, length in enumerate(lengths):
        assert turned[:length, row, 0].tolist() == values[:length, row, 0].tolist()[::-1]
    assert torch.equal(reverse(turned, order), values)
    weights = torch.rand_like(values)
    (gradient,) = torch.autograd.grad((turned * weights).sum(), values)
    torch.testing.assert_close(gradient, reverse(weights, order))


def test_bidirectional_lstm_equals_a_packed_one() -> None:
    torch.manual_seed(0)
    mine = BidirectionalLSTM(6, 5, layers=2).double()
    theirs = nn.LSTM(6, 5, num_layers=2, bidirectional=True, batch_first=True).double()
    with torch.no_grad():
        for layer in range(2):
            for one_way, suffix in ((mine.forwards[layer], ""), (mine.backwards[layer], "_reverse")):
                for name, values in one_way.named_parameters():
                    getattr(theirs, name.replace("l0", f"l{layer}{suffix}")).copy_(values)
    lengths = torch.tensor([7, 2, 5])
    mask = torch.arange(7) < lengths[:, None]
    values = torch.randn(3, 7, 6, dtype=torch.float64, requires_grad=True)
    packed = nn.utils.rnn.pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
    expected, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0], batch_first=True)
    got = mine(values, mask)
    torch.testing.assert_close(got[mask], expected[mask])
    (one,) = torch.autograd.grad(got[mask].square().sum(), values)
    (other,) = torch.autograd.grad(expected[mask].square().sum(), values)
    torch.testing.assert_close(one, other)


@pytest.mark.parametrize("positions", ["relative", "sinusoidal"])
def test_transformers_know_where_things_stand(positions: str) -> None:
    torch.manual_seed(0)
    sizes = {"layers": 1, "heads": 2, "feed_forward_size": 16, "positions": positions, "reach": 3}
    encoder = TransformerEncoder(8, 8, **sizes).eval()
    values = torch.randn(1, 1, 8).expand(1, 6, 8).clone()
    mask = torch.ones(1, 6, dtype=torch.bool)
    values[0, 2] += 1.0
    hidden = encoder(values, mask)
    # The same piece just before and just after another one is seen differently.
    assert not torch.allclose(hidden[0, 1], hidden[0, 3], atol=1e-4)


def test_sinusoids_are_those_of_the_paper() -> None:
    table = sinusoids(4, 6)
    assert table.shape == (4, 6)
    torch.testing.assert_close(table[3, 2], torch.tensor(3 / 10000 ** (2 / 6)).sin())
    torch.testing.assert_close(table[3, 3], torch.tensor(3 / 10000 ** (2 / 6)).cos())


def test_a_sequence_without_pieces_brings_no_nan() -> None:
    encoder = TransformerEncoder(4, 4, layers=1, heads=1, feed_forward_size=8)
    values, mask = torch.randn(2, 3, 4), torch.tensor([[True, True, False], [False, False, False]])
    encoder(values, mask)[0].sum().backward()
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)


def test_convolutions_reach_as_far_as_their_dilations() -> None:
    torch.manual_seed(0)
    cnn = DilatedCNN(4, 8, dilations=(1, 2, 4), blocks=1).eval()
    values = torch.randn(1, 30, 4)
    mask = torch.ones(1, 30, dtype=torch.bool)
    changed = values.clone()
    changed[0, 15] += 1.0
    differs = (cnn(values, mask) - cnn(changed, mask)).abs().amax(-1)[0] > 1e-6
    assert differs.nonzero()[:, 0].tolist() == list(range(15 - 7, 15 + 7 + 1))


def test_units_are_picked() -> None:
    values = torch.arange(12.0).view(1, 6, 2)
    assert at_units(values, None) is values
    assert at_units(values, torch.tensor([[4, 1]])).tolist() == [[[8.0, 9.0], [2.0, 3.0]]]
