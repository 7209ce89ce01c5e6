"""A linear-chain conditional random field over tags (Lafferty et al. 2001; Lample et al. 2016 for tagging).

    crf = CRF(len(labels), labels.allowed)
    loss = crf.negative_log_likelihood(scores, tags, mask).sum()
    tags = crf.viterbi(scores, mask)

All results are exact and independent of padding. Masks are right-padded (checked); a sequence without any unit has
loss 0 and no tags. Works on any device; on CPU the loops run on numpy views of reused buffers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from tengjia.layers.chain import FORBIDDEN, Chain, checked_lengths
from tengjia.layers.crf_likelihood import negative_log_likelihood
from tengjia.layers.crf_marginals import marginals
from tengjia.layers.k_best import k_best
from tengjia.layers.viterbi import viterbi

if TYPE_CHECKING:
    import numpy


class CRF(nn.Module):
    """Scores of tags that follow one another, learnt; and what follows from them.

    Args:
        tags: Number of tags, C.
        allowed: What the label scheme permits (`LabelSet.allowed`): booleans at the start `[C]`, from tag to tag
            `[C, C]`, at the end `[C]`. What is not permitted is never predicted and has no weight in the loss.
    """

    def __init__(self, tags: int, allowed: tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray] | None = None) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(tags, tags))
        self.start = nn.Parameter(torch.zeros(tags))
        self.end = nn.Parameter(torch.zeros(tags))
        permitted = [torch.from_numpy(part) for part in allowed] if allowed else None
        # Not part of the state: they follow from the label scheme, which a bundle keeps anyway.
        for position, name in enumerate(("start", "transitions", "end")):
            forbidden = None if permitted is None else ~permitted[position]
            self.register_buffer(f"_forbidden_{name}", forbidden, persistent=False)

    def negative_log_likelihood(self, scores: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Minus the log probability of each sequence's tags.

        Args:
            scores: `[B, T, C]` of each tag at each unit.
            tags: `[B, T]` int64; padding is not looked at.
            mask: `[B, T]` bool, right-padded.

        Returns:
            `[B]`, at least float32. Differentiable once: `create_graph=True` is a `TrainingError`.
        """
        chain = self.chain(scores, mask)
        if bool(chain.lengths.all()):
            return negative_log_likelihood(chain, tags)
        filled = chain.lengths.nonzero()[:, 0]
        result = scores.new_zeros(len(scores), dtype=torch.promote_types(scores.dtype, torch.float32))
        if len(filled):
            values = negative_log_likelihood(_rows(chain, filled), tags[filled])
            result = result.index_put((filled,), values)
        return result

    def viterbi(self, scores: Tensor, mask: Tensor) -> Tensor:
        """The best tags `[B, T]` of scores `[B, T, C]`, 0 in the padding."""
        return _filled(viterbi, self.chain(scores, mask).detached(), mask.shape, torch.long)

    def marginals(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Probability `[B, T, C]` of each tag at each unit given the whole sequence, 0 in the padding."""
        kind = torch.promote_types(scores.dtype, torch.float32)
        return _filled(marginals, self.chain(scores, mask).detached(), scores.shape, kind)

    def k_best(self, scores: Tensor, mask: Tensor, k: int) -> tuple[Tensor, Tensor]:
        """The k best legal paths, best first: tags `[B, k, T]` and scores `[B, k]` (`-inf` where there are fewer).

        A sequence without any unit has one path, of score 0.
        """
        chain = self.chain(scores, mask).detached()
        filled = chain.lengths.nonzero()[:, 0]
        paths = mask.new_zeros(len(mask), k, mask.shape[1], dtype=torch.long)
        values = torch.full((len(mask), k), float("-inf"), dtype=torch.float64, device=mask.device)
        values[:, 0] = 0.0
        if len(filled):
            paths[filled], values[filled] = k_best(_rows(chain, filled), k)
        return paths, values

    def chain(self, scores: Tensor, mask: Tensor) -> Chain:
        """The potentials of a batch, with what the scheme forbids.

        Raises:
            TrainingError: The mask has holes.
        """
        transitions, start, end = (self._permitted(name) for name in ("transitions", "start", "end"))
        return Chain(scores, transitions, start, end, mask, checked_lengths(mask))

    def _permitted(self, name: str) -> Tensor:
        values: Tensor = getattr(self, name)
        forbidden: Tensor | None = getattr(self, f"_forbidden_{name}")
        return values if forbidden is None else values.masked_fill(forbidden, FORBIDDEN)


def _filled(algorithm: Callable[[Chain], Tensor], chain: Chain, shape: tuple[int, ...], kind: torch.dtype) -> Tensor:
    """What an algorithm gives for the sequences that have units, and 0 for those that have none."""
    if len(chain.lengths) and bool(chain.lengths.all()):
        return algorithm(chain)
    filled = chain.lengths.nonzero()[:, 0]
    result = chain.scores.new_zeros(shape, dtype=kind)
    if len(filled):
        result[filled] = algorithm(_rows(chain, filled))
    return result


def _rows(chain: Chain, rows: Tensor) -> Chain:
    """Some sequences of a chain."""
    return chain._replace(scores=chain.scores[rows], mask=chain.mask[rows], lengths=chain.lengths[rows])
