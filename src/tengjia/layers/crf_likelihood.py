"""Negative log likelihood of paths, with the gradient made in the forward pass (as CTC does).

The gradient of the log partition is the expectation under the model, which the forward-backward pass gives at once; so
autograd never sees the loop, and backward only scales. Second derivatives are not offered: asking for them is an error.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tengjia.errors import TrainingError
from tengjia.layers.chain import Chain, pairs, path_score
from tengjia.layers.crf_log_space import log_partition_and_gradient
from tengjia.layers.crf_scaled import expectations, forward_backward

Gradients = tuple[Tensor, Tensor, Tensor, Tensor]


def negative_log_likelihood(chain: Chain, tags: Tensor) -> Tensor:
    """Minus the log probability `[B]` of the paths `tags` `[B, T]`; at least float32. Differentiable once."""
    parts = chain if chain.scores.device.type != "mps" else chain_to(chain, "cpu")  # MPS knows no float64
    tags = tags.to(parts.mask.device)
    if not torch.is_grad_enabled():
        value, _ = value_and_gradient(parts, tags, gradient=False)
        return value.to(device=chain.scores.device, dtype=_kind(chain))
    result: Tensor = _NegativeLogLikelihood.apply(*parts, tags)  # type: ignore[no-untyped-call]
    return result.to(chain.scores.device)


def _kind(chain: Chain) -> torch.dtype:
    return torch.promote_types(chain.scores.dtype, torch.float32)


def chain_to(chain: Chain, device: str) -> Chain:
    """The same chain on another device; gradients flow back."""
    return Chain(*(part.to(device) for part in chain))


class _NegativeLogLikelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Tensor) -> Tensor:
        chain, tags = Chain(*inputs[:6]).detached(), inputs[6]
        value, gradients = value_and_gradient(chain, tags, any(ctx.needs_input_grad[:4]))
        if gradients is not None:
            ctx.save_for_backward(*gradients)
            ctx.types = [part.dtype for part in chain[:4]]
        return value.to(_kind(chain))

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph=True: the answer would silently count as a constant
            raise TrainingError("model.crf_second_derivative")
        scores, *shared = ctx.saved_tensors
        first, *rest = ctx.types
        weight = outer.double()
        sums = [(weight @ part.flatten(1)).view(part.shape[1:]).to(kind) for part, kind in zip(shared, rest)]
        return ((scores * outer.to(scores.dtype)[:, None, None]).to(first), *sums, None, None, None)


def value_and_gradient(chain: Chain, tags: Tensor, gradient: bool = True) -> tuple[Tensor, Gradients | None]:
    """The value `[B]` in float64, and its gradients of each sequence: scores `[B, T, C]`, `[B, C, C]`, `[B, C]` twice.

    Args:
        chain: Potentials, outside the graph of gradients.
        tags: `[B, T]` gold tags.
        gradient: Whether the gradients are wanted.
    """
    gold = path_score(chain, tags)
    found = forward_backward(chain)
    if found is not None and not gradient:
        return found.log_partition - gold, None
    expected = None if found is None else expectations(chain, found)
    if found is None or expected is None:
        partition, gradients = log_partition_and_gradient(chain)
        return partition - gold, _less_gold(chain, tags, (gradients[0].transpose(0, 1), *gradients[1:]))
    return found.log_partition - gold, _less_gold(chain, tags, expected)


def _less_gold(chain: Chain, tags: Tensor, expected: Gradients) -> Gradients:
    """Expected minus observed: the gradient of the negative log likelihood. Changes `expected`."""
    units, steps, start, end = expected
    tags = tags.masked_fill(~chain.mask, 0)
    minus = -chain.mask.double()
    units.scatter_add_(2, tags.T[..., None], minus.T[..., None])
    steps.view(len(tags), -1).scatter_add_(1, pairs(tags, len(chain.start)), minus[:, 1:])
    start.scatter_add_(1, tags[:, :1], minus[:, :1])
    end.scatter_add_(1, tags.gather(1, chain.lengths[:, None] - 1), minus[:, :1])
    own = units.transpose(0, 1).to(_kind(chain), memory_format=torch.contiguous_format, copy=True)
    return own, steps, start, end
