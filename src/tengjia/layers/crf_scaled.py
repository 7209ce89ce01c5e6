"""Forward-backward by scaled probabilities: exact, and several times faster than in log space.

Both directions run in one recurrence of products `[2, B, C] x [2, C, C]` (each sequence, and the same turned round), in
float64, rescaled every few steps (Rabiner 1989, section V.A). There is no mask in the loop: what comes after the end
of a sequence is finite and never read. Marginals normalise themselves, so scales of the two directions cancel.

When a tag that can be reached underflows, the answer is `None`, and the caller takes `crf_log_space`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy
import torch
from torch import Tensor

from tengjia.layers.chain import FORBIDDEN, Chain
from tengjia.layers.reversal import reversal

SMALLEST: Final = 1e-250
"""Probabilities below count as underflowed; float64 ends at 1e-308."""

RETAINED: Final = 2**25
"""Numbers a thread keeps per buffer (256 MiB); larger buffers are made anew each time."""

_local = threading.local()


class Recurrence(NamedTuple):
    """Result of a forward-backward pass; the next pass of the thread reuses the memory of `before` and `after`."""

    before: Tensor
    """`[T, 2, B, C]`: weight of all ways to a tag, without its own emission; forward, and
    backward on turned sequences."""

    after: Tensor
    """`[T, 2, B, C]`: the same with the emission."""

    weights: Tensor
    """`[C, C]`: exponentials of the transitions, up to a factor."""

    order: Tensor
    """`[T, B]`: the index that turns each sequence round."""

    log_partition: Tensor
    """`[B]`: log of the sum over all paths."""


class Expectations(NamedTuple):
    """How often each thing occurs in a path drawn from the model."""

    tags: Tensor
    """`[T, B, C]`: probability of each tag at each unit, 0 in the padding. In the buffer of the recurrence."""

    steps: Tensor
    """`[B, C, C]`: expected number of each transition."""

    start: Tensor
    """`[B, C]`: probability of each first tag."""

    end: Tensor
    """`[B, C]`: probability of each last tag."""


def forward_backward(chain: Chain) -> Recurrence | None:
    """Run both directions over a chain (outside the graph of gradients); `None` when float64 is too narrow for it."""
    shape = (chain.scores.shape[1], 2, *chain.scores.shape[::2])
    inputs, before, after = (_buffer(name, shape, chain.scores.device) for name in ("inputs", "before", "after"))
    order = reversal(chain.lengths, shape[0]).T
    peaks, lowest = _exponentiate(chain, order, inputs)
    weights, start, end, constant = _potentials(chain)
    both = torch.stack([weights, weights.T])
    before[0] = torch.stack([start, end])[:, None]
    torch.mul(before[0], inputs[0], out=after[0])
    every = int(min(8.0, max(1.0, 500 / (10 - lowest))))
    run = _run_numpy if chain.scores.device.type == "cpu" else _run_torch
    scales = run(inputs, before, after, both, every)
    final = (after[chain.lengths - 1, 0, torch.arange(shape[2], device=order.device)] * end).sum(-1)
    if _underflowed(chain, after, weights, start, end, final):
        return None
    last = chain.lengths - 1
    partition = final.log() + peaks.sum(0) + constant + last * chain.transitions.double().max()
    if len(scales):
        logs = torch.cat([torch.zeros_like(scales[:1]), scales.log().cumsum(0)])
        partition += logs.gather(0, (last // every)[None])[0]
    return Recurrence(before, after, weights, order, partition)


def expectations(chain: Chain, found: Recurrence) -> Expectations | None:
    """Marginals of tags and steps. Uses up the recurrence: its buffer holds the result; `None` as above."""
    inside = chain.mask.T[..., None]
    backward = found.after[:, 1].gather(0, found.order[..., None].expand(found.after[:, 1].shape))
    tags = found.before[:, 0].mul_(backward)
    total = tags.sum(-1, keepdim=True)
    if bool((total.masked_fill(~inside, 1.0) < SMALLEST).any()):
        return None
    scale = total.reciprocal_().masked_fill_(~inside, 0.0)
    tags.mul_(scale)
    backward.mul_(scale)
    steps = torch.bmm(found.after[:-1, 0].permute(1, 2, 0), backward[1:].permute(1, 0, 2)).mul_(found.weights)
    rows = torch.arange(len(chain.lengths), device=chain.lengths.device)
    return Expectations(tags, steps, tags[0].clone(), tags[chain.lengths - 1, rows])


def _buffer(name: str, shape: Sequence[int], device: torch.device) -> Tensor:
    # The page faults of fresh memory cost as much as the work itself. As a numpy array the buffer is the same in and
    # out of inference mode.
    size = int(numpy.prod(shape))
    if device.type != "cpu" or size > RETAINED:
        return torch.empty(*shape, dtype=torch.float64, device=device)
    pool: dict[str, numpy.ndarray] = _local.__dict__.setdefault("pool", {})
    if name not in pool or pool[name].size < size:
        pool[name] = numpy.empty(size)
    return torch.from_numpy(pool[name][:size]).view(*shape)


def _exponentiate(chain: Chain, order: Tensor, inputs: Tensor) -> tuple[Tensor, float]:
    """Fill `inputs` `[T, 2, B, C]` with exponentials of scores less their maxima; also the maxima, and the least."""
    outside = ~chain.mask.T[..., None]
    scores = inputs[:, 0]
    scores.copy_(chain.scores.transpose(0, 1)).masked_fill_(outside, 0.0)
    peaks = scores.amax(-1, keepdim=True)
    lowest = float(scores.sub_(peaks).amin())
    scores.exp_().masked_fill_(outside, 1.0 / scores.shape[-1])
    torch.gather(scores, 0, order[..., None].expand(scores.shape), out=inputs[:, 1])
    return peaks[..., 0], lowest


def _potentials(chain: Chain) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Exponentials of transitions, start and end, the greatest of each 1; and the log of the two latter factors."""
    parts = [part.double() for part in (chain.transitions, chain.start, chain.end)]
    tops = [part.max() for part in parts]
    weights, start, end = (torch.exp(part - top) for part, top in zip(parts, tops, strict=True))
    return weights, start, end, tops[1] + tops[2]


