"""Forward-backward by scaled probabilities: exact, and several times faster than in log space.

Both directions run in one recurrence of products `[2, B, C] x [2, C, C]` (each sequence, and the same turned round), in
float64, rescaled every few steps (Rabiner 1989, section V.A). There is no mask in the loop: what comes after the end
of a sequence is finite and never read. Marginals normalise themselves, so scales of the two directions cancel.

When a tag that can be reached underflows, the answer is `None`, and the caller takes `crf_log_space`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

import numpy
import torch
from torch import Tensor

from tengjia.layers.chain import FORBIDDEN, Chain
from tengjia.layers.reversal import reversal, rows
from tengjia.layers.workspace import buffer
from tengjia.utilities.one_thread import products_by_one_thread

SMALLEST: Final = 1e-250
"""Probabilities below count as underflowed; float64 ends at 1e-308."""


class Potentials(NamedTuple):
    """Exponentials of what all sequences share, the greatest of each 1."""

    steps: Tensor
    """`[C, C]`."""
    start: Tensor
    """`[C]`."""
    end: Tensor
    """`[C]`."""
    logs: list[float]
    """Logs of the three factors taken out."""
    exact: bool
    """Whether nothing that is allowed became 0, or lost digits."""


class Recurrence(NamedTuple):
    """Result of a forward-backward pass; the next pass of the thread reuses the memory of `before` and `after`."""

    before: Tensor
    """`[2, T, B, C]`: weight of all ways to a tag, without its own emission; forward, and
    backward on turned sequences."""

    after: Tensor
    """`[2, T, B, C]`: the same with the emission."""

    steps: Tensor
    """`[C, C]`: exponentials of the transitions, up to a factor."""

    order: Tensor
    """`[T * B]`: the rows of `[T, B, C]` that turn each sequence round."""

    log_partition: Tensor
    """`[B]`: log of the sum over all paths."""


class Expectations(NamedTuple):
    """How often each thing occurs in a path drawn from the model."""

    tags: Tensor
    """`[T, B, C]`: probability of each tag at each unit, 0 in the padding. In the memory of the recurrence."""

    steps: Tensor
    """`[B, C, C]`: expected number of each transition."""

    start: Tensor
    """`[B, C]`: probability of each first tag."""

    end: Tensor
    """`[B, C]`: probability of each last tag."""


def forward_backward(chain: Chain) -> Recurrence | None:
    """Run both directions over a chain (outside the graph of gradients); `None` when float64 is too narrow for it."""
    count, length, tags = chain.scores.shape
    device = chain.scores.device
    names = ("crf inputs", "crf before", "crf after")
    inputs, before, after = (buffer(name, (2, length, count, tags), torch.float64, device) for name in names)
    columns = torch.arange(count, device=device)
    order = rows(reversal(chain.lengths, length))
    peaks, lowest = _exponentiate(chain, order, inputs)
    shared = _potentials(chain)
    before[:, 0] = torch.stack([shared.start, shared.end])[:, None]
    torch.mul(before[:, 0], inputs[:, 0], out=after[:, 0])
    every = int(min(8.0, max(1.0, 500 / (10 - lowest))))
    run = _run_numpy if device.type == "cpu" else _run_torch
    scales = run(inputs, before, after, torch.stack([shared.steps, shared.steps.T]), every)
    last = chain.lengths - 1
    final = after[0, last, columns] @ shared.end
    if not shared.exact or _underflowed(chain, after, shared, final):
        return None
    partition = final.log() + peaks.sum(0) + shared.logs[1] + shared.logs[2] + last.double() * shared.logs[0]
    if len(scales):
        logs = torch.nn.functional.pad(scales.log().cumsum(0), (0, 0, 1, 0))
        partition += logs[last // every, columns]
    return Recurrence(before, after, shared.steps, order, partition)


def expectations(chain: Chain, found: Recurrence) -> Expectations | None:
    """Marginals of tags and steps. Uses up the recurrence: its memory holds the result; `None` as above."""
    outside = ~chain.mask.T[..., None]
    shape = found.after.shape[1:]
    backward = found.after[1].view(-1, shape[2]).index_select(0, found.order).view(shape)
    tags = found.before[0].mul_(backward)
    total = tags.sum(-1, keepdim=True).masked_fill_(outside, math.inf)
    if bool((total < SMALLEST).any()):
        return None
    scale = total.reciprocal_()
    tags.mul_(scale)
    backward.mul_(scale)
    steps = torch.bmm(found.after[0, :-1].permute(1, 2, 0), backward[1:].permute(1, 0, 2)).mul_(found.steps)
    columns = torch.arange(shape[1], device=tags.device)
    return Expectations(tags, steps, tags[0].clone(), tags[chain.lengths - 1, columns])


def _exponentiate(chain: Chain, order: Tensor, inputs: Tensor) -> tuple[Tensor, float]:
    """Fill `inputs` `[2, T, B, C]` with exponentials of scores less their maxima; also the maxima, and the least."""
    scores = inputs[0].copy_(chain.scores.transpose(0, 1)).masked_fill_(~chain.mask.T[..., None], 0.0)
    peaks = scores.amax(-1, keepdim=True)
    lowest = float(scores.sub_(peaks).amin())
    scores.exp_()
    flat = inputs.view(2, -1, inputs.shape[3])
    torch.index_select(flat[0], 0, order, out=flat[1])
    return peaks[..., 0], lowest


def _potentials(chain: Chain) -> Potentials:
    parts = [part.double() for part in (chain.transitions, chain.start, chain.end)]
    tops = [float(part.max()) for part in parts]
    steps, start, end = (torch.exp(part - top) for part, top in zip(parts, tops, strict=True))
    given = torch.cat([part.flatten() for part in parts])
    kept = torch.cat([steps.flatten(), start, end])
    lost = ((kept < SMALLEST) & (given > FORBIDDEN / 2)).any()
    return Potentials(steps, start, end, tops, not bool(lost))


def _run_numpy(inputs: Tensor, before: Tensor, after: Tensor, steps: Tensor, every: int) -> Tensor:
    """The loop on CPU. Views as numpy arrays: half the overhead of a step."""
    matmul, multiply, divide, total = numpy.matmul, numpy.multiply, numpy.divide, numpy.add.reduce
    count = (after.shape[1] - 1) // every
    scales = buffer("crf scales", (count, 2, after.shape[2], 1), torch.float64, after.device)
    sums, matrix = iter(scales.numpy()), steps.numpy()
    views = [part.numpy().swapaxes(0, 1) for part in (before, after, inputs)]
    current = views[1][0]
    # 0 / 0 where all underflowed: the caller finds the zeros before it
    with numpy.errstate(invalid="ignore"), products_by_one_thread():
        for number, (bare, following, emission) in enumerate(zip(*(view[1:] for view in views), strict=True), 1):
            matmul(current, matrix, bare)
            multiply(bare, emission, following)
            current = following
            if number % every == 0:
                scale = next(sums)
                total(current, axis=2, out=scale, keepdims=True)
                divide(current, scale, current)
    return scales[:, 0, :, 0]


def _run_torch(inputs: Tensor, before: Tensor, after: Tensor, steps: Tensor, every: int) -> Tensor:
    """The loop on other devices."""
    current, scales = after[:, 0], [after.new_empty(0, after.shape[2])]
    for number in range(1, after.shape[1]):
        before[:, number] = torch.bmm(current, steps)
        current = torch.mul(before[:, number], inputs[:, number], out=after[:, number])
        if number % every == 0:
            total = current.sum(-1, keepdim=True)
            current.div_(total)
            scales.append(total[:1, :, 0])
    return torch.cat(scales)


def _underflowed(chain: Chain, after: Tensor, shared: Potentials, final: Tensor) -> bool:
    """Whether a weight that should be positive is not (or has lost digits), so that the result would not be exact."""
    if bool((final < SMALLEST).any()):
        return True
    small = after.amin(2) < SMALLEST
    if not bool(small.any()):
        return False
    allowed = [(part > 0).cpu().numpy().tobytes() for part in shared[:3]]
    rounded = 1 << (after.shape[1] - 1).bit_length()  # few lengths, so that few tables are kept
    reachable = _reachable(*allowed, rounded)[:, : after.shape[1]].to(after.device)
    if not bool((small & reachable).any()):
        return False
    return bool(((after < SMALLEST) & reachable[:, :, None] & chain.mask.T[None, :, :, None]).any())


@lru_cache(maxsize=64)
def _reachable(steps: bytes, start: bytes, end: bytes, length: int) -> Tensor:
    """Which tags can occur at all after each number of steps, forward and backward: `[2, length, C]` bool."""
    first = [numpy.frombuffer(part, bool) for part in (start, end)]
    forward = numpy.frombuffer(steps, bool).reshape(len(start), len(start))
    reached = numpy.empty((2, length, len(start)), bool)
    for direction, matrix in enumerate((forward, forward.T)):
        reached[direction, 0] = first[direction]
        for number in range(1, length):
            reached[direction, number] = reached[direction, number - 1] @ matrix
    return torch.from_numpy(reached)
