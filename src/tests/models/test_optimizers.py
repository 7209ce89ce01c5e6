"""Optimizers: each lowers a loss, saves its state exactly, and is the one of its paper."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from tengjia.layers.parameter_groups import parameter_groups
from tengjia.registry import optimizers

RATES = {"adamw": 0.05, "adam": 0.05, "sgd": 0.05, "adafactor": 0.3, "lion": 0.02}


def problem() -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    values = torch.randn(64, 4)
    return model, values, values.sum(1, keepdim=True).sin()


def build(name: str, model: nn.Module, **values: Any) -> torch.optim.Optimizer:
    groups = parameter_groups(model, lr=RATES[name], weight_decay=values.get("weight_decay", 0.0))
    optimizer: torch.optim.Optimizer = optimizers.build({"name": name, "lr": RATES[name], **values}, parameters=groups)
    return optimizer


def steps(model: nn.Module, optimizer: torch.optim.Optimizer, data: Any, count: int) -> list[float]:
    losses = []
    for _ in range(count):
        loss = nn.functional.mse_loss(model(data[0]), data[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def test_every_registered_optimizer_is_tested_here() -> None:
    assert set(optimizers.entries()) == set(RATES)


@pytest.mark.parametrize("name", RATES)
def test_the_loss_falls(name: str) -> None:
    model, *data = problem()
    losses = steps(model, build(name, model), data, 150)
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize("name", RATES)
def test_saved_state_goes_on_to_the_bit(name: str) -> None:
    model, *data = problem()
    optimizer = build(name, model)
    steps(model, optimizer, data, 10)
    again = copy.deepcopy(model)
    other = build(name, again)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    steps(model, optimizer, data, 10)
    steps(again, other, data, 10)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))


@pytest.mark.parametrize("name", sorted(set(RATES) - {"adam"}))
def test_weight_decay_shrinks_matrices_but_not_biases(name: str) -> None:
    model = nn.Linear(3, 3)
    with torch.no_grad():
        model.bias.fill_(1.0)
    before = model.weight.detach().clone()
    optimizer = build(name, model, weight_decay=0.5)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    assert (model.weight.abs() < before.abs()).all() and torch.equal(model.bias, torch.ones(3))


def test_lion_by_hand() -> None:
    weight = nn.Parameter(torch.tensor([[1.0, -2.0]]))
    values = {"name": "lion", "lr": 0.1, "weight_decay": 0.5, "beta1": 0.9, "beta2": 0.99}
    optimizer = optimizers.build(values, parameters=[{"params": [weight]}])
    momentum, expected = torch.zeros(1, 2), weight.detach().clone()
    for gradient in (torch.tensor([[0.3, -4.0]]), torch.tensor([[-0.001, 0.2]]), torch.tensor([[-9.0, 0.0]])):
        weight.grad = gradient
        optimizer.step()
        update = torch.sign(0.9 * momentum + 0.1 * gradient)
        expected = expected * (1 - 0.1 * 0.5) - 0.1 * update
        momentum = 0.99 * momentum + 0.01 * gradient
        torch.testing.assert_close(weight.detach(), expected)
    assert optimizer.step(lambda: 3.0) == 3.0


def test_the_fused_kernel_is_used() -> None:
    model, *_ = problem()
    assert all(group["fused"] for name in ("adamw", "adam", "sgd") for group in build(name, model).param_groups)
