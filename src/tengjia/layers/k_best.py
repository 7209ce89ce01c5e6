"""The k best paths of a chain, exactly (the list Viterbi algorithm; Seshadri and Sundberg 1994)."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.layers.chain import FORBIDDEN, Chain


@torch.no_grad()
def k_best(chain: Chain, k: int) -> tuple[Tensor, Tensor]:
    """The k best paths of each sequence, best first.

    Args:
        chain: Potentials; steps scored `FORBIDDEN` are never taken.
        k: Paths wanted, at least 1.

    Returns:
        Tags `[B, k, T]` (0 in the padding) and scores `[B, k]` in float64. Where a sequence has fewer than k legal
        paths, the score of the rest is `-inf` and their tags are 0.
    """
    transitions, start, end = (_strict(part) for part in (chain.transitions, chain.start, chain.end))
    scores = chain.scores.double()
    count, steps, tags = scores.shape
    current = scores.new_full((count, k, tags), float("-inf"))
    current[:, 0] = start + scores[:, 0]
    pointers = []
    for number in range(1, steps):
        candidates = (current[..., None] + transitions).view(count, k * tags, tags)
        best, pointer = candidates.topk(k, 1)
        inside = chain.mask[:, number, None, None]
        stay = torch.arange(k * tags, device=scores.device).view(k, tags)
        current = torch.where(inside, best + scores[:, number, None], current)
        pointers.append(torch.where(inside, pointer, stay))
    final, choice = (current + end).view(count, k * tags).topk(k, 1)
    paths = _follow(choice, pointers, tags)
    return paths.masked_fill(~chain.mask[:, None] | final.isinf()[..., None], 0), final


def _strict(part: Tensor) -> Tensor:
    return part.double().masked_fill(part <= FORBIDDEN / 2, float("-inf"))


def _follow(choice: Tensor, pointers: list[Tensor], tags: int) -> Tensor:
    """Tags `[B, k, T]`, walking back from `choice` `[B, k]`, which counts rank * C + tag as the pointers do."""
    path = [choice % tags]
    for pointer in reversed(pointers):
        choice = pointer.flatten(1).gather(1, choice)
        path.append(choice % tags)
    return torch.stack(path[::-1], 2)
