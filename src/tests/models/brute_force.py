"""The oracle of the CRF tests: every path of a short chain, enumerated."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import torch
from torch import Tensor


class Paths(NamedTuple):
    """All paths of one sequence and their scores."""

    tags: Tensor
    """`[P, n]`."""
    scores: Tensor
    """`[P]` float64, differentiable."""


def all_paths(scores: Tensor, transitions: Tensor, start: Tensor, end: Tensor) -> Paths:
    """Every path over `scores` `[n, C]`."""
    length, count = scores.shape
    tags = torch.tensor(list(itertools.product(range(count), repeat=length)))
    total = start[tags[:, 0]] + end[tags[:, -1]] + scores[torch.arange(length), tags].sum(1)
    total = total + transitions[tags[:, :-1], tags[:, 1:]].sum(1)
    return Paths(tags, total.double())


def marginals(paths: Paths, count: int) -> Tensor:
    """Probability `[n, C]` of each tag at each unit."""
    weights = torch.softmax(paths.scores, 0)
    return torch.stack([(weights[:, None] * (paths.tags == tag)).sum(0) for tag in range(count)], 1)


def path_score(paths: Paths, tags: Tensor) -> Tensor:
    """Score of one path."""
    return paths.scores[(paths.tags == tags).all(1)][0]