def _run_numpy(inputs: Tensor, before: Tensor, after: Tensor, weights: Tensor, every: int) -> Tensor:
    """The loop on CPU. Views as numpy arrays: half the overhead of a step, and no team of threads for tiny products."""
    matmul, multiply, divide, total = numpy.matmul, numpy.multiply, numpy.divide, numpy.add.reduce
    matrix, current = weights.numpy(), after[0].numpy()
    scales = _buffer("scales", (len(after) // every + 1, 2, after.shape[2], 1), after.device)
    sums, count = scales.numpy(), 0
    steps = zip(before.numpy()[1:], after.numpy()[1:], inputs.numpy()[1:], strict=True)
    for number, (bare, following, emission) in enumerate(steps, 1):
        matmul(current, matrix, bare)
        multiply(bare, emission, following)
        current = following
        if number % every == 0:
            total(current, axis=2, out=sums[count], keepdims=True)
            divide(current, sums[count], current)
            count += 1
    return scales[:count, 0, :, 0]


def _run_torch(inputs: Tensor, before: Tensor, after: Tensor, weights: Tensor, every: int) -> Tensor:
    """The loop on other devices."""
    current, scales = after[0], []
    for number, (bare, following, emission) in enumerate(zip(before[1:], after[1:], inputs[1:], strict=True), 1):
        torch.bmm(current, weights, out=bare)
        current = torch.mul(bare, emission, out=following)
        if number % every == 0:
            scales.append(current.sum(-1, keepdim=True))
            current.div_(scales[-1])
    return torch.stack(scales)[:, 0, :, 0] if scales else after.new_empty(0, after.shape[2])


def _underflowed(chain: Chain, after: Tensor, weights: Tensor, start: Tensor, end: Tensor, final: Tensor) -> bool:
    """Whether a weight that should be positive is not (or has lost digits), so that the result would not be exact."""
    lost = ((weights < SMALLEST) & (chain.transitions > FORBIDDEN / 2)).any()
    lost |= ((start < SMALLEST) & (chain.start > FORBIDDEN / 2)).any()
    lost |= ((end < SMALLEST) & (chain.end > FORBIDDEN / 2)).any() | (final < SMALLEST).any()
    small = after.amin(2) < SMALLEST
    if bool(lost):
        return True
    if not bool(small.any()):
        return False
    allowed = [(part > 0).cpu().numpy().tobytes() for part in (weights, start, end)]
    reachable = _reachable(*allowed, len(after)).to(after.device)
    if not bool((small & reachable).any()):
        return False
    bad = (after < SMALLEST) & reachable[:, :, None] & chain.mask.T[:, None, :, None]
    return bool(bad.any())


@lru_cache(maxsize=4096)
def _reachable(steps: bytes, start: bytes, end: bytes, length: int) -> Tensor:
    """Which tags can occur at all after each number of steps, forward and backward: `[length, 2, C]` bool."""
    first = [numpy.frombuffer(part, bool) for part in (start, end)]
    forward = numpy.frombuffer(steps, bool).reshape(len(start), len(start))
    reached = numpy.empty((length, 2, len(start)), bool)
    for direction, matrix in enumerate((forward, forward.T)):
        reached[0, direction] = first[direction]
        for number in range(1, length):
            reached[number, direction] = reached[number - 1, direction] @ matrix
    return torch.from_numpy(reached)
