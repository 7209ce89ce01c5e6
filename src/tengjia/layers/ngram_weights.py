"""How much each n-gram tells of each class, counted in the training part once.

Rarity is that of TF-IDF (Salton and Buckley 1988; smoothed as in scikit-learn). The ratio is that of naive Bayes
(Wang and Manning 2012, section 2.2): how much likelier the n-gram is in a text of the class than in one of another, as
a logarithm.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from tengjia.contracts import Batch
from tengjia.layers.ngram_bag import ngrams


class NgramWeights(nn.Module):
    """Gives every different n-gram of a text a weight; before anything was counted all tell the same.

    Args:
        classes: How many classes there are.
        longest: Pieces of the longest n-grams.
        buckets: Numbers that the n-grams share.
        minimum_count: N-grams that fewer texts have tell nothing.
    """

    rarity: Tensor
    ratio: Tensor

    def __init__(self, classes: int, *, longest: int, buckets: int, minimum_count: int) -> None:
        super().__init__()
        self.longest, self.buckets, self.minimum_count = longest, buckets, minimum_count
        self.register_buffer("rarity", torch.ones(buckets))
        self.register_buffer("ratio", torch.ones(buckets, classes))

    def count(self, batches: Iterable[Batch]) -> None:
        """Learn rarities and ratios from texts whose classes are known; those of texts without one are left out."""
        texts, having = 0, torch.zeros_like(self.ratio)
        everywhere = torch.zeros_like(self.rarity)
        for batch in batches:
            member = self._members(batch)
            found, codes, _ = self._different(batch)
            known = member.any(1)[found]
            texts += int(member.any(1).sum())
            everywhere += torch.bincount(codes[known], minlength=self.buckets)
            having.index_add_(0, codes[known], member[found[known]].to(having.dtype))
        often = everywhere >= self.minimum_count
        self.rarity.copy_(torch.where(often, torch.log((1 + texts) / (1 + everywhere)) + 1, 0.0))
        inside, outside = having + 1, everywhere[:, None] - having + 1
        self.ratio.copy_(torch.log(inside / inside.sum(0)) - torch.log(outside / outside.sum(0)))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """The text `[N]`, the bucket `[N]` and the weights `[N, C]` of every different n-gram of a batch.

        The weights of a text, before they are multiplied by the ratios, have length 1.
        """
        texts, codes, times = self._different(batch)
        plain = (1 + times.log()) * self.rarity[codes]
        squares = torch.zeros(len(batch.ids), device=plain.device).index_add_(0, texts, plain * plain)
        return texts, codes, (plain * squares.clamp(min=1e-12).rsqrt()[texts])[:, None] * self.ratio[codes]

    def _different(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Text, bucket and count `[N]` of every different n-gram of each text."""
        keys = []
        for codes, inside in ngrams(batch.ids, batch.mask, longest=self.longest, buckets=self.buckets):
            numbered = codes + torch.arange(len(codes), device=codes.device)[:, None] * self.buckets
            keys.append(numbered[inside])
        different, times = torch.unique(torch.cat(keys), return_counts=True)
        return different // self.buckets, different % self.buckets, times.float()

    def _members(self, batch: Batch) -> Tensor:
        """`[B, C]` bool: the classes of each text; none where it is not known."""
        assert batch.target is not None
        if batch.target.dim() == 2:
            return batch.target > 0
        known = functional.one_hot(batch.target.clamp(min=0), self.ratio.shape[1]).bool()
        return known & (batch.target >= 0)[:, None]
