"""The best path of a chain (Viterbi 1967), without back-pointers.

The forward loop keeps only the best score of each tag, in a layout `[from, to, B]` whose maximum runs over the
outermost axis. The way back recomputes one row of candidates a step, which is far less work than storing which tag won.
One more tag stands for "after the end" (its transitions are `end`), so that unequal lengths need no mask in the loops.
"""

from __future__ import annotations

import numpy
import torch
from torch import Tensor

from tengjia.layers.chain import Chain


@torch.no_grad()
def viterbi(chain: Chain) -> Tensor:
    """Tags `[B, T]` of the best path of each sequence, 0 in the padding; of equal paths one of them."""
    kind = torch.float64 if chain.scores.dtype == torch.float64 else torch.float32
    best = _best_scores(chain, kind)
    table, back = _with_end(chain, best)
    path = _backtrack_numpy(table, back) if table.device.type == "cpu" else _backtrack_torch(table, back)
    return path.T.masked_fill(~chain.mask, 0)


def _best_scores(chain: Chain, kind: torch.dtype) -> Tensor:
    """`[T, C, B]`: score of the best path that ends in each tag at each unit."""
    scores = chain.scores.permute(1, 2, 0).to(kind, memory_format=torch.contiguous_format, copy=True)
    steps, tags, count = scores.shape
    transitions = chain.transitions.to(kind)[:, :, None].contiguous()
    candidates = scores.new_empty(tags, tags, count)
    scores[0].add_(chain.start.to(kind)[:, None])
    best = scores.new_empty(tags, count)
    rows = scores.unbind(0)
    for number in range(1, steps):
        torch.add(rows[number - 1][:, None], transitions, out=candidates)
        torch.amax(candidates, 0, out=best)
        rows[number].add_(best)
    return scores


def _with_end(chain: Chain, best: Tensor) -> tuple[Tensor, Tensor]:
    """The scores `[T, B, C + 1]` and the reversed transitions `[C + 1, C + 1]` with the tag "after the end"."""
    steps, tags, count = best.shape
    outside = ~chain.mask.T
    table = best.new_full((steps, count, tags + 1), float("-inf"))
    table[..., :tags] = best.transpose(1, 2)
    table.masked_fill_(outside[..., None], float("-inf"))
    table[..., tags].masked_fill_(outside, 0.0)
    back = best.new_zeros(tags + 1, tags + 1)
    back[:tags, :tags] = chain.transitions.T
    back[tags, :tags] = chain.end
    return table, back


def _backtrack_numpy(table: Tensor, back: Tensor) -> Tensor:
    path = numpy.empty(table.shape[:2], numpy.int64)
    rows, matrix = table.numpy(), back.numpy()
    candidates = numpy.empty(rows.shape[1:], rows.dtype)
    current = numpy.full(rows.shape[1], len(matrix) - 1)
    for number in range(len(rows) - 1, -1, -1):
        matrix.take(current, 0, candidates, "clip")
        numpy.add(rows[number], candidates, candidates)
        current = candidates.argmax(1, path[number])
    return torch.from_numpy(path)


def _backtrack_torch(table: Tensor, back: Tensor) -> Tensor:
    path = torch.empty(table.shape[:2], dtype=torch.long, device=table.device)
    current = torch.full(table.shape[1:2], len(back) - 1, device=table.device)
    for number in range(len(table) - 1, -1, -1):
        current = torch.argmax(table[number] + back.index_select(0, current), 1, out=path[number])
    return path
