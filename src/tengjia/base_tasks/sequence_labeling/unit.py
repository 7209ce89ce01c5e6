"""The science of sequence labelling in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import Any

import torch

from tengjia.base_tasks.stages.building import require_fit
from tengjia.contracts import Batch, Criterion, Evaluator, Loss


class SequenceLabelingUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Scores tags.
        criterion: Measures the scores against the gold tags.

    Raises:
        ConfigurationError: The criterion does not fit the way in which the model decodes.
    """

    def __init__(self, model: Any, criterion: Criterion) -> None:
        require_fit(model, criterion)
        self.module: torch.nn.Module = model
        """What is called for scores; a trainer may wrap it (DDP, compile)."""
        self.model = model
        """The model itself, which decodes."""
        self.criterion = criterion

    def training_step(self, batch: Batch) -> Loss:
        """The loss of a batch, summed over its units."""
        assert batch.labels is not None
        mask = batch.label_mask
        return Loss(self.criterion(self.module(batch), batch.labels, mask), int(mask.sum()))

    def evaluation_step(self, batch: Batch, evaluator: Evaluator) -> Loss | None:
        """Tag a batch and tell the evaluator; the loss where gold tags are known."""
        mask, scores = batch.label_mask, self.module(batch)
        predicted = self.model.decode(scores, mask)
        if batch.labels is None:
            return None
        evaluator.update(predicted, batch.labels, mask)
        return Loss(self.criterion(scores, batch.labels, mask), int(mask.sum()))
