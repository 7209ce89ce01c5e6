"""The science of joint intent and slots in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import Any

import torch

from tengjia.base_tasks.stages.building import require_fit
from tengjia.contracts import Batch, Loss


class JointIntentSlotUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Scores tags and classes.
        criterion: Measures both against the gold ones.

    Raises:
        ConfigurationError: The criterion does not measure what the model gives.
    """

    def __init__(self, model: Any, criterion: Any) -> None:
        require_fit(model, criterion)
        self.module: torch.nn.Module = model
        """What is called for scores; a trainer may wrap it (DDP, compile)."""
        self.model = model
        """The model itself, which decodes."""
        self.criterion = criterion

    def training_step(self, batch: Batch) -> Loss:
        """The loss of a batch, summed over its texts; its weight is the number of units."""
        return self._loss(self.module(batch), batch)

    def evaluation_step(self, batch: Batch, evaluator: Any) -> Loss | None:
        """Tag and class a batch and tell the evaluator; the loss where the gold ones are known."""
        scores, mask = self.module(batch), batch.label_mask
        if batch.labels is None or batch.target is None:
            return None
        predicted = self.model.decode(scores[0], mask), scores[1].argmax(-1)
        every = torch.ones_like(batch.target, dtype=torch.bool)
        evaluator.update(predicted, (batch.labels, batch.target), (mask, every))
        return self._loss(scores, batch)

    def _loss(self, scores: tuple[torch.Tensor, torch.Tensor], batch: Batch) -> Loss:
        assert batch.labels is not None and batch.target is not None
        # An intent of the development part that was never learnt is an error, not a loss.
        masks = batch.label_mask, batch.target >= 0
        return Loss(self.criterion(scores, (batch.labels, batch.target), masks), int(masks[0].sum()))
