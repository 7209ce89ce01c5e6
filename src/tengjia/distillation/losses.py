"""How far a student is from its teacher: by scores, by hidden states, by attention. Each gives a number a text."""

from __future__ import annotations

from typing import Literal

from torch import Tensor
from torch.nn import functional

SoftLoss = Literal["kl", "mse"]


def soft_loss(student: Tensor, teacher: Tensor, *, kind: SoftLoss, temperature: float, multiple: bool) -> Tensor:
    """The response-based loss of each text, `[B]`.

    `kl` is the Kullback-Leibler divergence of the teacher's softened distribution from the student's, times the square
    of the temperature, so that its gradients keep their size at every temperature (Hinton, Vinyals and Dean 2015,
    section 2). Where a text may have several classes, each is a distribution of its own over yes and no, and the
    divergences are added. `mse` is the mean square of the differences of the scores, without a temperature (Ba and
    Caruana 2014; Tang et al. 2019).

    Args:
        student: Scores `[B, C]` before softmax or sigmoid.
        teacher: Likewise; no gradient flows to them.
        kind: Which.
        temperature: What scores are divided by; 1 leaves them as they are.
        multiple: Whether a text may have several classes.
    """
    student, teacher = student.float(), teacher.detach().float()
    if kind == "mse":
        return (student - teacher).square().mean(-1)
    student, teacher = student / temperature, teacher / temperature
    if multiple:
        wanted = teacher.sigmoid()
        both = (
            functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
            for scores in (student, teacher)
        )
        cross, entropy = both
        return temperature**2 * (cross - entropy).sum(-1)
    wanted = teacher.log_softmax(-1)
    return temperature**2 * (wanted.exp() * (wanted - student.log_softmax(-1))).sum(-1)


def hidden_loss(student: Tensor, teacher: Tensor, mask: Tensor) -> Tensor:
    """The mean square of the differences of hidden states over the pieces of each text, `[B]` (TinyBERT, Jiao et al.
    2020, equations 8 and 9).

    Args:
        student: `[B, S, H]`, projected to the teacher's width.
        teacher: `[B, S, H]`.
        mask: `[B, S]` bool: where a piece is.
    """
    squares = (student.float() - teacher.detach().float()).square().mean(-1)
    return _mean(squares, mask)


def attention_loss(student: Tensor, teacher: Tensor, mask: Tensor) -> Tensor:
    """The mean square of the differences of attention scores before softmax, over heads and pairs of pieces of each
    text, `[B]` (TinyBERT, equation 7).

    Args:
        student: `[B, heads, S, S]`.
        teacher: Likewise.
        mask: `[B, S]` bool: where a piece is.
    """
    squares = (student.float() - teacher.detach().float()).square().mean(1)
    pairs = mask[:, :, None] & mask[:, None]
    return _mean(squares.flatten(1), pairs.flatten(1))


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    """Over the second dimension where `mask` is true; 0 for a text without pieces."""
    return values.masked_fill(~mask, 0.0).sum(1) / mask.sum(1).clamp(min=1)
