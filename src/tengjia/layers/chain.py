"""A batch of linear chains: what every algorithm of a conditional random field works on.

B sequences of at most T units, C tags. The score of a path is `start[y1] + scores[1, y1] + transitions[y1, y2] +
scores[2, y2] + ... + end[yn]`; its probability is proportional to the exponential of that (Lafferty et al. 2001).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor

from tengjia.errors import TrainingError

FORBIDDEN: Final = -1e4
"""Score of a step that must not be taken. Finite: `0 * -inf` would be NaN wherever something is masked."""


class Chain(NamedTuple):
    """The log-potentials of a batch of sequences, and where the sequences end."""

    scores: Tensor
    """`[B, T, C]`: of each tag at each unit."""

    transitions: Tensor
    """`[C, C]`: of a tag (row) followed by a tag (column)."""

    start: Tensor
    """`[C]`: of the first tag."""

    end: Tensor
    """`[C]`: of the last tag."""

    mask: Tensor
    """`[B, T]` bool: where a unit is; right-padded, each sequence at least one unit long."""

    lengths: Tensor
    """`[B]` int64: units of each sequence."""

    def detached(self) -> Chain:
        """The same values outside the graph of gradients."""
        return Chain(*(part.detach() for part in self))


def checked_lengths(mask: Tensor) -> Tensor:
    """Length `[B]` of each sequence of a mask `[B, T]`.

    Raises:
        TrainingError: The mask is not bool, or has a hole, or is padded on the left.
    """
    lengths = mask.sum(1)
    positions = torch.arange(mask.shape[1], device=mask.device)
    if mask.dtype != torch.bool or not torch.equal(positions < lengths[:, None], mask):
        row = 0 if mask.dtype != torch.bool else int(((positions < lengths[:, None]) != mask).any(1).nonzero()[0])
        raise TrainingError("model.mask_not_right_padded", row=row, found=str(mask.dtype).removeprefix("torch."))
    return lengths


def path_score(chain: Chain, tags: Tensor) -> Tensor:
    """Score `[B]` (float64) of the paths `tags` `[B, T]`; what stands in the padding is not looked at."""
    scores, transitions, start, end, mask, lengths = chain
    tags = tags.masked_fill(~mask, 0)
    weight = mask.double()
    units = scores.gather(2, tags[..., None])[..., 0].double().masked_fill(~mask, 0.0)
    steps = transitions.double().flatten()[pairs(tags, len(start))] * weight[:, 1:]
    last = tags.gather(1, lengths[:, None] - 1)[:, 0]
    return units.sum(1) + steps.sum(1) + start.double()[tags[:, 0]] + end.double()[last]


def pairs(tags: Tensor, count: int) -> Tensor:
    """Index `[B, T - 1]` of each step of the paths `tags` in a flattened `[C, C]` matrix, C = `count`."""
    return tags[:, :-1] * count + tags[:, 1:]
