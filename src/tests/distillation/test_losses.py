"""The losses against their formulas, written down a second time in numpy."""

from __future__ import annotations

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.distillation.losses import attention_loss, hidden_loss, soft_loss

SCORES = st.lists(st.lists(st.floats(-8, 8), min_size=3, max_size=3), min_size=2, max_size=2)
TEMPERATURES = st.floats(0.5, 20)


def softmax(values: numpy.ndarray) -> numpy.ndarray:
    powers = numpy.exp(values - values.max())
    return powers / powers.sum()


@given(SCORES, TEMPERATURES)
@settings(deadline=None, max_examples=60)
def test_divergence_of_softened_distributions_times_the_square(scores: list[list[float]], temperature: float) -> None:
    student, teacher = (torch.tensor([row], dtype=torch.float64) for row in scores)
    found = float(soft_loss(student, teacher, kind="kl", temperature=temperature, multiple=False))
    wanted, given = (softmax(numpy.array(row) / temperature) for row in (scores[1], scores[0]))
    assert found == pytest.approx(temperature**2 * (wanted * numpy.log(wanted / given)).sum(), rel=1e-3, abs=1e-4)


@given(SCORES, TEMPERATURES)
@settings(deadline=None, max_examples=60)
def test_several_classes_are_distributions_of_their_own(scores: list[list[float]], temperature: float) -> None:
    student, teacher = (torch.tensor([row]) for row in scores)
    found = float(soft_loss(student, teacher, kind="kl", temperature=temperature, multiple=True))
    wanted, given = (1 / (1 + numpy.exp(-numpy.array(row) / temperature)) for row in (scores[1], scores[0]))
    both = wanted * numpy.log(wanted / given) + (1 - wanted) * numpy.log((1 - wanted) / (1 - given))
    assert found == pytest.approx(temperature**2 * both.sum(), rel=1e-3, abs=1e-3)


def test_mean_square_of_scores_has_no_temperature() -> None:
    student, teacher = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[1.0, 4.0], [3.0, 1.0]])
    for temperature in (1.0, 5.0):
        found = soft_loss(student, teacher, kind="mse", temperature=temperature, multiple=False)
        assert found.tolist() == [2.0, 5.0]


@pytest.mark.parametrize("kind", ["kl", "mse"])
def test_equal_scores_cost_nothing_and_the_teacher_learns_nothing(kind: str) -> None:
    student = torch.tensor([[1.0, -2.0, 0.5]], requires_grad=True)
    teacher = torch.tensor([[1.0, -2.0, 0.5]], requires_grad=True)
    for multiple in (False, True):
        loss = soft_loss(student, teacher, kind=kind, temperature=3.0, multiple=multiple)  # type: ignore[arg-type]
        assert float(loss.detach()) == pytest.approx(0.0, abs=1e-6)
    soft_loss(student * 2, teacher, kind=kind, temperature=3.0, multiple=False).sum().backward()  # type: ignore[arg-type]
    assert student.grad is not None and teacher.grad is None


def test_gradients_keep_their_size_at_high_temperatures() -> None:
    """Hinton et al. 2015, section 2.1: with T squared they become (s - t) / C for scores of mean 0."""
    student = torch.tensor([[0.3, -0.1, -0.2]], requires_grad=True)
    teacher = torch.tensor([[0.5, 0.1, -0.6]])
    soft_loss(student, teacher, kind="kl", temperature=200.0, multiple=False).sum().backward()
    assert student.grad is not None
    torch.testing.assert_close(student.grad, (student.detach() - teacher) / 3, rtol=0.01, atol=1e-4)


def test_hidden_states_are_compared_where_pieces_are() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(3, 4, 5), torch.randn(3, 4, 5)
    mask = torch.arange(4) < torch.tensor([4, 2, 0])[:, None]
    found = hidden_loss(student, teacher, mask)
    for row, length in ((0, 4), (1, 2)):
        wanted = ((student[row, :length] - teacher[row, :length]) ** 2).mean()
        torch.testing.assert_close(found[row], wanted)
    assert float(found[2]) == 0.0


def test_attention_is_compared_between_pieces() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4)
    student[0, :, 2:] = float("nan")  # what a place without a piece asks for plays no part
    mask = torch.arange(4) < torch.tensor([2, 4])[:, None]
    found = attention_loss(student, teacher, mask)
    for row, length in ((0, 2), (1, 4)):
        square = (student[row, :, :length, :length] - teacher[row, :, :length, :length]) ** 2
        torch.testing.assert_close(found[row], square.mean())
