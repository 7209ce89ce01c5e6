"""Losses of pairs: formulas by hand, which texts serve as wrong ones, sums over examples."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tengjia.errors import ConfigurationError
from tengjia.layers.comparison import Comparison, cosine
from tengjia.layers.negatives import strangers
from tengjia.registry import criteria

NAMES = ("triplet", "contrastive", "cosine", "regression", "ranking")


class Plain:
    """Compares by cosine."""

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        return cosine(first, second)


def build(name: str, **values: Any) -> Any:
    return criteria.build({"name": name, **values}, model=Plain())


def vectors(texts: int = 2, count: int = 5) -> tuple[Tensor, ...]:
    torch.manual_seed(0)
    return tuple(torch.randn(count, 4, dtype=torch.float64, requires_grad=True) for _ in range(texts))


TARGET = torch.tensor([1.0, 0.0, 0.8, 0.3, 1.0], dtype=torch.float64)
GROUPS = torch.tensor([0, 0, 1, 2, 2])


def euclidean(first: Tensor, second: Tensor) -> Tensor:
    return (first - second).norm(dim=-1)


def far(first: Tensor, second: Tensor) -> Tensor:
    return 1 - functional.cosine_similarity(first, second, dim=-1)


@pytest.mark.parametrize(("name", "distance"), [("cosine", far), ("euclidean", euclidean)])
@pytest.mark.parametrize("negatives", ["semi_hard", "hardest", "all"])
def test_triplets_of_a_batch_by_hand(name: str, distance: Any, negatives: str):
    first, second = vectors()
    margin = 0.5
    total = torch.zeros((), dtype=torch.float64)
    for i in (0, 2, 4):
        near = distance(first[i], second[i])
        wrong = [distance(first[i], second[j]) for j in range(5) if GROUPS[j] != GROUPS[i] or TARGET[j] < 0.5]
        if negatives == "all":
            total = total + sum((near - one + margin).clamp(min=0) for one in wrong) / len(wrong)
            continue
        chosen = min(wrong)
        if negatives == "semi_hard":
            beyond = [one for one in wrong if one > near]
            chosen = min(beyond) if beyond else max(wrong)
        total = total + (near - chosen + margin).clamp(min=0)
    found = build("triplet", margin=margin, distance=name, negatives=negatives)((first, second), TARGET, GROUPS)
    torch.testing.assert_close(found, total)


def test_a_third_text_is_the_wrong_one():
    first, second, third = vectors(3)
    near, wrong = far(first, second), far(first, third)
    expected = ((near - wrong + 0.3).clamp(min=0) * (TARGET >= 0.5)).sum()
    torch.testing.assert_close(build("triplet")((first, second, third), TARGET, GROUPS), expected)


def test_contrastive_and_cosine_follow_their_formulas():
    first, second, third = vectors(3)
    d, w = far(first, second), far(first, third)
    expected = (TARGET * d**2 + (1 - TARGET) * (0.5 - d).clamp(min=0) ** 2).sum()
    torch.testing.assert_close(build("contrastive")((first, second), TARGET, None), expected)
    third_too = expected + ((0.5 - w).clamp(min=0) ** 2).sum()
    torch.testing.assert_close(build("contrastive")((first, second, third), TARGET, None), third_too)
    torch.testing.assert_close(build("cosine")((first, second), TARGET, None), ((1 - d - TARGET) ** 2).sum())
    lower = ((1 - d - (2 * TARGET - 1)) ** 2).sum()
    torch.testing.assert_close(build("cosine", lowest=-1.0)((first, second), TARGET, None), lower)


def test_regression_of_scores_and_of_vectors():
    scores = torch.tensor([0.1, 0.9, 0.5, 0.3, 0.7], dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(build("regression")(scores, TARGET, None), ((scores - TARGET) ** 2).sum())
    steep = build("regression", loss="cross_entropy")
    expected = functional.binary_cross_entropy(scores, TARGET, reduction="sum")
    torch.testing.assert_close(steep(scores, TARGET, None), expected)
    sure = torch.tensor([0.0, 1.0], requires_grad=True)
    assert bool(steep(sure, torch.tensor([1.0, 0.0]), None).isfinite())
    first, second = vectors()
    given = ((functional.cosine_similarity(first, second) - TARGET) ** 2).sum()
    torch.testing.assert_close(build("regression")((first, second), TARGET, None), given)


def test_ranking_by_hand():
    first, second, third = vectors(3)
    total = torch.zeros((), dtype=torch.float64)
    for i in (0, 2, 4):
        rivals = [j for j in range(5) if j == i or GROUPS[j] != GROUPS[i] or TARGET[j] < 0.5]
        scores = [functional.cosine_similarity(first[i], second[j], dim=0) / 0.1 for j in rivals]
        scores += [functional.cosine_similarity(first[i], third[j], dim=0) / 0.1 for j in range(5)]
        total = total - torch.log_softmax(torch.stack(scores), 0)[rivals.index(i)]
    found = build("ranking", temperature=0.1)((first, second, third), TARGET, GROUPS)
    torch.testing.assert_close(found, total)


def test_ranking_both_ways_without_groups_is_the_mean_of_two_softmaxes():
    first, second = vectors()
    scores = functional.normalize(first, dim=-1) @ functional.normalize(second, dim=-1).T / 0.05
    rows = torch.arange(5)
    expected = (
        functional.cross_entropy(scores, rows, reduction="sum")
        + functional.cross_entropy(scores.T, rows, reduction="sum")
    ) / 2
    torch.testing.assert_close(build("ranking", symmetric=True)((first, second), None, None), expected)


def test_which_texts_may_serve_as_wrong_ones():
    fits = torch.tensor([1.0, 0.0, 1.0, 1.0])
    groups = torch.tensor([7, 7, 7, 8])
    allowed = strangers(fits, groups)
    for i, j in itertools.product(range(4), range(4)):
        assert bool(allowed[i, j]) == (groups[i] != groups[j] or fits[j] == 0), (i, j)


@pytest.mark.parametrize("name", ["contrastive", "cosine", "regression"])
def test_losses_of_parts_add_up(name: str):
    found = vectors()
    criterion = build(name)
    parts = [
        criterion(tuple(v[i : i + 1] for v in found), TARGET[i : i + 1], GROUPS[i : i + 1]) for i in range(len(TARGET))
    ]
    torch.testing.assert_close(torch.stack(parts).sum(), criterion(found, TARGET, GROUPS))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["zero vectors", "one pair", "no target"])
def test_loss_and_gradient_are_finite(name: str, kind: str):
    first, second = vectors()
    if kind == "zero vectors":
        first = torch.zeros_like(first, requires_grad=True)
    if kind == "one pair":
        first, second = (v[:1].detach().requires_grad_() for v in (first, second))
    target = None if kind == "no target" else TARGET[: len(first)]
    loss = build(name)((first, second), target, None if kind == "no target" else GROUPS[: len(first)])
    assert loss.dim() == 0
    assert bool(loss.isfinite())
    loss.backward()
    assert bool(second.grad.isfinite().all())
    assert first.grad is None or bool(first.grad.isfinite().all())


@pytest.mark.parametrize("name", sorted({*NAMES} - {"regression"}))
def test_a_learned_comparison_is_refused_where_the_loss_does_not_reach_it(name: str):
    model = SimpleNamespace(comparison=Comparison(4, "learned"))
    with pytest.raises(ConfigurationError, match="model.comparison=learned would stay as it began") as caught:
        criteria.build({"name": name}, model=model)
    assert "criterion=regression" in str(caught.value.hint)


@pytest.mark.parametrize("name", NAMES)
def test_following_the_gradient_brings_fitting_texts_together(name: str):
    first, second = (v.detach().requires_grad_() for v in vectors())
    criterion = build(name)
    before = cosine(first, second).detach()
    target = torch.tensor([1.0, 0, 1, 0, 1], dtype=torch.float64)
    optimizer = torch.optim.SGD([first, second], lr=0.2)
    for _ in range(200):
        optimizer.zero_grad()
        criterion((first, second), target, torch.arange(5)).backward()
        optimizer.step()
    after = cosine(first, second).detach()
    assert bool((after[target == 1] >= before[target == 1] - 1e-9).all())
    assert after[target == 1].mean() > after[target == 0].mean() + 0.2
