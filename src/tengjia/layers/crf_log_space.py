"""Forward algorithm in log space: exact for every finite score, slow; for what underflows otherwise."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.layers.chain import Chain


def log_partition(chain: Chain) -> Tensor:
    """Log of the sum over all paths, `[B]`, differentiable.

    Args:
        chain: Potentials; `transitions`, `start` and `end` may have a leading dimension B (one set a sequence).
    """
    steps = chain.transitions.expand(len(chain.scores), -1, -1)
    weight = chain.start + chain.scores[:, 0]
    for number in range(1, chain.scores.shape[1]):
        following = torch.logsumexp(weight[:, :, None] + steps, 1) + chain.scores[:, number]
        weight = torch.where(chain.mask[:, number, None], following, weight)
    return torch.logsumexp(weight + chain.end, 1)


def log_partition_and_gradient(chain: Chain) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    """The log partition `[B]`, and of each sequence the gradients by scores, transitions, start and end, in float64.

    The gradients are the expectations of the model: `[B, T, C]`, `[B, C, C]`, `[B, C]`, `[B, C]`.
    """
    count = len(chain.scores)
    with torch.inference_mode(False), torch.enable_grad():
        parts = [chain.scores, *(part.expand(count, *part.shape) for part in chain[1:4])]
        scores, transitions, start, end = (part.detach().double().clone().requires_grad_() for part in parts)
        mask, lengths = chain.mask.clone(), chain.lengths.clone()
        value = log_partition(Chain(scores, transitions, start, end, mask, lengths))
        units, steps, first, last = torch.autograd.grad(value.sum(), (scores, transitions, start, end))
    return value.detach(), (units, steps, first, last)
