"""The science of sequence labelling in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from tengjia.config import Settings
from tengjia.contracts import Batch, Criterion, Evaluator, Loss, Model
from tengjia.errors import ConfigurationError
from tengjia.registry import models
from tengjia.utilities.randomness import seed_for

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.dataset import Dataset


def build_model(config: Settings, dataset: Dataset) -> Model:
    """The model that `config.model` chooses, sized for the data; its first weights depend on `config.seed` only."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for(config.seed, "model"))
        model: Model = models.build(config.model, inputs=dataset.inputs)
    return model


class SequenceLabelingUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Scores tags.
        criterion: Measures the scores against the gold tags.

    Raises:
        ConfigurationError: The criterion does not fit the way in which the model decodes.
    """

    def __init__(self, model: Any, criterion: Criterion) -> None:
        wanted, given = getattr(criterion, "decoder", "?"), getattr(model, "decoder", "?")
        if wanted != given:
            raise ConfigurationError(
                "model.criterion_does_not_fit",
                key="criterion",
                model=type(model).__name__,
                criterion=type(criterion).__name__,
                found=wanted,
                allowed=given,
            )
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
