"""What models of whole texts have in common: their classes, and how scores become probabilities."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.data.classes import Classes


class Classifier(nn.Module):
    """A model that scores the classes of a text.

    Args:
        labels: The classes.
    """

    def __init__(self, labels: Classes) -> None:
        super().__init__()
        self.labels = labels
        """The classes in the order of the scores; criteria weigh by it."""

    def probabilities(self, scores: Tensor) -> Tensor:
        """Probabilities `[B, C]` float32 of scores `[B, C]`: one class of all, or each class by itself."""
        full = scores.float()
        return torch.sigmoid(full) if self.labels.multiple else torch.softmax(full, -1)
