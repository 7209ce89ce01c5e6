"""What taggers have in common: how scores become tags and probabilities."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.data.labels import LabelSet
from tengjia.layers.crf import CRF


class CRFTagger(nn.Module):
    """A model whose tags are the best path of a conditional random field.

    Args:
        labels: The tags.
        constraints: Whether steps that the label scheme forbids are impossible.
    """

    def __init__(self, labels: LabelSet, *, constraints: bool) -> None:
        super().__init__()
        self.crf = CRF(len(labels), labels.allowed if constraints else None)

    def decode(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Best tag ids `[B, T]` of scores `[B, T, C]`, 0 where `mask` is false."""
        return self.crf.viterbi(scores, mask)

    def probabilities(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Probability `[B, T, C]` of each tag at each unit, 0 where `mask` is false."""
        return self.crf.marginals(scores, mask)


class SoftmaxTagger(nn.Module):
    """A model that chooses each tag by itself."""

    def decode(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Best tag ids `[B, T]` of scores `[B, T, C]`, 0 where `mask` is false."""
        return scores.argmax(-1).masked_fill(~mask, 0)

    def probabilities(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Probability `[B, T, C]` of each tag at each unit, 0 where `mask` is false."""
        return torch.softmax(scores.float(), -1).masked_fill(~mask[..., None], 0.0)
