"""Criteria for tags without a CRF, and for classes: formulas, masks, sums over units, gradients, weights."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import torch
from torch.nn import functional

from tengjia.data.classes import Classes
from tengjia.data.labels import LabelSet
from tengjia.errors import ConfigurationError
from tengjia.registry import criteria

NAMES = ("cross_entropy", "focal", "dice")


def build(name: str, **values: Any) -> Any:
    return criteria.build({"name": name, **values}, model=None)


def sample(kind: torch.dtype = torch.float64) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    mask = torch.arange(5) < torch.tensor([5, 3, 1])[:, None]
    return torch.randn(3, 5, 4, dtype=kind, requires_grad=True), torch.randint(4, (3, 5)), mask


def test_every_registered_criterion_of_tags_or_classes_is_tested_here() -> None:
    fitting = {
        name for name in criteria.entries() if {"softmax", "classes", "crf"} & kinds(criteria.load(name).decoder)
    }
    assert fitting == {*NAMES, "binary_cross_entropy", "crf"}


def kinds(decoder: str | tuple[str, ...]) -> set[str]:
    return {decoder} if isinstance(decoder, str) else set(decoder)


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


COUNTED = Classes.counted([["few"]] * 2 + [["many"]] * 6 + [["some"]] * 4)
SEVERAL = Classes.counted([["a", "b"], ["b"], ["b"], []], multiple=True)


def weighing(name: str, labels: object = COUNTED, **values: Any) -> Any:
    return criteria.build({"name": name, **values}, model=SimpleNamespace(labels=labels))


@pytest.mark.parametrize("name", NAMES)
def test_whole_texts_are_units_too(name: str) -> None:
    scores, labels, mask = sample()
    flat = build(name)(scores[mask], labels[mask], mask[mask])
    torch.testing.assert_close(flat, build(name)(scores, labels, mask))


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    gold = ["few"] * 2 + ["many"] * 6 + ["some"] * 4
    expected = compute_class_weight("balanced", classes=numpy.array(COUNTED.names), y=gold)
    weights = weighing("cross_entropy", class_weights="balanced").weights
    assert weights.tolist() == pytest.approx(expected.tolist())
    assert float((weights * torch.tensor([2.0, 6.0, 4.0])).sum()) == pytest.approx(12.0)
    named = weighing("cross_entropy", class_weights="balanced", weight_of={"few": 3.0}).weights
    assert named.tolist() == pytest.approx([3 * expected[0], *expected[1:]])


@pytest.mark.parametrize("name", NAMES)
def test_a_weight_multiplies_the_loss_of_its_class(name: str) -> None:
    torch.manual_seed(2)
    scores, labels, mask = torch.randn(4, 3, dtype=torch.float64), torch.tensor([0, 1, 2, 0]), torch.ones(4).bool()
    plain, weighed = weighing(name), weighing(name, weight_of={"few": 5.0})
    if name == "dice":  # of which every class has its own share in every text
        assert float(weighed(scores, labels, mask)) > float(plain(scores, labels, mask))
        return
    of_few = mask & (labels == 0)
    expected = plain(scores, labels, ~of_few & mask) + 5.0 * plain(scores, labels, of_few)
    torch.testing.assert_close(weighed(scores, labels, mask), expected)


def test_binary_cross_entropy_and_its_weights() -> None:
    torch.manual_seed(3)
    scores, mask = torch.randn(3, 2, dtype=torch.float64), torch.tensor([True, True, False])
    gold = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    p, y = torch.sigmoid(scores[:2]), gold[:2]
    plain = -(y * p.log() + (1 - y) * (1 - p).log())
    torch.testing.assert_close(weighing("binary_cross_entropy", SEVERAL)(scores, gold, mask), plain.sum())
    balanced = weighing("binary_cross_entropy", SEVERAL, class_weights="balanced")
    assert balanced.weights.tolist() == pytest.approx([3.0, 1 / 3])  # a: 1 of 4 texts, b: 3 of 4
    expected = -(y * p.log() * torch.tensor([3.0, 1 / 3]) + (1 - y) * (1 - p).log()).sum()
    torch.testing.assert_close(balanced(scores, gold, mask), expected)
    smooth = weighing("binary_cross_entropy", SEVERAL, label_smoothing=0.2)
    drawn = y * 0.8 + 0.1
    torch.testing.assert_close(smooth(scores, gold, mask), -(drawn * p.log() + (1 - drawn) * (1 - p).log()).sum())


@pytest.mark.parametrize("name", ["binary_cross_entropy", "focal", "dice"])
def test_following_the_gradient_finds_several_classes(name: str) -> None:
    scores, gold = torch.zeros(1, 3, requires_grad=True), torch.tensor([[1.0, 0.0, 1.0]])
    for _ in range(1000):
        loss = build(name)(scores, gold, torch.ones(1, dtype=torch.bool))
        (gradient,) = torch.autograd.grad(loss, scores)
        scores = (scores - 0.5 * gradient).detach().requires_grad_()
    assert ((torch.sigmoid(scores) > 0.5) == gold.bool()).all()


def test_focal_of_several_classes_is_binary_cross_entropy_at_zero() -> None:
    torch.manual_seed(4)
    scores, gold, mask = torch.randn(5, 3), torch.randint(2, (5, 3)).float(), torch.ones(5, dtype=torch.bool)
    torch.testing.assert_close(
        build("focal", gamma=0.0)(scores, gold, mask), build("binary_cross_entropy")(scores, gold, mask)
    )


@pytest.mark.parametrize(
    ("labels", "values", "code", "words"),
    [
        (None, {"class_weights": "balanced"}, "model.no_classes_to_weigh", "does not tell its classes"),
        (Classes(("a", "b")), {"class_weights": "balanced"}, "model.no_class_counts", "criterion.weight_of"),
        (COUNTED, {"weight_of": {"meny": 2.0}}, "model.unknown_class_weight", "nearest: many"),
        (COUNTED, {"weight_of": {"many": -2.0}}, "model.negative_class_weight", "-2.0"),
    ],
)
def test_wrong_weights_are_told(labels: object, values: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        weighing("cross_entropy", labels, **values)
    assert caught.value.code == code
    assert words in f"{caught.value.message} {caught.value.hint}"
    if not {"class_weights"} & set(values) or labels is not None:
        with pytest.raises(ConfigurationError):
            weighing("binary_cross_entropy", labels, **values)


def test_tags_can_be_weighed_by_name() -> None:
    labels = LabelSet("bio", ("A",))
    assert weighing("cross_entropy", labels, weight_of={"O": 0.5}).weights.tolist() == [0.5, 1.0, 1.0]
