"""The science of text classification in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import Any

import torch

from tengjia.base_tasks.stages.building import require_fit
from tengjia.base_tasks.text_classification.pipeline import probabilities_of
from tengjia.contracts import Batch, Criterion, Evaluator, Loss
from tengjia.errors import ConfigurationError


class TextClassificationUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Scores classes.
        criterion: Measures the scores against the right classes.

    Raises:
        ConfigurationError: The criterion is for tags, or for one class a text where there may be several.
    """

    def __init__(self, model: Any, criterion: Criterion) -> None:
        require_fit(model, criterion)
        _require_answers(model, criterion)
        self.module: torch.nn.Module = model
        """What is called for scores; a trainer may wrap it (DDP, compile)."""
        self.model = model
        """The model itself, which knows its classes."""
        self.criterion = criterion

    def training_step(self, batch: Batch) -> Loss:
        """The loss of a batch, summed over its texts."""
        return self._loss(self.module(batch), batch)

    def evaluation_step(self, batch: Batch, evaluator: Evaluator) -> Loss | None:
        """Ask for the classes of a batch and tell the evaluator; the loss where the right ones are known."""
        scores = self.module(batch)
        if batch.target is None:
            return None
        every = torch.ones(len(scores), dtype=torch.bool, device=scores.device)
        evaluator.update(probabilities_of(self.model, scores), batch.target, every)
        return self._loss(scores, batch)

    def _loss(self, scores: torch.Tensor, batch: Batch) -> Loss:
        target = batch.target
        assert target is not None
        # The class of a text of the development part may be one that was never learnt: that is an error, not a loss.
        known = torch.ones(len(target), dtype=torch.bool, device=target.device) if target.ndim > 1 else target >= 0
        return Loss(self.criterion(scores, target, known), int(known.sum()))


def _require_answers(model: Any, criterion: Any) -> None:
    fitting = getattr(criterion, "answers", None)
    wanted = "several" if model.labels.multiple else "one"
    if fitting is not None and wanted not in fitting:
        raise ConfigurationError(
            "model.criterion_for_other_answers",
            key="criterion",
            criterion=type(criterion).__name__,
            found="/".join(fitting),
            allowed=wanted,
        )
