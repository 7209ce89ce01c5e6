"""Criteria for models without a CRF: formulas, masks, sums over units, gradients."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.nn import functional

from tengjia.registry import criteria

NAMES = ("cross_entropy", "focal", "dice")


def build(name: str, **values: Any) -> Any:
    return criteria.build({"name": name, **values}, model=None)


def sample(kind: torch.dtype = torch.float64) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    mask = torch.arange(5) < torch.tensor([5, 3, 1])[:, None]
    return torch.randn(3, 5, 4, dtype=kind, requires_grad=True), torch.randint(4, (3, 5)), mask


def test_every_registered_criterion_is_tested_here() -> None:
    assert set(criteria.entries()) == {*NAMES, "crf"}


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy(smoothing: float) -> None:
    scores, labels, mask = sample()
    expected = functional.cross_entropy(scores[mask], labels[mask], label_smoothing=smoothing, reduction="sum")
    torch.testing.assert_close(build("cross_entropy", label_smoothing=smoothing)(scores, labels, mask), expected)


def test_focal_is_cross_entropy_at_zero_and_follows_its_formula() -> None:
    scores, labels, mask = sample()
    torch.testing.assert_close(
        build("focal", gamma=0.0)(scores, labels, mask), build("cross_entropy")(scores, labels, mask)
    )
    p = torch.softmax(scores, -1).gather(2, labels[..., None])[..., 0][mask]
    torch.testing.assert_close(build("focal", gamma=2.0)(scores, labels, mask), (-((1 - p) ** 2) * p.log()).sum())


def test_dice_follows_its_formula() -> None:
    scores, labels, mask = sample()
    total = 0.0
    for probabilities, label in zip(torch.softmax(scores, -1)[mask], labels[mask], strict=True):
        for tag, p in enumerate(probabilities.tolist()):
            y, weighted = float(tag == label), (1 - p) ** 0.5 * p
            total += 1 - (2 * weighted * y + 0.7) / (weighted + y + 0.7)
    assert float(build("dice", alpha=0.5, smoothing=0.7)(scores, labels, mask).detach()) == pytest.approx(total)


@pytest.mark.parametrize("name", NAMES)
def test_following_the_gradient_makes_the_gold_tag_certain(name: str) -> None:
    scores = torch.zeros(1, 1, 3, requires_grad=True)
    for _ in range(1000):
        loss = build(name)(scores, torch.tensor([[1]]), torch.ones(1, 1, dtype=torch.bool))
        (gradient,) = torch.autograd.grad(loss, scores)
        scores = (scores - 0.5 * gradient).detach().requires_grad_()
    assert float(torch.softmax(scores.detach(), -1)[0, 0, 1]) > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_only_masked_units_count_and_parts_add_up(name: str) -> None:
    scores, labels, mask = sample()
    criterion = build(name)
    total = criterion(scores, labels, mask)
    rubbish = torch.where(mask[..., None], scores, 1e4)
    torch.testing.assert_close(criterion(rubbish, labels.masked_fill(~mask, 3), mask), total)
    parts = [criterion(scores[row : row + 1], labels[row : row + 1], mask[row : row + 1]) for row in range(3)]
    torch.testing.assert_close(torch.stack(parts).sum(), total)
    (gradient,) = torch.autograd.grad(total, scores)
    assert not gradient[~mask].any() and gradient[mask].any(-1).all()


@pytest.mark.parametrize("name", NAMES)
def test_an_ignored_label_does_not_count(name: str) -> None:
    scores, labels, mask = sample()
    without = mask & (labels != 2)
    expected = build(name)(scores, labels, without)
    torch.testing.assert_close(build(name, ignored_index=2)(scores, labels, mask), expected)
    assert float(build(name)(scores, labels, torch.zeros_like(mask)).detach()) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_is_summed_in_full_and_extremes_stay_finite(name: str) -> None:
    scores, labels, mask = sample(torch.bfloat16)
    assert build(name)(scores, labels, mask).dtype == torch.float32
    extreme = torch.full((1, 1, 3), -1e4)
    extreme[..., 0] = 1e4
    extreme.requires_grad_()
    for label in (0, 1):
        loss = build(name)(extreme, torch.tensor([[label]]), torch.ones(1, 1, dtype=torch.bool))
        (gradient,) = torch.autograd.grad(loss, extreme)
        assert loss.isfinite() and gradient.isfinite().all()
