"""Modules without their first weights: nothing is drawn, everything that is fixed stands."""

from __future__ import annotations

import torch
from torch import nn

from tengjia.layers.undrawn import undrawn


def test_nothing_is_drawn():
    before = torch.get_rng_state()
    with undrawn():
        nn.Linear(3, 4), nn.LSTM(3, 4), nn.Embedding(5, 6), nn.MultiheadAttention(4, 2)
        torch.empty(3).normal_(), nn.init.xavier_uniform_(torch.empty(3, 3)), nn.init.orthogonal_(torch.empty(3, 3))
    assert torch.equal(torch.get_rng_state(), before)


def test_what_is_fixed_stands():
    with undrawn():
        norm, embedding = nn.LayerNorm(4), nn.Embedding(5, 3, padding_idx=0)
        filled = nn.init.constant_(torch.empty(3), 2.0)
    assert norm.weight.tolist() == [1.0] * 4 and norm.bias.tolist() == [0.0] * 4
    assert embedding.weight[0].tolist() == [0.0] * 3 and filled.tolist() == [2.0] * 3


def test_it_ends_with_its_block():
    with undrawn():
        pass
    torch.manual_seed(1)
    first = nn.Linear(3, 4).weight.clone()
    torch.manual_seed(2)
    assert not torch.equal(first, nn.Linear(3, 4).weight)


def test_on_the_meta_device():
    with torch.device("meta"), undrawn():
        assert nn.Embedding(10**9, 10**3).weight.shape == (10**9, 10**3)
