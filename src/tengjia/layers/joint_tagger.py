"""What models have in common that tag the units of a text and say what the text is as a whole."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.contracts import Inputs
from tengjia.errors import ConfigurationError
from tengjia.layers.crf import CRF


class JointTagger(nn.Module):
    """Scores of tags become tags as in a tagger; scores of classes become probabilities as in a classifier.

    Args:
        inputs: The tags, and the classes.
        crf: Whether the tags are the best path of a conditional random field, or each is chosen by itself.
        constraints: Whether steps that the label scheme forbids are impossible (with a CRF).

    Raises:
        ConfigurationError: There are no classes: the base task is one of tags alone.
    """

    def __init__(self, inputs: Inputs, *, crf: bool, constraints: bool) -> None:
        super().__init__()
        if inputs.classes is None:
            raise ConfigurationError("joint.no_classes", key="model", model=type(self).__name__)
        self.tags, self.labels = inputs.labels, inputs.classes
        self.crf = CRF(len(self.tags), self.tags.allowed if constraints else None) if crf else None

    def decode(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Best tag ids `[B, T]` of tag scores `[B, T, C]`, 0 where `mask` is false."""
        if self.crf is not None:
            return self.crf.viterbi(scores, mask)
        return scores.argmax(-1).masked_fill(~mask, 0)

    def probabilities(self, scores: Tensor, mask: Tensor) -> Tensor:
        """Probability `[B, T, C]` of each tag at each unit, 0 where `mask` is false."""
        if self.crf is not None:
            return self.crf.marginals(scores, mask)
        return torch.softmax(scores.float(), -1).masked_fill(~mask[..., None], 0.0)

    def class_probabilities(self, scores: Tensor) -> Tensor:
        """Probability `[B, K]` float32 of each class, of class scores `[B, K]`."""
        return torch.softmax(scores.float(), -1)
